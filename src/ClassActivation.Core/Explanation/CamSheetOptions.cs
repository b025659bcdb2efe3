using ClassActivation.Imaging;

namespace ClassActivation.Explanation;

/// <summary>How a contact sheet is drawn.</summary>
public sealed record CamSheetOptions
{
    /// <summary>The longer side in pixels that each photo is drawn at, 32 or more.</summary>
    public int CellSize { get; init; } = 224;

    /// <summary>Whether the first column shows the photos as they are.</summary>
    public bool IncludePhoto { get; init; }

    /// <summary>How the maps are drawn; the part of the photo that a map covers is taken from the map.</summary>
    public OverlayOptions Overlay { get; init; } = new();
}
