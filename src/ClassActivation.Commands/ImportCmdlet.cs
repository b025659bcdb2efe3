using System.Management.Automation;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>What cmdlets share that read files of other tools.</summary>
public abstract class ImportCmdlet : ModuleCmdlet
{
    private protected const string PathSet = "Path";
    private protected const string LiteralPathSet = "LiteralPath";

    /// <summary>The files' paths; wildcards are expanded.</summary>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.FilesToImport)]
    public string[] Path { get; set; } = [];

    /// <summary>The files' paths, taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>What is read, for messages.</summary>
    private protected abstract string Content { get; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<PhotoSource> files = ParameterSetName == LiteralPathSet
            ? this.FromLiteralPaths(LiteralPath, WriteError)
            : this.FromPaths(Path, WriteError, (path, _) => CamErrors.FileNotFound(path, Content));
        foreach (string path in files.Select(static file => file.DisplayPath))
        {
            try
            {
                WriteObject(Read(path), enumerateCollection: true);
            }
            catch (PhotoException e)
            {
                WriteError(CamErrors.Photo(e, path));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                WriteError(CamErrors.Interchange(e, path, Content));
            }
        }
    }

    /// <summary>The objects that are in a file.</summary>
    private protected abstract IReadOnlyList<object> Read(string path);
}
