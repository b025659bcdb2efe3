namespace ClassActivation.Photos;

/// <summary>How a photo's file becomes the pixels that the network is shown.</summary>
public enum PhotoDecoding
{
    /// <summary>All pixels are decoded.</summary>
    Exact,

    /// <summary>A JPEG that is much larger than needed is decoded at a reduced scale.</summary>
    Fast,
}
