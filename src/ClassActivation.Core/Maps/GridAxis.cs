namespace ClassActivation.Maps;

/// <summary>Along one side of a picture: the pixels that a map covers, and between which of its cells each one lies.</summary>
internal readonly struct GridAxis
{
    /// <param name="cells">Cells of the map along the side.</param>
    /// <param name="pixels">Pixels of the picture along the side.</param>
    /// <param name="coveredFrom">Where the covered part begins, in pixels; below 0 where it reaches beyond the picture.</param>
    /// <param name="coveredLength">How long the covered part is, in pixels.</param>
    /// <param name="mode">Where the cells lie.</param>
    public GridAxis(int cells, int pixels, double coveredFrom, double coveredLength, Upsampling mode)
    {
        double start = Math.Round(coveredFrom), end = Math.Round(coveredFrom + coveredLength);
        First = (int)Math.Clamp(start, 0, pixels - 1);
        Length = (int)Math.Clamp(end, First + 1, pixels) - First;
        // Of a map that reaches beyond the picture, the middle is seen.
        double before = First - Math.Min(start, First), whole = Math.Max(end, First + Length) - First + before;
        Cells = new int[Length];
        Fractions = new double[Length];
        for (int i = 0; i < Length; i++)
        {
            double place = mode == Upsampling.HalfPixel ? (before + i + 0.5) * cells / whole - 0.5
                : whole <= 1 ? 0
                : (before + i) * (cells - 1) / (whole - 1);
            place = Math.Clamp(place, 0, cells - 1);
            Cells[i] = (int)place;
            Fractions[i] = place - Cells[i];
        }
    }

    /// <summary>The first covered pixel.</summary>
    public int First { get; }

    /// <summary>The number of covered pixels, 1 or more.</summary>
    public int Length { get; }

    /// <summary>For each covered pixel the cell at or before it.</summary>
    public int[] Cells { get; }

    /// <summary>For each covered pixel how far it lies on the way to the next cell, 0 up to 1.</summary>
    public double[] Fractions { get; }
}
