using System.Management.Automation;
using ClassActivation.Interchange;

namespace ClassActivation.Commands;

/// <summary>Reads boxes from files of COCO (.json) or Pascal VOC (.xml), or from folders of files of Pascal VOC or YOLO.</summary>
[Cmdlet(VerbsData.Import, "CamAnnotation", DefaultParameterSetName = PathSet,
    HelpUri = HelpPages.Address + "Import-CamAnnotation.md")]
[OutputType(typeof(CamAnnotation))]
public sealed class ImportCamAnnotationCommand : ImportCmdlet
{
    /// <summary>
    /// The folder that the photos lie in, so that the boxes name them by their full path. YOLO's files need the photos'
    /// sizes; without this parameter the photos are looked for in the folder images beside the folder labels, or with
    /// the files.
    /// </summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? PhotoPath { get; set; }

    private protected override string Content => "boxes";

    // A file that is damaged at its end gives nothing rather than a part.
    private protected override IReadOnlyList<object> Read(string path) =>
        [.. AnnotationFiles.Read(path, PhotoPath is null ? null : ResolveFilePath(PhotoPath))];
}
