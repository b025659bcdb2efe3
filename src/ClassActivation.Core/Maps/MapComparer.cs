using System.Numerics.Tensors;
using ClassActivation.Identity;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>Compares maps of one photo: of two classes, methods, networks or input settings.</summary>
public static class MapComparer
{
    // The regions of maps are measured on as many pixels as a network usually sees.
    private const int RegionSide = 224;

    /// <summary>Compares a map with a reference.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="map">The map to compare with it.</param>
    /// <param name="threshold">The normalised value from which on a place belongs to a map's region, above 0 and up to 1.</param>
    /// <param name="normalization">How both maps are brought to 0 … 1 for the region and the differences.</param>
    /// <remarks>
    /// Maps of another size, or of another part of the photo, are compared on the part that both cover, on a grid with as
    /// many rows and columns as the finer one has; equal grids are compared cell by cell.
    /// </remarks>
    /// <exception cref="ArgumentException">The maps are of photos of different names or sizes, or of parts that do not meet.</exception>
    public static CamComparison Compare(
        ClassActivationMap reference, ClassActivationMap map, double threshold, HeatmapNormalization normalization)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(map);
        CheckSamePhoto(reference, map);
        PhotoRegion common = Intersection(
            Intersection(reference.Coverage, map.Coverage), new PhotoRegion(0, 0, map.PhotoWidth, map.PhotoHeight));
        if (common is not { Width: > 0, Height: > 0 })
        {
            throw new ArgumentException(
                $"The two maps of '{map.Path}' have no part of the photo in common; compute both with the same fit.");
        }

        int rows = Math.Max(reference.Rows, map.Rows);
        int columns = Math.Max(reference.Columns, map.Columns);
        float[] referenceValues = Sample(reference, common, rows, columns);
        float[] values = Sample(map, common, rows, columns);
        float[] normalizedReference = Normalized(referenceValues, normalization);
        float[] normalized = Normalized(values, normalization);
        var difference = new float[values.Length];
        TensorPrimitives.Subtract(normalized, normalizedReference, difference);
        // As text the reference's question fits into the difference's own.
        CamQuestion question = map.Question with { Label = DifferenceLabel(reference, map), Reference = reference.Question.ToKey() };
        return new CamComparison(map.Photo, map.Question with { Reference = question.Reference }, reference.Question)
        {
            Correlation = PearsonCorrelation.Of(referenceValues, values),
            IoU = RegionIou(normalizedReference, normalized, rows, columns, common, threshold),
            MeanAbsoluteDifference = TensorPrimitives.SumOfMagnitudes<float>(difference) / difference.Length,
            Threshold = threshold,
            RegionNormalization = normalization,
            Difference = new ClassActivationMap(map.Photo, question)
            {
                Rank = map.Rank,
                Probability = double.NaN,
                Logit = double.NaN,
                Bias = double.NaN,
                Rows = rows,
                Columns = columns,
                Minimum = TensorPrimitives.Min<float>(difference),
                Maximum = TensorPrimitives.Max<float>(difference),
                InputWidth = map.InputWidth,
                InputHeight = map.InputHeight,
                PhotoWidth = map.PhotoWidth,
                PhotoHeight = map.PhotoHeight,
                Coverage = common,
                DefaultNormalization = HeatmapNormalization.Symmetric,
                Values = difference,
                Source = map.Source ?? reference.Source,
            },
        };
    }

    private static void CheckSamePhoto(ClassActivationMap reference, ClassActivationMap map)
    {
        if (!reference.Photo.IsSamePhotoAs(map.Photo))
        {
            throw new ArgumentException($"'{map.Path}' and '{reference.Path}' are two photos; only maps of one photo can be compared.");
        }

        if (reference.PhotoWidth != map.PhotoWidth || reference.PhotoHeight != map.PhotoHeight)
        {
            throw new ArgumentException(
                $"'{map.Path}' has changed between the two maps, from {reference.PhotoWidth}×{reference.PhotoHeight} to"
                + $" {map.PhotoWidth}×{map.PhotoHeight} pixels; compute both maps again.");
        }

        if (reference.Photo != map.Photo)
        {
            throw new ArgumentException($"'{map.Path}' was written again between the two maps; compute both maps again.");
        }
    }

    private static string DifferenceLabel(ClassActivationMap reference, ClassActivationMap map)
    {
        if (map.Label != reference.Label)
        {
            return $"{map.Label} minus {reference.Label}";
        }

        if (map.ClassIndex != reference.ClassIndex)
        {
            return $"{map.Label} ({map.ClassIndex}) minus {reference.Label} ({reference.ClassIndex})";
        }

        (string One, string Other)[] differing = [.. QuestionWords.Differing(map.Question, reference.Question)];
        return differing.Length == 0
            ? map.Question.ContrastClass == reference.Question.ContrastClass
                ? $"{map.Label} minus itself"
                : $"{map.Label} by not {map.Contrast} ({map.Question.ContrastClass}) minus"
                    + $" not {reference.Contrast} ({reference.Question.ContrastClass})"
            : $"{map.Label} by {string.Join(" and ", differing.Select(static d => d.One))} minus"
                + $" {string.Join(" and ", differing.Select(static d => d.Other))}";
    }

    private static PhotoRegion Intersection(PhotoRegion a, PhotoRegion b)
    {
        double left = Math.Max(a.Left, b.Left), top = Math.Max(a.Top, b.Top);
        return new PhotoRegion(
            left, top, Math.Min(a.Left + a.Width, b.Left + b.Width) - left, Math.Min(a.Top + a.Height, b.Top + b.Height) - top);
    }

    // A map's outer cells lie on the edges of what it covers, as it is drawn by default.
    private static float[] Sample(ClassActivationMap map, PhotoRegion region, int rows, int columns)
    {
        double[] x = Places(map.Columns, map.Coverage.Left, map.Coverage.Width, region.Left, region.Width, columns);
        double[] y = Places(map.Rows, map.Coverage.Top, map.Coverage.Height, region.Top, region.Height, rows);
        var values = new float[rows * columns];
        for (int row = 0; row < rows; row++)
        {
            int upper = Math.Min((int)y[row], map.Rows - 1), lower = Math.Min(upper + 1, map.Rows - 1);
            for (int column = 0; column < columns; column++)
            {
                int left = Math.Min((int)x[column], map.Columns - 1), right = Math.Min(left + 1, map.Columns - 1);
                double above = Between(map.Values[upper * map.Columns + left], map.Values[upper * map.Columns + right], x[column] - left);
                double below = Between(map.Values[lower * map.Columns + left], map.Values[lower * map.Columns + right], x[column] - left);
                values[row * columns + column] = (float)Between(above, below, y[row] - upper);
            }
        }

        return values;
    }

    private static double Between(double from, double to, double share) => from + (to - from) * share;

    // For each sample along one side of the region, the place among the map's cells.
    private static double[] Places(int cells, double coverFrom, double coverLength, double from, double length, int samples)
    {
        var places = new double[samples];
        for (int i = 0; i < samples; i++)
        {
            double place = samples == 1 ? from + length / 2 : from + length * i / (samples - 1);
            places[i] = Math.Clamp((place - coverFrom) / coverLength * (cells - 1), 0, cells - 1);
        }

        return places;
    }

    private static float[] Normalized(float[] values, HeatmapNormalization normalization) =>
        Array.ConvertAll(HeatmapNormalizer.Normalize(values, normalization), static value => (float)value);

    private static double RegionIou(float[] a, float[] b, int rows, int columns, PhotoRegion region, double threshold)
    {
        double scale = RegionSide / Math.Max(region.Width, region.Height);
        int width = Math.Max(1, (int)Math.Round(region.Width * scale)), height = Math.Max(1, (int)Math.Round(region.Height * scale));
        float[] fineA = GridUpsampler.Upsample(a, rows, columns, width, height, Upsampling.AlignCorners);
        float[] fineB = GridUpsampler.Upsample(b, rows, columns, width, height, Upsampling.AlignCorners);
        int both = 0, either = 0;
        for (int i = 0; i < fineA.Length; i++)
        {
            bool inA = fineA[i] >= threshold, inB = fineB[i] >= threshold;
            both += inA && inB ? 1 : 0;
            either += inA || inB ? 1 : 0;
        }

        return either == 0 ? 1 : (double)both / either;
    }
}
