using System.Management.Automation;
using ClassActivation.Faithfulness;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Says how far the maps of a network for your photos may be believed: one word, the reasons, and all figures. Give it the
/// maps of 20 photos or more. The maps are set against baselines that know nothing (random, centre, edges, blurred edges)
/// on deletion, insertion and ROAD, with 95% intervals; against the maps of other classes; against those of the network
/// while it forgets what it learned; under noise and JPEG compression; and their parts are added up. It takes about 190
/// forward passes a photo.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "CamTrust", HelpUri = HelpPages.Address + "Test-CamTrust.md")]
[OutputType(typeof(CamTrust))]
public sealed class TestCamTrustCommand : FaithfulnessCmdlet
{
    private readonly ProgressRecord _progress = new(0, "Testing trust", "Starting");
    private readonly List<ClassActivationMap> _maps = [];

    /// <summary>
    /// The maps of <c>Get-ClassActivationMap</c>. Maps that differ in more than photo and class have a verdict each: by
    /// network, method and settings.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Takes(Taken.Maps)]
    [Rehydrate]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>The steps of the deletion and insertion curves; each costs five maps a photo two forward passes.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Step { get; set; } = 8;

    /// <summary>In how many stages the network forgets what it learned, from its end on; 0 leaves this test out.</summary>
    [Parameter]
    [ValidateRange(0, 20)]
    public int Stage { get; set; } = 4;

    /// <inheritdoc/>
    protected override void ProcessRecord() => _maps.AddRange(InputObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (IGrouping<CamQuestion, ClassActivationMap> group in _maps.GroupBy(QuestionOf))
        {
            Test(LoadModel(group.Key.Model, device: Device), [.. group]);
        }

        _progress.RecordType = ProgressRecordType.Completed;
        WriteProgress(_progress);
    }

    // Maps have a verdict in common where no more than photo and class tell them apart.
    private CamQuestion QuestionOf(ClassActivationMap map) =>
        Model is null ? map.Question.WithoutTarget : map.Question.WithoutTarget with { Model = Model, ModelHash = "" };

    private void Test(CamModel model, ClassActivationMap[] maps)
    {
        var test = new TrustTest(model, new TrustOptions { Steps = Step, Stages = Stage, Seed = Seed, Parallelism = ThrottleLimit });
        int tested = 0;
        try
        {
            for (int i = 0; i < maps.Length; i++)
            {
                _progress.StatusDescription = maps[i].ToString();
                _progress.PercentComplete = 100 * i / maps.Length;
                WriteProgress(_progress);
                tested += Add(test, model, maps[i]) ? 1 : 0;
            }

            if (tested > 0)
            {
                _progress.StatusDescription = "Letting the network forget what it learned";
                WriteProgress(_progress);
                WriteObject(test.Conclude(StopToken));
            }
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (e is ModelException or IOException or UnauthorizedAccessException)
        {
            WriteError(CamErrors.From(e, model.Name));
        }
    }

    private bool Add(TrustTest test, CamModel model, ClassActivationMap map)
    {
        if (test.ObstacleOf(map) is { } obstacle)
        {
            WriteError(CamErrors.NotTestable(map, model, obstacle));
            return false;
        }

        try
        {
            test.Add(map, MapPhoto.FindUnchanged(map, maxPixels: null), StopToken);
            return true;
        }
        catch (Exception e) when (e is PhotoException or PictureException or ModelException)
        {
            WriteError(CamErrors.From(e, map.Path));
            return false;
        }
    }
}
