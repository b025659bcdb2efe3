using System.Management.Automation;
using ClassActivation.Evidence;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Report;

namespace ClassActivation.Commands;

/// <summary>
/// Writes a map as evidence that somebody else can test: a folder with the map's values, a picture, and a document of the
/// photo's and the network's hash, all settings, the predicted and the expected class, the figures and the versions.
/// </summary>
[Cmdlet(VerbsData.Export, "CamEvidence", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Export-CamEvidence.md")]
[OutputType(typeof(DirectoryInfo))]
public sealed class ExportCamEvidenceCommand : MapPhotoCmdlet
{
    private readonly Dictionary<string, (PhotoIdentity Photo, CamQuestion Question)> _planned = new(FilePaths.Comparer);
    private string _folder = "";
    private RightLabels? _rightLabels;

    /// <summary>The maps of <c>Get-ClassActivationMap</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Takes(Taken.Maps)]
    [Rehydrate]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>The folder in which each map gets a folder of its own, named after photo and question.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoScriptBlock]
    public string DestinationPath { get; set; } = "";

    /// <summary>The label that is expected of the photos.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Expected { get; set; }

    /// <summary>A table of the labels that are expected, as <c>Export-CamReport</c> takes it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RightLabelPath { get; set; }

    /// <summary>Takes the folder that each photo lies in for the label that is expected.</summary>
    [Parameter]
    public SwitchParameter RightLabelFromFolder { get; set; }

    /// <summary>Puts the photo into the evidence, so that nothing else but the network is needed to test it.</summary>
    [Parameter]
    public SwitchParameter IncludePhoto { get; set; }

    /// <summary>The network, where it is not found by the name that the maps give.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>Replaces evidence of the same photo and question.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override string Activity => "Writing evidence";

    private protected override TaskScheduler Scheduler => InferenceThreads.Instance;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _folder = ResolveFilePath(DestinationPath);
        _rightLabels = RightLabelFromFolder ? RightLabels.FromFolders : null;
        if (RightLabelPath is null)
        {
            return;
        }

        string labels = ResolveFilePath(RightLabelPath);
        try
        {
            _rightLabels = RightLabels.Read(labels);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            ThrowTerminatingError(CamErrors.RightLabels(e, labels));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ClassActivationMap map in InputObject)
        {
            if (!ShouldProcess(_folder, $"Write evidence of {map}"))
            {
                continue;
            }

            CamModel model = LoadModel(Model ?? map.Model);
            try
            {
                PhotoSource source = PhotoOf(map);
                string path = PathFor(map, source);
                Enqueue(map.Path, () => [Export(map, source, path, model)]);
            }
            catch (Exception e) when (e is PictureException or PhotoException)
            {
                WriteErrorInOrder(CamErrors.From(e, map.Path));
            }
        }
    }

    private DirectoryInfo Export(ClassActivationMap map, PhotoSource source, string path, CamModel model)
    {
        source.CheckUnchanged();
        if (source.Path is { } photo && FilePlace.IsBelow(photo, path))
        {
            throw new PictureException(
                PictureFailure.IsPhoto, path, $"'{path}' holds the photo '{photo}' itself, which is not replaced by what is made of it.");
        }

        EvidenceBundle.Write(path, map, source, model, Expected ?? _rightLabels?.Of(map.Path), IncludePhoto, Force, StopToken);
        return new DirectoryInfo(path);
    }

    // Other maps of the run may have a name before their folder is there.
    private string PathFor(ClassActivationMap map, PhotoSource source)
    {
        string[] paths = [.. PictureNames.For(map, "evidence").Select(name => System.IO.Path.Combine(_folder, name))];
        (PhotoIdentity, CamQuestion) own = (map.Photo, map.Question);
        string path = paths.FirstOrDefault(
            path => _planned.TryGetValue(path, out var other) ? other == own : !Directory.Exists(path) || IsOf(path, map, source))
            ?? paths[^1];
        _planned.TryAdd(path, own);
        return path;
    }

    private static bool IsOf(string path, ClassActivationMap map, PhotoSource source)
    {
        try
        {
            return EvidenceBundle.Open(path).IsOf(map, source);
        }
        catch (EvidenceException)
        {
            return false;
        }
    }
}
