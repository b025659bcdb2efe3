namespace ClassActivation.Drawing;

/// <summary>What stands below a drawn map: what it shows, and what its colours mean.</summary>
public sealed record Legend
{
    /// <summary>What the map shows.</summary>
    public required string Title { get; init; }

    /// <summary>What stands behind the title, such as a probability; may be empty.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The values at the ends of the colours.</summary>
    public required ColorScale Scale { get; init; }

    /// <summary>The colours.</summary>
    public required Colormap Colormap { get; init; }

    /// <summary>The normalised value below which the photo was left as it is.</summary>
    public double? Threshold { get; init; }

    /// <summary>The normalised value at which a level line was drawn.</summary>
    public double? Contour { get; init; }
}
