using System.Management.Automation;
using ClassActivation.Drawing;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>Reads what the module's own pictures say of themselves: which photo, which question, which answer.</summary>
[Cmdlet(VerbsCommon.Get, "CamPicture", DefaultParameterSetName = PathSet, HelpUri = HelpPages.Address + "Get-CamPicture.md")]
[OutputType(typeof(CamPicture))]
public sealed class GetCamPictureCommand : ModuleCmdlet
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    /// <summary>The pictures' paths; wildcards are expanded. Files without a mark are passed over where a wildcard names them.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.Pictures)]
    public string[] Path { get; set; } = [];

    /// <summary>The pictures' paths, taken as they are. Files without a mark are passed over where they are piped in.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IEnumerable<PhotoSource> files = ParameterSetName == LiteralPathSet
            ? this.FromLiteralPaths(LiteralPath, WriteError) : this.FromPaths(Path, WriteError);
        bool isNamed = !MyInvocation.ExpectingInput && !Array.Exists(Path, WildcardPattern.ContainsWildcardCharacters);
        foreach (PhotoSource file in files)
        {
            StopToken.ThrowIfCancellationRequested();
            Write(file, isNamed);
        }
    }

    private void Write(PhotoSource file, bool isNamed)
    {
        try
        {
            PictureMark? mark;
            using (Stream stream = file.Open())
            {
                mark = PictureMarks.Read(stream);
            }

            if (mark is null)
            {
                if (isNamed)
                {
                    WriteError(CamErrors.Picture(new PictureException(
                        PictureFailure.NotMarked, file.Path!,
                        $"'{file.Path}' does not say what it shows: it is no picture that this module wrote, or was changed since.")));
                }

                return;
            }

            (int width, int height) = PhotoDecoder.ReadSize(file);
            WriteObject(
                new CamPicture(mark) { FullName = file.Path!, Width = width, Height = height, Length = new FileInfo(file.Path!).Length });
        }
        catch (PhotoException e) when (isNamed || e.Failure is not (PhotoFailure.IsDirectory or PhotoFailure.Empty))
        {
            WriteError(CamErrors.Photo(e, file.Path!));
        }
        catch (PhotoException)
        {
            // A folder or an empty file among the files of a listing.
        }
    }
}
