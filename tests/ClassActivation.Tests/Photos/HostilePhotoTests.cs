using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using ClassActivation.Drawing;
using ClassActivation.Photos;
using ClassActivation.Photos.Containers;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Photos;

/// <summary>Photos that are made to take memory or time, or to be taken for something else.</summary>
public sealed class HostilePhotoTests : IDisposable
{
    private const int PictureWidth = 60;
    private const int PictureHeight = 40;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/null")]
    public void A_device_is_an_error_at_once(string path)
    {
        Skip.If(OperatingSystem.IsWindows(), "There are no such devices.");

        PhotoException error = Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(PhotoSource.FromFile(path)));

        Assert.Equal(OperatingSystem.IsLinux() ? PhotoFailure.NotAFile : PhotoFailure.Empty, error.Failure);
        Assert.Contains("pipe or a device", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_pipe_that_nobody_writes_to_is_an_error_at_once()
    {
        Skip.If(OperatingSystem.IsWindows(), "There are no such pipes.");
        using var folder = new TemporaryFolder();
        string pipe = Path.Combine(folder.Path, "pipe.jpg");
        using (System.Diagnostics.Process make = System.Diagnostics.Process.Start("mkfifo", [pipe]))
        {
            make.WaitForExit();
        }

        string link = Path.Combine(folder.Path, "link.jpg");
        File.CreateSymbolicLink(link, pipe);

        Assert.Contains(
            "pipe or a device",
            Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(PhotoSource.FromFile(pipe))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "pipe or a device",
            Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(PhotoSource.FromFile(link))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TooManyPixelsAreRefusedBeforeMemoryIsTaken()
    {
        PhotoSource bomb = Memory([.. PngHeader(60_000, 60_000), .. Chunk("IDAT", Compress(new byte[100])), .. Chunk("IEND", [])]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        PhotoException error = Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(bomb, shorterSideAtLeast: 448));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        Assert.Equal(PhotoFailure.TooLarge, error.Failure);
        Assert.Contains("60000×60000 pixels", error.Message, StringComparison.Ordinal);
        Assert.Contains($"{268_435_456:N0} that are allowed", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("china.jpg", null)]
    [InlineData("china.jpg", 50)]
    [InlineData("coffee.png", null)]
    [InlineData("picture.webp", null)]
    [InlineData("picture.bmp", null)]
    [InlineData("two-frames.gif", null)]
    [InlineData("orientation-6.jpg", null)]
    public void TheLimitIsThePhotosOwnNumberOfPixels(string name, int? shorterSideAtLeast)
    {
        Photo photo = TestPhotos.Decode(name);
        long pixels = (long)photo.Width * photo.Height;

        Photo again = PhotoDecoder.Decode(TestPhotos.Source(name).WithMaxPixels(pixels), shorterSideAtLeast);
        PhotoException error = Assert.Throws<PhotoException>(
            () => PhotoDecoder.Decode(TestPhotos.Source(name).WithMaxPixels(pixels - 1), shorterSideAtLeast));

        Assert.Equal((photo.Width, photo.Height), (again.FullWidth, again.FullHeight));
        Assert.Equal(PhotoFailure.TooLarge, error.Failure);
        Assert.Contains($"{pixels - 1:N0}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatNoMemoryCanHoldIsRefusedWhateverTheLimit()
    {
        PhotoSource bomb = Memory([.. PngHeader(60_000, 60_000), .. Chunk("IDAT", Compress(new byte[100])), .. Chunk("IEND", [])]);

        Assert.Equal(
            PhotoFailure.TooLarge, Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(bomb.WithMaxPixels(long.MaxValue))).Failure);
    }

    [Fact]
    public void ScansTimesPixelsAreLimited()
    {
        byte[] jpeg = File.ReadAllBytes(TestPhotos.PathOf("progressive.jpg"));
        byte[] lastScan = jpeg[jpeg.AsSpan().LastIndexOf<byte>([0xFF, 0xDA])..^2];
        byte[] scans = [.. Enumerable.Repeat(lastScan, 60).SelectMany(static scan => scan)];
        byte[] small = [.. jpeg[..^2], .. scans, 0xFF, 0xD9];
        byte[] large = [.. small];
        int frame = large.AsSpan().IndexOf<byte>([0xFF, 0xC2]);
        BinaryPrimitives.WriteUInt16BigEndian(large.AsSpan(frame + 5), 16_000);
        BinaryPrimitives.WriteUInt16BigEndian(large.AsSpan(frame + 7), 16_000);

        PhotoException error = Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(Memory(large)));

        Assert.Equal((PictureWidth, PictureHeight), (PhotoDecoder.Decode(Memory(small)).Width, PhotoDecoder.Decode(Memory(small)).Height));
        Assert.Equal(PhotoFailure.TooLarge, error.Failure);
        Assert.Contains("16000×16000 pixels in 70 scans", error.Message, StringComparison.Ordinal);
        Assert.Contains("allow more", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ThousandsOfScansOfASmallPhotoEndSoon()
    {
        byte[] jpeg = File.ReadAllBytes(TestPhotos.PathOf("progressive.jpg"));
        byte[] lastScan = jpeg[jpeg.AsSpan().LastIndexOf<byte>([0xFF, 0xDA])..^2];
        byte[] many = [.. jpeg[..^2], .. Enumerable.Repeat(lastScan, 5000).SelectMany(static scan => scan), 0xFF, 0xD9];

        Assert.Equal(PhotoFailure.Damaged, Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(Memory(many))).Failure);
    }

    // The decoder's time grows with the square of a chunk's length: minutes for this one, were it shown to it.
    [Fact]
    public void DescriptionsOfAPngCostNothing()
    {
        byte[] png = File.ReadAllBytes(TestPhotos.PathOf("alpha.png"));
        byte[] zeros = Compress(new byte[10_000_000]);
        byte[] stuffed =
        [
            .. png[..33],
            .. Chunk("eXIf", new byte[20_000_000]),
            .. Chunk("iCCP", [.. "profile\0\0"u8, .. zeros]),
            .. Chunk("zTXt", [.. "text\0\0"u8, .. zeros]),
            .. Chunk("iTXt", [.. "text\0\u0001\0\0\0"u8, .. zeros]),
            .. png[33..],
        ];

        Assert.Equal(PhotoDecoder.Decode(Memory(png)).Pixels, PhotoDecoder.Decode(Memory(stuffed)).Pixels);
        Assert.Equal((PictureWidth, PictureHeight), PhotoDecoder.ReadSize(Memory(stuffed)));
        Assert.InRange(PngStructure.KeepPixels(stuffed), 1, png.Length);
    }

    [Theory]
    [InlineData("16-bit.png")]
    [InlineData("alpha.png")]
    [InlineData("palette-alpha.png")]
    [InlineData("chelsea.png")]
    public void WhatIsKeptOfAPngIsWhatItsPixelsNeed(string name)
    {
        byte[] png = File.ReadAllBytes(TestPhotos.PathOf(name));
        string[] optional = ["tEXt", "gAMA", "sRGB", "pHYs", "iCCP", "eXIf", "tIME", "cHRM"];

        string kept = Encoding.Latin1.GetString(png.AsSpan(0, PngStructure.KeepPixels(png)));

        Assert.Equal(kept.Contains("PLTE", StringComparison.Ordinal), name == "palette-alpha.png");
        Assert.EndsWith("IEND\u00aeB`\u0082", kept, StringComparison.Ordinal);
        Assert.All(optional, type => Assert.DoesNotContain($"\0{type}", kept, StringComparison.Ordinal));
    }

    // The pixels' chunk may claim more bytes than there are, as long as the pixels are complete; no other may.
    [Theory]
    [InlineData("IDAT", 1_000_000, null)]
    [InlineData("IDAT", 0x7FFFFFFF, null)]
    [InlineData("IDAT", 0xFFFFFFFF, PhotoFailure.Truncated)]
    [InlineData("PLTE", 50_000_000, PhotoFailure.Truncated)]
    [InlineData("PLTE", 0xFFFFFFFF, PhotoFailure.Truncated)]
    [InlineData("tRNS", 50_000_000, PhotoFailure.Truncated)]
    [InlineData("tEXt", 0xFFFFFFFF, PhotoFailure.Truncated)]
    public void AChunkThatClaimsTooMuchIsNotBelieved(string type, uint length, PhotoFailure? failure)
    {
        byte[] png = File.ReadAllBytes(TestPhotos.PathOf("alpha.png"));
        byte[] damaged = type == "IDAT" ? [.. png] : [.. png[..33], .. Chunk(type, new byte[64]), .. png[33..]];
        BinaryPrimitives.WriteUInt32BigEndian(damaged.AsSpan(33), length);

        if (failure is null)
        {
            Assert.Equal(PhotoDecoder.Decode(Memory(png)).Pixels, PhotoDecoder.Decode(Memory(damaged)).Pixels);
        }
        else
        {
            Assert.Equal(failure, Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(Memory(damaged))).Failure);
        }
    }

    [Fact]
    public void OnlyTheFirstOfManyFramesIsDecoded()
    {
        byte[] gif = File.ReadAllBytes(TestPhotos.PathOf("two-frames.gif"));
        byte[] further = [0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];
        byte[] frames = [.. gif[..^1], .. Enumerable.Repeat(further, 100_000).SelectMany(static frame => frame), 0x3B];

        Assert.Equal(PhotoDecoder.Decode(Memory(gif)).Pixels, PhotoDecoder.Decode(Memory(frames)).Pixels);
    }

    [Fact]
    public void OnlyTheFirstOfManyWebpFramesIsDecoded()
    {
        byte[] webp = File.ReadAllBytes(TestPhotos.PathOf("picture.webp"));
        byte[] size = [PictureWidth - 1, 0, 0, PictureHeight - 1, 0, 0];
        byte[] frame = RiffChunk("ANMF", [0, 0, 0, 0, 0, 0, .. size, 10, 0, 0, 0, .. webp[12..]]);
        byte[] chunks =
        [
            .. "WEBP"u8, .. RiffChunk("VP8X", [2, 0, 0, 0, .. size]), .. RiffChunk("ANIM", new byte[6]),
            .. Enumerable.Repeat(frame, 1000).SelectMany(static frame => frame),
        ];

        Photo first = PhotoDecoder.Decode(Memory(RiffChunk("RIFF", chunks)));

        Assert.Equal(PhotoDecoder.Decode(Memory(webp)).Pixels, first.Pixels);
    }

    [Fact]
    public void ProfilesAndDescriptionsOfAJpegChangeNoPixel()
    {
        byte[] jpeg = File.ReadAllBytes(TestPhotos.PathOf("orientation-1.jpg"));
        var stuffed = new List<byte>(jpeg[..2]);
        for (int i = 1; i <= 100; i++)
        {
            stuffed.AddRange([0xFF, 0xE2, 0xFF, 0xFD, .. "ICC_PROFILE\0"u8, (byte)i, 100, .. new byte[65_519]]);
            stuffed.AddRange([0xFF, 0xE1, 0xFF, 0xFD, .. "Exif\0\0II*\0\u0008\0\0\0"u8, .. new byte[65_517]]);
        }

        stuffed.AddRange(jpeg[2..]);

        Assert.Equal(PhotoDecoder.Decode(Memory(jpeg)).Pixels, PhotoDecoder.Decode(Memory([.. stuffed])).Pixels);
    }

    // The file is longer than the disk space it takes, and than any picture of its size.
    [Fact]
    public void AFileMuchLargerThanItsPictureIsNotRead()
    {
        string path = _folder.File("long.jpg");
        File.Copy(TestPhotos.PathOf("china.jpg"), path);
        using (FileStream file = File.OpenWrite(path))
        {
            file.SetLength(300_000_000);
        }

        PhotoException error = Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(PhotoSource.FromFile(path)));

        Assert.Equal(PhotoFailure.TooLarge, error.Failure);
        Assert.Contains($"{300_000_000:N0} bytes", error.Message, StringComparison.Ordinal);
    }

    // A wireless bitmap is two zeros and a size, an icon a directory: neither is a photo.
    [Theory]
    [InlineData("00000810ffffffffffffffffffffffffffffffff", PhotoFailure.NotAPhoto)]
    [InlineData("00000100010010100000010020006804000016000000", PhotoFailure.OtherFormat)]
    [InlineData("49492a0008000000", PhotoFailure.Damaged)]
    [InlineData("0000001c6674797061766966000000006d69663161766966", PhotoFailure.OtherFormat)]
    public void FormatsThatNobodyAskedForAreRefused(string start, PhotoFailure failure) =>
        Assert.Equal(
            failure,
            Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(Memory([.. Convert.FromHexString(start), .. new byte[2000]]))).Failure);

    // Of a photo one pixel high, the whole resized line would have 150 million columns.
    [Fact]
    public void ALongLineIsCroppedWithoutTheRestOfIt()
    {
        var photo = new Photo(65_500, 1, new byte[4 * 65_500]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        NetworkInput input = NetworkInput.Create(photo, InputFit.CenterCrop, 1024, Resampling.Nearest);

        Assert.Equal((1024, 1024), (input.Width, input.Height));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_000_000);
    }

    [Fact]
    public void ALegendShowsNoCharactersThatAct()
    {
        var photo = new Photo(200, 50, new byte[4 * 200 * 50]);

        Assert.Equal(WithLegend("a  [31mcat"), WithLegend("a \e[31mcat"));
        Assert.Equal(WithLegend("a   cat "), WithLegend("a \u202e\u0085cat\u2066"));

        byte[] WithLegend(string label) => LegendPainter.Append(photo, CamLegend.For(
            TestMaps.Map(1, [0, 1], label: label), new OverlayOptions())).Pixels;
    }

    [Fact]
    public void AnErrorShowsTheNameWithoutCharactersThatAct()
    {
        var source = PhotoSource.FromMemory("\e]0;owned\a\u202egnp.\u009b\ud800\u2028x", [1, 2, 3]);

        string message = Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(source)).Message;

        Assert.StartsWith("'␛]0;owned␇�gnp.���x' ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain.png")]
    [InlineData("Größe-猫-🐈‍⬛.png")]
    [InlineData("")]
    public void OtherNamesAreShownAsTheyAre(string name) => Assert.Same(name, ShownText.Of(name));

    private static PhotoSource Memory(byte[] content) => PhotoSource.FromMemory("bomb", content);

    private static byte[] PngHeader(int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        header[8] = 8;
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header)];
    }

    internal static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[12 + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        Encoding.ASCII.GetBytes(type).CopyTo(chunk, 4);
        data.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8 + data.Length), Crc32.HashToUInt32(chunk.AsSpan(4, 4 + data.Length)));
        return chunk;
    }

    private static byte[] RiffChunk(string type, byte[] data)
    {
        var chunk = new byte[8 + data.Length + data.Length % 2];
        Encoding.ASCII.GetBytes(type).CopyTo(chunk, 0);
        BinaryPrimitives.WriteInt32LittleEndian(chunk.AsSpan(4), data.Length);
        data.CopyTo(chunk, 8);
        return chunk;
    }

    internal static byte[] Compress(byte[] data)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest))
        {
            zlib.Write(data);
        }

        return compressed.ToArray();
    }
}
