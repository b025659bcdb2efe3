namespace ClassActivation.Commands;

/// <summary>A picture that was written.</summary>
public sealed class CamPicture
{
    /// <summary>The picture's full path.</summary>
    public required string FullName { get; init; }

    /// <summary>
    /// The picture's path as PowerShell's own cmdlets take it from the pipeline: as it is. They would take a Path for a
    /// pattern, and miss a name with brackets.
    /// </summary>
    public string PSPath => PhotoSources.FileSystemPrefix + FullName;

    /// <summary>The picture's file name.</summary>
    public string Name => Path.GetFileName(FullName);

    /// <summary>The photo that was drawn over; null where the picture shows several.</summary>
    public string? PhotoPath { get; init; }

    /// <summary>The label of the class that the picture explains; null where it explains several.</summary>
    public string? Label { get; init; }

    /// <summary>The probability of that class, 0 to 1; null where the picture explains several.</summary>
    public double? Probability { get; init; }

    /// <summary>The picture's width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>The picture's height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The file's size in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The picture's full path.</summary>
    public override string ToString() => FullName;
}
