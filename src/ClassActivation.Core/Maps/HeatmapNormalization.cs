namespace ClassActivation.Maps;

/// <summary>
/// How the values of a map are brought to the range from 0 to 1 that a colour map has. Smallest and largest value are
/// those among the pixels on which the map is drawn, as in the notebook: the map's cells lie between pixels, so that
/// the largest cell may exceed them a little.
/// </summary>
public enum HeatmapNormalization
{
    /// <summary>The smallest value becomes 0 and the largest 1; a flat map becomes 0.</summary>
    MinMax,

    /// <summary>Negative values become 0 and the largest value 1; a map without positive values becomes 0.</summary>
    Positive,

    /// <summary>Zero becomes 0.5 and the value farthest from it 0 or 1: for a diverging colour map.</summary>
    Symmetric,

    /// <summary>Values stay as they are, limited to 0 … 1.</summary>
    None,
}
