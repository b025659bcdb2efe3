using ClassActivation.Interchange;
using ClassActivation.Photos;

namespace ClassActivation.Batch;

/// <summary>One line of a batch's results: what was found about a photo, or why it was refused.</summary>
internal sealed record BatchRow
{
    /// <summary>The photo's place in the batch, from 0.</summary>
    public required long Number { get; init; }

    /// <summary>Which of the photo's answers it is, from 1; 0 for a photo that was refused.</summary>
    public required int Answer { get; init; }

    /// <summary>Which photo it is.</summary>
    public required PhotoIdentity Photo { get; init; }

    /// <summary>The id of the error that refused the photo; empty for none.</summary>
    public string Error { get; init; } = "";

    /// <summary>What was wrong, in words.</summary>
    public string Message { get; init; } = "";

    /// <summary>The map without its values; null for a photo that was refused.</summary>
    public MapDescription? Map { get; init; }

    /// <summary>The rows of the map.</summary>
    public int Rows { get; init; }

    /// <summary>The columns of the map.</summary>
    public int Columns { get; init; }

    /// <summary>The smallest value of the map.</summary>
    public float Minimum { get; init; }

    /// <summary>The largest value of the map.</summary>
    public float Maximum { get; init; }

    /// <summary>The name of the answer's files in the archives, without an extension.</summary>
    public string EntryName => $"{Number:0000000000}-{Answer}";
}
