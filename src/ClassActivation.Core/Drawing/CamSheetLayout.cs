using ClassActivation.Maps;

namespace ClassActivation.Drawing;

/// <summary>Where the parts of a contact sheet go, in pixels: computed from the sizes of photos and texts alone.</summary>
internal sealed class CamSheetLayout
{
    private const int MaxHeadingLines = 2;
    private const int MaxNameLines = 4;

    private const int MaxTitleLines = 3;

    // Up to so many photos one above the other are a list, and no page is wanted.
    private const int LongestList = 10;

    private readonly int[] _rowTops;
    private readonly int _firstColumn;
    private readonly int _blockWidth;

    public CamSheetLayout(CamSheetTable table, CamSheetOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CellSize, 32);
        Em = MathF.Max(11, MathF.Round(options.CellSize / 16f));
        Gap = (int)MathF.Round(0.8f * Em);
        using var text = new TextPen(Em, PaperColors.Text);
        using var small = new TextPen(SmallSize, PaperColors.Secondary);
        SmallLineHeight = small.LineHeight;

        string[] names = [.. table.Rows.Select(static row => Path.GetFileName(row.First.Path))];
        float longestName = names.Distinct().Max(small.Measure);
        NameWidth = (int)MathF.Ceiling(MathF.Min(longestName, MathF.Max(0.6f * options.CellSize, 9 * Em)));
        Names = [.. names.Select(name => small.Wrap(name, NameWidth, MaxNameLines))];

        (int Width, int Height)[] photos = [.. table.Rows.Select(row => PhotoSize(row.First, options.CellSize))];
        // Narrow photos still leave room for their headings.
        ColumnWidth = Math.Max(photos.Max(static photo => photo.Width), Math.Max(options.CellSize / 2, (int)(6 * Em)));
        string[] headings = options.IncludePhoto ? ["Photo", .. table.Columns] : [.. table.Columns];
        Headings = [.. headings.Select(heading => text.Wrap(heading, ColumnWidth, MaxHeadingLines))];
        _firstColumn = Gap + NameWidth + Gap;

        HeadingLineHeight = text.LineHeight;
        float columns = headings.Length * (ColumnWidth + Gap) - Gap;
        _blockWidth = (int)MathF.Ceiling(NameWidth + Gap + columns) + 2 * Gap;
        int rowHeight = photos.Max(static photo => photo.Height) + 3 * Gap;
        PhotosAcross = Math.Clamp(
            options.PhotosAcross > 0 ? options.PhotosAcross : HandyCount(table.Rows.Count, rowHeight, _blockWidth), 1, table.Rows.Count);
        using var title = new TextPen(TitleSize, PaperColors.Text);
        Title = options.Title.Length == 0
            ? []
            : title.Wrap(options.Title, Math.Max(PhotosAcross * _blockWidth - 2 * Gap, 20 * Em), MaxTitleLines);
        float titleHeight = Title.Count == 0 ? 0 : Title.Count * title.LineHeight + Gap;
        HeadingBottom = (int)MathF.Ceiling(Gap + titleHeight + Headings.Max(static lines => lines.Count) * text.LineHeight);
        Captions = [.. table.Rows.Select(row => row.Maps.Select(map => Caption(map, table.ColumnBy, small)).ToArray())];
        _rowTops = new int[table.Rows.Count];
        int top = HeadingBottom + Gap / 2;
        for (int line = 0; line < _rowTops.Length; line += PhotosAcross)
        {
            int next = top;
            for (int i = line; i < Math.Min(line + PhotosAcross, _rowTops.Length); i++)
            {
                _rowTops[i] = top;
                float captionHeight = CaptionGap + Captions[i].Max(static lines => lines.Count) * SmallLineHeight;
                float rowBottom = top + MathF.Max(photos[i].Height + captionHeight, Names[i].Count * SmallLineHeight);
                next = Math.Max(next, checked((int)MathF.Ceiling(rowBottom) + Gap));
            }

            top = next;
        }

        BarTop = top + Gap / 4;
        (string low, string high) = BarTexts(options.Overlay.Normalization);
        float ends = small.Measure(low) + small.Measure(high) + 2 * BarTextGap;
        BarWidth = MathF.Round(MathF.Max(8 * Em, MathF.Min(columns - ends, 1.5f * options.CellSize)));
        BarLeft = _firstColumn + small.Measure(low) + BarTextGap;
        float titleWidth = Title.Count == 0 ? 0 : Gap + Title.Max(title.Measure);
        float blocks = (PhotosAcross - 1) * _blockWidth + _firstColumn + columns;
        Width = (int)MathF.Ceiling(MathF.Max(MathF.Max(blocks, titleWidth), _firstColumn + ends + BarWidth)) + Gap;
        Height = checked((int)MathF.Ceiling(BarTop + small.LineHeight + Gap));
    }

    /// <summary>The size of the larger text.</summary>
    public float Em { get; }

    /// <summary>The size of the smaller text.</summary>
    public float SmallSize => MathF.Max(10, MathF.Round(0.88f * Em));

    /// <summary>The size of the title's text.</summary>
    public float TitleSize => MathF.Round(1.5f * Em);

    /// <summary>The lines of the title.</summary>
    public IReadOnlyList<string> Title { get; }

    /// <summary>How many photos stand beside each other.</summary>
    public int PhotosAcross { get; }

    public int Width { get; }

    public int Height { get; }

    public int Gap { get; }

    public int NameWidth { get; }

    public float SmallLineHeight { get; }

    public int CaptionGap => Gap / 4;

    public float HeadingLineHeight { get; }

    public int HeadingBottom { get; }

    public int ColumnWidth { get; }

    public int BarTop { get; }

    public float BarLeft { get; }

    public float BarWidth { get; }

    public float BarTextGap => 0.5f * Em;

    /// <summary>The lines of each column's heading.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Headings { get; }

    /// <summary>The lines of each row's photo's name.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Names { get; }

    /// <summary>For each row, the lines below each of its photos.</summary>
    public IReadOnlyList<IReadOnlyList<string>[]> Captions { get; }

    /// <summary>The size of a photo in its cell: its longer side as long as the cell.</summary>
    public static (int Width, int Height) PhotoSize(ClassActivationMap map, int cellSize)
    {
        double scale = (double)cellSize / Math.Max(map.PhotoWidth, map.PhotoHeight);
        return (Math.Max(1, (int)Math.Round(map.PhotoWidth * scale)), Math.Max(1, (int)Math.Round(map.PhotoHeight * scale)));
    }

    /// <summary>What the two ends of the colour bar mean; each map has values of its own.</summary>
    public static (string Low, string High) BarTexts(HeatmapNormalization normalization) => normalization switch
    {
        HeatmapNormalization.MinMax => ("lowest", "highest value of each map"),
        HeatmapNormalization.Positive => ("0 or less", "highest value of each map"),
        HeatmapNormalization.Symmetric => ("negative", "positive, zero in the middle"),
        _ => ("0", "1"),
    };

    private IReadOnlyList<string> Caption(ClassActivationMap? map, CamSheetColumn columnBy, TextPen pen)
    {
        if (map is null)
        {
            return [];
        }

        string label = columnBy == CamSheetColumn.Class ? "" : CamText.Label(map.Label);
        string percent = CamText.Percent(map.Probability);
        string both = $"{label}  {percent}".Trim();
        return pen.Measure(both) <= ColumnWidth ? [both]
            : percent.Length > 0 ? [pen.Fit(label, ColumnWidth), percent]
            : pen.Wrap(label, ColumnWidth, 2);
    }

    public int RowTop(int row) => _rowTops[row];

    public int NameRight(int row) => BlockLeft(row) + Gap + NameWidth;

    public int ColumnLeft(int row, int column) => BlockLeft(row) + _firstColumn + column * (ColumnWidth + Gap);

    /// <summary>The left edge of a photo, which stands in the middle of its column.</summary>
    public int PhotoLeft(int row, int column, int width) => ColumnLeft(row, column) + (ColumnWidth - width) / 2;

    private int BlockLeft(int row) => row % PhotosAcross * _blockWidth;

    // As many as make the sheet about as high as it is wide.
    private static int HandyCount(int photos, int height, int width) =>
        photos <= LongestList ? 1 : (int)Math.Ceiling(Math.Sqrt((double)photos * height / width));
}
