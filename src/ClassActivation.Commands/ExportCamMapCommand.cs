using System.Management.Automation;
using ClassActivation.Interchange;
using ClassActivation.Maps;

namespace ClassActivation.Commands;

/// <summary>
/// Writes maps as NumPy files, photo.label.cam.npy, for Python and other tools; a file .json beside each has all else
/// that is known of the map, so that <c>Import-CamMap</c> gives it back without loss.
/// </summary>
[Cmdlet(VerbsData.Export, "CamMap", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Export-CamMap.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportCamMapCommand : ModuleCmdlet
{
    private string? _folder;

    /// <summary>The maps of <c>Get-ClassActivationMap</c>, or comparisons of <c>Compare-ClassActivationMap</c>, whose differences are written.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Rehydrate]
    [TakesMaps]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>The folder of the files, made where it is missing; by default each photo's own.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>Replaces write-protected files too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves existing files as they are.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _folder = DestinationPath is null ? null : ResolveFilePath(DestinationPath);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ClassActivationMap map in InputObject)
        {
            try
            {
                string path = PathFor(map);
                string description = MapFile.DescriptionOf(path);
                PictureFile.CheckMayWrite(path, Force, NoClobber);
                PictureFile.CheckMayWrite(description, Force, NoClobber);
                if (ShouldProcess(path, $"Write {map}"))
                {
                    // The values come last: where they are, their description is.
                    PictureFile.Write(description, Force, NoClobber, stream => MapFile.WriteDescription(map, stream));
                    PictureFile.Write(path, Force, NoClobber, stream => MapFile.WriteValues(map, stream));
                    WriteObject(new FileInfo(path));
                }
            }
            catch (PictureException e)
            {
                WriteError(CamErrors.Picture(e));
            }
        }
    }

    // The first name that no other map's file has.
    private string PathFor(ClassActivationMap map)
    {
        string folder = MapPictures.FolderFor(map, _folder, basePath: null);
        string[] paths = [.. PictureNames.For(map, "npy").Select(name => Path.Combine(folder, name))];
        return Array.Find(paths, path => !File.Exists(MapFile.DescriptionOf(path)) || MapFile.IsOf(path, map)) ?? paths[^1];
    }
}
