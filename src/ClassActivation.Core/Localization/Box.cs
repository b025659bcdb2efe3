namespace ClassActivation.Localization;

/// <summary>A box in a photo, in pixels from the upright photo's top left corner.</summary>
/// <param name="Left">The left edge: the first column.</param>
/// <param name="Top">The top edge: the first row.</param>
/// <param name="Right">The right edge: the column after the last.</param>
/// <param name="Bottom">The bottom edge: the row after the last.</param>
public readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    /// <summary>The area in square pixels.</summary>
    public double Area => Math.Max(Right - Left, 0) * Math.Max(Bottom - Top, 0);

    /// <summary>The intersection over union with another box, 0 (apart) to 1 (equal).</summary>
    public double IoU(Box other)
    {
        double intersection = new Box(
            Math.Max(Left, other.Left), Math.Max(Top, other.Top), Math.Min(Right, other.Right), Math.Min(Bottom, other.Bottom)).Area;
        return intersection == 0 ? 0 : intersection / (Area + other.Area - intersection);
    }

    /// <summary>Whether a place lies in the box or at most so many pixels away from it.</summary>
    public bool Contains(double x, double y, double tolerance)
    {
        double beyondX = Math.Max(Math.Max(Left - x, x - Right), 0);
        double beyondY = Math.Max(Math.Max(Top - y, y - Bottom), 0);
        return (beyondX * beyondX) + (beyondY * beyondY) <= tolerance * tolerance;
    }
}
