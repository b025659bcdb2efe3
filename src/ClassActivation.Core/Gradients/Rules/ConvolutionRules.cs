using ClassActivation.Onnx;

namespace ClassActivation.Gradients.Rules;

/// <summary>Convolutions, each of which is the other's adjoint with the same weights.</summary>
internal sealed class ConvolutionRules : IGradientRules
{
    public string Family => "Convolutions";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        new("Conv", "ConvTranspose of d with the same weights, strides, dilations and margins; or Conv with mirrored ones", Convolution),
        new("ConvTranspose", "Conv of d with the same weights, strides, dilations and margins", Transposed),
    ];

    private static void Convolution(DifferentiatedNode node, GradientWriter write)
    {
        node.RequireIndependent(1, 2);
        string weights = node.Proto.Input[1];
        (long[] fine, long[] coarse) = (node.Dims(node.X)[2..], node.Dims(node.Y)[2..]);
        Windows windows = Windows.Of(node, node.Dims(weights)[2..], fine, coarse);
        long[] margins = MarginsOfMirrored(windows);
        bool isDense = windows.Strides.All(static stride => stride == 1) && margins.All(static pad => pad >= 0);
        // Weights of groups are few: a copy of them is always worth its place.
        bool copies = write.CopiesWeights || node.Proto.Integer("group", 1) > 1;
        if (copies && isDense && node.IsConstant(1))
        {
            string mirrored = Mirrored(node, write, node.Dims(weights));
            node.Give(0, write.Op("Conv", [node.Cotangent, mirrored], [.. Attributes(node, windows, margins)]));
            return;
        }

        long[] missing = windows.Missing(fine, coarse);
        List<(string, object)> attributes = Attributes(node, windows, windows.Pads);
        if (missing.AsSpan().ContainsAnyExcept(0))
        {
            attributes.Add(("output_padding", missing));
        }

        node.Give(0, write.Op("ConvTranspose", [node.Cotangent, weights], [.. attributes]));
    }

    private static long[] MarginsOfMirrored(Windows windows) =>
        [
            .. windows.Pads.Select(
                (pad, i) => ((windows.Kernel[i % windows.Kernel.Length] - 1) * windows.Dilations[i % windows.Kernel.Length]) - pad)
        ];

    /// <summary>The weights with inputs and outputs exchanged in each group, and every window turned around.</summary>
    private static string Mirrored(DifferentiatedNode node, GradientWriter write, long[] dims)
    {
        long groups = node.Proto.Integer("group", 1);
        long[] mirrored = [groups * dims[1], dims[0] / groups, .. dims[2..]];
        return node.Floats(1) is { } weights
            ? write.Constant(Mirrored<float>(weights, groups, dims), mirrored)
            : write.Constant(Mirrored<double>(node.Numbers(1)!, groups, dims), mirrored);
    }

    private static T[] Mirrored<T>(ReadOnlySpan<T> weights, long groups, long[] dims)
    {
        (long outputs, long inputs) = (dims[0] / groups, dims[1]);
        long places = dims[2..].Aggregate(1L, static (product, dim) => product * dim);
        var mirrored = new T[weights.Length];
        for (long group = 0; group < groups; group++)
        {
            for (long output = 0; output < outputs; output++)
            {
                for (long input = 0; input < inputs; input++)
                {
                    long from = ((((group * outputs) + output) * inputs) + input) * places;
                    long to = ((((group * inputs) + input) * outputs) + output) * places;
                    for (long place = 0; place < places; place++)
                    {
                        // Turning all axes around is turning the whole list around.
                        mirrored[to + places - 1 - place] = weights[(int)(from + place)];
                    }
                }
            }
        }

        return mirrored;
    }

    private static void Transposed(DifferentiatedNode node, GradientWriter write)
    {
        node.RequireIndependent(1, 2);
        string weights = node.Proto.Input[1];
        (long[] coarse, long[] fine) = (node.Dims(node.X)[2..], node.Dims(node.Y)[2..]);
        Windows windows = WindowsOfTransposed(node, node.Dims(weights)[2..], fine, coarse);
        node.Give(0, write.Op("Conv", [node.Cotangent, weights], [.. Attributes(node, windows, windows.Pads)]));
    }

    /// <summary>A transposed convolution may state the extents of its result, and leave the margins to follow from them.</summary>
    private static Windows WindowsOfTransposed(DifferentiatedNode node, long[] kernel, long[] fine, long[] coarse)
    {
        long[] strides = node.Proto.Integers("strides", kernel.Length, 1);
        long[] dilations = node.Proto.Integers("dilations", kernel.Length, 1);
        long[] pads = node.Proto.Integers("pads", 2 * kernel.Length, 0);
        long[] added = node.Proto.Integers("output_padding", kernel.Length, 0);
        string automatic = node.Proto.Text("auto_pad", "NOTSET");
        if (automatic == "VALID")
        {
            Array.Clear(pads);
        }
        else if (automatic != "NOTSET" || node.Proto.Has("output_shape"))
        {
            for (int i = 0; i < kernel.Length; i++)
            {
                long total = Math.Max(((coarse[i] - 1) * strides[i]) + added[i] + ((kernel[i] - 1) * dilations[i]) + 1 - fine[i], 0);
                pads[i] = automatic == "SAME_UPPER" ? total / 2 : total - (total / 2);
                pads[i + kernel.Length] = total - pads[i];
            }
        }

        return new Windows(kernel, strides, dilations, pads);
    }

    private static List<(string Name, object Value)> Attributes(DifferentiatedNode node, Windows windows, long[] pads) =>
    [
        ("kernel_shape", windows.Kernel),
        ("strides", windows.Strides),
        ("dilations", windows.Dilations),
        ("pads", pads),
        ("group", node.Proto.Integer("group", 1)),
    ];
}
