using ClassActivation.Maps;
using ClassActivation.Photos;
using SkiaSharp;

namespace ClassActivation.Drawing;

/// <summary>
/// A contact sheet: many maps in one picture, with their labels and one colour bar. The text is there from the start;
/// each row's pictures are added on their own, by as many threads as one likes.
/// </summary>
public sealed class CamSheet
{
    private readonly CamSheetTable _table;
    private readonly CamSheetOptions _options;
    private readonly CamSheetLayout _layout;

    /// <summary>Makes a sheet without its photos.</summary>
    /// <param name="table">The maps.</param>
    /// <param name="options">How they are drawn.</param>
    /// <exception cref="ArgumentException">The sheet has more pixels than fit into memory as one array.</exception>
    public CamSheet(CamSheetTable table, CamSheetOptions options)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        _table = table;
        _options = options;
        _layout = new CamSheetLayout(table, options);
        if (4L * _layout.Width * _layout.Height > Array.MaxLength)
        {
            throw new ArgumentException($"A sheet of {_layout.Width}×{_layout.Height} pixels is too large for memory.", nameof(table));
        }

        Picture = DrawnCanvas.Create(_layout.Width, _layout.Height, DrawText);
    }

    /// <summary>The sheet as far as it is drawn.</summary>
    public Photo Picture { get; }

    /// <summary>The width and height that a sheet has, without making it.</summary>
    /// <param name="table">The maps.</param>
    /// <param name="options">How they are drawn.</param>
    public static (int Width, int Height) Measure(CamSheetTable table, CamSheetOptions options)
    {
        var layout = new CamSheetLayout(table, options);
        return (layout.Width, layout.Height);
    }

    /// <summary>How many photos of a sheet stand beside each other, where the options leave it open.</summary>
    /// <param name="table">The maps.</param>
    /// <param name="options">How they are drawn.</param>
    public static int PhotosAcross(CamSheetTable table, CamSheetOptions options) => new CamSheetLayout(table, options).PhotosAcross;

    /// <summary>The height that a photo's row needs at least: that of the photo in its cell.</summary>
    /// <param name="map">A map of the photo.</param>
    /// <param name="cellSize">The longer side of a cell's photo.</param>
    public static int MinimumRowHeight(ClassActivationMap map, int cellSize) => CamSheetLayout.PhotoSize(map, cellSize).Height;

    /// <summary>Draws the photos of one row. Rows may be drawn at the same time.</summary>
    /// <param name="index">The row.</param>
    /// <param name="source">Where the photo's bytes are.</param>
    /// <exception cref="PhotoException">
    /// The photo cannot be read, or has another size than the one that the maps explain; its places stay grey.
    /// </exception>
    public void DrawRow(int index, PhotoSource source)
    {
        CamSheetRow row = _table.Rows[index];
        (int width, int height) = CamSheetLayout.PhotoSize(row.First, _options.CellSize);
        Photo decoded = row.First.Check(PhotoDecoder.Decode(source, Math.Min(width, height), Math.Max(width, height)), source);
        Photo photo = SrgbColors.Of(Resampler.Resize(decoded, width, height, Resampling.Bicubic), source);
        int first = _options.IncludePhoto ? 1 : 0;
        if (_options.IncludePhoto)
        {
            DrawnCanvas.Copy(photo, Picture, _layout.PhotoLeft(index, 0, width), _layout.RowTop(index));
        }

        for (int i = 0; i < row.Maps.Count; i++)
        {
            if (row.Maps[i] is { } map)
            {
                Photo drawn = OverlayRenderer.Draw(photo, map.Values, map.Rows, map.Columns, _options.Overlay with
                {
                    Covered = map.Coverage,
                    Boxes = _options.Boxes.TryGetValue(map, out PhotoRegion[]? boxes) ? boxes : [],
                });
                DrawnCanvas.Copy(drawn, Picture, _layout.PhotoLeft(index, first + i, width), _layout.RowTop(index));
            }
        }
    }

    private void DrawText(SKCanvas canvas)
    {
        using CamSheetPainter painter = new(canvas, _layout, _options);
        painter.DrawTitle();
        painter.DrawHeadings();
        for (int i = 0; i < _table.Rows.Count; i++)
        {
            painter.DrawRow(i, _table.Rows[i]);
        }

        painter.DrawColorBar();
    }
}
