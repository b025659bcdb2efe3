using ClassActivation.Maps;

namespace ClassActivation.Drawing;

/// <summary>A row of a contact sheet: maps of one photo.</summary>
public sealed class CamSheetRow
{
    /// <summary>Makes a row.</summary>
    /// <param name="maps">A map for each column, or none; at least one is there.</param>
    internal CamSheetRow(IReadOnlyList<ClassActivationMap?> maps)
    {
        Maps = maps;
        First = maps.First(static map => map is not null)!;
    }

    /// <summary>The first map of the row, which stands for the photo.</summary>
    public ClassActivationMap First { get; }

    /// <summary>A map for each column, null where the photo has none.</summary>
    public IReadOnlyList<ClassActivationMap?> Maps { get; }
}
