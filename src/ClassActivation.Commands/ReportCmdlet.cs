using System.Management.Automation;
using ClassActivation.Photos;
using ClassActivation.Report;

namespace ClassActivation.Commands;

/// <summary>What cmdlets share that gather results of whatever kind, and write them as one file for people.</summary>
public abstract class ReportCmdlet : MapPhotoCmdlet
{
    private readonly ShownPhotos _shown = new();
    private CamReport? _report;
    private int _photosWithoutRoom;

    /// <summary>
    /// What the module's cmdlets give, in whatever mixture: predictions, maps, regions, comparisons, faithfulness; and
    /// errors, as <c>2&gt;&amp;1</c> puts them into the pipeline, which become the list of photos that could not be read.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>
    /// A table of what the photos show in truth, separated by tabs, commas or semicolons, with a header line: file (a
    /// name, or the end of the photo's path) and label (or WordNet id).
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? RightLabelPath { get; set; }

    /// <summary>Takes the folder that each photo lies in for what it shows in truth: a label or WordNet id.</summary>
    [Parameter]
    public SwitchParameter RightLabelFromFolder { get; set; }

    /// <summary>Replaces a file too that is write-protected, or that this module did not write.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves an existing file as it is.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Opens the file in the program that the system opens such files with.</summary>
    [Parameter]
    public SwitchParameter Show { get; set; }

    /// <summary>The full path of the file to write.</summary>
    private protected string FullPath { get; private set; } = "";

    private protected override string Activity => "Drawing the photos of a report";

    /// <summary>Finds out before any work whether the file may be written.</summary>
    /// <param name="path">The path that the user gave.</param>
    /// <param name="isOwn">Whether this module wrote a file.</param>
    /// <param name="extensions">What the path may end in.</param>
    private protected void Begin(string path, Func<string, bool> isOwn, params string[] extensions)
    {
        FullPath = ResolveFilePath(path);
        if (!extensions.Contains(System.IO.Path.GetExtension(FullPath), StringComparer.OrdinalIgnoreCase))
        {
            ThrowTerminatingError(CamErrors.FileExtension(FullPath, extensions));
        }

        RightLabels? rightLabels = RightLabelFromFolder ? RightLabels.FromFolders : null;
        string labels = RightLabelPath is null ? "" : ResolveFilePath(RightLabelPath);
        try
        {
            OwnedFile.CheckMayWrite(FullPath, isOwn, Force, NoClobber);
            if (RightLabelPath is not null)
            {
                rightLabels = RightLabels.Read(labels);
            }
        }
        catch (PictureException e)
        {
            ThrowTerminatingError(CamErrors.Picture(e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            ThrowTerminatingError(CamErrors.RightLabels(e, labels));
        }

        _report = new CamReport(rightLabels);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (PSObject item in InputObject)
        {
            bool isKnown;
            try
            {
                isKnown = ReportInput.TryAdd(_report!, item);
            }
            catch (RuntimeException e)
            {
                WriteError(CamErrors.ReportInput(item, e));
                continue;
            }

            if (!isKnown)
            {
                WriteError(CamErrors.ReportInput(item));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        CamReport report = _report!;
        if (report.Photos.Count + report.Problems.Count == 0
            || !ShouldProcess(FullPath, $"Write a report on {Counted.Of(report.Photos.Count, "photo")}"))
        {
            return;
        }

        try
        {
            foreach (ReportPhoto photo in report.Photos)
            {
                _shown.Add(photo.Identity);
            }

            CheckIsNoPhoto(FullPath);
            WriteReport(report);
            WriteObject(new FileInfo(FullPath));
        }
        catch (PictureException e)
        {
            ThrowTerminatingError(CamErrors.Picture(e));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ThrowTerminatingError(CamErrors.Picture(NotWritten(e)));
        }

        if (Show)
        {
            Open();
        }
    }

    /// <summary>Finds out that a file does not take the place of a photo that the report shows.</summary>
    private protected void CheckIsNoPhoto(string path)
    {
        lock (_shown)
        {
            _shown.CheckIsNone(path);
        }
    }

    /// <summary>Draws the photos and writes the file.</summary>
    private protected abstract void WriteReport(CamReport report);

    /// <summary>Draws all photos, several at once; a photo that cannot be drawn is an error, and listed in the report.</summary>
    private protected void DrawPhotos(CamReport report, Action<ReportPhoto, PhotoSource> draw, Action<ReportPhoto> drawNothing)
    {
        ExpectedCount = report.Photos.Count;
        foreach (ReportPhoto photo in report.Photos.ToArray())
        {
            Enqueue(photo.Path, () =>
            {
                try
                {
                    draw(photo, MapPhoto.Find(photo.Source, photo.Identity, photo.Reading, MaxPixels));
                }
                catch (Exception e) when (e is PhotoException or PictureException { Failure: PictureFailure.PhotoGone })
                {
                    lock (report)
                    {
                        report.Add(ReportInput.ProblemOf(CamErrors.From(e, photo.Path)));
                    }

                    drawNothing(photo);
                    throw;
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    Interlocked.Increment(ref _photosWithoutRoom);
                    throw NotWritten(e);
                }

                StopToken.ThrowIfCancellationRequested();
                return [];
            });
        }

        base.EndProcessing();
        if (_photosWithoutRoom > 0)
        {
            throw new PictureException(
                PictureFailure.NotWritten, FullPath,
                $"'{FullPath}' was not written, as there was no room for the pictures of {Counted.Of(_photosWithoutRoom, "photo")}.");
        }
    }

    private PictureException NotWritten(Exception e) =>
        new(PictureFailure.NotWritten, FullPath, $"'{FullPath}' could not be written: {e.Message}", e);

    private void Open()
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(
                new System.Diagnostics.ProcessStartInfo(FullPath) { UseShellExecute = true });
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or FileNotFoundException or PlatformNotSupportedException)
        {
            WriteError(CamErrors.Record(
                e, "ReportNotShown", ErrorCategory.OpenError, FullPath, "Open the file in a program of your choice.",
                $"'{FullPath}' was written, and there is no program here to open it with: {e.Message}"));
        }
    }
}
