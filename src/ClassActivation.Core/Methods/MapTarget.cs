namespace ClassActivation.Methods;

/// <summary>
/// What a map explains: a score that is linear in the pooled features, <c>logit = Σ_k F_k w_k + b</c>, of a class, of the
/// classes of a concept, or of one of them against others.
/// </summary>
internal sealed record MapTarget
{
    /// <summary>The class, -1 for a concept.</summary>
    public required int ClassIndex { get; init; }

    /// <summary>The WordNet id of the class or concept.</summary>
    public required string WordNetId { get; init; }

    /// <summary>The label of the class, or the name of the concept.</summary>
    public required string Label { get; init; }

    /// <summary>The class, or the classes of the concept.</summary>
    public required IReadOnlyList<int> Members { get; init; }

    /// <summary>The rank among all classes, or among the concepts asked for.</summary>
    public required int Rank { get; init; }

    /// <summary>The probability of the members together.</summary>
    public required double Probability { get; init; }

    /// <summary>The score.</summary>
    public required float Logit { get; init; }

    /// <summary>The combination of logits that is explained: how much each counts, C values.</summary>
    public required float[] Shares { get; init; }

    /// <summary>w, K values; none where the network's head is not linear.</summary>
    public required float[] Weights { get; init; }

    /// <summary>b.</summary>
    public required float Bias { get; init; }

    /// <summary>The labels of the classes that the target is set against, empty where there are none.</summary>
    public string Contrast { get; init; } = "";

    /// <summary>The indexes of the classes, and the WordNet ids of the concepts, that the target is set against.</summary>
    public IReadOnlyList<string> ContrastClasses { get; init; } = [];
}
