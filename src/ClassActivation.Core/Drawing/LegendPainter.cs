using ClassActivation.Photos;
using SkiaSharp;

namespace ClassActivation.Drawing;

/// <summary>
/// Puts a legend below a picture, where it hides nothing and is as readable below a dark photo as below a bright one.
/// The text grows with the picture. Wide pictures have it in one line, narrow ones in several.
/// </summary>
public static class LegendPainter
{
    private const float SmallestText = 11;

    /// <summary>A picture with a legend below it.</summary>
    /// <param name="picture">The picture; not changed.</param>
    /// <param name="legend">The legend.</param>
    /// <returns>
    /// A taller picture: above the legend the pixels are the same. It is as wide, unless the picture is too narrow for
    /// any text, and then stands in the middle of a wider one.
    /// </returns>
    public static Photo Append(Photo picture, Legend legend)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(legend);
        float em = TextSize(picture.Width, picture.Height);
        using var layout = new LegendLayout(legend, picture.Width, em);
        Photo labelled = DrawnCanvas.Create(layout.Width, picture.Height + layout.Height, canvas =>
        {
            canvas.Translate(0, picture.Height);
            layout.Draw(canvas);
        });
        DrawnCanvas.Copy(picture, labelled, (layout.Width - picture.Width) / 2, 0);
        return labelled;
    }

    private static float TextSize(int width, int height) =>
        MathF.Max(SmallestText, MathF.Round(MathF.Min(MathF.Sqrt((float)width * height) / 28, width / 16f)));

    /// <summary>Where the parts of one legend go.</summary>
    private sealed class LegendLayout : IDisposable
    {
        // In heights of the text.
        private const float Margin = 0.55f;
        private const float Gap = 0.5f;
        private const float ShortestBar = 8;
        private const float LongestBar = 16;

        private readonly Legend _legend;
        private readonly float _em;
        private readonly float _left;
        private readonly float _right;
        private readonly TextPen _text;
        private readonly TextPen _small;
        private readonly string _low;
        private readonly string _high;
        private readonly bool _isOneLine;
        private readonly List<string> _lines = [];
        private readonly bool _isDetailBehindTitle;

        public LegendLayout(Legend legend, int pictureWidth, float em)
        {
            _legend = legend;
            _em = em;
            _text = new TextPen(em, PaperColors.Text);
            _small = new TextPen(MathF.Max(SmallestText - 1.5f, 0.85f * em), PaperColors.Secondary);
            _low = legend.Scale.LowText;
            _high = legend.Scale.HighText;
            float values = _small.Measure(_low) + _small.Measure(_high) + Gap / 2 * em;
            _left = MathF.Round(Margin * em);
            Width = Math.Max(pictureWidth, (int)MathF.Ceiling(2 * _left + values));
            _right = Width - _left;

            float inner = _right - _left;
            float head = _text.Measure(legend.Title) + (legend.Detail.Length > 0 ? Gap * em + _text.Measure(legend.Detail) : 0);
            _isOneLine = head + 3 * em + values + ShortestBar * em <= inner;
            if (_isOneLine || head <= inner)
            {
                _lines.Add(legend.Title);
                _isDetailBehindTitle = true;
            }
            else
            {
                _lines.AddRange(_text.Wrap(legend.Title, inner, 3));
                _isDetailBehindTitle = legend.Detail.Length == 0
                    || _text.Measure(_lines[^1]) + Gap * em + _text.Measure(legend.Detail) <= inner;
            }

            float padding = 2 * Margin * em;
            Height = (int)MathF.Ceiling(_isOneLine
                ? padding + _text.LineHeight
                : padding + TextLines * _text.LineHeight + BarHeight + Margin * em + _small.LineHeight);
        }

        public int Width { get; }

        public int Height { get; }

        private int TextLines => _lines.Count + (_isDetailBehindTitle ? 0 : 1);

        private float BarHeight => MathF.Round(0.75f * _em);

        public void Dispose()
        {
            _text.Dispose();
            _small.Dispose();
        }

        public void Draw(SKCanvas canvas)
        {
            float baseline = Margin * _em + _text.Ascent;
            foreach (string line in _lines)
            {
                _text.Draw(canvas, line, _left, baseline);
                baseline += _text.LineHeight;
            }

            if (_isDetailBehindTitle)
            {
                baseline -= _text.LineHeight;
            }

            if (_isOneLine)
            {
                _text.Draw(canvas, _legend.Detail, _left + _text.Measure(_lines[^1]) + Gap * _em, baseline);
                DrawBarBetweenValues(canvas, baseline);
            }
            else
            {
                _text.Draw(
                    canvas,
                    _legend.Detail,
                    _isDetailBehindTitle ? _right : _left,
                    baseline,
                    _isDetailBehindTitle ? SKTextAlign.Right : SKTextAlign.Left);
                DrawBarAboveValues(canvas, baseline);
            }
        }

        private void DrawBarBetweenValues(SKCanvas canvas, float baseline)
        {
            float head = _left + _text.Measure(_lines[^1]) + (_legend.Detail.Length > 0 ? Gap * _em + _text.Measure(_legend.Detail) : 0);
            float barRight = _right - _small.Measure(_high) - Gap * _em;
            float barLeft = MathF.Max(head + 1.5f * _em + _small.Measure(_low) + Gap * _em, barRight - LongestBar * _em);
            float middle = baseline - _text.CapHeight / 2;
            float small = middle + _small.CapHeight / 2;
            _small.Draw(canvas, _high, _right, small, SKTextAlign.Right);
            _small.Draw(canvas, _low, barLeft - Gap * _em, small, SKTextAlign.Right);
            DrawBar(canvas, barLeft, barRight, middle - BarHeight / 2);
        }

        private void DrawBarAboveValues(SKCanvas canvas, float baseline)
        {
            float top = MathF.Round(baseline + _text.LineHeight - _text.Ascent + 0.3f * _em);
            DrawBar(canvas, _left, _right, top);
            float small = top + BarHeight + 0.25f * _em + _small.Ascent;
            _small.Draw(canvas, _low, _left, small);
            _small.Draw(canvas, _high, _right, small, SKTextAlign.Right);
        }

        private void DrawBar(SKCanvas canvas, float left, float right, float top) => ColorBar.Draw(
            canvas, new SKRect(left, top, right, top + BarHeight), _legend.Colormap, _legend.Threshold, _legend.Contour);
    }
}
