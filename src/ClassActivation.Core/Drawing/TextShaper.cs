using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using HarfBuzzSharp;
using SkiaSharp;

namespace ClassActivation.Drawing;

/// <summary>
/// Finds the glyphs of text in scripts whose letters change their form or order beside each other, as those of India, Tibet, Burma
/// and Cambodia do: a vowel sign may stand before the consonant that it is read behind, and two consonants may be one sign.
/// </summary>
internal static class TextShaper
{
    private static readonly ConditionalWeakTable<SKTypeface, Shaper> Shapers = [];

    // The first letter and the last of the blocks of such scripts.
    private static readonly (int First, int Last)[] Blocks =
    [
        (0x0900, 0x0DFF), (0x0E00, 0x0FFF), (0x1000, 0x109F), (0x1700, 0x17FF), (0x1900, 0x19DF), (0x1A00, 0x1AAF), (0x1B00, 0x1C4F),
        (0x1CD0, 0x1CFF), (0xA800, 0xA82F), (0xA880, 0xA8FF), (0xA930, 0xA9FF), (0xAA00, 0xAADF), (0xABC0, 0xABFF), (0x11000, 0x11FFF),
    ];

    /// <summary>Glyphs of a typeface, and where each stands.</summary>
    /// <param name="Glyphs">The glyphs' numbers in the typeface, from left to right.</param>
    /// <param name="Places">Their places in pixels, the first at the baseline's left end.</param>
    /// <param name="Width">The width of all in pixels.</param>
    public sealed record Line(ushort[] Glyphs, SKPoint[] Places, float Width);

    /// <summary>Whether a character is of such a script.</summary>
    public static bool IsOf(Rune rune) => Array.Exists(Blocks, block => rune.Value >= block.First && rune.Value <= block.Last);

    /// <summary>Whether a character joins letters of such a script, or keeps them apart, and is not seen itself.</summary>
    public static bool IsJoiner(Rune rune) => rune.Value is 0x200C or 0x200D;

    /// <summary>Finds the glyphs of a text; null where that cannot be done here, so that its letters stand side by side.</summary>
    /// <param name="text">Text of one such script, in the order in which it is read.</param>
    /// <param name="typeface">A typeface that has its letters.</param>
    /// <param name="size">The font's size in pixels.</param>
    public static Line? Shape(string text, SKTypeface typeface, float size)
    {
        try
        {
            return Shapers.GetValue(typeface, static face => new Shaper(face)).Shape(text, size);
        }
        catch (Exception e) when (
            e is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException or TypeInitializationException
                or InvalidOperationException)
        {
            return null;
        }
    }

    private sealed class Shaper : IDisposable
    {
        private readonly Font _font;
        private readonly int _unitsPerEm;

        public Shaper(SKTypeface typeface)
        {
            _unitsPerEm = typeface.UnitsPerEm;
            using SKStreamAsset file = typeface.OpenStream(out int index)
                ?? throw new InvalidOperationException("The typeface has no file.");
            var bytes = new byte[file.Length];
            if (file.Read(bytes, bytes.Length) != bytes.Length)
            {
                throw new InvalidOperationException("The typeface's file cannot be read.");
            }

            GCHandle pinned = GCHandle.Alloc(bytes, GCHandleType.Pinned);
            using var blob = new Blob(pinned.AddrOfPinnedObject(), bytes.Length, MemoryMode.ReadOnly, pinned.Free);
            using var face = new Face(blob, index) { UnitsPerEm = _unitsPerEm };
            _font = new Font(face);
            _font.SetScale(_unitsPerEm, _unitsPerEm);
            _font.SetFunctionsOpenType();
        }

        public void Dispose() => _font.Dispose();

        public Line Shape(string text, float size)
        {
            using var buffer = new HarfBuzzSharp.Buffer();
            buffer.AddUtf16(text);
            buffer.GuessSegmentProperties();
            lock (_font)
            {
                _font.Shape(buffer);
            }

            float scale = size / _unitsPerEm;
            GlyphInfo[] infos = buffer.GlyphInfos;
            GlyphPosition[] positions = buffer.GlyphPositions;
            var glyphs = new ushort[infos.Length];
            var places = new SKPoint[infos.Length];
            float x = 0, y = 0;
            for (int i = 0; i < infos.Length; i++)
            {
                glyphs[i] = (ushort)infos[i].Codepoint;
                places[i] = new SKPoint(x + (positions[i].XOffset * scale), y - (positions[i].YOffset * scale));
                x += positions[i].XAdvance * scale;
                y -= positions[i].YAdvance * scale;
            }

            return new Line(glyphs, places, x);
        }
    }
}
