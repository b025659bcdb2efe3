using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>Draws with characters that cover more of their cell the brighter they stand for.</summary>
internal static class AsciiShades
{
    private const string Characters = " .:-=+*#%@";

    /// <summary>The character for a brightness.</summary>
    /// <param name="brightness">0 to 1.</param>
    public static char Of(double brightness) =>
        Characters[Math.Clamp((int)(brightness * Characters.Length), 0, Characters.Length - 1)];

    /// <summary>
    /// One line of text for each row of pixels, one character for each pixel; its darkest pixel is blank, its brightest dense.
    /// </summary>
    public static IEnumerable<string> Lines(Photo picture)
    {
        double[] lumas = new double[picture.Width * picture.Height];
        for (int i = 0; i < lumas.Length; i++)
        {
            lumas[i] = Luma(picture.Bytes.Slice(4 * i, 3));
        }

        double darkest = lumas.Min(), range = Math.Max(lumas.Max() - darkest, 1);
        return lumas.Select(luma => Of((luma - darkest) / range)).Chunk(picture.Width).Select(static row => new string(row));
    }

    // ITU-R BT.601.
    private static double Luma(ReadOnlySpan<byte> rgb) => 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
}
