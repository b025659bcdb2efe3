using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Drawing;

/// <summary>How a contact sheet is drawn.</summary>
public sealed record CamSheetOptions
{
    /// <summary>The longer side in pixels that each photo is drawn at, 32 or more.</summary>
    public int CellSize { get; init; } = 224;

    /// <summary>Whether the first column shows the photos as they are.</summary>
    public bool IncludePhoto { get; init; }

    /// <summary>The text above the sheet; none where it is empty.</summary>
    public string Title { get; init; } = "";

    /// <summary>How many photos, each with all its maps, stand beside each other; 0 for as many as make a handy page.</summary>
    public int PhotosAcross { get; init; }

    /// <summary>The boxes to outline on single maps, in pixels of the full-size photo.</summary>
    public IReadOnlyDictionary<ClassActivationMap, PhotoRegion[]> Boxes { get; init; } =
        new Dictionary<ClassActivationMap, PhotoRegion[]>();

    /// <summary>How the maps are drawn; the part of the photo that a map covers is taken from the map.</summary>
    public OverlayOptions Overlay { get; init; } = new();
}
