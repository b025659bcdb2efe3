using SkiaSharp;

namespace ClassActivation.Drawing;

/// <summary>Draws everything of a contact sheet but its photos.</summary>
internal sealed class CamSheetPainter : IDisposable
{
    private readonly SKCanvas _canvas;
    private readonly CamSheetLayout _layout;
    private readonly CamSheetOptions _options;
    private readonly TextPen _text;
    private readonly TextPen _small;
    private readonly TextPen _title;
    private readonly SKPaint _empty = new() { Color = new SKColor(0xf2, 0xf2, 0xf2) };

    public CamSheetPainter(SKCanvas canvas, CamSheetLayout layout, CamSheetOptions options)
    {
        _canvas = canvas;
        _layout = layout;
        _options = options;
        _text = new TextPen(layout.Em, PaperColors.Text);
        _small = new TextPen(layout.SmallSize, PaperColors.Secondary);
        _title = new TextPen(layout.TitleSize, PaperColors.Text);
    }

    public void Dispose()
    {
        _text.Dispose();
        _small.Dispose();
        _title.Dispose();
        _empty.Dispose();
    }

    public void DrawTitle()
    {
        float baseline = _layout.Gap + _title.Ascent;
        DrawLines(_title, _layout.Title, _layout.Gap, baseline, _title.LineHeight, SKTextAlign.Left);
    }

    public void DrawHeadings()
    {
        for (int across = 0; across < _layout.PhotosAcross; across++)
        {
            for (int column = 0; column < _layout.Headings.Count; column++)
            {
                IReadOnlyList<string> lines = _layout.Headings[column];
                float baseline = _layout.HeadingBottom - lines.Count * _layout.HeadingLineHeight + _text.Ascent;
                DrawLines(_text, lines, MiddleOf(across, column), baseline, _layout.HeadingLineHeight, SKTextAlign.Center);
            }
        }
    }

    public void DrawRow(int index, CamSheetRow row)
    {
        (int width, int height) = CamSheetLayout.PhotoSize(row.First, _options.CellSize);
        int top = _layout.RowTop(index);
        IReadOnlyList<string> name = _layout.Names[index];
        float block = name.Count * _layout.SmallLineHeight;
        float nameTop = top + MathF.Max(0, (height - block) / 2);
        DrawLines(_small, name, _layout.NameRight(index), nameTop + _small.Ascent, _layout.SmallLineHeight, SKTextAlign.Right);

        int first = _options.IncludePhoto ? 1 : 0;
        if (_options.IncludePhoto)
        {
            DrawPlace(index, 0, top, width, height);
        }

        for (int i = 0; i < row.Maps.Count; i++)
        {
            if (row.Maps[i] is null)
            {
                continue;
            }

            DrawPlace(index, first + i, top, width, height);
            float baseline = top + height + _layout.CaptionGap + _small.Ascent;
            DrawLines(
                _small, _layout.Captions[index][i], MiddleOf(index, first + i), baseline, _layout.SmallLineHeight, SKTextAlign.Center);
        }
    }

    public void DrawColorBar()
    {
        (string low, string high) = CamSheetLayout.BarTexts(_options.Overlay.Normalization);
        float baseline = _layout.BarTop + _small.Ascent;
        float middle = baseline - _small.CapHeight / 2;
        float height = 0.8f * _layout.Em;
        SKRect bar = SKRect.Create(_layout.BarLeft, middle - height / 2, _layout.BarWidth, height);
        ColorBar.Draw(_canvas, bar, _options.Overlay.Colormap, _options.Overlay.Threshold, _options.Overlay.Contour);
        _small.Draw(_canvas, low, bar.Left - _layout.BarTextGap, baseline, SKTextAlign.Right);
        _small.Draw(_canvas, high, bar.Right + _layout.BarTextGap, baseline);
    }

    private void DrawPlace(int row, int column, int top, int width, int height) =>
        _canvas.DrawRect(_layout.PhotoLeft(row, column, width), top, width, height, _empty);

    private float MiddleOf(int row, int column) => _layout.ColumnLeft(row, column) + _layout.ColumnWidth / 2f;

    private void DrawLines(TextPen pen, IReadOnlyList<string> lines, float x, float baseline, float lineHeight, SKTextAlign align)
    {
        foreach (string line in lines)
        {
            pen.Draw(_canvas, line, x, baseline, align);
            baseline += lineHeight;
        }
    }
}
