using System.Management.Automation;
using ClassActivation.Faithfulness;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Measures whether maps show what the network relies on: what becomes of the class's probability when the pixels that a
/// map marks are taken away from the photo, or put back, beside a random map and one of the photo's middle. A map costs
/// 2 · Step + 17 forward passes, and so do the centre map and each random one: 287 a photo by default.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "CamFaithfulness", HelpUri = HelpPages.Address + "Measure-CamFaithfulness.md")]
[OutputType(typeof(CamFaithfulness), typeof(CamFaithfulnessSummary))]
public sealed class MeasureCamFaithfulnessCommand : FaithfulnessCmdlet
{
    private readonly List<ClassActivationMap> _sameSubject = [];
    private readonly List<IReadOnlyList<CamFaithfulness>> _measured = [];
    private PipelineProgress? _progress;
    private FaithfulnessOptions _options = new();

    /// <summary>
    /// The maps of <c>Get-ClassActivationMap</c>. Maps of one class in one photo that follow each other share their baselines.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Takes(Taken.Maps)]
    [Rehydrate]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>
    /// What stands in for pixels that are deleted or not yet inserted. Petsiuk et al. 2018 delete to the mean colour and
    /// insert into the blurred photo. ROAD always imputes, and average drop always fades to the mean colour.
    /// </summary>
    [Parameter]
    public Replacement Replacement { get; set; } = Replacement.Blur;

    /// <summary>The steps of the deletion and insertion curves; each costs a map two forward passes.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Step { get; set; } = 20;

    /// <summary>The maps to compare with.</summary>
    [Parameter]
    public Baselines Baseline { get; set; } = Baselines.All;

    /// <summary>How many random maps the random baseline is the mean of.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int RandomCount { get; set; } = 3;

    /// <summary>Gives the means over all maps, and how often they beat the baselines, instead of each map's figures.</summary>
    [Parameter]
    public SwitchParameter Summary { get; set; }

    /// <summary>
    /// The most pixels, width times height, that a photo may have; one with more is an error, before memory is taken for
    /// it. By default what was allowed when the map was computed, or 268,435,456 for a map from a file, job or remote session.
    /// </summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MaxPixels { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _options = new FaithfulnessOptions
        {
            Steps = Step,
            Replacement = Replacement,
            Baselines = Baseline,
            RandomMaps = RandomCount,
            Seed = Seed,
            Parallelism = ThrottleLimit,
        };
        _progress = new PipelineProgress(this, "Measuring faithfulness") { Unit = "maps" };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!MyInvocation.ExpectingInput)
        {
            _progress!.Total = InputObject.Length + (BaselineCount * SubjectCount(InputObject));
        }

        foreach (ClassActivationMap map in InputObject)
        {
            if (_sameSubject.Count > 0 && !MapFaithfulness.HaveSameSubject(_sameSubject[0], map))
            {
                MeasureSameSubject();
            }

            _sameSubject.Add(map);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        MeasureSameSubject();
        _progress!.Complete();
        if (Summary)
        {
            WriteObject(CamFaithfulnessSummary.Of(_measured), enumerateCollection: true);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _progress?.Release();
    }

    private int BaselineCount => (Baseline.HasFlag(Baselines.Random) ? 1 : 0) + (Baseline.HasFlag(Baselines.Center) ? 1 : 0);

    private static int SubjectCount(ClassActivationMap[] maps) =>
        maps.Where((map, index) => index == 0 || !MapFaithfulness.HaveSameSubject(maps[index - 1], map)).Count();

    private void MeasureSameSubject()
    {
        if (_sameSubject.Count == 0)
        {
            return;
        }

        ClassActivationMap[] maps = [.. _sameSubject];
        _sameSubject.Clear();
        CamModel model = LoadModel(Model ?? maps[0].Model, device: Device);
        if (MapFaithfulness.ClassesOf(maps[0], model).Count == 0)
        {
            WriteError(CamErrors.OtherNetwork(maps[0], model));
            return;
        }

        try
        {
            Measure(maps, model);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (e is PhotoException or PictureException or ModelException)
        {
            WriteError(CamErrors.From(e, maps[0].Path));
        }
    }

    private void Measure(ClassActivationMap[] maps, CamModel model)
    {
        var rows = new List<CamFaithfulness>(maps.Length + BaselineCount);
        foreach (CamFaithfulness row
            in MapFaithfulness.Measure(model, MapPhoto.FindUnchanged(maps[0], MaxPixels), maps, _options, StopToken))
        {
            rows.Add(row);
            _progress!.Advance(maps[0].ToString());
            if (!Summary)
            {
                WriteObject(row);
            }
        }

        if (Summary)
        {
            _measured.Add(rows);
        }
    }
}
