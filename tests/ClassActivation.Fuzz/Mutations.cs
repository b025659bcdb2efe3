using System.Buffers.Binary;
using System.IO.Compression;

namespace ClassActivation.Fuzz;

/// <summary>The ways in which a file is damaged. None changes the bytes that it is given.</summary>
internal static class Mutations
{
    private delegate byte[] Mutation(byte[] file, Random random);

    private static readonly Mutation[] All =
    [
        FlipBits, FlipBits, WriteNumber, WriteNumber, Truncate, InsertBytes, RemoveBytes, RepeatBytes, MoveBytes, Splice,
        AppendBytes, Concatenate, RepeatPart, RemovePart, SwapParts, ShuffleParts, BorrowPart, DamagePart, DamagePart,
        InsertMetadata, InsertMetadata, WriteSize, WriteSize, DamagePixels, RepeatPartOften,
    ];

    /// <summary>Damages a file in one to three ways.</summary>
    public static byte[] Damage(byte[] file, Random random)
    {
        int ways = random.Next(5) switch { 0 => 3, 1 => 2, _ => 1 };
        for (int i = 0; i < ways; i++)
        {
            file = file.Length == 0 ? file : All[random.Next(All.Length)](file, random);
        }

        // Without this most damage would be found by a checksum, or a length, and go no deeper.
        return random.Next(4) == 0 ? file : Repair(file);
    }

    private static byte[] FlipBits(byte[] file, Random random)
    {
        byte[] damaged = [.. file];
        for (int i = random.Next(1, 12); i > 0; i--)
        {
            damaged[Place(file, random)] ^= (byte)(1 << random.Next(8));
        }

        return damaged;
    }

    private static byte[] WriteNumber(byte[] file, Random random)
    {
        byte[] damaged = [.. file];
        Span<byte> number = stackalloc byte[4];
        int value = Numbers.Awkward(random), length = 1 << random.Next(3);
        if (random.Next(2) == 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, value);
            number = number[..length];
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(number, value);
            number = number[^length..];
        }

        int place = Place(file, random);
        number[..Math.Min(length, file.Length - place)].CopyTo(damaged.AsSpan(place));
        return damaged;
    }

    private static byte[] Truncate(byte[] file, Random random) => file[..random.Next(file.Length)];

    private static byte[] InsertBytes(byte[] file, Random random) => Insert(file, random, RandomBytes(random, 40));

    private static byte[] AppendBytes(byte[] file, Random random) => [.. file, .. RandomBytes(random, 4000)];

    private static byte[] RemoveBytes(byte[] file, Random random)
    {
        (int start, int end) = Range(file, random);
        return [.. file.AsSpan(0, start), .. file.AsSpan(end)];
    }

    private static byte[] RepeatBytes(byte[] file, Random random)
    {
        (int start, int end) = Range(file, random);
        return [.. file.AsSpan(0, end), .. file.AsSpan(start)];
    }

    private static byte[] MoveBytes(byte[] file, Random random)
    {
        byte[] damaged = [.. file];
        (int start, int end) = Range(file, random);
        file.AsSpan(start, end - start).CopyTo(damaged.AsSpan(random.Next(file.Length - (end - start) + 1)));
        return damaged;
    }

    private static byte[] Splice(byte[] file, Random random)
    {
        byte[] other = Other(random);
        return [.. file.AsSpan(0, random.Next(file.Length)), .. other.AsSpan(random.Next(other.Length))];
    }

    private static byte[] Concatenate(byte[] file, Random random) => [.. file, .. Other(random)];

    private static byte[] RepeatPart(byte[] file, Random random)
    {
        List<byte[]> parts = FileParts.Split(file);
        parts.Insert(random.Next(parts.Count + 1), parts[random.Next(parts.Count)]);
        return Join(parts);
    }

    private static byte[] RepeatPartOften(byte[] file, Random random)
    {
        List<byte[]> parts = FileParts.Split(file);
        int part = random.Next(parts.Count);
        int times = Math.Min(random.Next(4) == 0 ? 2000 : 120, 400_000 / parts[part].Length);
        parts.InsertRange(part, Enumerable.Repeat(parts[part], times));
        return Join(parts);
    }

    private static byte[] RemovePart(byte[] file, Random random)
    {
        List<byte[]> parts = FileParts.Split(file);
        parts.RemoveAt(random.Next(parts.Count));
        return Join(parts);
    }

    private static byte[] SwapParts(byte[] file, Random random)
    {
        List<byte[]> parts = FileParts.Split(file);
        (int one, int other) = (random.Next(parts.Count), random.Next(parts.Count));
        (parts[one], parts[other]) = (parts[other], parts[one]);
        return Join(parts);
    }

    private static byte[] ShuffleParts(byte[] file, Random random)
    {
        byte[][] parts = [.. FileParts.Split(file)];
        random.Shuffle(parts.AsSpan(1));
        return Join(parts);
    }

    private static byte[] BorrowPart(byte[] file, Random random)
    {
        List<byte[]> parts = FileParts.Split(file), others = FileParts.Split(Other(random));
        parts.Insert(random.Next(parts.Count + 1), others[random.Next(others.Count)]);
        return Join(parts);
    }

    private static byte[] DamagePart(byte[] file, Random random)
    {
        List<byte[]> parts = FileParts.Split(file);
        int part = random.Next(parts.Count);
        parts[part] = random.Next(2) == 0 ? FlipBits(parts[part], random) : WriteNumber(parts[part], random);
        return Join(parts);
    }

    private static byte[] InsertMetadata(byte[] file, Random random)
    {
        List<byte[]> parts = FileParts.Split(file);
        // PNG and extended WebP begin with a chunk that has to be first.
        int at = random.Next(4) == 0 ? random.Next(parts.Count + 1) : Math.Min(FileParts.IsJpeg(file) ? 1 : 2, parts.Count);
        byte[] part = Metadata.Part(random, file);
        parts.Insert(at, part);
        if (FileParts.IsRiff(file) && random.Next(4) != 0)
        {
            parts.Insert(1, [.. "VP8X"u8, 10, 0, 0, 0, 0x3C, 0, 0, 0, (byte)random.Next(256), 0, 0, (byte)random.Next(256), 0, 0]);
        }

        return Join(parts);
    }

    // The width or height in the header, where each format has it.
    private static byte[] WriteSize(byte[] file, Random random)
    {
        byte[] damaged = [.. file];
        int size = random.Next(3) == 0 ? Numbers.Awkward(random) : random.Next(1, 400);
        int second = random.Next(2);
        if (FileParts.IsJpeg(file))
        {
            int frame = 2;
            while (frame + 9 < file.Length && !(file[frame] == 0xFF && file[frame + 1] is >= 0xC0 and <= 0xC2))
            {
                frame++;
            }

            Write16(frame + 5 + 2 * second, BinaryPrimitives.ReverseEndianness((ushort)size));
        }
        else if (FileParts.IsPng(file))
        {
            Write32(16 + 4 * second, BinaryPrimitives.ReverseEndianness(size));
        }
        else if (FileParts.IsRiff(file))
        {
            int chunk = file.AsSpan().IndexOf("VP8"u8);
            Write16(chunk + (chunk + 3 < file.Length && file[chunk + 3] == 'L' ? 9 : 14) + 2 * second, (ushort)size);
        }
        else if (FileParts.IsGif(file))
        {
            int image = file.AsSpan().IndexOf((byte)0x2C);
            Write16(random.Next(2) == 0 ? 6 + 2 * second : image + 1 + 2 * random.Next(4), (ushort)size);
        }
        else if (FileParts.IsBmp(file))
        {
            Write32(18 + 4 * second, random.Next(4) == 0 ? -size : size);
        }

        return damaged;

        void Write16(int place, ushort value)
        {
            if (place >= 0 && place + 2 <= damaged.Length)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(damaged.AsSpan(place), value);
            }
        }

        void Write32(int place, int value)
        {
            if (place + 4 <= damaged.Length)
            {
                BinaryPrimitives.WriteInt32LittleEndian(damaged.AsSpan(place), value);
            }
        }
    }

    // Of a PNG the pixels below the compression; of others the last part, where the pixels are.
    private static byte[] DamagePixels(byte[] file, Random random)
    {
        List<byte[]> parts = FileParts.Split(file);
        int pixels = parts.FindIndex(static part => part.Length > 12 && part.AsSpan(4, 4).SequenceEqual("IDAT"u8));
        if (!FileParts.IsPng(file) || pixels < 0)
        {
            int part = Math.Max(0, parts.Count - 1 - random.Next(3));
            parts[part] = FlipBits(parts[part], random);
            return Join(parts);
        }

        try
        {
            using var zlib = new ZLibStream(new MemoryStream(parts[pixels][8..^4]), CompressionMode.Decompress);
            using var rows = new MemoryStream();
            zlib.CopyTo(rows);
            byte[] damaged = rows.Length == 0 ? [1] : FlipBits(rows.ToArray(), random);
            parts[pixels] = PngFile.Chunk(
                "IDAT"u8, PngFile.Compress(random.Next(3) == 0 ? [.. damaged, .. new byte[random.Next(1_000_000)]] : damaged));
        }
        catch (InvalidDataException)
        {
            parts[pixels] = FlipBits(parts[pixels], random);
        }

        return Join(parts);
    }

    /// <summary>Makes checksums and the length in the header right again.</summary>
    private static byte[] Repair(byte[] file)
    {
        byte[] repaired = [.. file];
        if (FileParts.IsRiff(file) && file.Length >= 12)
        {
            BinaryPrimitives.WriteInt32LittleEndian(repaired.AsSpan(4), file.Length - 8);
        }
        else if (FileParts.IsPng(file))
        {
            int at = 0;
            foreach (byte[] part in FileParts.Split(file))
            {
                if (at > 0 && part.Length >= 12)
                {
                    PngFile.WriteChecksum(repaired.AsSpan(at, part.Length));
                }

                at += part.Length;
            }
        }

        return repaired;
    }

    private static byte[] Insert(byte[] file, Random random, byte[] bytes)
    {
        int place = Place(file, random);
        return [.. file.AsSpan(0, place), .. bytes, .. file.AsSpan(place)];
    }

    private static byte[] Other(Random random) => SeedPhotos.Small[random.Next(SeedPhotos.Small.Count)].Content;

    private static byte[] RandomBytes(Random random, int most)
    {
        var bytes = new byte[random.Next(1, most)];
        random.NextBytes(bytes);
        return bytes;
    }

    // Half of the damage hits the headers.
    private static int Place(byte[] file, Random random) => random.Next(random.Next(2) == 0 ? Math.Min(file.Length, 64) : file.Length);

    private static (int Start, int End) Range(byte[] file, Random random)
    {
        int start = Place(file, random);
        return (start, start + random.Next(1, Math.Min(file.Length - start, 4096) + 1));
    }

    private static byte[] Join(IEnumerable<byte[]> parts) => [.. parts.SelectMany(static part => part)];
}
