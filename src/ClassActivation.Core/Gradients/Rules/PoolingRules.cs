using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Gradients.Rules;

/// <summary>Pooling over windows and over whole maps.</summary>
internal sealed class PoolingRules : IGradientRules
{
    private static readonly string[] WindowAttributes =
    [
        "kernel_shape", "strides", "dilations", "pads", "auto_pad", "ceil_mode", "count_include_pad"
    ];

    public string Family => "Pooling";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        new("MaxPool", "d added where each window's maximum came from (the first of equals)", MaxPool),
        new("AveragePool", "d divided by the pixels of each window and spread over them", AveragePool),
        new("GlobalAveragePool", "d / (rows · columns) at every place", GlobalAveragePool),
        new("GlobalMaxPool", "d at the greatest places, which share it", GlobalMaxPool),
    ];

    private static void MaxPool(DifferentiatedNode node, GradientWriter write)
    {
        node.RefuseRows();
        long[] dims = node.Dims(node.X);
        if (node.Proto.Integer("storage_order", 0) != 0)
        {
            throw node.Refused("with indices by columns");
        }

        // The network's own pooling gives the indices; they count through the whole tensor.
        string indices = node.Proto.Output.Count > 1 && node.Proto.Output[1].Length > 0
            ? node.Proto.Output[1]
            : write.Graph.AddResult(node.Proto, node.Y + "/indices");
        long size = dims.Aggregate(1L, static (product, dim) => product * dim);
        string scattered = write.Op(
            "ScatterElements",
            [write.Expand(write.Scalar(0), [size]), write.Reshape(indices, -1), write.Reshape(node.Cotangent, -1)],
            ("axis", 0),
            ("reduction", "add"));
        node.Give(0, write.Reshape(scattered, dims));
    }

    private static void AveragePool(DifferentiatedNode node, GradientWriter write)
    {
        long[] dims = node.Dims(node.X);
        (long[] fine, long[] coarse) = (dims[2..], node.Dims(node.Y)[2..]);
        Windows windows = Windows.Of(node, node.Proto.Integers("kernel_shape")!, fine, coarse);

        // What a pixel counts in its window is what the operator itself makes of ones, whichever pixels it divides by.
        List<(string, object)> attributes = [];
        foreach (AttributeProto attribute in node.Proto.Attribute.Where(static attribute => WindowAttributes.Contains(attribute.Name)))
        {
            attributes.Add((attribute.Name, attribute.Type switch
            {
                AttributeProto.Types.AttributeType.Ints => attribute.Ints.ToArray(),
                AttributeProto.Types.AttributeType.Int => attribute.I,
                _ => attribute.S.ToStringUtf8(),
            }));
        }

        string sums = write.Op("AveragePool", [write.Expand(write.Scalar(1), [1, 1, .. fine])], [.. attributes]);
        string share = write.Div(sums, write.Constant(PixelCounts(windows, fine, coarse), [1, 1, .. coarse]));
        long[] missing = windows.Missing(fine, coarse);
        List<(string, object)> spread =
        [
            ("kernel_shape", windows.Kernel),
            ("strides", windows.Strides),
            ("dilations", windows.Dilations),
            ("pads", windows.PadsCutting(missing)),
            ("group", dims[1]),
        ];
        if (missing.Any(static rows => rows > 0))
        {
            spread.Add(("output_padding", missing.Select(static rows => Math.Max(rows, 0)).ToArray()));
        }

        string ones = write.Expand(write.Scalar(1), [dims[1], 1, .. windows.Kernel]);
        node.Give(0, write.Op("ConvTranspose", [write.Mul(node.Cotangent, share), ones], [.. spread]));
    }

    /// <summary>How many pixels of the photo each window has, without those of the margin.</summary>
    private static double[] PixelCounts(Windows windows, long[] fine, long[] coarse)
    {
        double[] counts = [1];
        for (int axis = 0; axis < fine.Length; axis++)
        {
            var along = new double[coarse[axis]];
            for (int window = 0; window < along.Length; window++)
            {
                for (int i = 0; i < windows.Kernel[axis]; i++)
                {
                    long at = (window * windows.Strides[axis]) - windows.Pads[axis] + (i * windows.Dilations[axis]);
                    along[window] += at >= 0 && at < fine[axis] ? 1 : 0;
                }
            }

            // A window of nothing but margin gives 0, and takes nothing back.
            counts = [.. counts.SelectMany(count => along.Select(more => count * Math.Max(more, 1)))];
        }

        return counts;
    }

    private static void GlobalAveragePool(DifferentiatedNode node, GradientWriter write)
    {
        long[] dims = node.Dims(node.X);
        double places = dims[2..].Aggregate(1L, static (product, dim) => product * dim);
        node.Give(0, write.Expand(write.Mul(node.Cotangent, 1 / places), dims));
    }

    private static void GlobalMaxPool(DifferentiatedNode node, GradientWriter write)
    {
        int[] axes = [.. Enumerable.Range(2, node.Dims(node.X).Length - 2)];
        string isGreatest = write.Mask(write.Op("Equal", [node.X, node.Y]));
        node.Give(0, write.Mul(isGreatest, write.Div(node.Cotangent, write.Sum(isGreatest, axes))));
    }
}
