using ClassActivation.Faithfulness;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Faithfulness;

public sealed class PhotoPerturbationTests
{
    private static readonly NetworkInput Noise = Noisy(40, 32);

    [Fact]
    public void Only_the_removed_pixels_change()
    {
        var perturbation = new PhotoPerturbation(Noise, seed: 0);
        int[] removed = [0, 41, 700, 1279];
        foreach (Replacement replacement in Enum.GetValues<Replacement>())
        {
            byte[] pixels = perturbation.Remove(removed, replacement).Pixels;

            int[] changed =
            [
                .. Enumerable.Range(0, 1280).Where(i => !pixels.AsSpan(i * 3, 3).SequenceEqual(Noise.Pixels.AsSpan(i * 3, 3)))
            ];
            Assert.Equal(removed, changed);
        }
    }

    [Fact]
    public void The_mean_colour_is_that_of_each_channel()
    {
        byte[] pixels = new PhotoPerturbation(Noise, seed: 0).Remove([5], Replacement.Mean).Pixels;

        for (int c = 0; c < 3; c++)
        {
            double mean = Enumerable.Range(0, 1280).Average(i => (double)Noise.Pixels[(i * 3) + c]);
            Assert.Equal((byte)Math.Round(mean), pixels[15 + c]);
        }
    }

    [Fact]
    public void Imputed_pixels_carry_noise_of_a_hundredth_of_the_range()
    {
        var input = new NetworkInput(60, 60, [.. Enumerable.Repeat((byte)128, 60 * 60 * 3)]);
        var perturbation = new PhotoPerturbation(input, seed: 7);
        int[] removed = [.. Enumerable.Range(0, 3600).Where(i => i % 7 != 0)];

        byte[] pixels = perturbation.Remove(removed, Replacement.Imputation).Pixels;

        double[] noise = [.. removed.SelectMany(i => Enumerable.Range(0, 3).Select(c => pixels[(i * 3) + c] - 128.0))];
        Assert.Equal(0, noise.Average(), 0.1);
        // Rounding to whole levels adds a twelfth to the variance.
        Assert.Equal(Math.Sqrt((2.55 * 2.55) + (1 / 12.0)), Math.Sqrt(noise.Average(static n => n * n)), 0.1);
        Assert.Equal(pixels, perturbation.Remove(removed, Replacement.Imputation).Pixels);
    }

    [Fact]
    public void A_photo_without_any_pixel_is_imputed_as_its_mean_colour()
    {
        byte[] pixels = new PhotoPerturbation(Noise, seed: 7).Remove([.. Enumerable.Range(0, 1280)], Replacement.Imputation).Pixels;

        Assert.Equal(Noise.Pixels.Average(static p => (double)p), pixels.Average(static p => (double)p), 0.5);
        Assert.InRange(pixels.Max() - pixels.Min(), 10, 40);
    }

    [Fact]
    public void A_mask_fades_to_the_mean_colour()
    {
        var input = new NetworkInput(2, 1, [0, 100, 200, 100, 200, 0]);

        Assert.Equal([0, 100, 200, 50, 150, 100], new PhotoPerturbation(input, seed: 0).Mask([1f, 0f]).Pixels);
        Assert.Equal([25, 125, 150, 88, 188, 25], new PhotoPerturbation(input, seed: 0).Mask([0.5f, 0.75f]).Pixels);
    }

    [Fact]
    public void The_blur_is_the_sum_over_a_gaussian_window()
    {
        byte[] blurred = GaussianBlur.Apply(Noise, 1.5).Pixels;

        foreach ((int x, int y) in new[] { (0, 0), (39, 31), (17, 9), (1, 30) })
        {
            double sum = 0;
            double weights = 0;
            for (int dy = -5; dy <= 5; dy++)
            {
                for (int dx = -5; dx <= 5; dx++)
                {
                    double weight = Math.Exp(-((dx * dx) + (dy * dy)) / 4.5);
                    sum += weight * Noise.Pixels[((Math.Clamp(y + dy, 0, 31) * 40) + Math.Clamp(x + dx, 0, 39)) * 3];
                    weights += weight;
                }
            }

            Assert.Equal(sum / weights, blurred[((y * 40) + x) * 3], 0.51);
        }
    }

    private static NetworkInput Noisy(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        new Random(1).NextBytes(pixels);
        return new NetworkInput(width, height, pixels);
    }
}
