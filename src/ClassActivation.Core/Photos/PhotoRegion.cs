using System.Globalization;

namespace ClassActivation.Photos;

/// <summary>A rectangle in a photo, in pixels of the full-size upright photo, from its top left corner.</summary>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public readonly record struct PhotoRegion(double Left, double Top, double Width, double Height)
{
    /// <summary>Left, top, width and height, in the invariant culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Left:0.##},{Top:0.##},{Width:0.##},{Height:0.##}");
}
