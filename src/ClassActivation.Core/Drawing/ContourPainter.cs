using ClassActivation.Maps;

namespace ClassActivation.Drawing;

/// <summary>
/// Draws the line on which a map has one value: white with a dark edge, so that it shows on any background. A pixel's
/// distance from the line is its difference in value divided by the steepness of the map there.
/// </summary>
internal static class ContourPainter
{
    /// <param name="picture">The picture's pixels from the map's first column on.</param>
    /// <param name="stride">Pixels from one row of the picture to the next.</param>
    /// <param name="cells">The normalised map.</param>
    /// <param name="columns">Columns of the map.</param>
    /// <param name="x">The map's place across the picture.</param>
    /// <param name="y">The map's place down the picture.</param>
    /// <param name="level">The value to draw.</param>
    /// <param name="longerSide">The longer side of the photo, which decides the width of the line.</param>
    public static void Paint(
        Span<uint> picture, int stride, double[] cells, int columns, in GridAxis x, in GridAxis y, double level, int longerSide)
    {
        double core = Math.Max(1, longerSide / 200.0) / 2;
        double edge = core + Math.Max(1, core);
        double reach = edge + 0.5;

        // Three rows of values at a time are enough for the steepness.
        var line = new GridLine(cells, columns);
        double[] above = new double[x.Length], here = new double[x.Length], below = new double[x.Length];
        Fill(line, x, y, 0, here);
        here.CopyTo(above, 0);
        for (int row = 0; row < y.Length; row++)
        {
            bool last = row == y.Length - 1;
            if (last)
            {
                here.CopyTo(below, 0);
            }
            else
            {
                Fill(line, x, y, row + 1, below);
            }

            double acrossRows = row == 0 || last ? 1 : 0.5;
            Span<uint> pixels = picture.Slice((y.First + row) * stride + x.First, x.Length);
            for (int i = 0; i < here.Length; i++)
            {
                int before = Math.Max(i - 1, 0), after = Math.Min(i + 1, here.Length - 1);
                double slopeX = (here[after] - here[before]) / Math.Max(after - before, 1);
                double slopeY = (below[i] - above[i]) * acrossRows;
                double steepness = slopeX * slopeX + slopeY * slopeY;
                double difference = here[i] - level;
                if (difference * difference < reach * reach * steepness)
                {
                    double distance = Math.Sqrt(difference * difference / steepness);
                    pixels[i] = Mix(pixels[i], 0, edge, distance);
                    pixels[i] = Mix(pixels[i], 255, core, distance);
                }
            }

            (above, here, below) = (here, below, above);
        }
    }

    private static void Fill(GridLine line, in GridAxis x, in GridAxis y, int row, double[] values)
    {
        line.MoveTo(y, row);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = line.At(x, i);
        }
    }

    private static uint Mix(uint pixel, int color, double halfWidth, double distance)
    {
        double share = Math.Clamp(halfWidth + 0.5 - distance, 0, 1);
        uint Channel(int shift)
        {
            double from = (pixel >> shift) & 255;
            return (uint)(from + (color - from) * share + 0.5) << shift;
        }

        return Channel(0) | Channel(8) | Channel(16) | 0xFF000000;
    }
}
