using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Localization;

/// <summary>Maps made by hand. A photo of the map's own size has one pixel for each cell.</summary>
internal static class SyntheticMap
{
    public static ClassActivationMap Of(
        float[,] cells, int? photoWidth = null, int? photoHeight = null, PhotoRegion? covered = null, string path = "/photos/a.jpg",
        string scale = "1", CamMethod method = CamMethod.Cam, double probability = 0.5) =>
        Of(
            [.. cells.Cast<float>()],
            cells.GetLength(0),
            cells.GetLength(1),
            photoWidth,
            photoHeight,
            covered,
            path,
            scale,
            method,
            probability);

    public static ClassActivationMap Of(
        float[] values, int rows, int columns, int? photoWidth = null, int? photoHeight = null, PhotoRegion? covered = null,
        string path = "/photos/a.jpg",
        string scale = "1", CamMethod method = CamMethod.Cam, double probability = 0.5) => new(
            new PhotoIdentity { Path = path },
            new CamQuestion
            {
                ClassIndex = 104,
                WordNetId = "n01877812",
                Label = "wallaby",
                Model = "Synthetic",
                Scale = scale,
                Method = method,
            })
        {
            Rank = 1,
            Probability = probability,
            Logit = 1,
            Bias = 0,
            Rows = rows,
            Columns = columns,
            Minimum = values.Min(),
            Maximum = values.Max(),
            InputWidth = columns,
            InputHeight = rows,
            PhotoWidth = photoWidth ?? columns,
            PhotoHeight = photoHeight ?? rows,
            Coverage = covered ?? new PhotoRegion(0, 0, photoWidth ?? columns, photoHeight ?? rows),
            Values = values,
        };

    /// <summary>A map of random blobs, some values of it below zero.</summary>
    public static ClassActivationMap Random(int seed, int rows = 13, int columns = 17)
    {
        var random = new Random(seed);
        var values = new float[rows * columns];
        for (int blob = 0; blob < 5; blob++)
        {
            double x = random.NextDouble() * columns, y = random.NextDouble() * rows;
            double height = random.NextDouble() * 4 - 1, width = 1 + random.NextDouble() * 3;
            for (int i = 0; i < values.Length; i++)
            {
                double dx = i % columns - x, dy = i / columns - y;
                values[i] += (float)(height * Math.Exp(-(dx * dx + dy * dy) / (2 * width * width)));
            }
        }

        return Of(values, rows, columns);
    }
}
