using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Faithfulness;

/// <summary>Maps that know nothing of the network, one value a pixel, 0 to 1.</summary>
internal static class BaselineMap
{
    /// <summary>A random value for each cell, spread over the pixels as a map's cells are, so that it is as smooth.</summary>
    public static float[] Random(int rows, int columns, int width, int height, int seed)
    {
        var random = new Random(seed);
        var cells = new float[rows * columns];
        for (int i = 0; i < cells.Length; i++)
        {
            cells[i] = random.NextSingle();
        }

        return GridUpsampler.Upsample(cells, rows, columns, width, height, Upsampling.AlignCorners);
    }

    /// <summary>A Gaussian in the middle; its standard deviations are a quarter of the sides.</summary>
    public static float[] Center(int width, int height)
    {
        float[] across = Profile(width);
        float[] down = Profile(height);
        var values = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                values[(y * width) + x] = down[y] * across[x];
            }
        }

        return values;
    }

    /// <summary>The size of the brightness's gradient by Sobel's operator; beyond the edges the outermost pixels go on.</summary>
    public static float[] Edges(NetworkInput input)
    {
        (int width, int height) = (input.Width, input.Height);
        var brightness = new float[width * height];
        for (int i = 0; i < brightness.Length; i++)
        {
            ReadOnlySpan<byte> pixel = input.Pixels.AsSpan(3 * i, 3);
            brightness[i] = ((0.299f * pixel[0]) + (0.587f * pixel[1]) + (0.114f * pixel[2])) / 255;
        }

        var edges = new float[brightness.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                float across =
                    At(x + 1, y - 1) + (2 * At(x + 1, y)) + At(x + 1, y + 1) - At(x - 1, y - 1) - (2 * At(x - 1, y)) - At(x - 1, y + 1);
                float down =
                    At(x - 1, y + 1) + (2 * At(x, y + 1)) + At(x + 1, y + 1) - At(x - 1, y - 1) - (2 * At(x, y - 1)) - At(x + 1, y - 1);
                edges[(y * width) + x] = MathF.Sqrt((across * across) + (down * down));
            }
        }

        return edges;

        float At(int x, int y) => brightness[(Math.Clamp(y, 0, height - 1) * width) + Math.Clamp(x, 0, width - 1)];
    }

    /// <summary>The mean of the edges over each cell of a map, spread over the pixels as a map's cells are.</summary>
    public static float[] BlurredEdges(NetworkInput input, int rows, int columns)
    {
        float[] edges = Edges(input);
        var sums = new float[rows * columns];
        var counts = new int[sums.Length];
        for (int y = 0; y < input.Height; y++)
        {
            for (int x = 0; x < input.Width; x++)
            {
                int cell = (y * rows / input.Height * columns) + (x * columns / input.Width);
                sums[cell] += edges[(y * input.Width) + x];
                counts[cell]++;
            }
        }

        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] /= Math.Max(1, counts[i]);
        }

        return GridUpsampler.Upsample(sums, rows, columns, input.Width, input.Height, Upsampling.AlignCorners);
    }

    private static float[] Profile(int length)
    {
        var values = new float[length];
        for (int i = 0; i < length; i++)
        {
            double deviations = (i - ((length - 1) / 2.0)) / (length / 4.0);
            values[i] = (float)Math.Exp(-deviations * deviations / 2);
        }

        return values;
    }
}
