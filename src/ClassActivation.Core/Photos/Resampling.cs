namespace ClassActivation.Photos;

/// <summary>How pixels are weighed when a photo is resized. All but nearest widen their filter when reducing, as Pillow does.</summary>
public enum Resampling
{
    /// <summary>Triangle filter.</summary>
    Bilinear,

    /// <summary>The one pixel at the place, without any averaging; the default of Keras' <c>load_img</c>.</summary>
    Nearest,

    /// <summary>Cubic convolution with a = −0.5.</summary>
    Bicubic,

    /// <summary>Sinc windowed by sinc over three lobes.</summary>
    Lanczos,
}
