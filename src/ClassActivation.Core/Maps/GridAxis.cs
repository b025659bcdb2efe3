namespace ClassActivation.Maps;

/// <summary>Along one side of a picture: the pixels that a map covers, and between which of its cells each one lies.</summary>
internal readonly struct GridAxis
{
    /// <param name="cells">Cells of the map along the side.</param>
    /// <param name="pixels">Pixels of the picture along the side.</param>
    /// <param name="coveredFrom">Where the covered part begins, in pixels.</param>
    /// <param name="coveredLength">How long the covered part is, in pixels.</param>
    /// <param name="mode">Where the cells lie.</param>
    public GridAxis(int cells, int pixels, double coveredFrom, double coveredLength, Upsampling mode)
    {
        First = (int)Math.Clamp(Math.Round(coveredFrom), 0, pixels - 1);
        Length = (int)Math.Clamp(Math.Round(coveredFrom + coveredLength), First + 1, pixels) - First;
        Cells = new int[Length];
        Fractions = new double[Length];
        for (int i = 0; i < Length; i++)
        {
            double place = mode == Upsampling.HalfPixel ? (i + 0.5) * cells / Length - 0.5
                : Length == 1 ? 0
                : (double)i * (cells - 1) / (Length - 1);
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
