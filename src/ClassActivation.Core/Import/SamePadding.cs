namespace ClassActivation.Import;

/// <summary>TensorFlow's padding <c>SAME</c> as an attribute of ONNX.</summary>
internal static class SamePadding
{
    /// <summary>The attribute; null for strides together with a dilation, which TensorFlow's layers do not allow.</summary>
    public static (string Name, object Value)? Attribute(
        (int Vertical, int Horizontal) size, (int Vertical, int Horizontal) strides, (int Vertical, int Horizontal) dilation)
    {
        if (strides == (1, 1))
        {
            int vertical = (size.Vertical - 1) * dilation.Vertical;
            int horizontal = (size.Horizontal - 1) * dilation.Horizontal;
            return ("pads", new long[] { vertical / 2, horizontal / 2, vertical - (vertical / 2), horizontal - (horizontal / 2) });
        }

        // TensorFlow's padding depends on the input's size where the stride is not 1; so does ONNX's.
        return dilation == (1, 1) ? ("auto_pad", "SAME_UPPER") : null;
    }
}
