using ClassActivation.Drawing;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Truth;

/// <summary>Draws things on a background of grey noise.</summary>
internal static class TruthPicture
{
    private const int StripeWidth = 2;

    /// <summary>The picture as a PNG in memory.</summary>
    public static PhotoSource Draw(IReadOnlyList<Placed> things)
    {
        var random = new Random(5);
        var pixels = new byte[TruthNetwork.Side * TruthNetwork.Side * 4];
        for (int i = 0; i < pixels.Length / 4; i++)
        {
            (int x, int y) = (i % TruthNetwork.Side, i / TruthNetwork.Side);
            int noise = random.Next(108, 149);
            Placed? placed = things.LastOrDefault(thing => thing.Covers(x / TruthNetwork.Cell, y / TruthNetwork.Cell));
            (int red, int green, int blue) = placed?.Thing switch
            {
                Thing.Red => (230, 25, 25),
                Thing.Green => (25, 230, 25),
                Thing.Blue => (25, 25, 230),
                Thing.Upright => Grey(IsWhite(x)),
                Thing.Level => Grey(IsWhite(y)),
                _ => (noise, noise, noise),
            };
            (pixels[4 * i], pixels[(4 * i) + 1], pixels[(4 * i) + 2], pixels[(4 * i) + 3]) = ((byte)red, (byte)green, (byte)blue, 255);
        }

        using var stream = new MemoryStream();
        PhotoEncoder.Encode(new Photo(TruthNetwork.Side, TruthNetwork.Side, pixels), PictureFormat.Png, 100, stream);
        return PhotoSource.FromMemory("drawn.png", stream.ToArray());
    }

    /// <summary>Whether a stripe at some distance from a cell's edge is white.</summary>
    public static bool IsWhite(int pixel) => pixel / StripeWidth % 2 == 0;

    private static (int, int, int) Grey(bool isWhite) => isWhite ? (255, 255, 255) : (0, 0, 0);
}
