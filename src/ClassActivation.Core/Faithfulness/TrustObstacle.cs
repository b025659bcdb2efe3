namespace ClassActivation.Faithfulness;

/// <summary>Why a map cannot be put to the test.</summary>
internal enum TrustObstacle
{
    /// <summary>It is the difference of two maps.</summary>
    Difference,

    /// <summary>It explains the likeness to another photo, which has no probability.</summary>
    Likeness,

    /// <summary>It is an average over several scales, or with that of the mirror image.</summary>
    Average,

    /// <summary>Its sizes do not follow from its settings, as of a map that another program made.</summary>
    UnknownInput,

    /// <summary>The network has no such class, concept or layer.</summary>
    OtherNetwork,
}
