using System.Numerics;
using System.Numerics.Tensors;

namespace ClassActivation.Faithfulness;

/// <summary>
/// The linear imputation of Rong et al. 2022, "A Consistent and Efficient Evaluation Strategy for Attribution Methods": each
/// missing pixel is the mean of its eight neighbours, missing or not, weighted 1/6 beside and 1/12 diagonally; beyond the
/// edges there are none, and the other weights make up for them.
/// </summary>
/// <remarks>
/// The equations of the missing pixels are symmetric and positive definite. They are solved by conjugate gradients that
/// start from the solution at half the size, down to a size at which nothing is missing: the gaps' smooth part, which
/// conjugate gradients find slowly, is then already there.
/// </remarks>
internal sealed class LinearImputation
{
    /// <summary>
    /// The root mean square of the residual, in grey levels, at which a channel counts as solved: the values are then off by
    /// a third of a level or so, an eighth of the noise that follows.
    /// </summary>
    public const double DefaultTolerance = 5e-4;

    private const double Beside = 1.0 / 6;
    private const double Diagonal = 1.0 / 12;

    private readonly int _width;
    private readonly int _height;

    // Grids have a rim of zeros, so that every pixel has eight neighbours, and room for a whole vector at the end.
    private readonly int _stride;
    private readonly int _length;
    private readonly double[] _missing;
    private readonly double[] _weightSum;
    private readonly int _missingCount;
    private readonly LinearImputation? _coarser;

    /// <summary>Sets the equations up.</summary>
    /// <param name="width">The width of the picture.</param>
    /// <param name="height">The height of the picture.</param>
    /// <param name="missing">Which pixels are missing, row by row; not all.</param>
    public LinearImputation(int width, int height, bool[] missing)
    {
        (_width, _height, _stride) = (width, height, width + 2);
        _length = (_stride * (height + 2)) + Vector<double>.Count;
        _missing = new double[_length];
        _weightSum = new double[_length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                if (missing[(y * width) + x])
                {
                    _missing[At(x, y)] = 1;
                    _missingCount++;
                }

                int columns = Count(x, width);
                int rows = Count(y, height);
                int beside = columns + rows - 2;
                _weightSum[At(x, y)] = (beside * Beside) + (((columns * rows) - 1 - beside) * Diagonal);
            }
        }

        if (_missingCount == missing.Length)
        {
            throw new ArgumentException("Where all pixels are missing there is nothing to impute from.", nameof(missing));
        }

        if (_missingCount > 0)
        {
            _coarser = new LinearImputation((width + 1) / 2, (height + 1) / 2, Coarser(missing));
        }

        static int Count(int position, int length) => 1 + (position > 0 ? 1 : 0) + (position < length - 1 ? 1 : 0);
    }

    /// <summary>One channel of the imputed picture, without noise, row by row.</summary>
    /// <param name="known">The channel's values, row by row; those of missing pixels are not looked at.</param>
    /// <param name="tolerance">The root mean square of the residual, in grey levels, at which the equations count as solved.</param>
    public double[] Solve(ReadOnlySpan<double> known, double tolerance = DefaultTolerance)
    {
        var grid = new double[_length];
        for (int y = 0; y < _height; y++)
        {
            known.Slice(y * _width, _width).CopyTo(grid.AsSpan(At(0, y)));
        }

        Solve(grid, tolerance);
        var solved = new double[known.Length];
        for (int y = 0; y < _height; y++)
        {
            grid.AsSpan(At(0, y), _width).CopyTo(solved.AsSpan(y * _width));
        }

        return solved;
    }

    private int At(int x, int y) => ((y + 1) * _stride) + x + 1;

    private void Solve(double[] grid, double tolerance)
    {
        if (_coarser is null)
        {
            return;
        }

        double[] coarse = Restrict(grid, _coarser);
        _coarser.Solve(coarse, tolerance);
        Prolong(coarse, _coarser, grid);
        Refine(grid, tolerance);
    }

    private void Refine(double[] grid, double tolerance)
    {
        var residual = new double[_length];
        Apply(grid, residual);
        TensorPrimitives.Negate(residual, residual);
        double[] direction = [.. residual];
        var applied = new double[_length];
        double square = TensorPrimitives.SumOfSquares<double>(residual);
        double enough = tolerance * tolerance * _missingCount;
        for (int i = 0; i < _missingCount && square > enough; i++)
        {
            Apply(direction, applied);
            double step = square / TensorPrimitives.Dot<double>(direction, applied);
            TensorPrimitives.MultiplyAdd(direction, step, grid, grid);
            TensorPrimitives.MultiplyAdd(applied, -step, residual, residual);
            double next = TensorPrimitives.SumOfSquares<double>(residual);
            TensorPrimitives.MultiplyAdd(direction, next / square, residual, direction);
            square = next;
        }
    }

    /// <summary>For each missing pixel its weight sum times itself, less its weighted neighbours; 0 for the others.</summary>
    private void Apply(double[] grid, double[] result)
    {
        ReadOnlySpan<double> values = grid;
        var beside = new Vector<double>(Beside);
        var diagonal = new Vector<double>(Diagonal);
        for (int i = _stride + 1; i < _stride * (_height + 1); i += Vector<double>.Count)
        {
            int above = i - _stride;
            int below = i + _stride;
            Vector<double> missing = new(_missing, i);
            Vector<double> own = new Vector<double>(_weightSum, i) * Load(values, i);
            Vector<double> near = Load(values, above) + Load(values, below) + Load(values, i - 1) + Load(values, i + 1);
            Vector<double> far = Load(values, above - 1) + Load(values, above + 1) + Load(values, below - 1) + Load(values, below + 1);
            (missing * (own - (near * beside) - (far * diagonal))).CopyTo(result, i);
        }

        static Vector<double> Load(ReadOnlySpan<double> values, int at) => new(values[at..]);
    }

    private bool[] Coarser(bool[] missing)
    {
        (int width, int height) = ((_width + 1) / 2, (_height + 1) / 2);
        var coarser = new bool[width * height];
        Array.Fill(coarser, true);
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                coarser[(y / 2 * width) + (x / 2)] &= missing[(y * _width) + x];
            }
        }

        return coarser;
    }

    private double[] Restrict(double[] grid, LinearImputation coarser)
    {
        var sums = new double[coarser._length];
        var counts = new double[coarser._length];
        for (int y = 0; y < _height; y++)
        {
            for (int x = 0; x < _width; x++)
            {
                double known = 1 - _missing[At(x, y)];
                sums[coarser.At(x / 2, y / 2)] += known * grid[At(x, y)];
                counts[coarser.At(x / 2, y / 2)] += known;
            }
        }

        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] = counts[i] > 0 ? sums[i] / counts[i] : 0;
        }

        return sums;
    }

    private void Prolong(double[] coarse, LinearImputation coarser, double[] grid)
    {
        for (int y = 0; y < _height; y++)
        {
            (int y0, int y1) = Nearest(y, coarser._height);
            for (int x = 0; x < _width; x++)
            {
                if (_missing[At(x, y)] == 0)
                {
                    continue;
                }

                (int x0, int x1) = Nearest(x, coarser._width);
                grid[At(x, y)] =
                    (0.75 * ((0.75 * coarse[coarser.At(x0, y0)]) + (0.25 * coarse[coarser.At(x1, y0)])))
                    + (0.25 * ((0.75 * coarse[coarser.At(x0, y1)]) + (0.25 * coarse[coarser.At(x1, y1)])));
            }
        }

        static (int Own, int Next) Nearest(int position, int length) =>
            (position / 2, Math.Clamp((position / 2) + ((position % 2 * 2) - 1), 0, length - 1));
    }
}
