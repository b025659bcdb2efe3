using System.Buffers.Binary;

namespace ClassActivation.Photos.Containers;

/// <summary>The blocks that make up a GIF file (GIF89a specification), and the codes of its pixels (its appendix F).</summary>
internal static class GifStructure
{
    private const int HeaderLength = 13;
    private const int DescriptorLength = 10;
    private const byte Extension = 0x21;
    private const byte GraphicControl = 0xF9;
    private const byte Image = 0x2C;
    private const byte Trailer = 0x3B;
    private const int MostCodes = 4096;
    private const int LongestSubBlock = 255;

    /// <summary>The bytes with which every GIF file begins.</summary>
    public static ReadOnlySpan<byte> Start => "GIF8"u8;

    /// <summary>Makes the first frame opaque: its transparent pixels get the colour that the palette has for them.</summary>
    public static void ClearTransparency(Span<byte> gif)
    {
        for (int at = BlocksStart(gif); at + 4 < gif.Length && gif[at] == Extension; at = BehindSubBlocks(gif, at + 2))
        {
            if (gif[at + 1] == GraphicControl)
            {
                gif[at + 3] &= 0xFE;
            }
        }
    }

    /// <summary>
    /// The file with the codes of its pixels written anew, eight bits a pixel: the decoder does not know all that programs write,
    /// such as codes for more than 256 colours.
    /// </summary>
    /// <param name="gif">The file.</param>
    /// <param name="frames">How many frames are wanted; the others are left out.</param>
    /// <param name="mostPixels">The most pixels that all of them may have together.</param>
    /// <returns>The file; null where its frames are not whole.</returns>
    public static byte[]? WithPlainCodes(ReadOnlySpan<byte> gif, int frames, double mostPixels)
    {
        using var result = new MemoryStream(gif.Length);
        int at = BlocksStart(gif);
        result.Write(gif[..Math.Min(at, gif.Length)]);
        double pixelCount = 0;
        while (at + 1 < gif.Length && frames > 0)
        {
            int end;
            if (gif[at] == Extension)
            {
                end = BehindSubBlocks(gif, at + 2);
                result.Write(gif[at..end]);
            }
            else if (gif[at] == Image && at + DescriptorLength < gif.Length)
            {
                int codes = at + DescriptorLength + PaletteLength(gif[at + DescriptorLength - 1]);
                int width =
                    BinaryPrimitives.ReadUInt16LittleEndian(gif[(at + 5)..]),
                    height = BinaryPrimitives.ReadUInt16LittleEndian(gif[(at + 7)..]);
                pixelCount += (double)width * height;
                end = codes < gif.Length ? BehindSubBlocks(gif, codes + 1) : gif.Length;
                if (pixelCount > mostPixels
                    || codes >= end
                    || Pixels(SubBlocks(gif[(codes + 1)..end]), gif[codes], width * height) is not { } pixels)
                {
                    return null;
                }

                result.Write(gif[at..codes]);
                WritePlain(result, pixels);
                frames--;
            }
            else
            {
                break;
            }

            at = end;
        }

        result.WriteByte(Trailer);
        return frames == 0 ? result.ToArray() : null;
    }

    private static int BlocksStart(ReadOnlySpan<byte> gif) =>
        gif.Length < HeaderLength ? gif.Length : HeaderLength + PaletteLength(gif[10]);

    private static int PaletteLength(byte flags) => (flags & 0x80) == 0 ? 0 : 3 * (2 << (flags & 7));

    private static int BehindSubBlocks(ReadOnlySpan<byte> gif, int at)
    {
        while (at < gif.Length && gif[at] > 0)
        {
            at += gif[at] + 1;
        }

        return Math.Min(at + 1, gif.Length);
    }

    private static byte[] SubBlocks(ReadOnlySpan<byte> blocks)
    {
        using var content = new MemoryStream(blocks.Length);
        for (int at = 0; at < blocks.Length && blocks[at] > 0; at += blocks[at] + 1)
        {
            content.Write(blocks[(at + 1)..Math.Min(at + 1 + blocks[at], blocks.Length)]);
        }

        return content.ToArray();
    }

    private static byte[]? Pixels(byte[] data, int rootBits, int count)
    {
        if (rootBits is < 1 or > 11)
        {
            return null;
        }

        int clear = 1 << rootBits;
        var prefix = new short[MostCodes];
        var last = new byte[MostCodes];
        var length = new int[MostCodes];
        for (int root = 0; root < clear; root++)
        {
            (last[root], length[root]) = ((byte)root, 1);
        }

        var pixels = new byte[count];
        (int done, int next, int bits, int previous) = (0, clear + 2, rootBits + 1, -1);
        (uint waiting, int waitingBits, int at) = (0, 0, 0);
        while (done < count)
        {
            while (waitingBits < bits && at < data.Length)
            {
                waiting |= (uint)data[at++] << waitingBits;
                waitingBits += 8;
            }

            int code = (int)(waiting & ((1u << bits) - 1));
            if (waitingBits < bits || code == clear + 1)
            {
                return null;
            }

            (waiting, waitingBits) = (waiting >> bits, waitingBits - bits);
            if (code == clear)
            {
                (next, bits, previous) = (clear + 2, rootBits + 1, -1);
                continue;
            }

            bool isNew = code == next && previous >= 0 && next < MostCodes;
            if ((code >= next && !isNew) || (previous < 0 && code >= clear))
            {
                return null;
            }

            int known = isNew ? previous : code;
            byte first = Write(known);
            if (isNew && done < count)
            {
                pixels[done++] = first;
            }

            if (previous >= 0 && next < MostCodes)
            {
                (prefix[next], last[next], length[next]) = ((short)previous, first, length[previous] + 1);
                next++;
                bits += next == 1 << bits && bits < 12 ? 1 : 0;
            }

            previous = code;
        }

        return pixels;

        // From its end, as the table has it; what is more than the picture's pixels is left out.
        byte Write(int code)
        {
            int end = done + length[code];
            int place = end;
            int one = code;
            while (true)
            {
                place--;
                if (place < count)
                {
                    pixels[place] = last[one];
                }

                if (length[one] == 1)
                {
                    break;
                }

                one = prefix[one];
            }

            done = Math.Min(end, count);
            return last[one];
        }
    }

    // Nine bits each, and the table cleared before it would need ten.
    private static void WritePlain(MemoryStream result, byte[] pixels)
    {
        const int Bits = 9, Clear = 256, End = 257, Most = 253;
        var block = new byte[LongestSubBlock];
        (int filled, uint waiting, int waitingBits) = (0, 0, 0);
        result.WriteByte(8);
        for (int i = 0; i < pixels.Length; i++)
        {
            if (i % Most == 0)
            {
                Put(Clear);
            }

            Put(pixels[i]);
        }

        Put(End);
        if (waitingBits > 0)
        {
            PutByte();
        }

        Flush();
        result.WriteByte(0);

        void Put(int code)
        {
            waiting |= (uint)code << waitingBits;
            for (waitingBits += Bits; waitingBits >= 8; waitingBits -= 8)
            {
                PutByte();
            }
        }

        void PutByte()
        {
            block[filled++] = (byte)waiting;
            waiting >>= 8;
            if (filled == LongestSubBlock)
            {
                Flush();
            }
        }

        void Flush()
        {
            if (filled > 0)
            {
                result.WriteByte((byte)filled);
                result.Write(block, 0, filled);
                filled = 0;
            }
        }
    }
}
