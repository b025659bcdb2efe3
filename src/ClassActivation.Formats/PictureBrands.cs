using System.Text;

namespace ClassActivation.Formats;

/// <summary>The brands in the first box of a HEIF file (ISO/IEC 14496-12, section 4.3).</summary>
internal static class PictureBrands
{
    private const int MostBrands = 64;

    /// <summary>Whether the pictures are compressed with AV1.</summary>
    public static bool IsAvif(ReadOnlySpan<byte> file)
    {
        for (int at = 8; at + 4 <= file.Length && at < 8 + 4 * MostBrands && at < ((file[2] << 8) | file[3]); at += 4)
        {
            if (Encoding.Latin1.GetString(file.Slice(at, 4)) is "avif" or "avis" or "avio")
            {
                return true;
            }
        }

        return false;
    }
}
