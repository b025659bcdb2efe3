using ClassActivation.Photos;

namespace ClassActivation.Faithfulness;

/// <summary>Blurs a network's input; beyond its edges the outermost pixels go on.</summary>
internal static class GaussianBlur
{
    /// <summary>The blurred input.</summary>
    /// <param name="input">The input.</param>
    /// <param name="deviation">The Gaussian's standard deviation in pixels, above 0; it is cut off at three of them.</param>
    public static NetworkInput Apply(NetworkInput input, double deviation)
    {
        double[] kernel = Kernel(deviation);
        int radius = kernel.Length / 2;
        (int width, int height) = (input.Width, input.Height);
        var across = new double[input.Pixels.Length];
        for (int y = 0; y < height; y++)
        {
            int row = y * width * 3;
            for (int x = 0; x < width; x++)
            {
                for (int k = -radius; k <= radius; k++)
                {
                    int from = row + (Math.Clamp(x + k, 0, width - 1) * 3);
                    int to = row + (x * 3);
                    across[to] += kernel[k + radius] * input.Pixels[from];
                    across[to + 1] += kernel[k + radius] * input.Pixels[from + 1];
                    across[to + 2] += kernel[k + radius] * input.Pixels[from + 2];
                }
            }
        }

        var blurred = new byte[input.Pixels.Length];
        var line = new double[width * 3];
        for (int y = 0; y < height; y++)
        {
            Array.Clear(line);
            for (int k = -radius; k <= radius; k++)
            {
                int from = Math.Clamp(y + k, 0, height - 1) * line.Length;
                for (int i = 0; i < line.Length; i++)
                {
                    line[i] += kernel[k + radius] * across[from + i];
                }
            }

            for (int i = 0; i < line.Length; i++)
            {
                blurred[(y * line.Length) + i] = (byte)Math.Round(line[i]);
            }
        }

        return new NetworkInput(width, height, blurred);
    }

    private static double[] Kernel(double deviation)
    {
        int radius = (int)Math.Ceiling(3 * deviation);
        var kernel = new double[(2 * radius) + 1];
        for (int k = -radius; k <= radius; k++)
        {
            kernel[k + radius] = Math.Exp(-k * k / (2 * deviation * deviation));
        }

        double sum = kernel.Sum();
        return Array.ConvertAll(kernel, value => value / sum);
    }
}
