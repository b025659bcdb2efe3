using System.Collections;
using System.IO.Enumeration;
using System.Management.Automation;
using ClassActivation.Batch;
using ClassActivation.Drawing;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Chooses what to work on: the photos of a folder, by their content, without those that have their picture already. So a
/// run that was stopped goes on where it was, and nothing is computed twice.
/// </summary>
[Cmdlet(VerbsCommon.Select, "CamPhoto", HelpUri = HelpPages.Address + "Select-CamPhoto.md")]
[OutputType(typeof(FileInfo))]
public sealed class SelectCamPhotoCommand : ModuleCmdlet
{
    private const string FileSystemPrefix = @"Microsoft.PowerShell.Core\FileSystem::";

    /// <summary>The folders of the photos, or photos; the current folder where it is left out.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "LiteralPath", "LP")]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.PhotoFiles)]
    public string[] Path { get; set; } = ["."];

    /// <summary>Looks into the folders below too; also below those of <c>-NotIn</c>.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <summary>
    /// Folders of pictures that this module wrote, with all folders below, and batches: their photos are left out. Folders that
    /// are missing hold none.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] NotIn { get; set; } = [];

    /// <summary>
    /// What a picture of <c>-NotIn</c> must answer: a hashtable of the parameters of <c>Get-ClassActivationMap</c>, such as
    /// <c>@{ Class = 'tabby'; Method = 'LayerCam' }</c>, or maps whose questions are taken. A photo is left out where all of
    /// it is answered. Without this any overlay of the photo counts.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public object[] Question { get; set; } = [];

    private DonePhotos? _done;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        QuestionPattern[] questions = Patterns();
        if (NotIn.Length == 0)
        {
            return;
        }

        if (questions.Length == 0)
        {
            WriteVerbose("Any overlay of a photo leaves it out, whatever it explains; -Question names what it must explain.");
        }

        _done = new DonePhotos(questions);
        foreach (string folder in NotIn.Select(ResolveFilePath).Where(Directory.Exists))
        {
            AddDone(folder, _done);
        }

        WriteVerbose(
            $"{Counted.Of(_done.Count, "answer about a photo was", "answers about photos were")} found in {string.Join(", ", NotIn)}.");
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            string resolved = ResolveFilePath(path);
            if (!System.IO.Path.Exists(resolved))
            {
                WriteError(CamErrors.Photo(new PhotoException(PhotoFailure.NotFound, $"'{resolved}' does not exist."), resolved));
                continue;
            }

            try
            {
                WriteTodo(File.Exists(resolved) ? [resolved] : FilesOf(resolved, Recurse));
            }
            catch (OperationCanceledException)
            {
                throw new PipelineStoppedException();
            }
        }
    }

    private void AddDone(string folder, DonePhotos done)
    {
        if (!BatchFolder.IsBatch(folder))
        {
            done.Add(FilesOf(folder, recurse: true), StopToken);
            return;
        }

        try
        {
            done.Add(BatchFolder.Open(folder), StopToken);
        }
        catch (BatchException e)
        {
            WriteError(CamErrors.Batch(e));
        }
    }

    private void WriteTodo(IEnumerable<string> files)
    {
        // Opening a file takes longer than all else: as many at once as there are processors, in the order of their names.
        foreach (string[] part in files.Chunk(4096))
        {
            var isTodo = new bool[part.Length];
            Parallel.For(0, part.Length, new ParallelOptions { CancellationToken = StopToken }, i => isTodo[i] = IsTodo(part[i]));
            for (int i = 0; i < part.Length; i++)
            {
                if (isTodo[i])
                {
                    var item = PSObject.AsPSObject(new FileInfo(part[i]));
                    item.Properties.Add(new PSNoteProperty("PSPath", FileSystemPrefix + part[i]));
                    WriteObject(item);
                }
            }
        }
    }

    private bool IsTodo(string path)
    {
        // What is done was a photo, and need not be opened again.
        if (_done?.Contains(path) == true)
        {
            return false;
        }

        try
        {
            using FileStream stream = FileStatus.OpenShared(path);
            return PhotoDecoder.IsSupported(stream) && PictureMarks.Read(stream) is null or { Kind: PictureKind.Crop };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The cmdlet that reads it says what is wrong.
            return true;
        }
    }

    private static List<string> FilesOf(string folder, bool recurse)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = recurse, IgnoreInaccessible = true };
        List<string> files =
        [
            .. new FileSystemEnumerable<string>(folder, static (ref FileSystemEntry entry) => entry.ToFullPath(), options)
            {
                ShouldIncludePredicate = static (ref FileSystemEntry entry) => !entry.IsDirectory,
                // A link to a folder above would go round and round. Folders that are kept in a cloud are no links.
                ShouldRecursePredicate = static (ref FileSystemEntry entry) =>
                    !entry.Attributes.HasFlag(FileAttributes.ReparsePoint) || entry.ToFileSystemInfo().LinkTarget is null,
            },
        ];
        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private QuestionPattern.Network ReadNetwork(string nameOrPath)
    {
        try
        {
            CamModelInfo info = Models.Describe(ResolveModel(nameOrPath));
            return new QuestionPattern.Network(info, info.ReadClasses());
        }
        catch (ModelException e)
        {
            ThrowTerminatingError(CamErrors.Model(e, nameOrPath));
            throw;
        }
    }

    private QuestionPattern[] Patterns()
    {
        try
        {
            return [.. Question.SelectMany(ToPatterns)];
        }
        catch (Exception e) when (e is PSArgumentException or ArgumentTransformationMetadataException)
        {
            ThrowTerminatingError(CamErrors.Question(e));
            throw;
        }
    }

    private IEnumerable<QuestionPattern> ToPatterns(object question)
    {
        object item = GivenObject.Unwrapped(question);
        if (item is IDictionary parameters)
        {
            return QuestionPattern.OfParameters(parameters, ReadNetwork, (names, network) => ResolveClasses(names, network.Classes, network.Info.Name),
                (names, network) => ResolveConcepts(names, network.Classes, network.Info.Name),
                ResolveExistingFile);
        }

        object answer = new RehydrateAttribute { TakesAnyQuestion = true }.Transform(null!, question);
        return [.. (answer as object[] ?? [answer]).Select(one => GivenObject.Unwrapped(one) is Prediction { IsWholeQuestion: true } asked
            ? QuestionPattern.Of(asked.GetQuestion())
            : throw new PSArgumentException("-Question takes a hashtable of the parameters of Get-ClassActivationMap, or maps."))];
    }
}
