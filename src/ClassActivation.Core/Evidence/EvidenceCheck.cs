namespace ClassActivation.Evidence;

/// <summary>Whether evidence still holds, and where it does not.</summary>
public sealed record EvidenceCheck
{
    /// <summary>The bundle's folder.</summary>
    public required string Path { get; init; }

    /// <summary>Whether everything below is as it was.</summary>
    public bool Holds => Reason.Length == 0;

    /// <summary>What does not hold, in words; empty where all does.</summary>
    public required string Reason { get; init; }

    /// <summary>The label of the class or concept that the map explains.</summary>
    public required string Label { get; init; }

    /// <summary>The label that was expected of the photo; empty where none was given.</summary>
    public required string ExpectedLabel { get; init; }

    /// <summary>The label of the class that was most probable.</summary>
    public required string PredictedLabel { get; init; }

    /// <summary>The label of the class that is most probable now; empty where it was not computed again.</summary>
    public required string PredictedNow { get; init; }

    /// <summary>Whether the files of the bundle are those that were written.</summary>
    public required bool FilesAreSame { get; init; }

    /// <summary>Whether the photo's bytes are those that were explained.</summary>
    public required bool PhotoIsSame { get; init; }

    /// <summary>Whether the network is the one that was asked.</summary>
    public required bool NetworkIsSame { get; init; }

    /// <summary>How far the probability is from the one that was written; not a number where it was not computed again.</summary>
    public required double ProbabilityDifference { get; init; }

    /// <summary>
    /// The largest difference of a value of the map, as a share of the map's range; not a number where it was not computed
    /// again.
    /// </summary>
    public required double MapDifference { get; init; }
}
