using System.Collections.Concurrent;
using System.Management.Automation;
using ClassActivation.Drawing;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>Draws many maps into one picture: rows of photos, columns of classes, networks or ranks, and one colour bar.</summary>
[Cmdlet(VerbsData.Export, "CamSheet", SupportsShouldProcess = true, DefaultParameterSetName = MapSet,
    HelpUri = HelpPages.Address + "Export-CamSheet.md")]
[OutputType(typeof(CamPicture))]
public sealed class ExportCamSheetCommand : DrawingCmdlet
{
    private const string MapSet = "Map";
    private const string RegionSet = "Region";

    private readonly List<ClassActivationMap> _maps = [];
    private readonly List<List<CamRegion>> _regions = [];
    private readonly HashSet<PhotoIdentity> _photos = [];
    private readonly ShownPhotos _shown = new();
    private string _path = "";
    private PictureFormat _format;
    private PictureMark? _existing;
    private long _minimumHeight;

    /// <summary>
    /// The maps of <c>Get-ClassActivationMap</c>, or comparisons of <c>Compare-ClassActivationMap</c>, whose differences are
    /// drawn.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = MapSet)]
    [Takes(Taken.MapsOrRegions)]
    [Rehydrate]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>
    /// The regions of <c>Get-CamRegion</c>: their maps are drawn with their boxes. Regions of one map that come one after
    /// the other share its place.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = RegionSet)]
    [Rehydrate]
    public CamRegion[] Region { get; set; } = [];

    /// <summary>
    /// The picture's path; its extension .jpg, .jpeg, .png or .webp decides the format. Its folder is made where it is missing.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoScriptBlock]
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

    /// <summary>
    /// How many photos stand beside each other, each with all its maps; by default one where there are ten photos or
    /// fewer, and else as many as make the sheet about as high as it is wide.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int? Columns { get; set; }

    /// <summary>
    /// How many photos a page has; by default all are on one. Where there are several pages, the number of each stands
    /// behind the file's name: sheet-1.png, sheet-2.png.
    /// </summary>
    [Parameter]
    [ValidateRange(1, 100_000)]
    public int? PhotosPerPage { get; set; }

    /// <summary>A text above the maps of each page.</summary>
    [Parameter]
    [ValidateNotNull]
    public string Title { get; set; } = "";

    /// <summary>The quality of JPEG and WebP, 1 to 100.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Quality { get; set; } = PhotoEncoder.DefaultQuality;

    /// <summary>
    /// Replaces whatever file is there: a sheet of other photos or other maps, a write-protected one, a file that this module
    /// did not write. Without it a sheet replaces one of the same maps of the same photos only, in whatever version.
    /// </summary>
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
            if (!Force && File.Exists(_path))
            {
                _existing = PictureMarks.TryRead(_path) is { Kind: PictureKind.Sheet } sheet ? sheet
                    : throw new PictureException(
                        PictureFailure.Unmarked, _path, $"'{_path}' exists, and is no sheet that this module wrote.");
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
            Add(map);
        }

        foreach (CamRegion region in Region)
        {
            if (_regions.Count > 0 && region.IsOfSameMapAs(_regions[^1][0]))
            {
                _regions[^1].Add(region);
                continue;
            }

            _regions.Add([region]);
            Add(region.ActivationMap);
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
        IReadOnlyList<CamSheetTable> pages = table.Pages(PhotosPerPage ?? table.Rows.Count);
        options = options with { PhotosAcross = CamSheet.PhotosAcross(pages[0], options) };
        string[] paths = [.. pages.Select((_, i) => pages.Count == 1 ? _path : PagePath(i + 1))];
        CheckAreNoPhotos(paths);
        foreach (CamSheetTable page in pages)
        {
            (int width, int height) = CamSheet.Measure(page, options);
            CheckFits(page.Rows.Count, width, height);
        }

        string sheetHash = PictureMark.HashOfMaps(pages.SelectMany(MarksOf), table.ColumnBy);
        List<string> stale = StalePages(paths, sheetHash);
        PictureTarget[] targets = [.. pages.Select((page, i) => TargetFor(page, sheetHash, paths[i]))];
        string size = $"{table.Rows.Count} × {table.Columns.Count} maps";
        if (!ShouldProcess(string.Join(", ", paths), pages.Count == 1 ? $"Draw a sheet of {size}" : $"Draw {pages.Count} sheets of {size}"))
        {
            stale.ForEach(RemoveStale);
            return;
        }

        try
        {
            if (Draw(pages, paths, targets, sheetHash, options))
            {
                stale.ForEach(RemoveStale);
            }
        }
        catch (OutOfMemoryException e)
        {
            ThrowTerminatingError(CamErrors.OutOfMemory(e, _path));
        }
    }

    private void CheckAreNoPhotos(string[] paths)
    {
        try
        {
            foreach (string path in paths)
            {
                _shown.CheckIsNone(path);
            }
        }
        catch (PictureException e)
        {
            ThrowTerminatingError(CamErrors.Picture(e));
        }
    }

    private string PagePath(int number) => System.IO.Path.Combine(
        System.IO.Path.GetDirectoryName(_path) ?? "",
        $"{System.IO.Path.GetFileNameWithoutExtension(_path)}-{number}{System.IO.Path.GetExtension(_path)}");

    // Pages of an older version that had more of them, or had them otherwise: they would stand beside the new ones as if they were theirs.
    private List<string> StalePages(string[] paths, string sheetHash)
    {
        string folder = System.IO.Path.GetDirectoryName(_path)!;
        if (NoClobber || !Directory.Exists(folder))
        {
            return [];
        }

        HashSet<string> hashes = [sheetHash, .. paths.Select(SheetHashOf)];
        string start = $"{System.IO.Path.GetFileNameWithoutExtension(_path)}-", end = System.IO.Path.GetExtension(_path);
        bool IsPageName(string name) => name.Length > start.Length + end.Length
            && name.StartsWith(start, FilePaths.Comparison)
            && name.EndsWith(end, FilePaths.Comparison)
            && name[start.Length..^end.Length].All(char.IsAsciiDigit);
        return
        [
            .. Directory.EnumerateFiles(folder)
                .Where(file => IsPageName(System.IO.Path.GetFileName(file)) || FilePaths.Comparer.Equals(file, _path))
                .Where(
                    file => !paths.Contains(file, FilePaths.Comparer) && SheetHashOf(file) is { Length: > 0 } hash && hashes.Contains(hash))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string SheetHashOf(string path) => File.Exists(path) ? PictureMarks.TryRead(path)?.SheetHash ?? "" : "";

    private void RemoveStale(string path)
    {
        try
        {
            PictureFile.CheckMayWrite(path, Force, noClobber: false);
            if (ShouldProcess(path, "Remove the page of an older version of the sheet"))
            {
                PictureFile.Remove(path);
            }
        }
        catch (PictureException e)
        {
            WriteError(CamErrors.Picture(e));
        }
    }

    private PictureTarget TargetFor(CamSheetTable page, string sheetHash, string path)
    {
        try
        {
            var target = new PictureTarget(
                [path],
                MarkOf(page, sheetHash, new Dictionary<PhotoIdentity, string>()),
                _format,
                liesAsPhotosDo: true,
                Force,
                NoClobber,
                new PlannedPictures());
            target.Choose();
            return target;
        }
        catch (PictureException e)
        {
            ThrowTerminatingError(CamErrors.Picture(e));
            throw;
        }
    }

    private static IEnumerable<PictureMark> MarksOf(CamSheetTable page) =>
        page.Rows.SelectMany(static row => row.Maps.OfType<ClassActivationMap>())
            .Select(static map => PictureMark.Of(PictureKind.Overlay, map));

    private static PictureMark MarkOf(CamSheetTable page, string sheetHash, IReadOnlyDictionary<PhotoIdentity, string> hashes) =>
        PictureMark.OfSheet(
        [
            .. page.Rows.SelectMany(static row => row.Maps.OfType<ClassActivationMap>())
                .Select(map => PictureMark.Of(PictureKind.Overlay, map) with
            {
                PhotoHash = hashes.GetValueOrDefault(map.Photo, map.Photo.Hash),
            }),
        ],
        page.ColumnBy,
        sheetHash);

    private void Add(ClassActivationMap map)
    {
        _maps.Add(map);
        _shown.Add(map.Photo);
        if (PhotosPerPage is null)
        {
            CheckAreNoPhotos([_path]);
        }

        if (!_photos.Add(map.Photo) || PhotosPerPage is not null)
        {
            return;
        }

        // What is found out now is not found out after an hour's worth of maps.
        if (_existing is { Shown.Count: > 0 })
        {
            PictureMark mark = PictureMark.Of(PictureKind.Overlay, map);
            if (!_existing.Shown.Any(mark.IsOfSamePhotoAs))
            {
                ThrowTerminatingError(CamErrors.Picture(new PictureException(
                    PictureFailure.OfOtherMaps, _path, $"'{_path}' exists, and is no sheet of the photo '{map.Path}'.")));
            }
        }

        if (Columns == 1)
        {
            _minimumHeight += CamSheet.MinimumRowHeight(map, CellSize);
            CheckFits(_photos.Count, 0, _minimumHeight);
        }
    }

    // Whether all pages were written.
    private bool Draw(
        IReadOnlyList<CamSheetTable> pages, string[] paths, PictureTarget[] targets, string sheetHash, CamSheetOptions options)
    {
        int written = 0;
        for (int number = 0; number < pages.Count; number++)
        {
            var sheet = new CamSheet(pages[number], options);
            var page = new Page(pages[number].Rows.Count);
            (string path, PictureTarget target, CamSheetTable table) = (paths[number], targets[number], pages[number]);
            for (int i = 0; i < pages[number].Rows.Count; i++)
            {
                (int index, CamSheetRow row) = (i, pages[number].Rows[i]);
                Enqueue(row.First.Path, () =>
                {
                    page.Draw(row.First.Photo, () =>
                    {
                        PhotoSource photo = PhotoOf(row.First);
                        sheet.DrawRow(index, photo);
                        return photo.HashContent();
                    });
                    return [];
                });
            }

            // It starts after all rows have, and so waits for those only that are being drawn.
            Enqueue(path, () =>
            {
                if (!page.HasPhotos(StopToken))
                {
                    return [];
                }

                CamPicture picture = Write(sheet.Picture, target, MarkOf(table, sheetHash, page.Hashes));
                Interlocked.Increment(ref written);
                return [picture];
            });
        }

        base.EndProcessing();
        return written == pages.Count;
    }

    private CamPicture Write(Photo picture, PictureTarget target, PictureMark mark)
    {
        (string path, _, long length) = target.Write(picture, mark, Quality);
        return new CamPicture(mark) { FullName = path, Width = picture.Width, Height = picture.Height, Length = length };
    }

    /// <summary>Counts the photos of a page that are drawn, and knows their hashes.</summary>
    private sealed class Page(int photos)
    {
        private readonly TaskCompletionSource _finished = new();
        private readonly ConcurrentDictionary<PhotoIdentity, string> _hashes = new();
        private int _left = photos;

        /// <summary>The hashes of the photos that are drawn.</summary>
        public IReadOnlyDictionary<PhotoIdentity, string> Hashes => _hashes;

        /// <summary>Draws a photo.</summary>
        /// <param name="photo">Which it is.</param>
        /// <param name="draw">Draws it, and gives the hash of its bytes.</param>
        public void Draw(PhotoIdentity photo, Func<string> draw)
        {
            try
            {
                _hashes[photo] = draw();
            }
            finally
            {
                if (Interlocked.Decrement(ref _left) == 0)
                {
                    _finished.SetResult();
                }
            }
        }

        /// <summary>Waits until all photos are drawn or have failed; whether there is any on the page.</summary>
        public bool HasPhotos(CancellationToken stopToken)
        {
            _finished.Task.Wait(stopToken);
            return !_hashes.IsEmpty;
        }
    }

    private CamSheetOptions Options()
    {
        HeatmapNormalization normalization = _maps.TrueForAll(map => map.DefaultNormalization == _maps[0].DefaultNormalization)
            ? _maps[0].DefaultNormalization
            : HeatmapNormalization.MinMax;
        OverlayOptions overlay = OptionsFor(normalization, _regions.Count > 0 ? _regions[0][0] : null);
        return new CamSheetOptions
        {
            CellSize = CellSize,
            Title = Title,
            PhotosAcross = Columns ?? 0,
            IncludePhoto = IncludePhoto || Layout == OverlayLayout.SideBySide,
            Boxes = _regions.ToDictionary(static regions => regions[0].ActivationMap, BoxesOf),
            Overlay = Layout == OverlayLayout.SideBySide ? overlay with { Layout = OverlayLayout.Overlay } : overlay,
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
                $"A sheet of {rows} or more rows with cells of {CellSize} pixels is too large for '{System.IO.Path.GetFileName(_path)}':"
                + $" {_format} takes {longest:N0} pixels a side at most.")));
        }
    }
}
