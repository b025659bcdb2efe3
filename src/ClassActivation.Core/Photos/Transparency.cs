namespace ClassActivation.Photos;

/// <summary>What is seen through transparent pixels.</summary>
internal static class Transparency
{
    /// <summary>Puts pixels over white, in place.</summary>
    /// <param name="pixels">Red, green, blue and alpha of each pixel; colours are not multiplied by alpha.</param>
    public static void CompositeOverWhite(Span<byte> pixels)
    {
        for (int i = 0; i < pixels.Length; i += 4)
        {
            int alpha = pixels[i + 3];
            if (alpha == 255)
            {
                continue;
            }

            int white = (255 - alpha) * 255 + 127;
            pixels[i] = (byte)((pixels[i] * alpha + white) / 255);
            pixels[i + 1] = (byte)((pixels[i + 1] * alpha + white) / 255);
            pixels[i + 2] = (byte)((pixels[i + 2] * alpha + white) / 255);
            pixels[i + 3] = 255;
        }
    }
}
