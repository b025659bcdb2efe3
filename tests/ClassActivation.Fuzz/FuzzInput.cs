using ClassActivation.Photos;

namespace ClassActivation.Fuzz;

/// <summary>One input. The same seed and index give the same one, in any process.</summary>
/// <param name="Kind">The format and variant that it was made from.</param>
/// <param name="Extension">Its file name extension.</param>
/// <param name="Content">Its bytes.</param>
internal sealed record FuzzInput(string Kind, string Extension, byte[] Content)
{
    // Large photos may take seconds by right; what is looked for is time that no size explains.
    private const long MaxPixels = 4_000_000;

    /// <summary>The input as a photo in memory.</summary>
    public PhotoSource Source => PhotoSource.FromMemory("photo", Content).WithMaxPixels(MaxPixels);

    /// <summary>Makes an input.</summary>
    public static FuzzInput Make(int seed, int index)
    {
        Random random = RandomOf(seed, index);
        IReadOnlyList<SeedPhoto> photos = random.Next(200) == 0 ? SeedPhotos.Large : SeedPhotos.Small;
        SeedPhoto photo = photos[random.Next(photos.Count)];
        // A few stay whole, so that a run shows that whole photos get through.
        return new FuzzInput(photo.Kind, photo.Extension, random.Next(100) == 0 ? photo.Content : Mutations.Damage(photo.Content, random));
    }

    /// <summary>What is drawn at random for an input.</summary>
    public static Random RandomOf(int seed, int index) => new(unchecked(seed * 1_000_003 + index));
}
