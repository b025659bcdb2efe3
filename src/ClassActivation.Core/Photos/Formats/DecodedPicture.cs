namespace ClassActivation.Photos.Formats;

/// <summary>The pixels of a picture.</summary>
/// <param name="Width">Width in pixels as stored.</param>
/// <param name="Height">Height in pixels as stored.</param>
/// <param name="Pixels">
/// Rows of red, green, blue and alpha, <c>4 · Width · Height</c> bytes; colours are not multiplied by alpha.
/// </param>
/// <param name="Orientation">How the picture is turned upright: 1 to 8 as in TIFF 6.0, tag 274; 1 is upright.</param>
public sealed record DecodedPicture(int Width, int Height, byte[] Pixels, int Orientation = 1);
