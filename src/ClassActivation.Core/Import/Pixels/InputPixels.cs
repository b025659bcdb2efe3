using System.Globalization;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Photos;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Import.Pixels;

/// <summary>What a network wants of its pixels: <c>(low + byte / 255 · (high − low) − mean) / deviation</c> a channel.</summary>
/// <param name="Scale">What a byte is multiplied by, for each of the network's channels.</param>
/// <param name="Shift">What is added then.</param>
/// <param name="Order">The order of colours.</param>
/// <param name="From">Where it was said.</param>
internal sealed record InputPixels(double[] Scale, double[] Shift, ColorOrder Order, string From)
{
    /// <summary>The part of red, green and blue in a grey pixel (ITU-R BT.601).</summary>
    private static readonly double[] Luma = [0.299, 0.587, 0.114];

    /// <summary>In words, with figures.</summary>
    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{Order.ToString().ToUpperInvariant()} byte * [{Join(Scale)}] + [{Join(Shift)}] ({From})");

    /// <summary>The colour that becomes 0, as the margins that convolutions add themselves; the nearest one that there is.</summary>
    public MarginColor Margin
    {
        get
        {
            byte[] zero =
            [
                .. Scale.Zip(
                    Shift, static (scale, shift) => (byte)Math.Clamp(Math.Round(-shift / scale, MidpointRounding.AwayFromZero), 0, 255))
            ];
            return zero.Length == 1
                ? new MarginColor(zero[0], zero[0], zero[0])
                : new MarginColor(zero[Source(0)], zero[Source(1)], zero[Source(2)]);
        }
    }

    /// <summary>From what the user says, or else the file or one beside it, or else the operators at the input.</summary>
    /// <exception cref="ModelImportException">Nothing says it.</exception>
    public static InputPixels Find(
        ImportOptions options, NetworkSidecar sidecar, Func<double[]?> rangeOfOperators, int channels, string path)
    {
        ColorOrder order = options.ColorOrder ?? sidecar.Order;
        if (options.Preprocessing is { } preset)
        {
            PixelTransform transform = PixelTransform.For(preset);
            order = options.ColorOrder ?? (transform.SwapChannels ? ColorOrder.Bgr : ColorOrder.Rgb);
            int[] source = channels == 3 && order == ColorOrder.Bgr ? [2, 1, 0] : [0, 1, 2];
            double[] scale = [.. source.Select(i => transform.Scale[i])], shift =
            [
                .. source.Select(i => 0 - (transform.Mean[i] * transform.Scale[i]))
            ];
            return channels == 1
                ? new InputPixels([scale.Average()], [shift.Average()], ColorOrder.Rgb, $"{preset}")
                : new InputPixels(
                    Widen(scale, channels, AlphaOf(preset).Scale), Widen(shift, channels, AlphaOf(preset).Shift), order, $"{preset}");
        }

        if (options.Mean.Count + options.StandardDeviation.Count + options.InputRange.Count > 0)
        {
            return Create(
                options.InputRange.Count == 0 ? [0, 1] : options.InputRange,
                options.Mean,
                options.StandardDeviation,
                order,
                channels,
                "as given");
        }

        if (sidecar.PixelsFrom is { } from)
        {
            return Create(sidecar.Range, sidecar.Mean, sidecar.Deviation, order, channels, from);
        }

        return rangeOfOperators() is { } range
            ? Create(range, [], [], order, channels, "the network's first operators")
            : throw new ModelImportException(
                $"Nothing in '{path}' or beside it says what the network expects its pixels to be. Say it: Torch (0 to 1, minus ImageNet's"
                + " means, by its deviations: PyTorch's networks), TensorFlow (-1 to 1), Scale01 (0 to 1), None (0 to 255) or Caffe (BGR,"
                + " minus means), or the range, the means and the deviations themselves.");
    }

    /// <summary>The same for networks of three channels, in red, green, blue; a preset is given as it is written.</summary>
    public PixelTransform ToTransform(ImportOptions options)
    {
        if (options.Preprocessing is { } preset && options.ColorOrder is null)
        {
            return PixelTransform.For(preset);
        }

        int[] source = Order == ColorOrder.Bgr ? [2, 1, 0] : [0, 1, 2];
        return new PixelTransform(
            Order == ColorOrder.Bgr, [.. source.Select(c => -Shift[c] / Scale[c])], [.. source.Select(c => Scale[c])]);
    }

    /// <summary>What a byte of a channel becomes.</summary>
    public double Apply(byte value, int channel) => (value * Scale[channel]) + Shift[channel];

    /// <summary>Adds the way from the contract's input to the network's own.</summary>
    /// <param name="graph">The graph, with the input <see cref="NetworkContract.Image"/>.</param>
    /// <param name="type">The type of the network's own input.</param>
    /// <param name="layout">Its order of dimensions.</param>
    /// <returns>The value that takes its place.</returns>
    public string Add(OnnxGraph graph, DataType type, TensorLayout layout)
    {
        string value = graph.AddNode("Cast", "image/float", [NetworkContract.Image], ("to", (long)DataType.Float));
        int channels = Scale.Length;
        if (channels == 1)
        {
            value = graph.AddNode(
                "MatMul",
                "image/gray",
                [value, graph.AddInitializer<float>("image/luma", [.. Luma.Select(static part => (float)part)], 3, 1)]);
        }
        else if (channels == 4)
        {
            // Byte 255 for the alpha of an opaque photo: a matrix adds the channel, and a sum its value.
            float[] matrix = [.. Enumerable.Range(0, 12).Select(i => i % 4 < 3 && Source(i % 4) == i / 4 ? 1f : 0f)];
            value = graph.AddNode("MatMul", "image/rgba", [value, graph.AddInitializer<float>("image/channels", matrix, 3, 4)]);
            value = graph.AddNode("Add", "image/opaque", [value, graph.AddInitializer<float>("image/alpha", [0f, 0f, 0f, 255f], 4)]);
        }
        else if (Order == ColorOrder.Bgr)
        {
            value = graph.AddNode("Gather", "image/bgr", [value, graph.AddInitializer<long>("image/order", [2, 1, 0], 3)], ("axis", 3L));
        }

        if (Scale.Any(static scale => scale != 1))
        {
            value = graph.AddNode("Mul", "image/scaled", [value, Constant(graph, "image/scale", Scale)]);
        }

        if (Shift.Any(static shift => shift != 0))
        {
            value = graph.AddNode("Add", "image/shifted", [value, Constant(graph, "image/shift", Shift)]);
        }

        if (layout == TensorLayout.Nchw)
        {
            value = graph.AddNode("Transpose", "image/nchw", [value], ("perm", new long[] { 0, 3, 1, 2 }));
        }

        return type == DataType.Float ? value : graph.AddNode("Cast", "image/typed", [value], ("to", (long)type));
    }

    /// <summary>The network's own input for a picture, computed here: what the graph is checked against.</summary>
    public double[] Compute(byte[] rgb, int width, int height, TensorLayout layout)
    {
        int channels = Scale.Length, area = width * height;
        var values = new double[area * channels];
        for (int at = 0; at < area; at++)
        {
            for (int c = 0; c < channels; c++)
            {
                double pixel = channels == 1 ? Luma.Select((part, i) => part * rgb[(3 * at) + i]).Sum()
                    : c == 3 ? 255
                    : rgb[(3 * at) + Source(c)];
                values[layout == TensorLayout.Nchw ? (c * area) + at : (at * channels) + c] = (pixel * Scale[c]) + Shift[c];
            }
        }

        return values;
    }

    private static InputPixels Create(
        IReadOnlyList<double> range, IReadOnlyList<double> mean, IReadOnlyList<double> deviation, ColorOrder order, int channels,
        string from)
    {
        double[] means = Widen(mean.Count == 0 ? [0] : mean, channels, 0), deviations = Widen(
            deviation.Count == 0 ? [1] : deviation, channels, 1);
        if (range.Count != 2
            || range.Concat(means).Concat(deviations).Any(static value => !double.IsFinite(value))
            || deviations.Contains(0)
            || range[0] == range[1])
        {
            throw new ModelImportException(
                "The range of the pixels must be two different numbers, the means finite ones, and the deviations others than 0.");
        }

        return new InputPixels(
            [.. deviations.Select(d => (range[1] - range[0]) / 255 / d)],
            [.. deviations.Select((d, c) => (range[0] - means[c]) / d)],
            order,
            from);
    }

    // Opacity has the range of the colours, and neither their means nor their deviations.
    private static (double Scale, double Shift) AlphaOf(InputPreprocessing preset) => preset switch
    {
        InputPreprocessing.TensorFlow => (1 / 127.5, -1),
        InputPreprocessing.Torch or InputPreprocessing.Scale01 => (1.0 / 255, 0),
        _ => (1, 0),
    };

    private static double[] Widen(IReadOnlyList<double> values, int channels, double alpha) =>
        values.Count == channels ? [.. values]
        : values.Count == 1 ? [.. Enumerable.Repeat(values[0], channels)]
        : channels == 1 ? [values.Average()]
        : channels == 4 && values.Count == 3 ? [.. values, alpha]
        : throw new ModelImportException(
            $"There are {values.Count} means or deviations for {channels} channels; give one, or one for each channel.");

    /// <summary>The range of pixels that the network's own normalisation starts from; null where it has none.</summary>
    public static double[]? RangeOfOperators(OnnxGraph graph, string input)
    {
        if (graph.TypeOf(input)?.ElementType == DataType.Uint8)
        {
            return [0, 255];
        }

        string value = input;
        for (int i = 0; i < 3 && graph.Consumers(value) is [{ OpType: "Identity" or "Transpose" or "Cast" } node]; i++)
        {
            value = node.Output[0];
        }

        if (graph.Consumers(value) is not [{ OpType: "Sub" or "Add" or "Mul" or "Div" } first])
        {
            return null;
        }

        double[]? numbers = first.Input.Select(graph.Numbers).FirstOrDefault(static found => found is { Length: 1 or 3 or 4 });
        double? largest = numbers?.Max(Math.Abs);
        return (first.OpType, largest) switch
        {
            (_, null) => null,
            ("Div", > 50) or ("Mul", < 0.03) or ("Sub" or "Add", > 2) => [0, 255],
            ("Sub" or "Add", < 1) => [0, 1],
            _ => null,
        };
    }

    private static string Constant(OnnxGraph graph, string name, double[] values) =>
        graph.AddInitializer<float>(name, [.. values.Select(static value => (float)value)], values.Length);

    private static string Join(double[] values) =>
        string.Join(", ", values.Select(static value => value.ToString("G6", CultureInfo.InvariantCulture)));

    private int Source(int channel) => Order == ColorOrder.Bgr && channel < 3 ? 2 - channel : channel;
}
