namespace ClassActivation.Photos;

/// <summary>What a photo may ask for.</summary>
internal static class PhotoLimits
{
    /// <summary>Refuses a photo of more pixels than its source allows, or than an array holds.</summary>
    /// <exception cref="PhotoException">It has more.</exception>
    public static void CheckSize(int width, int height, PhotoSource source)
    {
        if ((long)width * height > source.MaxPixels)
        {
            throw source.Failed(
                PhotoFailure.TooLarge,
                $"has {width}×{height} pixels, more than the {source.MaxPixels:N0} that are allowed; make it smaller, or"
                + " allow more where you trust it");
        }

        if (4L * width * height > Array.MaxLength)
        {
            throw source.Failed(PhotoFailure.TooLarge, $"is too large with its {width}×{height} pixels; give a smaller copy of it");
        }
    }
}
