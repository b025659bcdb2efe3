using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Localization;

/// <summary>A network's input cut into square cells, ranked by a map: the pieces that a part of a photo is made of.</summary>
internal sealed class PartGrid
{
    /// <summary>The cells along a side of the largest block that is given up at once.</summary>
    public const int LargestBlock = 4;

    private const int CellsOfShorterSide = 14;

    private readonly NetworkInput _input;
    private readonly float[] _values;
    private readonly int _rows;
    private readonly int _columns;
    private readonly double[] _scores;

    /// <summary>Cuts an input.</summary>
    /// <param name="map">The map.</param>
    /// <param name="input">The input that it is of.</param>
    public PartGrid(ClassActivationMap map, NetworkInput input)
    {
        _input = input;
        double side = Math.Max(1, (double)Math.Min(input.Width, input.Height) / CellsOfShorterSide);
        _rows = (int)Math.Round(input.Height / side);
        _columns = (int)Math.Round(input.Width / side);
        _values = GridUpsampler.Upsample(map.Values, map.Rows, map.Columns, input.Width, input.Height, Upsampling.AlignCorners);
        _scores = new double[_rows * _columns];
        var counts = new int[_scores.Length];
        for (int pixel = 0; pixel < _values.Length; pixel++)
        {
            int cell = CellOf(pixel);
            _scores[cell] += _values[pixel];
            counts[cell]++;
        }

        for (int cell = 0; cell < _scores.Length; cell++)
        {
            _scores[cell] /= counts[cell];
        }

        bool[] isOfPhoto = CellsOf(map);
        Cells = [.. Enumerable.Range(0, _scores.Length).Where(cell => isOfPhoto[cell]).OrderByDescending(cell => _scores[cell])];
    }

    /// <summary>The cells, the one where the map is highest first.</summary>
    public IReadOnlyList<int> Cells { get; }

    /// <summary>The pixels of the input that lie in none of some cells.</summary>
    public int[] PixelsOutside(IEnumerable<int> cells)
    {
        bool[] isKept = MaskOf(cells);
        return [.. Enumerable.Range(0, isKept.Length).Where(pixel => !isKept[pixel])];
    }

    /// <summary>Some cells in square blocks, the one with the lowest sum of the map first.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="side">The side of a block, in cells.</param>
    public IReadOnlyList<IReadOnlyList<int>> Blocks(IEnumerable<int> cells, int side) =>
        [.. cells.GroupBy(cell => (cell / _columns / side, cell % _columns / side))
            .Select(static block => block.ToArray())
            .OrderBy(block => block.Sum(cell => _scores[cell]))];

    /// <summary>The region that some cells are.</summary>
    public CamRegion ToRegion(ClassActivationMap map, IReadOnlyList<int> cells, SufficiencyTrial trial)
    {
        bool[] mask = MaskOf(cells);
        int[] pixels = [.. Enumerable.Range(0, mask.Length).Where(pixel => mask[pixel])];
        int peak = pixels.MaxBy(pixel => _values[pixel]);
        double positive = _values.Sum(static value => Math.Max(value, 0d));
        double largest = _values.Max();
        (int left, int right) = (pixels.Min(pixel => pixel % _input.Width), pixels.Max(pixel => pixel % _input.Width) + 1);
        (int top, int bottom) = (pixels[0] / _input.Width, (pixels[^1] / _input.Width) + 1);
        PhotoRegion covered = map.Coverage;
        (double wide, double high) = (covered.Width / _input.Width, covered.Height / _input.Height);
        int boxLeft = Math.Max((int)(covered.Left + (left * wide)), 0), boxTop = Math.Max((int)(covered.Top + (top * high)), 0);
        return new CamRegion(map)
        {
            Number = 1,
            Left = boxLeft,
            Top = boxTop,
            Width = Math.Min((int)Math.Ceiling(covered.Left + (right * wide)), map.PhotoWidth) - boxLeft,
            Height = Math.Min((int)Math.Ceiling(covered.Top + (bottom * high)), map.PhotoHeight) - boxTop,
            Area = (int)Math.Round(pixels.Length * wide * high),
            Peak = _values[peak],
            PeakX = Math.Clamp((int)(covered.Left + ((peak % _input.Width + 0.5) * wide)), 0, map.PhotoWidth - 1),
            PeakY = Math.Clamp((int)(covered.Top + ((peak / _input.Width + 0.5) * high)), 0, map.PhotoHeight - 1),
            Mean = pixels.Average(pixel => (double)_values[pixel]),
            Share = positive > 0 ? pixels.Sum(pixel => Math.Max(_values[pixel], 0d)) / positive : 0,
            Threshold = largest > 0 ? Math.Clamp(pixels.Min(pixel => _values[pixel]) / largest, 0, 1) : 0,
            ProbabilityAlone = trial.Probability,
            Passes = trial.Passes,
            Mask = [.. mask.Chunk(_input.Width)],
        };
    }

    /// <summary>Which cells show something of the photo: in a margin there is nothing to keep.</summary>
    private bool[] CellsOf(ClassActivationMap map)
    {
        var isOfPhoto = new bool[_scores.Length];
        PhotoRegion covered = map.Coverage;
        for (int pixel = 0; pixel < _values.Length; pixel++)
        {
            double x = covered.Left + ((pixel % _input.Width + 0.5) * covered.Width / _input.Width);
            double y = covered.Top + ((pixel / _input.Width + 0.5) * covered.Height / _input.Height);
            isOfPhoto[CellOf(pixel)] |= x >= 0 && y >= 0 && x <= map.PhotoWidth && y <= map.PhotoHeight;
        }

        return isOfPhoto;
    }

    private bool[] MaskOf(IEnumerable<int> cells)
    {
        var isKept = new bool[_scores.Length];
        foreach (int cell in cells)
        {
            isKept[cell] = true;
        }

        return [.. Enumerable.Range(0, _values.Length).Select(pixel => isKept[CellOf(pixel)])];
    }

    private int CellOf(int pixel) =>
        (pixel / _input.Width * _rows / _input.Height * _columns) + (pixel % _input.Width * _columns / _input.Width);
}
