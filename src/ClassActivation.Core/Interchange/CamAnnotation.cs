namespace ClassActivation.Interchange;

/// <summary>A box of a class in a photo, as files of other tools hold it.</summary>
public sealed class CamAnnotation
{
    /// <summary>The photo: a full path, or what the file calls it.</summary>
    public required string Path { get; init; }

    /// <summary>The class's label.</summary>
    public required string Label { get; init; }

    /// <summary>The class's position in the network's predictions, from 0; -1 where the file does not say.</summary>
    public int ClassIndex { get; init; } = -1;

    /// <summary>The left edge, in pixels of the upright photo.</summary>
    public required double Left { get; init; }

    /// <summary>The top edge, in pixels of the upright photo.</summary>
    public required double Top { get; init; }

    /// <summary>The width in pixels of the photo.</summary>
    public required double Width { get; init; }

    /// <summary>The height in pixels of the photo.</summary>
    public required double Height { get; init; }

    /// <summary>The width in pixels of the upright photo; 0 where it is not known.</summary>
    public int PhotoWidth { get; init; }

    /// <summary>The height in pixels of the upright photo; 0 where it is not known.</summary>
    public int PhotoHeight { get; init; }

    /// <summary>How sure it is that the class is there, 0 to 1; null for what people marked.</summary>
    public double? Score { get; init; }

    /// <summary>The label and the box.</summary>
    public override string ToString() => ShownText.Of($"{Label} at {Left:0.##},{Top:0.##} ({Width:0.##}×{Height:0.##})");
}
