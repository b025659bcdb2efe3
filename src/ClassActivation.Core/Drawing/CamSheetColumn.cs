namespace ClassActivation.Drawing;

/// <summary>What the maps of one column of a contact sheet have in common.</summary>
public enum CamSheetColumn
{
    /// <summary>
    /// Whatever tells the maps of a photo apart: the network; or else the method; or else the class where all photos have the
    /// same ones; or else the rank.
    /// </summary>
    Auto,

    /// <summary>The class.</summary>
    Class,

    /// <summary>How the map was made.</summary>
    Method,

    /// <summary>The network.</summary>
    Model,

    /// <summary>The class's rank among the predictions.</summary>
    Rank,
}
