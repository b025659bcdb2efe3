namespace ClassActivation.Photos;

/// <summary>What the sequence of markers that makes up a JPEG file tells (ITU-T T.81, annex B).</summary>
/// <param name="IsProgressive">Whether the picture comes in scans that refine each other.</param>
/// <param name="ScanCount">The number of scans. A decoder goes through the whole picture for each.</param>
/// <param name="HasEnd">Whether the end-of-image marker is there.</param>
internal readonly record struct JpegStructure(bool IsProgressive, int ScanCount, bool HasEnd)
{
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;
    private const byte ProgressiveFrame = 0xC2;

    /// <summary>The bytes with which every JPEG file begins.</summary>
    public static ReadOnlySpan<byte> Start => [0xFF, StartOfImage, 0xFF];

    /// <summary>Goes through the markers up to the end of the image.</summary>
    public static JpegStructure Read(ReadOnlySpan<byte> jpeg)
    {
        bool isProgressive = false;
        int scanCount = 0;
        int at = 2;
        while (true)
        {
            int next = jpeg[at..].IndexOf((byte)0xFF);
            at += next + 1;
            if (next < 0 || at >= jpeg.Length)
            {
                return new JpegStructure(isProgressive, scanCount, HasEnd: false);
            }

            switch (jpeg[at])
            {
                case EndOfImage:
                    return new JpegStructure(isProgressive, scanCount, HasEnd: true);

                // A fill byte, a stuffed zero, a restart: no segment follows.
                case 0xFF:
                    break;
                case 0x00 or 0x01 or (>= 0xD0 and <= 0xD7):
                    at++;
                    break;
                case byte marker:
                    isProgressive |= marker == ProgressiveFrame;
                    scanCount += marker == StartOfScan ? 1 : 0;
                    if (at + 2 >= jpeg.Length)
                    {
                        return new JpegStructure(isProgressive, scanCount, HasEnd: false);
                    }

                    at = Math.Min(at + 1 + (jpeg[at + 1] << 8 | jpeg[at + 2]), jpeg.Length);
                    break;
            }
        }
    }
}
