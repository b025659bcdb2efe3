using System.Management.Automation;
using ClassActivation.Batch;

namespace ClassActivation.Commands;

/// <summary>
/// Tells how far a batch is: photos and shards that are done and missing, the rate, the time left, and errors by their ids.
/// </summary>
[Cmdlet(VerbsCommon.Get, "CamBatch", HelpUri = HelpPages.Address + "Get-CamBatch.md")]
[OutputType(typeof(BatchState))]
public sealed class GetCamBatchCommand : BatchCmdlet
{
    /// <summary>The folders of batches, which <c>New-CamBatch</c> made.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.Batches)]
    public string[] Path { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            if (OpenBatch(path) is { } batch)
            {
                WriteObject(BatchState.Of(batch, e => WriteError(CamErrors.Batch(e))));
            }
        }
    }
}
