using System.Globalization;
using System.Text;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>Draws two pixels in each character cell: the upper one as the colour of ▀, the lower one as its background.</summary>
internal static class HalfBlocks
{
    /// <summary>One line of text for every two rows of pixels.</summary>
    /// <param name="picture">A picture with an even height.</param>
    public static IEnumerable<string> Lines(Photo picture)
    {
        for (int row = 0; row < picture.Height; row += 2)
        {
            yield return Line(picture, row);
        }
    }

    private static string Line(Photo picture, int row)
    {
        var text = new StringBuilder();
        ReadOnlySpan<byte> upper = default, lower = default;
        for (int column = 0; column < picture.Width; column++)
        {
            ReadOnlySpan<byte> above = Pixel(picture, row, column), below = Pixel(picture, row + 1, column);
            if (!above.SequenceEqual(upper))
            {
                text.Append(CultureInfo.InvariantCulture, $"\e[38;2;{above[0]};{above[1]};{above[2]}m");
                upper = above;
            }

            if (!below.SequenceEqual(lower))
            {
                text.Append(CultureInfo.InvariantCulture, $"\e[48;2;{below[0]};{below[1]};{below[2]}m");
                lower = below;
            }

            text.Append('▀');
        }

        return text.Append("\e[0m").ToString();
    }

    private static ReadOnlySpan<byte> Pixel(Photo picture, int row, int column) =>
        picture.Bytes.Slice(4 * (row * picture.Width + column), 3);
}
