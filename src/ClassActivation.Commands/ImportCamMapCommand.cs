using System.Management.Automation;
using ClassActivation.Interchange;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Reads maps from NumPy files: those of <c>Export-CamMap</c> as they were, and those of other tools with the photo that
/// they belong to.
/// </summary>
[Cmdlet(VerbsData.Import, "CamMap", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Address + "Import-CamMap.md")]
[OutputType(typeof(ClassActivationMap))]
public sealed class ImportCamMapCommand : ImportCmdlet
{
    /// <summary>
    /// The photo that another tool's map is of; the map covers it from edge to edge. Without this parameter a file .json
    /// beside the map says all that is known of it.
    /// </summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string? PhotoPath { get; set; }

    /// <summary>What another tool's map shows; taken with -PhotoPath only.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Label { get; set; } = "map";

    /// <summary>The class's position in the network's predictions, from 0; -1 where there is none. Taken with -PhotoPath only.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(-1, int.MaxValue)]
    public int ClassIndex { get; set; } = -1;

    /// <summary>The name of the network or tool that made the map; taken with -PhotoPath only.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    public string Model { get; set; } = "imported";

    private protected override string Content => "a map";

    private protected override IReadOnlyList<object> Read(string path) =>
        [
            PhotoPath is null
                ? MapFile.Read(path)
                : MapFile.Read(path, PhotoSource.FromFile(ResolveFilePath(PhotoPath)), Label, ClassIndex, Model)
        ];
}
