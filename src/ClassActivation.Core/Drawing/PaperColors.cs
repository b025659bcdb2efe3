using SkiaSharp;

namespace ClassActivation.Drawing;

/// <summary>The colours of text on white.</summary>
internal static class PaperColors
{
    public static readonly SKColor Text = new(0x1c, 0x1c, 0x1c);
    public static readonly SKColor Secondary = new(0x55, 0x55, 0x55);
}
