namespace ClassActivation.Localization;

/// <summary>Pixels of a map that touch: how many, their bounds, their values' sum, and the largest of them.</summary>
internal sealed class Component
{
    private Component? _mergedInto;

    /// <summary>The order by area; of two equal ones the upper, then the left one comes first.</summary>
    public static IComparer<Component> LargestFirst { get; } = Comparer<Component>.Create(static (first, second) =>
        (-first.Area, first.Top, first.Left).CompareTo((-second.Area, second.Top, second.Left)));

    /// <summary>The number of pixels.</summary>
    public int Area { get; private set; }

    /// <summary>The first column.</summary>
    public int Left { get; private set; } = int.MaxValue;

    /// <summary>The first row.</summary>
    public int Top { get; private set; } = int.MaxValue;

    /// <summary>The column after the last.</summary>
    public int Right { get; private set; }

    /// <summary>The row after the last.</summary>
    public int Bottom { get; private set; }

    /// <summary>The sum of the values.</summary>
    public double Sum { get; private set; }

    /// <summary>The sum of the positive values.</summary>
    public double PositiveSum { get; private set; }

    /// <summary>The largest value.</summary>
    public float Peak { get; private set; } = float.NegativeInfinity;

    /// <summary>The column of the largest value.</summary>
    public int PeakColumn { get; private set; }

    /// <summary>The row of the largest value.</summary>
    public int PeakRow { get; private set; }

    /// <summary>The component that this one has become part of; itself where it was not merged.</summary>
    public Component Root
    {
        get
        {
            Component root = this;
            while (root._mergedInto is { } next)
            {
                root = next;
            }

            // Later searches take the short way.
            for (Component step = this; step._mergedInto is { } next; step = next)
            {
                step._mergedInto = root;
            }

            return root;
        }
    }

    /// <summary>Adds one pixel.</summary>
    public void Add(int column, int row, float value)
    {
        Area++;
        Sum += value;
        PositiveSum += Math.Max(value, 0);
        Enclose(column, row, column + 1, row + 1);
        Consider(value, column, row);
    }

    /// <summary>Takes over all pixels of another component.</summary>
    public void Absorb(Component other)
    {
        Area += other.Area;
        Sum += other.Sum;
        PositiveSum += other.PositiveSum;
        Enclose(other.Left, other.Top, other.Right, other.Bottom);
        Consider(other.Peak, other.PeakColumn, other.PeakRow);
        other._mergedInto = this;
    }

    private void Enclose(int left, int top, int right, int bottom)
    {
        Left = Math.Min(Left, left);
        Top = Math.Min(Top, top);
        Right = Math.Max(Right, right);
        Bottom = Math.Max(Bottom, bottom);
    }

    private void Consider(float value, int column, int row)
    {
        if (value > Peak)
        {
            (Peak, PeakColumn, PeakRow) = (value, column, row);
        }
    }
}
