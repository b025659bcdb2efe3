using ClassActivation.Batch;

namespace ClassActivation.Commands;

/// <summary>What the cmdlets share that work with batches.</summary>
public abstract class BatchCmdlet : ModuleCmdlet
{
    /// <summary>Opens the batch in a folder; null, after an error, where there is none.</summary>
    private protected BatchFolder? OpenBatch(string path)
    {
        string folder = ResolveExistingFile(path);
        try
        {
            return BatchFolder.Open(folder);
        }
        catch (BatchException e)
        {
            WriteError(CamErrors.Batch(e));
            return null;
        }
    }
}
