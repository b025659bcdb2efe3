namespace ClassActivation.Maps;

/// <summary>Where the cells of a map lie when it is drawn over a photo; between them values are interpolated linearly.</summary>
public enum Upsampling
{
    /// <summary>The outer cells lie on the photo's outer pixels, as in <c>scipy.ndimage.zoom(order=1)</c>.</summary>
    AlignCorners,

    /// <summary>Each cell lies in the middle of its part of the photo, as in OpenCV and in PyTorch's <c>align_corners=False</c>.</summary>
    HalfPixel,
}
