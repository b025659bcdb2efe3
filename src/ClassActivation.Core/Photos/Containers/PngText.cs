using System.IO.Compression;

namespace ClassActivation.Photos.Containers;

/// <summary>A text in a PNG file: a keyword and what it says, packed or not (PNG specification, third edition, section 11.3.3).</summary>
internal sealed class PngText
{
    private readonly byte[] _chunk;
    private readonly int _keywordLength;
    private readonly int _start;
    private readonly bool _isCompressed;

    private PngText(byte[] chunk, int keywordLength, int start, bool isCompressed) =>
        (_chunk, _keywordLength, _start, _isCompressed) = (chunk, keywordLength, start, isCompressed);

    /// <summary>Whether chunks of a type hold texts.</summary>
    public static bool IsText(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("tEXt"u8) || type.SequenceEqual("zTXt"u8) || type.SequenceEqual("iTXt"u8);

    /// <summary>Finds the keyword and the text; null where the chunk is damaged.</summary>
    /// <param name="type">The chunk's type.</param>
    /// <param name="chunk">The chunk's content.</param>
    public static PngText? Parse(ReadOnlySpan<byte> type, byte[] chunk)
    {
        int keywordLength = chunk.AsSpan().IndexOf((byte)0);
        int start = keywordLength + 1;
        if (keywordLength < 0 || type.SequenceEqual("tEXt"u8))
        {
            return keywordLength < 0 ? null : new PngText(chunk, keywordLength, start, isCompressed: false);
        }

        // The method of compression, of which there is one.
        if (type.SequenceEqual("zTXt"u8))
        {
            return start < chunk.Length ? new PngText(chunk, keywordLength, start + 1, isCompressed: true) : null;
        }

        // Whether it is compressed, by which method, a language, a translated keyword.
        bool isCompressed = start < chunk.Length && chunk[start] == 1;
        start += 2;
        for (int i = 0; i < 2; i++)
        {
            int length = start <= chunk.Length ? chunk.AsSpan(start).IndexOf((byte)0) : -1;
            if (length < 0)
            {
                return null;
            }

            start += length + 1;
        }

        return new PngText(chunk, keywordLength, start, isCompressed);
    }

    /// <summary>
    /// The bytes that ImageMagick writes as hexadecimal digits: a line with the profile's name, one with its length, and the
    /// digits in as many lines as they need. Null where it is nothing such.
    /// </summary>
    public static byte[]? RawProfile(ReadOnlySpan<byte> text)
    {
        for (int line = 0; line < 3; line++)
        {
            int end = text.IndexOf((byte)'\n');
            if (end < 0)
            {
                return null;
            }

            text = text[(end + 1)..];
        }

        var bytes = new byte[text.Length / 2];
        int digits = 0;
        foreach (byte character in text)
        {
            int digit = character switch
            {
                >= (byte)'0' and <= (byte)'9' => character - '0',
                >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
                (byte)'\n' or (byte)'\r' or (byte)' ' or (byte)'\t' or 0 => -1,
                _ => 16,
            };
            if (digit > 15)
            {
                return null;
            }

            if (digit >= 0 && digits / 2 < bytes.Length)
            {
                bytes[digits / 2] |= (byte)(digit << (digits % 2 == 0 ? 4 : 0));
                digits++;
            }
        }

        return bytes[..(digits / 2)];
    }

    /// <summary>What zlib data unpack to; null where they are damaged or it is longer than allowed.</summary>
    public static byte[]? Decompressed(ReadOnlySpan<byte> zlib, int most)
    {
        using var source = new MemoryStream(zlib.ToArray());
        using var inflater = new ZLibStream(source, CompressionMode.Decompress);
        using var result = new MemoryStream();
        var piece = new byte[16_384];
        try
        {
            for (int read; (read = inflater.Read(piece)) > 0;)
            {
                if (result.Length + read > most)
                {
                    return null;
                }

                result.Write(piece, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return result.ToArray();
    }

    /// <summary>Whether the keyword is a given one.</summary>
    public bool HasKeyword(ReadOnlySpan<byte> keyword) => _chunk.AsSpan(0, _keywordLength).SequenceEqual(keyword);

    /// <summary>The text's bytes, unpacked; null where they are damaged or too long.</summary>
    public byte[]? Content() => _isCompressed ? Decompressed(_chunk.AsSpan(_start), PictureMetadata.LongestText) : _chunk[_start..];
}
