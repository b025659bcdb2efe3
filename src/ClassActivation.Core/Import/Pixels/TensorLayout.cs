namespace ClassActivation.Import.Pixels;

/// <summary>The order of an image's dimensions.</summary>
public enum TensorLayout
{
    /// <summary>Channels first, as PyTorch has it.</summary>
    Nchw,

    /// <summary>Channels last, as TensorFlow has it.</summary>
    Nhwc,
}

/// <summary>The order of an image's channels.</summary>
public enum ColorOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red.</summary>
    Bgr,
}
