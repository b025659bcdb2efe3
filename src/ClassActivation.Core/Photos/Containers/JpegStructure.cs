using System.Buffers.Binary;

namespace ClassActivation.Photos.Containers;

/// <summary>What the sequence of markers that makes up a JPEG file tells (ITU-T T.81, annex B).</summary>
/// <param name="FrameMarker">The marker of the frame, which says how its pixels are coded; 0 where there is none.</param>
/// <param name="Precision">The bits of a sample.</param>
/// <param name="ScanCount">The number of scans. A decoder goes through the whole picture for each.</param>
/// <param name="HasRestarts">Whether the coded data begin anew at intervals.</param>
/// <param name="HasAllScans">Whether every coefficient of every component comes to its last bit in some scan.</param>
/// <param name="HasEnd">Whether the end-of-image marker is there.</param>
internal readonly record struct JpegStructure(
    byte FrameMarker, int Precision, int ScanCount, bool HasRestarts, bool HasAllScans, bool HasEnd)
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte RestartInterval = 0xDD;
    private const byte ProgressiveFrame = 0xC2;
    private const byte LosslessFrame = 0xC3;
    private const byte JpegLsFrame = 0xF7;

    /// <summary>The bytes with which every JPEG file begins.</summary>
    public static ReadOnlySpan<byte> Start => [0xFF, StartOfImage, 0xFF];

    /// <summary>The bytes with which every whole JPEG file ends.</summary>
    public static ReadOnlySpan<byte> End => [0xFF, EndOfImage];

    /// <summary>Whether the picture comes in scans that refine each other.</summary>
    public bool IsProgressive => FrameMarker == ProgressiveFrame;

    /// <summary>In words, what of the file the decoder does not know; null where it should know it.</summary>
    public string? UnknownKind => FrameMarker switch
    {
        JpegLsFrame => "a JPEG-LS",
        LosslessFrame or 0xC7 or 0xCB or 0xCF => "a lossless JPEG",
        0xC5 or 0xC6 or 0xCD or 0xCE => "a hierarchical JPEG",
        0xC9 or 0xCA => "a JPEG with arithmetic coding",
        _ when Precision is not (0 or 8) => $"a JPEG with {Precision} bits a colour",
        _ => null,
    };

    /// <summary>Goes through the markers up to the end of the image.</summary>
    public static JpegStructure Read(ReadOnlySpan<byte> jpeg)
    {
        var structure = default(JpegStructure);
        // Of each component, by its number: the coefficients of which bits are still to come.
        Span<ulong> missing = stackalloc ulong[256];
        missing.Clear();
        int at = 2;
        while (true)
        {
            int next = jpeg[at..].IndexOf((byte)0xFF);
            at += next + 1;
            if (next < 0 || at >= jpeg.Length)
            {
                return structure with { HasAllScans = AreAllThere(structure, missing) };
            }

            switch (jpeg[at])
            {
                case EndOfImage:
                    return structure with { HasAllScans = AreAllThere(structure, missing), HasEnd = true };

                // A fill byte, a stuffed zero, a restart: no segment follows.
                case 0xFF:
                    break;
                case 0x00 or 0x01 or (>= 0xD0 and <= 0xD7):
                    at++;
                    break;
                case byte marker:
                    structure = marker == StartOfScan ? structure with { ScanCount = structure.ScanCount + 1 } : structure;
                    structure = marker == RestartInterval ? structure with { HasRestarts = true } : structure;
                    if (at + 2 >= jpeg.Length)
                    {
                        return structure;
                    }

                    int end = Math.Min(at + 1 + BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 1)..]), jpeg.Length);
                    ReadOnlySpan<byte> content = at + 3 < end ? jpeg[(at + 3)..end] : default;
                    if (IsFrame(marker) && content.Length >= 6)
                    {
                        structure = structure with { FrameMarker = marker, Precision = content[0] };
                        ExpectComponents(content, missing);
                    }
                    else if (marker == StartOfScan)
                    {
                        TakeScan(content, structure.IsProgressive, missing);
                    }

                    at = end;
                    break;
            }
        }
    }

    private static bool IsFrame(byte marker) => marker is JpegLsFrame or (>= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC));

    private static bool AreAllThere(JpegStructure structure, Span<ulong> missing) =>
        structure.ScanCount > 0 && !missing.ContainsAnyExcept(0UL);

    // Behind precision, height, width and their number, three bytes for each component.
    private static void ExpectComponents(ReadOnlySpan<byte> frame, Span<ulong> missing)
    {
        for (int i = 6; i + 3 <= frame.Length && (i - 6) / 3 < frame[5]; i += 3)
        {
            missing[frame[i]] = ulong.MaxValue;
        }
    }

    // The components, two bytes each; the first and last coefficient; the bits that are still to come.
    private static void TakeScan(ReadOnlySpan<byte> scan, bool isProgressive, Span<ulong> missing)
    {
        int count = scan.Length > 0 ? scan[0] : 0;
        if (scan.Length < (2 * count) + 4)
        {
            return;
        }

        (int first, int last, int bitsLeft) = isProgressive
            ? (scan[(2 * count) + 1], scan[(2 * count) + 2], scan[(2 * count) + 3] & 15)
            : (0, 63, 0);
        for (int coefficient = first; bitsLeft == 0 && coefficient <= Math.Min(last, 63); coefficient++)
        {
            for (int i = 0; i < count; i++)
            {
                byte component = scan[(2 * i) + 1];
                missing[component] &= ~(1UL << coefficient);
            }
        }
    }
}
