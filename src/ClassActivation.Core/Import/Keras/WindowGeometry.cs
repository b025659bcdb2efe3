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

    /// <summary>The rows and columns of zeros a ZeroPadding2D layer adds.</summary>
    public static (int Top, int Bottom, int Left, int Right) ZeroPadding(KerasLayer layer)
    {
        if (layer.TryGet("padding", out var value) && value.ValueKind == JsonValueKind.Array
            && value[0].ValueKind == JsonValueKind.Array)
        {
            int[] vertical = KerasLayer.Integers(value[0]);
            int[] horizontal = KerasLayer.Integers(value[1]);
            return (vertical[0], vertical[1], horizontal[0], horizontal[1]);
        }

        (int rows, int columns) = layer.Pair("padding", (1, 1));
        return (rows, rows, columns, columns);
    }

    /// <param name="layer">The convolution or pooling.</param>
    /// <param name="size">Its window.</param>
    /// <param name="strides">Its strides.</param>
    /// <param name="zeros">A zero padding that is done together with a convolution; null for none.</param>
    public static List<(string Name, object Value)> Attributes(
        KerasLayer layer, (int Vertical, int Horizontal) size, (int Vertical, int Horizontal) strides, (int Top, int Bottom, int Left, int Right)? zeros = null)
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
        KerasLayer layer, (int Vertical, int Horizontal) size, (int Vertical, int Horizontal) strides, (int Vertical, int Horizontal) dilation)
    {
        if (strides == (1, 1))
        {
            int vertical = (size.Vertical - 1) * dilation.Vertical;
            int horizontal = (size.Horizontal - 1) * dilation.Horizontal;
            return ("pads", new long[] { vertical / 2, horizontal / 2, vertical - (vertical / 2), horizontal - (horizontal / 2) });
        }
        // TensorFlow's padding depends on the input's size where the stride is not 1; so does ONNX's.
        return dilation == (1, 1)
            ? ("auto_pad", "SAME_UPPER")
            : throw layer.Error("has both strides and a dilation, which Keras itself does not allow");
    }
}
