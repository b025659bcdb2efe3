using System.Management.Automation;
using ClassActivation.Evidence;

namespace ClassActivation.Commands;

/// <summary>
/// Computes the map of evidence again, here, and says whether it still holds: the same photo, the same network, the same
/// most probable class, and the same figures within a tolerance.
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "CamEvidence", HelpUri = HelpPages.Address + "Test-CamEvidence.md")]
[OutputType(typeof(EvidenceCheck))]
public sealed class TestCamEvidenceCommand : ParallelCmdlet
{
    /// <summary>The folders that <c>Export-CamEvidence</c> wrote.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath", "LP")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.Evidence)]
    public string[] Path { get; set; } = [];

    /// <summary>The photo, where the evidence does not hold it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PhotoPath { get; set; }

    /// <summary>The network, where it is not found by the name that the evidence gives.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>
    /// How far figures may be off: probabilities, and values of the map as a share of its range. On a processor of the same
    /// type 0 holds; on another one the last digits differ.
    /// </summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Tolerance { get; set; } = 0.001;

    private protected override string Activity => "Testing evidence";

    private protected override TaskScheduler Scheduler => InferenceThreads.Instance;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path
            in Path.SelectMany(path => this.FilesOf(path, WriteErrorInOrder, static (path, e) => CamErrors.Evidence(NotFound(path, e)))))
        {
            try
            {
                EvidenceBundle evidence = EvidenceBundle.Open(path);
                string? photo = PhotoPath is null ? null : ResolveExistingFile(PhotoPath);
                var model = LoadModel(Model ?? evidence.Model);
                Enqueue(path, () => [evidence.Check(model, photo, Tolerance, StopToken)]);
            }
            catch (EvidenceException e)
            {
                WriteErrorInOrder(CamErrors.Evidence(e));
            }
        }
    }

    private static EvidenceException NotFound(string path, Exception? cause) =>
        new(EvidenceFailure.NotFound, path, $"There is no folder of evidence '{path}'.", cause);
}
