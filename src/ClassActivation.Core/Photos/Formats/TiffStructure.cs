using System.Buffers.Binary;

namespace ClassActivation.Photos.Formats;

/// <summary>What a directory of a TIFF file says of its picture (TIFF 6.0, section 2; BigTIFF as libtiff writes it).</summary>
internal sealed class TiffStructure
{
    private const int MostValues = 1 << 20;
    private const int MostPages = ushort.MaxValue;

    private static readonly int[] TypeSizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8];

    // What is stored beside the pixels is not the decoder's business.
    private static readonly HashSet<int> PixelTags = [256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 338, 339];

    private readonly Stream _file;
    private readonly Dictionary<int, Entry> _entries = [];
    private readonly SortedDictionary<int, byte[]> _stored = [];

    private TiffStructure(Stream file, bool isBigEndian, bool isBig) => (_file, IsBigEndian, IsBig) = (file, isBigEndian, isBig);

    private enum Tag
    {
        SubfileType = 254,
        Width = 256,
        Height = 257,
        BitsPerSample = 258,
        Compression = 259,
        Photometric = 262,
        FillOrder = 266,
        Make = 271,
        StripOffsets = 273,
        Orientation = 274,
        SamplesPerPixel = 277,
        StripByteCounts = 279,
        PlanarConfiguration = 284,
        ColorMap = 320,
        TileWidth = 322,
        SubDirectories = 330,
        ExtraSamples = 338,
        SampleFormat = 339,
        DngVersion = 50706,
    }

    /// <summary>Whether numbers have their highest byte first.</summary>
    public bool IsBigEndian { get; }

    /// <summary>Whether places in the file are told with 8 bytes.</summary>
    public bool IsBig { get; }

    public long Width => Number(Tag.Width);

    public long Height => Number(Tag.Height);

    public long Compression => Number(Tag.Compression, 1);

    public long Photometric => Number(Tag.Photometric, -1);

    public long FillOrder => Number(Tag.FillOrder, 1);

    public long SamplesPerPixel => Number(Tag.SamplesPerPixel, 1);

    public long[] BitsPerSample => Numbers(Tag.BitsPerSample) is { Length: > 0 } bits ? bits : [1];

    public long[] SampleFormats => Numbers(Tag.SampleFormat);

    public long[] ExtraSamples => Numbers(Tag.ExtraSamples);

    public int PaletteLength => _entries.TryGetValue((int)Tag.ColorMap, out Entry? map) ? (int)Math.Min(map.Count, MostValues) : 0;

    public bool IsPlanar => Number(Tag.PlanarConfiguration, 1) == 2;

    public bool IsTiled => _entries.ContainsKey((int)Tag.TileWidth);

    /// <summary>How the picture is turned upright; what is no orientation means that it is.</summary>
    public int Orientation => Number(Tag.Orientation, 1) is >= 1 and <= 8 and var orientation ? (int)orientation : 1;

    public string Make => Text(Tag.Make);

    /// <summary>Whether the file holds what a camera's sensor saw; what is first in it is then a preview, if a picture at all.</summary>
    public bool IsCameraRaw => _entries.ContainsKey((int)Tag.DngVersion)
        || (_entries.ContainsKey((int)Tag.SubDirectories) && (Number(Tag.SubfileType) & 1) != 0)
        || Compression is 32767 or 34713 or 65000 or 65535;

    /// <summary>Reads the directory of a page.</summary>
    /// <param name="file">The file; not closed.</param>
    /// <param name="page">Which, 1 for the first.</param>
    /// <exception cref="PictureReadException">There is none, or it is none.</exception>
    public static TiffStructure Read(Stream file, int page = 1)
    {
        TiffStructure structure = ReadHeader(file, out long at);
        structure.ReadDirectory(page == 1 ? at : structure.PagesFrom(at).ElementAt(page - 1));
        return structure;
    }

    /// <summary>How many pages a file has. The chain of them may be cut off or come back to itself: it ends there.</summary>
    /// <param name="file">The file; not closed.</param>
    /// <exception cref="PictureReadException">It has no first one.</exception>
    public static int CountPages(Stream file)
    {
        TiffStructure structure = ReadHeader(file, out long at);
        return structure.PagesFrom(at).Count();
    }

    /// <summary>The same file with another page as its first.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="page">Which, 1 for the first.</param>
    public static byte[] BeginWith(int page, byte[] file)
    {
        using var stream = new MemoryStream(file, writable: false);
        TiffStructure structure = ReadHeader(stream, out long at);
        byte[] result = [.. file];
        structure.WriteFirstPlace(result, structure.PagesFrom(at).ElementAt(page - 1));
        return result;
    }

    /// <summary>Refuses a file that ends before the pixels do.</summary>
    /// <exception cref="PictureReadException">It does.</exception>
    public void CheckStrips()
    {
        long[] offsets = Numbers(Tag.StripOffsets), lengths = Numbers(Tag.StripByteCounts);
        if (offsets.Length == 0 || offsets.Length != lengths.Length)
        {
            throw new PictureReadException(
                PictureReadFailure.Damaged, "is a TIFF that does not say where its pixels are; get another copy of it");
        }

        for (int i = 0; i < offsets.Length; i++)
        {
            if (offsets[i] < 0 || lengths[i] < 0 || offsets[i] > _file.Length - lengths[i])
            {
                throw Truncated();
            }
        }
    }

    /// <summary>
    /// Makes a file of one directory, which says no more than the pixels need: those of the file may refer to one another in a
    /// circle, and a decoder would read all that they hold.
    /// </summary>
    /// <param name="file">The bytes of this file.</param>
    public byte[] WithPixelsOnly(byte[] file)
    {
        // What has no number of bits is of one bit, and what is beside the colours is taken for alpha, whatever it is.
        _stored.TryAdd((int)Tag.BitsPerSample, MakeEntry(Tag.BitsPerSample, 1));
        if (ExtraSamples is [0])
        {
            _stored[(int)Tag.ExtraSamples] = MakeEntry(Tag.ExtraSamples, 2);
        }

        int at = (file.Length + 7) / 8 * 8;
        byte[] count = IsBig ? Bytes(_stored.Count, 8) : Bytes(_stored.Count, 2);
        byte[] directory = [.. count, .. _stored.Values.SelectMany(static entry => entry), .. new byte[8]];
        byte[] result = [.. file, .. new byte[at - file.Length], .. directory];
        WriteFirstPlace(result, at);
        return result;
    }

    private int CountSize => IsBig ? 8 : 2;

    private int EntrySize => IsBig ? 20 : 12;

    private int PlaceSize => IsBig ? 8 : 4;

    private static TiffStructure ReadHeader(Stream file, out long firstPage)
    {
        Span<byte> start = stackalloc byte[16];
        file.Position = 0;
        start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (start.Length < 8)
        {
            throw Truncated();
        }

        bool isBigEndian = start[0] == 'M';
        bool isBig = (isBigEndian ? start[3] : start[2]) == 43;
        if (isBig && start.Length < 16)
        {
            throw Truncated();
        }

        var structure = new TiffStructure(file, isBigEndian, isBig);
        firstPage = structure.Place(isBig ? start[8..] : start[4..]);
        return structure;
    }

    private void WriteFirstPlace(byte[] file, long at) => Bytes(at, IsBig ? 8 : 4).CopyTo(file, IsBig ? 8 : 4);

    private IEnumerable<long> PagesFrom(long first)
    {
        HashSet<long> seen = [];
        for (long at = first; at > 0 && seen.Count < MostPages && seen.Add(at);)
        {
            yield return at;
            long count = at > _file.Length - CountSize ? 0 : Unsigned(ReadBytes(at, CountSize));
            long next = at + CountSize + count * EntrySize;
            if (count is <= 0 or > ushort.MaxValue || next > _file.Length - PlaceSize)
            {
                yield break;
            }

            at = Unsigned(ReadBytes(next, PlaceSize));
        }
    }

    private byte[] MakeEntry(Tag tag, int value)
    {
        const int UnsignedShort = 3;
        byte[] entry = new byte[IsBig ? 20 : 12];
        Bytes((int)tag, 2).CopyTo(entry, 0);
        Bytes(UnsignedShort, 2).CopyTo(entry, 2);
        Bytes(1, IsBig ? 8 : 4).CopyTo(entry, 4);
        Bytes(value, 2).CopyTo(entry, IsBig ? 12 : 8);
        return entry;
    }

    private byte[] Bytes(long number, int count)
    {
        var bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[IsBigEndian ? count - 1 - i : i] = (byte)(number >> (8 * i));
        }

        return bytes;
    }

    private static PictureReadException Truncated() =>
        new(PictureReadFailure.Truncated, "is cut off before the picture ends; get a complete copy of it");

    private void ReadDirectory(long at)
    {
        byte[] countBytes = ReadBytes(at, CountSize);
        long count = IsBig ? Place(countBytes) : Unsigned(countBytes);
        if (count is <= 0 or > ushort.MaxValue)
        {
            throw new PictureReadException(
                PictureReadFailure.Damaged, "is a TIFF without a directory of its picture; get another copy of it");
        }

        byte[] directory = ReadBytes(at + CountSize, (int)count * EntrySize + PlaceSize);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = directory.AsSpan(i * EntrySize, EntrySize);
            int type = (int)Unsigned(entry.Slice(2, 2));
            long values = IsBig ? Place(entry[4..]) : Unsigned(entry.Slice(4, 4));
            int size = type < TypeSizes.Length ? TypeSizes[type] : 0;
            if (size == 0 || values <= 0)
            {
                continue;
            }

            bool isInside = values <= PlaceSize / size;
            long valueAt = at + CountSize + i * EntrySize + EntrySize - PlaceSize;
            int tag = (int)Unsigned(entry[..2]);
            if (PixelTags.Contains(tag))
            {
                _stored.TryAdd(tag, entry.ToArray());
            }

            _entries.TryAdd(tag, new Entry(size, values, isInside ? valueAt : Place(entry[^PlaceSize..])));
        }
    }

    private long Number(Tag tag, long otherwise = 0) => Numbers(tag) is [var first, ..] ? first : otherwise;

    private long[] Numbers(Tag tag)
    {
        if (!_entries.TryGetValue((int)tag, out Entry? entry))
        {
            return [];
        }

        if (entry.Count > MostValues)
        {
            throw new PictureReadException(
                PictureReadFailure.Damaged, $"is a TIFF that has {entry.Count:N0} values where it has few; get another copy of it");
        }

        byte[] bytes = ReadBytes(entry.At, entry.Size * (int)entry.Count);
        var numbers = new long[entry.Count];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Unsigned(bytes.AsSpan(i * entry.Size, entry.Size));
        }

        return numbers;
    }

    private string Text(Tag tag) =>
        string.Concat(Numbers(tag).TakeWhile(static character => character is >= ' ' and <= '~').Select(static c => (char)c));

    private byte[] ReadBytes(long at, int count)
    {
        if (at < 0 || at > _file.Length - count)
        {
            throw Truncated();
        }

        var bytes = new byte[count];
        _file.Position = at;
        _file.ReadExactly(bytes);
        return bytes;
    }

    private long Place(ReadOnlySpan<byte> bytes) => Unsigned(bytes[..(IsBig ? 8 : 4)]);

    // What is above the largest place in a file becomes negative, and is refused as one behind its end.
    private long Unsigned(ReadOnlySpan<byte> bytes) => (bytes.Length, IsBigEndian) switch
    {
        (1, _) => bytes[0],
        (2, true) => BinaryPrimitives.ReadUInt16BigEndian(bytes),
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        (4, true) => BinaryPrimitives.ReadUInt32BigEndian(bytes),
        (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        (_, true) => BinaryPrimitives.ReadInt64BigEndian(bytes),
        (_, false) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };

    private sealed record Entry(int Size, long Count, long At);
}
