namespace ClassActivation.Faithfulness;

/// <summary>The maps that know nothing of the network, which a good map has to beat.</summary>
[Flags]
public enum Baselines
{
    /// <summary>No baseline.</summary>
    None = 0,

    /// <summary>The mean of several random maps of as many cells as the map.</summary>
    Random = 1,

    /// <summary>A Gaussian in the middle of the photo, where photographers put things.</summary>
    Center = 2,

    /// <summary>Both.</summary>
    All = Random | Center,
}
