using System.Management.Automation;
using ClassActivation.Explanation;
using ClassActivation.Imaging;
using ClassActivation.Models;

namespace ClassActivation.Commands;

/// <summary>Computes where in photos a network sees a class.</summary>
[Cmdlet(VerbsCommon.Get, "ClassActivationMap", DefaultParameterSetName = PathSet)]
[OutputType(typeof(ClassActivationMap))]
public sealed class GetClassActivationMapCommand : PhotoCmdlet
{
    private const string PredictionSet = "Prediction";

    private readonly List<Prediction> _samePhoto = [];
    private MapRequest _request = new();

    /// <summary>Predictions of <c>Get-Prediction</c>: the map is that of their class.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PredictionSet)]
    [Rehydrate]
    public Prediction Prediction { get; set; } = null!;

    /// <summary>The classes to map: labels, synonyms, WordNet ids or indexes.</summary>
    [Parameter(Position = 1, ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string[] Class { get; set; } = [];

    /// <summary>How many of the most probable classes to map where no class is named.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [Parameter(ParameterSetName = InputObjectSet)]
    [ValidateRange(1, 100_000)]
    public int Top { get; set; } = 1;

    /// <summary>Lets the maps carry the feature maps they were computed from.</summary>
    [Parameter]
    public SwitchParameter IncludeActivation { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != PredictionSet)
        {
            base.ProcessRecord();
            return;
        }

        // Predictions of one photo come one after the other: together they cost one forward pass.
        if (_samePhoto.Count > 0 && !IsSamePhoto(_samePhoto[0], Prediction))
        {
            EnqueueSamePhoto();
        }

        _samePhoto.Add(Prediction);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        EnqueueSamePhoto();
        base.EndProcessing();
    }

    private protected override void OnModelLoaded(CamModel model) => _request = _request with
    {
        ClassIndexes = ResolveClasses(Class, model),
        Top = Top,
        IncludeActivation = IncludeActivation,
    };

    private protected override IEnumerable<object> Explain(PhotoSource source) => Explainer!.Explain(source, _request, StopToken);

    private void EnqueueSamePhoto()
    {
        if (_samePhoto.Count == 0)
        {
            return;
        }

        (PhotoSource? source, string path) = (_samePhoto[0].Source, _samePhoto[0].Path);
        int[] classes = [.. _samePhoto.Select(static p => p.ClassIndex)];
        _samePhoto.Clear();
        try
        {
            PhotoSource photo = MapPhoto.Find(source, path);
            Enqueue(photo, () => Explainer!.Explain(photo, _request with { ClassIndexes = classes }, StopToken));
        }
        catch (PictureException e)
        {
            WriteError(CamErrors.Picture(e));
        }
    }

    // Two photos from memory may share their name, but not their source; a photo from CLIXML has only its path.
    private static bool IsSamePhoto(Prediction one, Prediction other) =>
        one.Path == other.Path && (ReferenceEquals(one.Source, other.Source) || one.Source?.Path is not null);
}
