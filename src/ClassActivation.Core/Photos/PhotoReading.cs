namespace ClassActivation.Photos;

/// <summary>What a photo's file says beside its pixels, and what becomes of it.</summary>
public enum PhotoReading
{
    /// <summary>Turned upright by the orientation that the file states; transparent pixels over white.</summary>
    Upright,

    /// <summary>As Keras' <c>load_img</c>: as the pixels are stored, not turned, and without their transparency.</summary>
    AsStored,
}
