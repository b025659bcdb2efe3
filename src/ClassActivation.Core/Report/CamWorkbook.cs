using System.Globalization;
using ClassActivation.Drawing;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;
using SpreadCheetah;
using SpreadCheetah.Images;
using SpreadCheetah.Metadata;
using SpreadCheetah.Styling;
using SpreadCheetah.Worksheets;

namespace ClassActivation.Report;

/// <summary>
/// Writes a report as an Excel workbook: a row for each photo with its pictures, and a second sheet of what could not
/// be read. Text is written as text, so that no name becomes a formula.
/// </summary>
public sealed class CamWorkbook : IDisposable
{
    private const int TopClasses = 5;
    private const int LongestText = 32_767;
    private const int LongestLink = 255;
    private const int Margin = 4;

    // Excel's units: a pixel is 3/4 of a point, and a column as wide as so many digits of 7 pixels.
    private const double PointsPerPixel = 0.75;
    private const double PixelsPerCharacter = 7;

    private readonly CamReport _report;
    private readonly int _pictureSize;
    private readonly FileStream _content;
    private readonly Spreadsheet _workbook;
    private readonly (EmbeddedImage? Photo, EmbeddedImage? Overlay)[] _pictures;
    private bool _finished;

    /// <summary>Prepares a workbook; its pictures are added on their own, by as many threads as one likes.</summary>
    /// <param name="report">What the workbook shows.</param>
    /// <param name="pictureSize">The longer side in pixels of the pictures in the cells, 16 to 512.</param>
    /// <exception cref="IOException">There is no room for the pictures.</exception>
    public CamWorkbook(CamReport report, int pictureSize)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentOutOfRangeException.ThrowIfLessThan(pictureSize, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pictureSize, 512);
        _report = report;
        _pictureSize = pictureSize;
        _pictures = new (EmbeddedImage?, EmbeddedImage?)[report.Photos.Count];
        _content = new FileStream(
            Path.Combine(Path.GetTempPath(), $"ClassActivation-{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.ReadWrite,
            FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        _workbook = Now(Spreadsheet.CreateNewAsync(_content, new SpreadCheetahOptions
        {
            WriteCellReferenceAttributes = true,
            DocumentProperties = new DocumentProperties { Author = ReportMark.Author },
        }));
    }

    /// <summary>Draws a photo and its first map, and adds the pictures.</summary>
    /// <param name="photo">A photo of the report.</param>
    /// <param name="source">Where the photo's bytes are.</param>
    /// <param name="options">How to draw the map; its own colours and normalisation where null.</param>
    /// <exception cref="PhotoException">The photo cannot be read, or is another one than its maps explain.</exception>
    /// <exception cref="IOException">There is no room for the pictures.</exception>
    public void AddPictures(ReportPhoto photo, PhotoSource source, OverlayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ReportPicture? overlay = null;
        ReportPicture thumbnail;
        if (photo.Maps.Count > 0)
        {
            ClassActivationMap map = photo.Maps[0];
            options ??= new OverlayOptions
            {
                Normalization = map.DefaultNormalization,
                Colormap = Colormap.DefaultFor(map.DefaultNormalization),
            };
            (thumbnail, overlay) = ReportThumbnail.DrawWithMap(photo, map, source, _pictureSize, options);
        }
        else
        {
            thumbnail = ReportThumbnail.Draw(photo, source, _pictureSize, PictureFormat.Png, 0);
        }

        lock (_workbook)
        {
            _pictures[photo.Number] = (Embed(thumbnail), overlay is null ? null : Embed(overlay));
        }
    }

    /// <summary>Writes the workbook.</summary>
    /// <param name="stream">Where the bytes go; not closed.</param>
    /// <exception cref="IOException">The workbook cannot be written.</exception>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!_finished)
        {
            WritePhotos();
            if (_report.Problems.Count > 0)
            {
                WriteProblems();
            }

            Now(_workbook.FinishAsync());
            _finished = true;
        }

        _content.Position = 0;
        _content.CopyTo(stream);
    }

    /// <summary>Removes what was kept outside of memory.</summary>
    public void Dispose()
    {
        _workbook.Dispose();
        _content.Dispose();
    }

    // The stream is a file that is written at once, so that nothing is waited for.
    private static T Now<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();

    private static void Now(ValueTask task) => task.AsTask().GetAwaiter().GetResult();

    private EmbeddedImage Embed(ReportPicture picture)
    {
        using var content = new MemoryStream(picture.Content);
        return Now(_workbook.EmbedImageAsync(content));
    }

    private void WritePhotos()
    {
        int mostClasses = Math.Clamp(_report.Photos.Select(static photo => photo.Predictions.Count).DefaultIfEmpty(1).Max(), 1, TopClasses);
        bool hasRight = _report.Photos.Any(static photo => photo.RightLabel is not null);
        bool hasRegions = _report.Photos.Any(static photo => photo.Regions.Count > 0);
        bool hasMaps = _report.Photos.Any(static photo => photo.Maps.Count > 0);
        string[] figures =
            [.. _report.Photos.SelectMany(static photo => photo.Figures).SelectMany(Titles).Distinct().Take(64)];
        var columns = new List<(string Title, double Width, Func<ReportPhoto, Cell> Cell)>();
        StyleId percent = _workbook.AddStyle(new Style
        {
            Format = NumberFormat.Standard(StandardNumberFormat.PercentTwoDecimalPlaces),
            Alignment = { Vertical = VerticalAlignment.Center },
        });
        StyleId plain = _workbook.AddStyle(new Style { Alignment = { Vertical = VerticalAlignment.Center } });
        StyleId link = _workbook.AddStyle(new Style
        {
            Font = { Underline = Underline.Single, Color = System.Drawing.Color.FromArgb(0x0B, 0x57, 0xA4) },
            Alignment = { Vertical = VerticalAlignment.Center },
        });
        StyleId header = _workbook.AddStyle(new Style { Font = { Bold = true }, Alignment = { Vertical = VerticalAlignment.Center } });
        double pictureWidth = (_pictureSize + (2 * Margin)) / PixelsPerCharacter;

        columns.Add(("Photo", pictureWidth, _ => new Cell()));
        if (hasMaps)
        {
            columns.Add(("Map", pictureWidth, _ => new Cell()));
        }

        columns.Add(("File", 32, photo => LinkTo(photo, link, plain)));
        if (hasRight)
        {
            columns.Add(("Right class", 20, photo => Text(photo.RightLabel, plain)));
            columns.Add(("Result", 10, photo => Text(photo.IsRight is { } isRight ? isRight ? "right" : "wrong" : null, plain)));
        }

        for (int i = 0; i < mostClasses; i++)
        {
            int place = i;
            string which = i == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {i + 1}");
            columns.Add(($"Class{which}", 22, photo => Text(photo.Predictions.ElementAtOrDefault(place)?.Label, plain)));
            columns.Add(($"Probability{which}", 13, photo => Number(photo.Predictions.ElementAtOrDefault(place)?.Probability, percent)));
        }

        if (hasRegions)
        {
            columns.Add(("Regions", 9, photo => Number(photo.Regions.Count, plain)));
            columns.Add(("Left", 8, photo => Number(Largest(photo)?.Left, plain)));
            columns.Add(("Top", 8, photo => Number(Largest(photo)?.Top, plain)));
            columns.Add(("Width", 8, photo => Number(Largest(photo)?.Width, plain)));
            columns.Add(("Height", 8, photo => Number(Largest(photo)?.Height, plain)));
            columns.Add(("Share", 8, photo => Number(Largest(photo)?.Share, percent)));
        }

        foreach (string title in figures)
        {
            columns.Add((title, 16, photo => Number(Value(photo, title), plain)));
        }

        if (hasMaps)
        {
            columns.Add(("Method", 14, photo => Text(photo.Maps.Count > 0 ? photo.Maps[0].Method : null, plain)));
            columns.Add(("Contrast", 20, photo => Text(photo.Maps.Count > 0 ? photo.Maps[0].Contrast : null, plain)));
        }

        columns.Add(("Network", 18, photo => Text(photo.Best?.Model, plain)));
        columns.Add(("Path", 60, photo => Text(photo.Path, plain)));

        var sheet = new WorksheetOptions
        {
            FrozenRows = 1,
            AutoFilter = new AutoFilterOptions(
                string.Create(CultureInfo.InvariantCulture, $"A1:{ColumnName(columns.Count)}{_report.Photos.Count + 1}")),
        };
        for (int i = 0; i < columns.Count; i++)
        {
            sheet.Column(i + 1).Width = columns[i].Width;
        }

        Now(_workbook.StartWorksheetAsync("Photos", sheet));
        Now(_workbook.AddHeaderRowAsync([.. columns.Select(static column => column.Title)], header));
        var row = new Cell[columns.Count];
        var height = new RowOptions { Height = Math.Min((_pictureSize + (2 * Margin)) * PointsPerPixel, 409) };
        foreach (ReportPhoto photo in _report.Photos)
        {
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = columns[i].Cell(photo);
            }

            Now(_workbook.AddRowAsync(row, height));
            (EmbeddedImage? thumbnail, EmbeddedImage? overlay) = _pictures[photo.Number];
            Place(thumbnail, 'A', photo.Number);
            Place(overlay, 'B', photo.Number);
        }
    }

    private void Place(EmbeddedImage? picture, char column, int photoNumber)
    {
        if (picture is not null)
        {
            string cell = string.Create(CultureInfo.InvariantCulture, $"{column}{photoNumber + 2}");
            _workbook.AddImage(
                ImageCanvas.Dimensions(cell, picture.Width, picture.Height, moveWithCells: true),
                picture,
                new ImageOptions { Offset = ImageOffset.Pixels(Margin, Margin, Margin, Margin) });
        }
    }

    private void WriteProblems()
    {
        var sheet = new WorksheetOptions
        {
            FrozenRows = 1,
            AutoFilter = new AutoFilterOptions(string.Create(CultureInfo.InvariantCulture, $"A1:C{_report.Problems.Count + 1}")),
        };
        sheet.Column(1).Width = 60;
        sheet.Column(2).Width = 90;
        sheet.Column(3).Width = 24;
        Now(_workbook.StartWorksheetAsync("Not read", sheet));
        Now(_workbook.AddHeaderRowAsync(["Photo", "What happened", "Error"]));
        foreach (ReportProblem problem in _report.Problems)
        {
            Now(_workbook.AddRowAsync([Text(problem.Path), Text(problem.Message), Text(problem.ErrorId)]));
        }
    }

    private static Cell LinkTo(ReportPhoto photo, StyleId link, StyleId plain)
    {
        string name = Shown(photo.Name);
        if (!Path.IsPathFullyQualified(photo.Path) || name.Length is 0 or > LongestLink)
        {
            return new Cell(name, plain);
        }

        string address = FilePaths.ToAddress(photo.Path);
        // The library's own link refuses addresses with letters beyond ASCII.
        return address.Length > LongestLink
            ? new Cell(name, plain)
            : new Cell(new Formula($"HYPERLINK(\"{address}\",\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\")"), name, link);
    }

    private static CamRegion? Largest(ReportPhoto photo) => photo.Regions.Count == 0 ? null : photo.Regions[0].Region;

    private static Cell Text(string? text, StyleId? style = null) => string.IsNullOrEmpty(text) ? new Cell() : new Cell(Shown(text), style);

    private static Cell Number(double? value, StyleId style) =>
        value is { } number && double.IsFinite(number) ? new Cell(number, style) : new Cell();

    private static string Shown(string text)
    {
        string shown = ShownText.Of(text);
        return shown.Length <= LongestText ? shown : shown[..LongestText];
    }

    private static IEnumerable<string> Titles(ReportFigures figures) => figures.Values.Select(value => $"{value.Key} ({figures.Title})");

    private static double? Value(ReportPhoto photo, string title)
    {
        foreach (ReportFigures figures in photo.Figures)
        {
            foreach (KeyValuePair<string, double> value in figures.Values)
            {
                if ($"{value.Key} ({figures.Title})" == title)
                {
                    return value.Value;
                }
            }
        }

        return null;
    }

    private static string ColumnName(int number)
    {
        string name = "";
        for (int rest = number; rest > 0; rest = (rest - 1) / 26)
        {
            name = (char)('A' + ((rest - 1) % 26)) + name;
        }

        return name;
    }
}
