namespace ClassActivation.Networks;

/// <summary>Where the feature maps of a layer stand among its values: channels first or last, or one token for each place.</summary>
internal sealed class FeatureLayout
{
    // Class and register tokens stand before those of the places; more of them has no known network.
    private const int MostOtherTokens = 16;

    private readonly int _offset;
    private readonly int _channelStride;
    private readonly int _placeStride;

    private FeatureLayout(int channels, int rows, int columns, int offset, int channelStride, int placeStride)
    {
        (Channels, Rows, Columns) = (channels, rows, columns);
        (_offset, _channelStride, _placeStride) = (offset, channelStride, placeStride);
    }

    /// <summary>K, the number of feature maps.</summary>
    public int Channels { get; }

    /// <summary>The rows of each feature map.</summary>
    public int Rows { get; }

    /// <summary>The columns of each feature map.</summary>
    public int Columns { get; }

    private int Places => Rows * Columns;

    /// <summary>Finds the feature maps of a layer.</summary>
    /// <param name="dims">The dimensions of its values for one photo.</param>
    /// <param name="aspect">The width of the network's input over its height.</param>
    /// <returns>Null where the values have no two dimensions.</returns>
    public static FeatureLayout? Of(IReadOnlyList<long> dims, double aspect = 1)
    {
        if (dims.Any(static dim => dim is < 1 or > int.MaxValue)
            || dims.Aggregate(1.0, static (product, dim) => product * dim) > Array.MaxLength)
        {
            return null;
        }

        int[] sizes = [.. dims.Select(static dim => (int)dim)];
        return sizes switch
        {
            [1, > 1, > 1, > 1] => OfMaps(sizes, aspect),
            [1, > 1, > 1] => OfTokens(sizes[1], sizes[2], aspect),
            [> 1, 1, > 1] => OfTokens(sizes[0], sizes[2], aspect),
            _ => null,
        };
    }

    /// <summary>The feature maps, K × rows × columns, one after the other.</summary>
    /// <param name="values">The layer's values, or a gradient in them.</param>
    public float[] Gather(ReadOnlySpan<float> values)
    {
        var maps = new float[Channels * Places];
        for (int k = 0, at = 0; k < Channels; k++)
        {
            int from = _offset + (k * _channelStride);
            for (int place = 0; place < Places; place++, at++, from += _placeStride)
            {
                maps[at] = values[from];
            }
        }

        return maps;
    }

    /// <summary>Whether the values lie as <see cref="Gather"/> gives them: map after map.</summary>
    public bool IsPlain => (_offset, _placeStride, _channelStride) == (0, 1, Places);

    /// <summary>Puts one feature map, or zeros, in its place among a layer's values.</summary>
    public void SetChannel(Span<float> values, int channel, ReadOnlySpan<float> map)
    {
        for (int place = 0, at = _offset + (channel * _channelStride); place < Places; place++, at += _placeStride)
        {
            values[at] = map[place];
        }
    }

    /// <summary>Copies the values of all channels at one place.</summary>
    public void CopyPlace(ReadOnlySpan<float> from, Span<float> to, int place)
    {
        for (int k = 0, at = _offset + (place * _placeStride); k < Channels; k++, at += _channelStride)
        {
            to[at] = from[at];
        }
    }

    /// <summary>Sets the values of all channels at one place to zero.</summary>
    public void ClearPlace(Span<float> values, int place)
    {
        for (int k = 0, at = _offset + (place * _placeStride); k < Channels; k++, at += _channelStride)
        {
            values[at] = 0;
        }
    }

    private static FeatureLayout OfMaps(int[] sizes, double aspect)
    {
        double ifFirst = Deviation(sizes[2], sizes[3], aspect);
        double ifLast = Deviation(sizes[1], sizes[2], aspect);
        return ifFirst <= ifLast
            ? new FeatureLayout(sizes[1], sizes[2], sizes[3], 0, sizes[2] * sizes[3], 1)
            : new FeatureLayout(sizes[3], sizes[1], sizes[2], 0, 1, sizes[3]);
    }

    // How far a grid is from the shape of the network's input; networks round each side for itself.
    private static double Deviation(int rows, int columns, double aspect) => Math.Abs(Math.Log(columns / (rows * aspect)));

    private static FeatureLayout? OfTokens(int tokens, int channels, double aspect)
    {
        // One class token is usual, none next.
        foreach (int others in Enumerable.Range(0, MostOtherTokens + 1).OrderBy(static count => count is 1 ? -1 : count))
        {
            int places = tokens - others;
            int rows = (int)Math.Round(Math.Sqrt(places / aspect));
            if (rows > 1 && places > rows && places % rows == 0 && Deviation(rows, places / rows, aspect) < 0.5 / rows)
            {
                return new FeatureLayout(channels, rows, places / rows, others * channels, 1, channels);
            }
        }

        return null;
    }
}
