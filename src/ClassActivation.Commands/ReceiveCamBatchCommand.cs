using System.Management.Automation;
using ClassActivation.Batch;
using ClassActivation.Maps;

namespace ClassActivation.Commands;

/// <summary>
/// Gives what a batch found, as the objects of <c>Get-ClassActivationMap</c>, in the order of the photos and one after the
/// other: as many photos as there are take no more memory than one. Refused photos are errors.
/// </summary>
[Cmdlet(VerbsCommunications.Receive, "CamBatch", HelpUri = HelpPages.Address + "Receive-CamBatch.md")]
[OutputType(typeof(ClassActivationMap), typeof(Prediction))]
public sealed class ReceiveCamBatchCommand : BatchCmdlet
{
    /// <summary>The folder of the batch, which <c>New-CamBatch</c> made.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.Batches)]
    public string Path { get; set; } = "";

    /// <summary>The numbers of the shards to read, from 0; all that are done where it is left out.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ValidateRange(0, int.MaxValue)]
    public int[] Shard { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (OpenBatch(Path) is not { } batch)
        {
            return;
        }

        var reader = new BatchReader(batch);
        int[] asked = Shard.Length > 0 ? Shard : [.. Enumerable.Range(0, batch.Description.ShardCount)];
        try
        {
            foreach (int shard in Shard)
            {
                batch.CheckExists(shard);
            }
        }
        catch (BatchException e)
        {
            WriteError(CamErrors.Batch(e));
            return;
        }

        int missing = 0;
        foreach (int shard in asked)
        {
            if (batch.IsDone(shard))
            {
                WriteShard(reader, shard);
            }
            else
            {
                missing++;
            }
        }

        if (missing > 0)
        {
            WriteWarning(
                $"Of {Counted.Of(asked.Length, "shard")}, {missing:N0} {(missing == 1 ? "is" : "are")} not done yet, whose photos are"
                + " missing here; Invoke-CamBatch computes them.");
        }
    }

    private void WriteShard(BatchReader reader, int shard)
    {
        try
        {
            foreach (BatchAnswer answer in reader.Read(shard))
            {
                if (StopToken.IsCancellationRequested)
                {
                    throw new PipelineStoppedException();
                }

                if (answer.Refusal is { } refusal)
                {
                    WriteError(CamErrors.Refused(refusal));
                }
                else
                {
                    WriteObject(answer.Answer);
                }
            }
        }
        catch (BatchException e)
        {
            WriteError(CamErrors.Batch(e));
        }
    }
}
