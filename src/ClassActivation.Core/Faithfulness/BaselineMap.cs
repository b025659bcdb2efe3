using ClassActivation.Imaging;

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
