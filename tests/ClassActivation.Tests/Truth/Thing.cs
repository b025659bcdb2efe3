namespace ClassActivation.Tests.Truth;

/// <summary>What a cell of a drawn picture can show, and what a detector built for it answers to such a cell.</summary>
internal enum Thing
{
    /// <summary>The colour 230, 25, 25.</summary>
    Red,

    /// <summary>The colour 25, 230, 25.</summary>
    Green,

    /// <summary>The colour 25, 25, 230.</summary>
    Blue,

    /// <summary>Upright stripes of two pixels, white and black.</summary>
    Upright,

    /// <summary>Level stripes of two pixels, white and black.</summary>
    Level,
}
