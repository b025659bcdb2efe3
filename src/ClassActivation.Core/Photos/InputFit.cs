namespace ClassActivation.Photos;

/// <summary>How a photo is brought to the size that a network sees.</summary>
public enum InputFit
{
    /// <summary>The whole photo with its shape kept, the shorter side at the resolution.</summary>
    FullFrame,

    /// <summary>The whole photo squeezed into a square, as Keras does it.</summary>
    Stretch,

    /// <summary>
    /// The square in the middle of the photo, as torchvision's recipes do it: shorter side to 256/224 of the resolution, then
    /// cut out.
    /// </summary>
    CenterCrop,

    /// <summary>The largest square in the middle of the photo, as Teachable Machine does it: shorter side to the resolution.</summary>
    CenterSquare,

    /// <summary>
    /// The whole photo with its shape kept, in the middle of a square: longer side to the resolution, and a margin in one colour.
    /// </summary>
    Letterbox,
}
