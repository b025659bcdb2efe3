using System.Diagnostics;
using ClassActivation.Photos;
using ClassActivation.Tests.Hostile;

namespace ClassActivation.Tests.Photos;

/// <summary>What a JPEG of several scans takes besides its pixels, against figures worked out by hand.</summary>
public sealed class JpegMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // One unit is 16×16 pixels of 4 + 1 + 1 blocks, of which 100×50 pixels take 7×4; a block takes 128 bytes.
    [InlineData(100, 50, new byte[] { 0x22, 0x11, 0x11 }, 7 * 4 * 6 * 128)]
    [InlineData(100, 50, new byte[] { 0x11, 0x11, 0x11 }, 13 * 7 * 3 * 128)]
    [InlineData(100, 50, new byte[] { 0x11 }, 13 * 7 * 128)]
    [InlineData(100, 50, new byte[] { 0x21, 0x11, 0x11, 0x21 }, 7 * 7 * 6 * 128)]
    [InlineData(65535, 65535, new byte[] { 0x11, 0x11, 0x11, 0x11 }, 8192L * 8192 * 4 * 128)]
    public void Coefficients_are_counted_by_units(int width, int height, byte[] sampling, long bytes) =>
        Assert.Equal(bytes, JpegMemory.CoefficientBytes(Header(width, height, sampling)));

    [Fact]
    public void Headers_that_are_cut_off_take_nothing()
    {
        byte[] header = Header(100, 50, 0x11);
        for (int length = 0; length < header.Length - 3; length++)
        {
            Assert.Equal(0, JpegMemory.CoefficientBytes(header.AsSpan(0, length)));
        }
    }

    [SkippableTheory]
    [InlineData(550, "OutOfMemoryException")]
    [InlineData(1500, "works")]
    public void Want_of_memory_is_not_damage(int megabytes, string end)
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/usr/bin/prlimit"), "Memory is limited by prlimit here.");
        string photo = _folder.File("large.jpg");
        WriteGrey(photo, 9000);

        var start = new ProcessStartInfo(
            "prlimit",
            [$"--data={megabytes}000000", "dotnet", typeof(ChildProgram).Assembly.Location, "natives", _folder.File("none"), photo])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x1C000000";
        (int exitCode, string output) = ChildProgram.Finish(Process.Start(start)!);

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("Insufficient memory (case", output, StringComparison.Ordinal);
        Assert.StartsWith(end, output.Split('\n')[3], StringComparison.Ordinal);
    }

    /// <summary>The beginning of a JPEG file, up to the header of its frame.</summary>
    private static byte[] Header(int width, int height, params byte[] sampling) =>
    [
        0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2,
        0xFF, 0xC2, 0, (byte)(8 + (3 * sampling.Length)), 8,
        (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, (byte)sampling.Length,
        .. sampling.SelectMany(static (factors, index) => new byte[] { (byte)(index + 1), factors, 0 }),
    ];

    /// <summary>
    /// A grey square in two scans that each hold one bit for each block: the first value of each is 0 (T.81, annexes G and H).
    /// </summary>
    private static void WriteGrey(string path, int side)
    {
        int blocks = (side + 7) / 8 * ((side + 7) / 8);
        byte[] zeros = new byte[(blocks + 7) / 8];
        byte[] ones = [.. Enumerable.Repeat((byte)1, 64)];
        // One code of one bit, 0, that says that a difference is 0.
        byte[] table = [0xFF, 0xC4, 0, 20, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] frame = [0xFF, 0xC2, 0, 11, 8, (byte)(side >> 8), (byte)side, (byte)(side >> 8), (byte)side, 1, 1, 0x11, 0];
        byte[] first = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0x01];
        byte[] second = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0x10];
        File.WriteAllBytes(
            path, [0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. ones, .. frame, .. table, .. first, .. zeros, .. second, .. zeros, 0xFF, 0xD9]);
    }
}
