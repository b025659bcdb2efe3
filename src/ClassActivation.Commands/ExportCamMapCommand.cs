using System.Management.Automation;
using ClassActivation.Identity;
using ClassActivation.Interchange;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Writes maps as NumPy files, photo.label.cam.npy, for Python and other tools; a file .json beside each has all else
/// that is known of the map, so that <c>Import-CamMap</c> gives it back without loss.
/// </summary>
[Cmdlet(VerbsData.Export, "CamMap", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Export-CamMap.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportCamMapCommand : ModuleCmdlet
{
    private const string Extension = ".npy";

    private readonly Dictionary<string, (PhotoIdentity Photo, CamQuestion Question)> _planned = new(FilePaths.Comparer);
    private string? _destination;
    private bool _isFile;
    private (PhotoIdentity Photo, CamQuestion Question)? _fileMap;

    /// <summary>
    /// The maps of <c>Get-ClassActivationMap</c>, or comparisons of <c>Compare-ClassActivationMap</c>, whose differences are
    /// written.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Takes(Taken.Maps)]
    [Rehydrate]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>
    /// The folder of the files, made where it is missing; by default each photo's own. A path that ends in .npy is a file, for
    /// one map.
    /// </summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoScriptBlock]
    public string? DestinationPath { get; set; }

    /// <summary>
    /// Replaces files too that are write-protected, or that this module did not write. The map of another photo or another
    /// question is never replaced.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves existing files as they are.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _destination = DestinationPath is null ? null : ResolveFilePath(DestinationPath);
        try
        {
            _isFile = _destination is not null && FileDestination.IsFile(_destination, [Extension]);
        }
        catch (PictureException e)
        {
            ThrowTerminatingError(CamErrors.Picture(e));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ClassActivationMap map in InputObject)
        {
            try
            {
                string path = OwnedFile.Choose(PathsFor(map), path => OwnerOf(path, map), Force, NoClobber, OwnedFile.Refusals.OfFile).Path;
                string description = MapFile.DescriptionOf(path);
                PictureFile.CheckMayWrite(description, Force, NoClobber);
                Array.ForEach([path, description], file => ShownPhotos.Check(file, map.Photo.IsFromMemory ? null : map.Path));
                _planned[path] = (map.Photo, map.Question);
                if (ShouldProcess(path, $"Write {map}"))
                {
                    // The values come last: where they are, their description is.
                    PictureFile.Write(description, Force, NoClobber, stream => MapFile.WriteDescription(map, stream));
                    PictureFile.Write(path, Force, NoClobber, stream => MapFile.WriteValues(map, stream));
                    _planned.Remove(path);
                    WriteObject(new FileInfo(path));
                }
            }
            catch (PictureException e)
            {
                WriteError(CamErrors.Picture(e));
            }
        }
    }

    private string[] PathsFor(ClassActivationMap map)
    {
        if (_isFile)
        {
            return (_fileMap ??= (map.Photo, map.Question)) == (map.Photo, map.Question)
                ? [_destination!]
                : throw FileDestination.Second(_destination!, map);
        }

        string folder = MapPictures.FolderFor(map, _destination, basePath: null);
        return [.. PictureNames.For(map, Extension[1..]).Select(name => Path.Combine(folder, name))];
    }

    private FileOwner OwnerOf(string path, ClassActivationMap map)
    {
        if (!File.Exists(path) && !File.Exists(MapFile.DescriptionOf(path)))
        {
            return _planned.TryGetValue(path, out var planned) && planned != (map.Photo, map.Question) ? FileOwner.Other : FileOwner.Nobody;
        }

        return MapFile.IsOf(path, map) switch
        {
            null => FileOwner.Stranger,
            true => FileOwner.Same,
            false => FileOwner.Other,
        };
    }
}
