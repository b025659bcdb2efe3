namespace ClassActivation.Imaging;

/// <summary>The sequence of markers that makes up a JPEG file (ITU-T T.81, annex B).</summary>
internal static class JpegStructure
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte ProgressiveFrame = 0xC2;

    /// <summary>The bytes with which every JPEG file begins.</summary>
    public static ReadOnlySpan<byte> Start => [0xFF, StartOfImage, 0xFF];

    /// <summary>
    /// Whether the file is progressive and its end-of-image marker is missing, so that scans may be missing too. In other
    /// files the decoder notices when pixels are missing.
    /// </summary>
    public static bool IsProgressiveWithoutEnd(ReadOnlySpan<byte> jpeg)
    {
        bool progressive = false;
        int at = 2;
        while (true)
        {
            int next = jpeg[at..].IndexOf((byte)0xFF);
            at += next + 1;
            if (next < 0 || at >= jpeg.Length)
            {
                return progressive;
            }

            switch (jpeg[at])
            {
                case EndOfImage:
                    return false;

                // A fill byte, a stuffed zero, a restart: no segment follows.
                case 0xFF:
                    break;
                case 0x00 or 0x01 or (>= 0xD0 and <= 0xD7):
                    at++;
                    break;

                // With one frame per file, its kind is known when the first scan begins.
                case StartOfScan when !progressive:
                    return false;
                case byte marker:
                    progressive |= marker == ProgressiveFrame;
                    if (at + 2 >= jpeg.Length)
                    {
                        return progressive;
                    }

                    at = Math.Min(at + 1 + (jpeg[at + 1] << 8 | jpeg[at + 2]), jpeg.Length);
                    break;
            }
        }
    }
}
