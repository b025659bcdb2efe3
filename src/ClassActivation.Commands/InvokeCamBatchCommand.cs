using System.Management.Automation;
using ClassActivation.Batch;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>
/// Computes shards of a batch: those that are named, the one that an engine gives this process, or all that are missing
/// and that no other process is at. Killed anywhere, it leaves whole shards only, and the same line goes on.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "CamBatch", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Invoke-CamBatch.md")]
[OutputType(typeof(BatchShard))]
public sealed class InvokeCamBatchCommand : BatchCmdlet
{
    private PipelineProgress? _progress;

    /// <summary>The folder of the batch, which <c>New-CamBatch</c> made.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.Batches)]
    public string Path { get; set; } = "";

    /// <summary>
    /// The numbers of the shards to compute, from 0. Without it the number of an array's task is taken from Slurm
    /// (<c>SLURM_ARRAY_TASK_ID</c>), AWS Batch (<c>AWS_BATCH_JOB_ARRAY_INDEX</c>), Kubernetes (<c>JOB_COMPLETION_INDEX</c>), PBS
    /// (<c>PBS_ARRAY_INDEX</c>) or Grid Engine (<c>SGE_TASK_ID</c>, less 1); where there is none, all that are missing.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateRange(0, int.MaxValue)]
    public int[] Shard { get; set; } = [];

    /// <summary>Where the batch's network is here: its path or name, where that differs from the batch's.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string? Model { get; set; }

    /// <summary>How many photos are worked on at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// What computes the network, as for <c>Get-ClassActivationMap</c>: Cpu, or a device that the loaded build of ONNX Runtime
    /// offers.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string? Device { get; set; }

    /// <summary>Computes the shards that are named with <c>-Shard</c> again where they are done.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (OpenBatch(Path) is not { } batch)
        {
            return;
        }

        if (batch.Description.ModuleVersion != BatchState.ModuleVersion)
        {
            WriteWarning(
                $"The batch was described by version {batch.Description.ModuleVersion} of the module, and this is"
                + $" {BatchState.ModuleVersion}: figures may differ in their last digits.");
        }

        (int Shard, string Variable)? given = Shard.Length == 0 ? EngineShard.Find(Environment.GetEnvironmentVariable) : null;
        if (given is { } task)
        {
            WriteVerbose($"{task.Variable} gives the shard {task.Shard}.");
        }

        int[] named = given is null ? Shard : [given.Value.Shard];
        try
        {
            Compute(batch, named);
        }
        catch (BatchException e)
        {
            WriteError(CamErrors.Batch(e));
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (e is ModelException or OutOfMemoryException or NativeLibraryException)
        {
            WriteError(CamErrors.From(e, batch.FullName));
        }
        finally
        {
            _progress?.Complete();
            _progress = null;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _progress?.Release();
    }

    private void Compute(BatchFolder batch, int[] named)
    {
        foreach (int shard in named)
        {
            batch.CheckExists(shard);
        }

        int[] shards = named.Length == 0 ? [.. batch.Missing()] : Force ? named : [.. named.Where(shard => !batch.IsDone(shard))];
        foreach (int shard in named.Except(shards))
        {
            WriteVerbose($"Shard {shard} is done.");
        }

        if (shards.Length == 0
            || !ShouldProcess(batch.FullName, shards.Length == 1 ? $"Compute shard {shards[0]}" : $"Compute {shards.Length:N0} shards"))
        {
            return;
        }

        var worker = new ShardWorker(batch, LoadModel(Model ?? batch.Description.Model, device: Device), Refusal);
        _progress = new PipelineProgress(this, "Computing a batch") { Total = Total(batch, shards) };
        foreach (int shard in shards)
        {
            if (Force && named.Length > 0)
            {
                batch.Withdraw(shard);
            }

            BatchShard? figures = worker.Compute(shard, isClaimedOnly: named.Length == 0, ThrottleLimit, _progress.Advance, StopToken);
            if (figures is not null)
            {
                WriteObject(figures);
            }
            else
            {
                _progress.Total -= batch.Description.PhotosOf(shard);
                WriteVerbose(batch.IsDone(shard) ? $"Shard {shard} was done by another process." : $"Another process is at shard {shard}.");
            }
        }
    }

    private static int Total(BatchFolder batch, int[] shards) =>
        (int)Math.Min(int.MaxValue, shards.Sum(shard => (long)batch.Description.PhotosOf(shard)));

    private static (string Id, string Message) Refusal(Exception exception, string path)
    {
        ErrorRecord error = CamErrors.From(exception, path);
        return (error.FullyQualifiedErrorId, error.ErrorDetails.Message);
    }
}
