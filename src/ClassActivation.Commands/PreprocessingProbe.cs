using ClassActivation.Import.Pixels;

namespace ClassActivation.Commands;

/// <summary>What a network answers to a photo of a known class where its pixels are prepared in one of the usual ways.</summary>
public sealed class PreprocessingProbe
{
    /// <summary>The way, as <c>ConvertTo-CamModel -Preprocessing</c> takes it.</summary>
    public required InputPreprocessing Preprocessing { get; init; }

    /// <summary>The rank among the ways: 1 gives the class the highest probability.</summary>
    public int Rank { get; internal set; }

    /// <summary>The probability of the photo's own class.</summary>
    public required double Probability { get; init; }

    /// <summary>The rank of that class among all.</summary>
    public required int ClassRank { get; init; }

    /// <summary>The label of that class.</summary>
    public required string Label { get; init; }

    /// <summary>The label of the class that the network answers with.</summary>
    public required string Answer { get; init; }
}
