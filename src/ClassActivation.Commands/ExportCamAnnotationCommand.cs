using System.Management.Automation;
using ClassActivation.Interchange;
using ClassActivation.Localization;

namespace ClassActivation.Commands;

/// <summary>Writes boxes to files of COCO, Pascal VOC or YOLO, for the tools that people label, train and measure with.</summary>
[Cmdlet(VerbsData.Export, "CamAnnotation", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Export-CamAnnotation.md")]
[OutputType(typeof(FileInfo))]
public sealed class ExportCamAnnotationCommand : ModuleCmdlet
{
    private readonly List<CamAnnotation> _annotations = [];
    private string _path = "";

    /// <summary>
    /// The regions of <c>Get-CamRegion</c>, or any objects with the properties Path, Label, Left, Top, Width and Height,
    /// and where they are known ClassIndex, PhotoWidth, PhotoHeight and Score.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Takes(Taken.Boxes)]
    [Rehydrate]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The file of COCO, or the folder of the files of Pascal VOC or YOLO. Folders are made where they are missing.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoScriptBlock]
    public string DestinationPath { get; set; } = "";

    /// <summary>The format.</summary>
    [Parameter(Position = 1)]
    public AnnotationFormat Format { get; set; } = AnnotationFormat.Coco;

    /// <summary>
    /// Writes to files of YOLO how sure each box is, as results have it; files to train with must not have it. The other
    /// formats have a place for it anyway.
    /// </summary>
    [Parameter]
    public SwitchParameter IncludeScore { get; set; }

    /// <summary>Replaces files too that are write-protected, or that this module did not write or someone changed since.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves existing files as they are.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _path = ResolveFilePath(DestinationPath);
        try
        {
            if (Format != AnnotationFormat.Coco)
            {
                FileDestination.IsFile(_path, []);
            }
        }
        catch (PictureException e)
        {
            ThrowTerminatingError(CamErrors.Picture(e));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (PSObject item in InputObject)
        {
            try
            {
                _annotations.Add(ToAnnotation(item));
            }
            catch (PSInvalidCastException e)
            {
                WriteError(CamErrors.NoAnnotation(item, e));
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_annotations.Count == 0)
        {
            return;
        }

        IReadOnlyList<AnnotationFile> files = [];
        try
        {
            files = AnnotationFiles.Write(_annotations, Format, IncludeScore, _path);
        }
        catch (ArgumentException e)
        {
            ThrowTerminatingError(CamErrors.AnnotationsNotWritten(e, _path));
        }

        if (Format == AnnotationFormat.Yolo && !MayWriteClasses(files))
        {
            return;
        }

        var photos = new ShownPhotos();
        _annotations.ForEach(box => photos.Add(box.Path));
        var planned = new List<AnnotationFile>();
        ForEach(files, file =>
        {
            Check(file);
            photos.CheckIsNone(PathOf(file));
            if (ShouldProcess(PathOf(file), $"Write boxes as {Format}"))
            {
                planned.Add(file);
            }
        });
        Note(planned, static (note, file) => note.Plan(file));
        var written = new List<AnnotationFile>();
        ForEach(planned, file =>
        {
            string path = PathOf(file);
            PictureFile.Write(path, Force, NoClobber, stream => stream.Write(file.Content));
            written.Add(file);
            WriteObject(new FileInfo(path));
        });
        Note(written, static (note, file) => note.Add(file));
    }

    private void ForEach(IEnumerable<AnnotationFile> files, Action<AnnotationFile> action)
    {
        foreach (AnnotationFile file in files)
        {
            try
            {
                action(file);
            }
            catch (PictureException e)
            {
                WriteError(CamErrors.Picture(e));
            }
        }
    }

    // Boxes whose numbers mean other classes would be wrong.
    private bool MayWriteClasses(IReadOnlyList<AnnotationFile> files)
    {
        try
        {
            foreach (AnnotationFile file in files.Where(static file => YoloFile.IsOfClasses(file.Name)))
            {
                Check(file);
            }

            return true;
        }
        catch (PictureException e)
        {
            WriteError(CamErrors.Picture(e));
            return false;
        }
    }

    private void Check(AnnotationFile file) =>
        OwnedFile.Choose([PathOf(file)], path => OwnerOf(path, file), Force, NoClobber, OwnedFile.Refusals.OfFile);

    // Only files of Pascal VOC are of one photo, and say of which.
    private FileOwner OwnerOf(string path, AnnotationFile file) =>
        !File.Exists(path) ? FileOwner.Nobody
        : NoClobber || Force ? FileOwner.Same
        : !AnnotationFiles.IsOwn(_path, file.Name, Format) ? FileOwner.Stranger
        : Format != AnnotationFormat.PascalVoc || PascalVocFile.IsOfPhotoOf(path, file.Content) ? FileOwner.Same
        : FileOwner.Other;

    private string PathOf(AnnotationFile file) => file.Name.Length == 0 ? _path : Path.GetFullPath(Path.Combine(_path, file.Name));

    // Files of YOLO have no place for a mark.
    private void Note(List<AnnotationFile> files, Action<WrittenFiles, AnnotationFile> add)
    {
        if (Format != AnnotationFormat.Yolo || files.Count == 0)
        {
            return;
        }

        WrittenFiles note = WrittenFiles.In(_path);
        files.ForEach(file => add(note, file));
        try
        {
            PictureFile.Write(Path.Combine(_path, WrittenFiles.Name), force: true, noClobber: false, stream => stream.Write(note.ToFile()));
        }
        catch (PictureException e)
        {
            WriteError(CamErrors.Picture(e));
        }
    }

    private static CamAnnotation ToAnnotation(PSObject item)
    {
        if (item.BaseObject is CamRegion region)
        {
            if (region.Photo.Frame > 1)
            {
                throw new PSInvalidCastException(
                    $"It is on page {region.Photo.Frame} of '{region.Path}', and files of annotations know whole files alone; make the page"
                    + " a picture of its own first.");
            }

            return new CamAnnotation
            {
                // Photos from memory are told apart by their bytes, whatever they are called.
                Path = region.Photo.Hash.Length > 0 ? $"{region.Path}-{region.Photo.Hash[..8].ToLowerInvariant()}" : region.Path,
                Label = region.Label,
                ClassIndex = region.ClassIndex,
                Left = region.Left,
                Top = region.Top,
                Width = region.Width,
                Height = region.Height,
                PhotoWidth = region.ActivationMap.PhotoWidth,
                PhotoHeight = region.ActivationMap.PhotoHeight,
                Score = region.Probability,
            };
        }

        return new CamAnnotation
        {
            Path = Value(item, nameof(CamAnnotation.Path), ""),
            Label = Value(item, nameof(CamAnnotation.Label), ""),
            ClassIndex = Value(item, nameof(CamAnnotation.ClassIndex), -1),
            Left = Length(item, nameof(CamAnnotation.Left)),
            Top = Length(item, nameof(CamAnnotation.Top)),
            Width = Length(item, nameof(CamAnnotation.Width)),
            Height = Length(item, nameof(CamAnnotation.Height)),
            PhotoWidth = Value(item, nameof(CamAnnotation.PhotoWidth), 0),
            PhotoHeight = Value(item, nameof(CamAnnotation.PhotoHeight), 0),
            Score = Value<double?>(item, nameof(CamAnnotation.Score), null),
        } is { Path.Length: > 0, Label.Length: > 0, Width: > 0, Height: > 0 } annotation
            ? annotation
            : throw new PSInvalidCastException("It needs a Path, a Label, and a Width and a Height above 0.");
    }

    private static double Length(PSObject item, string name) =>
        Value(item, name, double.NaN) is var length && double.IsFinite(length)
            ? length
            : throw new PSInvalidCastException($"{name} is not a number.");

    private static T Value<T>(PSObject item, string name, T otherwise) =>
        item.Properties[name]?.Value is { } value ? LanguagePrimitives.ConvertTo<T>(value) : otherwise;
}
