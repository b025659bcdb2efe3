using System.Globalization;
using System.Numerics.Tensors;

namespace ClassActivation.Maps;

/// <summary>
/// Brings the maps of one photo at several resolutions, and of its mirror image, together: each map is cut at zero
/// and divided by its largest value, brought to the size of the largest, and averaged. A single map stays as it is.
/// </summary>
internal sealed class MapFusion
{
    private readonly List<(float[] Values, int Rows, int Columns)> _maps = [];

    /// <summary>The rows of the largest map.</summary>
    public int Rows => _maps.Max(static map => map.Rows);

    /// <summary>The columns of the largest map.</summary>
    public int Columns => _maps.Max(static map => map.Columns);

    /// <summary>The scales of a request as they are shown: <c>1,2</c>.</summary>
    public static string Describe(IEnumerable<double> scales) =>
        string.Join(',', scales.Select(static scale => scale.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Whether a map of these settings is an average in the range 0 to 1, and not raw.</summary>
    public static bool IsAverage(string scale, bool flip) => flip || scale.Contains(',', StringComparison.Ordinal);

    /// <summary>Adds a map.</summary>
    /// <param name="values">rows × columns values, row by row.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="isMirrored">Whether it is the map of the mirror image; it is then mirrored back.</param>
    public void Add(float[] values, int rows, int columns, bool isMirrored)
    {
        for (int row = 0; isMirrored && row < rows; row++)
        {
            values.AsSpan(row * columns, columns).Reverse();
        }

        _maps.Add((values, rows, columns));
    }

    /// <summary>The one map: raw where a single map was added, in the range 0 to 1 otherwise.</summary>
    public float[] ToMap()
    {
        if (_maps.Count == 1)
        {
            return _maps[0].Values;
        }

        var mean = new float[Rows * Columns];
        foreach ((float[] values, int rows, int columns) in _maps)
        {
            TensorPrimitives.Max(values, 0, values);
            // Each cell stands for its part of the photo, so that cells of different grids meet where they overlap.
            float[] spread = GridUpsampler.Upsample(values, rows, columns, Columns, Rows, Upsampling.HalfPixel);
            float largest = TensorPrimitives.Max<float>(values);
            TensorPrimitives.Divide(spread, largest > 0 ? largest : 1, spread);
            TensorPrimitives.Add<float>(mean, spread, mean);
        }

        TensorPrimitives.Divide(mean, _maps.Count, mean);
        return mean;
    }
}
