using System.Management.Automation;
using ClassActivation.Maps;

namespace ClassActivation.Commands;

/// <summary>
/// Compares maps of the same photo: of two classes, networks or input settings. The difference in the result can be drawn
/// by piping the comparison into <c>Export-CamOverlay</c>.
/// </summary>
[Cmdlet(VerbsData.Compare, "ClassActivationMap", HelpUri = HelpPages.Address + "Compare-ClassActivationMap.md")]
[OutputType(typeof(CamComparison))]
public sealed class CompareClassActivationMapCommand : PSCmdlet
{
    /// <summary>The maps to compare with: a map is compared with each of them that is of its photo.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.Maps)]
    [Rehydrate]
    public ClassActivationMap[] ReferenceObject { get; set; } = [];

    /// <summary>The maps to compare.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.Maps)]
    [Rehydrate]
    public ClassActivationMap[] DifferenceObject { get; set; } = [];

    /// <summary>The share of a map's range, above 0 and up to 1, from which on a place belongs to the map's region.</summary>
    [Parameter]
    [ValidateRange(0.001, 1.0)]
    public double Threshold { get; set; } = 0.5;

    /// <summary>How both maps are brought to 0 … 1: over their whole range, or with negative values cut.</summary>
    [Parameter]
    [ValidateSet(nameof(HeatmapNormalization.MinMax), nameof(HeatmapNormalization.Positive))]
    public HeatmapNormalization Normalization { get; set; } = HeatmapNormalization.MinMax;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ClassActivationMap map in DifferenceObject)
        {
            ClassActivationMap[] references = Array.FindAll(ReferenceObject, reference => reference.Photo.IsSamePhotoAs(map.Photo));
            if (references.Length == 0)
            {
                WriteError(CamErrors.NoReference(map, ReferenceObject));
            }

            foreach (ClassActivationMap reference in references)
            {
                try
                {
                    WriteObject(MapComparer.Compare(reference, map, Threshold, Normalization));
                }
                catch (ArgumentException e)
                {
                    WriteError(CamErrors.NotComparable(e, map));
                }
            }
        }
    }
}
