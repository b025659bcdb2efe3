using System.Globalization;
using System.Text;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Writes pictures as sixels: bands of six rows, each drawn once for every colour in it (DEC VT330/VT340 Programmer
/// Reference Manual, volume 2, chapter 14).
/// </summary>
internal static class SixelEncoder
{
    private const int BandHeight = 6;
    private const char Empty = '?';

    /// <summary>The control string that draws a picture; it holds no line breaks.</summary>
    public static string Encode(Photo picture)
    {
        var palette = new Palette(picture);
        // The aspect ratio 1:1 and the size come first: without them old terminals draw pixels twice as high as wide.
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"\eP0;1;0q\"1;1;{picture.Width};{picture.Height}");
        for (int i = 0; i < palette.Colors.Count; i++)
        {
            (double red, double green, double blue) = palette.Colors[i];
            text.Append(CultureInfo.InvariantCulture, $"#{i};2;{Percent(red)};{Percent(green)};{Percent(blue)}");
        }

        byte[][] sixels = [.. palette.Colors.Select(_ => new byte[picture.Width])];
        var used = new SortedSet<int>();
        for (int top = 0; top < picture.Height; top += BandHeight)
        {
            FillBand(picture, top, palette, sixels, used);
            foreach (int color in used)
            {
                text.Append(CultureInfo.InvariantCulture, $"#{color}");
                AppendRow(text, sixels[color]);
                text.Append('$');
                Array.Clear(sixels[color]);
            }

            used.Clear();
            text.Append('-');
        }

        return text.Append("\e\\").ToString();
    }

    private static int Percent(double channel) => (int)Math.Round(100 * channel);

    private static void FillBand(Photo picture, int top, Palette palette, byte[][] sixels, SortedSet<int> used)
    {
        for (int row = top; row < Math.Min(top + BandHeight, picture.Height); row++)
        {
            int last = -1;
            for (int column = 0; column < picture.Width; column++)
            {
                byte color = palette.IndexOf(picture.Bytes.Slice(4 * (row * picture.Width + column), 3));
                sixels[color][column] |= (byte)(1 << (row - top));
                if (color != last)
                {
                    used.Add(color);
                    last = color;
                }
            }
        }
    }

    private static void AppendRow(StringBuilder text, ReadOnlySpan<byte> sixels)
    {
        sixels = sixels.TrimEnd((byte)0);
        while (!sixels.IsEmpty)
        {
            int run = sixels.IndexOfAnyExcept(sixels[0]);
            run = run < 0 ? sixels.Length : run;
            char sixel = (char)(Empty + sixels[0]);
            if (run > 3)
            {
                text.Append(CultureInfo.InvariantCulture, $"!{run}{sixel}");
            }
            else
            {
                text.Append(sixel, run);
            }

            sixels = sixels[run..];
        }
    }
}
