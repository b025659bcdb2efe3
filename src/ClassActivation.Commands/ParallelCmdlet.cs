using System.Management.Automation;
using ClassActivation.Imaging;
using ClassActivation.Models;

namespace ClassActivation.Commands;

/// <summary>What cmdlets share that work on several photos at once and write the results in the order of the photos.</summary>
public abstract class ParallelCmdlet : ModuleCmdlet
{
    private OrderedPipeline<Job, Outcome>? _pipeline;

    /// <summary>How many photos are worked on at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = Environment.ProcessorCount;

    /// <summary>Writes what is still under way.</summary>
    protected override void EndProcessing() => UntilStopped(() => _pipeline?.Complete(Write));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _pipeline?.WaitForWorkers(TimeSpan.FromMilliseconds(150));
    }

    /// <summary>Puts work into the pipeline, and writes what is ready.</summary>
    /// <param name="target">The photo, for errors.</param>
    /// <param name="work">Gives the objects to write; runs on a worker thread. An exception becomes a non-terminating error.</param>
    private protected void Enqueue(string target, Func<IEnumerable<object>> work)
    {
        _pipeline ??= new OrderedPipeline<Job, Outcome>(Run, ThrottleLimit, StopToken);
        UntilStopped(() => _pipeline.Post(new Job(target, work), Write));
    }

    private static Outcome Run(Job job)
    {
        try
        {
            return new Outcome([.. job.Work()], null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Outcome([], CamErrors.From(e, job.Target));
        }
    }

    private static void UntilStopped(Action action)
    {
        try
        {
            action();
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    private void Write(Outcome outcome)
    {
        if (outcome.Error is not null)
        {
            WriteError(outcome.Error);
        }

        foreach (object item in outcome.Objects)
        {
            WriteObject(item);
        }
    }

    private sealed record Job(string Target, Func<IEnumerable<object>> Work);

    private sealed record Outcome(IReadOnlyList<object> Objects, ErrorRecord? Error);
}
