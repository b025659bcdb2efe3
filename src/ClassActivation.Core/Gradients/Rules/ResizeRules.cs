using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Gradients.Rules;

/// <summary>Resizing, which is a linear map along each axis.</summary>
internal sealed class ResizeRules : IGradientRules
{
    private static readonly string[] Kept =
    [
        "mode", "coordinate_transformation_mode", "nearest_mode", "cubic_coeff_a", "exclude_outside", "antialias",
    ];

    public string Family => "Resizing";

    public IReadOnlyList<GradientRule> Rules { get; } =
    [
        new("Resize", "along each axis the transposed matrix of the resizing, which the operator itself makes of the unit matrix", Resize),
    ];

    private static void Resize(DifferentiatedNode node, GradientWriter write)
    {
        if (node.Proto.Text("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize"
            || node.Proto.Text("keep_aspect_ratio_policy", "stretch") != "stretch")
        {
            throw node.Refused("that crops or keeps the aspect ratio");
        }

        (long[] from, long[] to) = (node.Dims(node.X), node.Dims(node.Y));
        long[] axes = node.Proto.Integers("axes") ?? [.. Enumerable.Range(0, from.Length).Select(static axis => (long)axis)];
        double[]? scales = node.Numbers(2);
        string gradient = node.Cotangent;
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = DifferentiatedNode.Axis(axes[i], from.Length);
            if (from[axis] != to[axis] || (scales is { Length: > 0 } && scales[i] != 1))
            {
                string matrix = Matrix(node, write, from[axis], to[axis], scales is { Length: > 0 } ? scales[i] : null);
                gradient = write.ApplyTransposed(node, gradient, axis, from.Length, matrix);
            }
        }

        node.Give(0, gradient);
    }

    /// <summary>The unit matrix with its columns resized.</summary>
    private static string Matrix(DifferentiatedNode node, GradientWriter write, long from, long to, double? scale)
    {
        var unit = new double[from * from];
        for (long i = 0; i < from; i++)
        {
            unit[(i * from) + i] = 1;
        }

        List<(string, object)> attributes = [];
        foreach (AttributeProto attribute in node.Proto.Attribute.Where(static attribute => Kept.Contains(attribute.Name)))
        {
            attributes.Add((attribute.Name, attribute.Type switch
            {
                AttributeProto.Types.AttributeType.String => attribute.S.ToStringUtf8(),
                AttributeProto.Types.AttributeType.Float => attribute.F,
                _ => attribute.I,
            }));
        }

        string source = write.Constant(unit, 1, 1, from, from);
        string resized = scale is { } factor
            ? write.Op(
                "Resize", [source, "", write.Graph.AddInitializer<float>("gradient/scales", [1, 1, (float)factor, 1], 4)], [.. attributes])
            : write.Op("Resize", [source, "", "", write.Integers(1, 1, to, from)], [.. attributes]);
        return write.Reshape(resized, to, from);
    }
}
