namespace ClassActivation.Imaging;

/// <summary>A rectangle in a photo, in pixels of the full-size upright photo, from its top left corner.</summary>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public readonly record struct PhotoRegion(double Left, double Top, double Width, double Height);
