namespace ClassActivation.Maps;

/// <summary>What a drawn map is between its cells.</summary>
public enum Interpolation
{
    /// <summary>Straight from cell to cell, as in the notebook; the cells of a small map show as facets.</summary>
    Bilinear,

    /// <summary>
    /// A smooth surface through the cells: cubic convolution (Keys 1981, a = −1/2), kept within the range of the cells.
    /// </summary>
    Bicubic,
}
