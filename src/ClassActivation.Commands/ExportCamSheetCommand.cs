using System.Management.Automation;
using ClassActivation.Explanation;
using ClassActivation.Identity;
using ClassActivation.Imaging;

namespace ClassActivation.Commands;

/// <summary>Draws many maps into one picture: rows of photos, columns of classes, networks or ranks, and one colour bar.</summary>
[Cmdlet(VerbsData.Export, "CamSheet", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Export-CamSheet.md")]
[OutputType(typeof(CamPicture))]
public sealed class ExportCamSheetCommand : MapPhotoCmdlet
{
    private readonly List<ClassActivationMap> _maps = [];
    private readonly HashSet<PhotoIdentity> _photos = [];
    private string _path = "";
    private PictureFormat _format;
    private long _minimumHeight;
    private int _rowsWithoutPhoto;

    /// <summary>The maps of <c>Get-ClassActivationMap</c>, or comparisons of <c>Compare-ClassActivationMap</c>, whose differences are drawn.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Rehydrate]
    [TakesMaps]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>The picture's path; its extension .jpg, .jpeg, .png or .webp decides the format. Its folder is made where it is missing.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string DestinationPath { get; set; } = "";

    /// <summary>What the maps of a column have in common; by default whatever tells the maps of a photo apart.</summary>
    [Parameter]
    public CamSheetColumn ColumnBy { get; set; } = CamSheetColumn.Auto;

    /// <summary>The longer side in pixels that each photo is drawn at.</summary>
    [Parameter]
    [ValidateRange(32, 4096)]
    public int CellSize { get; set; } = 224;

    /// <summary>Shows the photos as they are in a first column.</summary>
    [Parameter]
    public SwitchParameter IncludePhoto { get; set; }

    /// <summary>The colours for low to high values; by default Jet, and Coolwarm where the normalisation is symmetric.</summary>
    [Parameter]
    [ColormapName]
    [ArgumentCompleter(typeof(ColormapCompleter))]
    public string? Colormap { get; set; }

    /// <summary>Which values of each map become the first and the last colour; by default MinMax, and Symmetric for differences.</summary>
    [Parameter]
    public HeatmapNormalization? Normalization { get; set; }

    /// <summary>The quality of JPEG and WebP, 1 to 100.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Quality { get; set; } = PhotoEncoder.DefaultQuality;

    /// <summary>Replaces a write-protected picture too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves an existing picture as it is.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    private protected override string Activity => "Drawing a contact sheet";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        try
        {
            _path = ResolveFilePath(DestinationPath);
            _format = PictureFile.FormatOf(_path);
            PictureFile.CheckMayWrite(_path, Force, NoClobber);
            if (!Force && File.Exists(_path) && PictureMarks.TryRead(_path) is not { Kind: PictureKind.Sheet })
            {
                throw new PictureException(PictureFailure.Unmarked, _path, $"'{_path}' exists, and is no sheet that this module wrote.");
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
        foreach (ClassActivationMap map in InputObject)
        {
            _maps.Add(map);
            if (_photos.Add(map.Photo))
            {
                // Found out now, and not after an hour's worth of maps.
                _minimumHeight += CamSheet.MinimumRowHeight(map, CellSize);
                CheckFits(_photos.Count, 0, _minimumHeight);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_maps.Count == 0)
        {
            return;
        }

        CamSheetTable table = CamSheetTable.Of(_maps, ColumnBy);
        CamSheetOptions options = Options();
        (int width, int height) = CamSheet.Measure(table, options);
        CheckFits(table.Rows.Count, width, height);
        if (!ShouldProcess(_path, $"Draw a sheet of {table.Rows.Count} × {table.Columns.Count} maps"))
        {
            return;
        }

        try
        {
            Draw(table, options);
        }
        catch (OutOfMemoryException e)
        {
            ThrowTerminatingError(CamErrors.OutOfMemory(e, _path));
        }
    }

    private void Draw(CamSheetTable table, CamSheetOptions options)
    {
        var sheet = new CamSheet(table, options);
        for (int i = 0; i < table.Rows.Count; i++)
        {
            int row = i;
            Enqueue(table.Rows[row].First.Path, () => DrawRow(sheet, row, table.Rows[row]));
        }

        base.EndProcessing();
        if (_rowsWithoutPhoto < table.Rows.Count)
        {
            Write(sheet.Picture);
        }
    }

    private IEnumerable<object> DrawRow(CamSheet sheet, int index, CamSheetRow row)
    {
        Interlocked.Increment(ref _rowsWithoutPhoto);
        sheet.DrawRow(index, PhotoOf(row.First));
        Interlocked.Decrement(ref _rowsWithoutPhoto);
        StopToken.ThrowIfCancellationRequested();
        return [];
    }

    private void Write(Photo picture)
    {
        try
        {
            var mark = new PictureMark { Kind = PictureKind.Sheet, MapCount = _maps.Count, ModuleVersion = PictureMark.Version };
            long length = PictureFile.Write(_path, Force, NoClobber, picture, _format, Quality, mark);
            WriteObject(new CamPicture(mark) { FullName = _path, Width = picture.Width, Height = picture.Height, Length = length });
        }
        catch (PictureException e)
        {
            ThrowTerminatingError(CamErrors.Picture(e));
        }
    }

    private CamSheetOptions Options()
    {
        HeatmapNormalization normalization = Normalization
            ?? (_maps.TrueForAll(map => map.DefaultNormalization == _maps[0].DefaultNormalization) ? _maps[0].DefaultNormalization : HeatmapNormalization.MinMax);
        return new CamSheetOptions
        {
            CellSize = CellSize,
            IncludePhoto = IncludePhoto,
            Overlay = new OverlayOptions
            {
                Normalization = normalization,
                Colormap = Colormap is null ? Imaging.Colormap.DefaultFor(normalization) : Imaging.Colormap.Get(Colormap),
            },
        };
    }

    private void CheckFits(int rows, long width, long height)
    {
        int longest = PhotoEncoder.LongestSide(_format);
        if (Math.Max(width, height) > longest || 4 * width * height > Array.MaxLength)
        {
            ThrowTerminatingError(CamErrors.Picture(new PictureException(
                PictureFailure.TooLarge,
                _path,
                $"A sheet of {rows} or more rows with cells of {CellSize} pixels is too large for '{System.IO.Path.GetFileName(_path)}': {_format} takes {longest:N0} pixels a side at most.")));
        }
    }
}
