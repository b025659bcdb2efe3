using System.Globalization;
using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>What cmdlets share that work on several photos at once and write the results in the order of the photos.</summary>
public abstract class ParallelCmdlet : ModuleCmdlet
{
    private readonly LongRunMemory _memory = new();
    private OrderedPipeline<Job, Outcome>? _pipeline;
    private PipelineProgress? _progress;

    /// <summary>How many photos are worked on at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// Writes what comes of a pipeline object before the next one is taken, so that what an earlier command keeps with
    /// <c>-PipelineVariable</c> belongs to it. Nothing is then done ahead, which takes longer.
    /// </summary>
    [Parameter]
    public SwitchParameter InStep { get; set; }

    /// <summary>What the progress bar says is being done.</summary>
    private protected abstract string Activity { get; }

    /// <summary>Where the work is done.</summary>
    private protected virtual TaskScheduler Scheduler => TaskScheduler.Default;

    /// <summary>How many photos there are in all, where that is known.</summary>
    private protected int? ExpectedCount { get; set; }

    /// <summary>Writes what is still under way.</summary>
    protected override void EndProcessing()
    {
        UntilStopped(() => _pipeline?.Complete(Write));
        if (_progress is not null)
        {
            _progress.Complete();
            WriteVerbose(string.Create(
                CultureInfo.CurrentCulture,
                $"{MyInvocation.MyCommand.Name}: {Counted.Of(_progress.Done, "photo")} in {_progress.Elapsed.TotalSeconds:N2} s,"
                + $" {ThrottleLimit} at once."));
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _progress?.Release();
        _pipeline?.WaitForWorkers(TimeSpan.FromMilliseconds(150));
    }

    /// <summary>Puts work into the pipeline, and writes what is ready.</summary>
    /// <param name="target">The photo, for errors.</param>
    /// <param name="work">Gives the objects to write; runs on a worker thread. An exception becomes a non-terminating error.</param>
    /// <param name="announce">Says what there is to say before these objects, on the pipeline's thread.</param>
    private protected void Enqueue(string target, Func<IEnumerable<object>> work, Action? announce = null)
    {
        _pipeline ??= new OrderedPipeline<Job, Outcome>(Run, ThrottleLimit, Scheduler, StopToken) { WhileWaiting = OnWaiting };
        _progress ??= new PipelineProgress(this, Activity) { Total = ExpectedCount };
        Post(_pipeline, new Job(target, work, announce));
    }

    /// <summary>Writes an error behind the results of the photos that came before it.</summary>
    private protected void WriteErrorInOrder(ErrorRecord error)
    {
        if (_pipeline is null)
        {
            WriteError(error);
            return;
        }

        Post(_pipeline, new Job(error.TargetObject?.ToString() ?? "", () => throw new ReportedException(error), null));
    }

    private void Post(OrderedPipeline<Job, Outcome> pipeline, Job job) => UntilStopped(() =>
    {
        pipeline.Post(job, Write);
        if (InStep)
        {
            pipeline.Drain(Write);
        }
    });

    private static Outcome Run(Job job)
    {
        StageClock.Start();
        try
        {
            return new Outcome(job, [.. job.Work()], null, StageClock.Stop());
        }
        catch (ReportedException e)
        {
            return new Outcome(job, [], e.Error, StageClock.Stop());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Outcome(job, [], CamErrors.From(e, job.Target), StageClock.Stop());
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
        _progress!.Advance(Path.GetFileName(outcome.Job.Target));
        WriteDebug($"{outcome.Job.Target}: {outcome.Stages}");
        outcome.Job.Announce?.Invoke();
        if (outcome.Error is not null)
        {
            OnError(outcome.Error);
        }

        foreach (object item in outcome.Objects)
        {
            OnResult(item);
            WriteObject(item);
        }

        _memory.AfterPhoto();
    }

    /// <summary>Says how far the work is, on the pipeline's thread, four times a second while nothing is ready.</summary>
    private protected virtual void OnWaiting()
    {
    }

    /// <summary>Reports what ended the work on a photo, on the pipeline's thread.</summary>
    private protected virtual void OnError(ErrorRecord error) => WriteError(error);

    /// <summary>Says what is to be said of a result, on the pipeline's thread, before it is written.</summary>
    private protected virtual void OnResult(object result)
    {
    }

    /// <summary>Ends the work on one photo with an error that says all.</summary>
    private protected sealed class ReportedException(ErrorRecord error) : Exception
    {
        public ErrorRecord Error { get; } = error;
    }

    private sealed record Job(string Target, Func<IEnumerable<object>> Work, Action? Announce);

    private sealed record Outcome(Job Job, IReadOnlyList<object> Objects, ErrorRecord? Error, string Stages);
}
