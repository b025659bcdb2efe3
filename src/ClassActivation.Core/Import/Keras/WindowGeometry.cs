using System.Text.Json;

namespace ClassActivation.Import.Keras;

/// <summary>How the windows of convolutions and poolings lie on their input, as ONNX attributes.</summary>
internal static class WindowGeometry
{
    public static bool IsSame(KerasLayer layer) => layer.Text("padding", "valid") switch
    {
        "same" => true,
        "valid" => false,
        string other => throw layer.Error($"has the padding '{other}'; only 'same' and 'valid' can be imported"),
    };

    /// <summary>The rows and columns that a ZeroPadding2D layer adds, or a Cropping2D layer takes away.</summary>
    public static (int Top, int Bottom, int Left, int Right) Margins(KerasLayer layer)
    {
        string name = layer.ClassName == "Cropping2D" ? "cropping" : "padding";
        if (layer.TryGet(name, out var value) && value.ValueKind == JsonValueKind.Array
            && value[0].ValueKind == JsonValueKind.Array)
        {
            int[] vertical = KerasLayer.Integers(value[0]);
            int[] horizontal = KerasLayer.Integers(value[1]);
            return (vertical[0], vertical[1], horizontal[0], horizontal[1]);
        }

        (int rows, int columns) = layer.Pair(name, (1, 1));
        return (rows, rows, columns, columns);
    }

    /// <param name="layer">The convolution or pooling.</param>
    /// <param name="size">Its window.</param>
    /// <param name="strides">Its strides.</param>
    /// <param name="zeros">A zero padding that is done together with a convolution; null for none.</param>
    public static List<(string Name, object Value)> Attributes(
        KerasLayer layer, (int Vertical, int Horizontal) size, (int Vertical, int Horizontal) strides,
        (int Top, int Bottom, int Left, int Right)? zeros = null)
    {
        (int Vertical, int Horizontal) dilation = layer.Pair("dilation_rate", (1, 1));
        List<(string, object)> attributes =
        [
            ("kernel_shape", new long[] { size.Vertical, size.Horizontal }),
            ("strides", new long[] { strides.Vertical, strides.Horizontal }),
        ];
        if (dilation != (1, 1))
        {
            attributes.Add(("dilations", new long[] { dilation.Vertical, dilation.Horizontal }));
        }

        if (zeros is var (top, bottom, left, right))
        {
            attributes.Add(("pads", new long[] { top, left, bottom, right }));
        }
        else if (IsSame(layer) && size != (1, 1))
        {
            attributes.Add(SamePadding(layer, size, strides, dilation));
        }

        return attributes;
    }

    private static (string, object) SamePadding(
        KerasLayer layer, (int Vertical, int Horizontal) size, (int Vertical, int Horizontal) strides,
        (int Vertical, int Horizontal) dilation) =>
        Import.SamePadding.Attribute(size, strides, dilation)
            ?? throw layer.Error("has both strides and a dilation, which Keras itself does not allow");
}
