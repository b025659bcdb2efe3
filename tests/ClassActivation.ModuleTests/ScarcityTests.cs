using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Little memory and few files at a time end the work on the photo that needs more, and on no other.</summary>
public sealed class ScarcityTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(12000, "6000000", "Get-ClassActivationMap")] // decoding
    [InlineData(4000, "8000000", "Get-ClassActivationMap | Export-CamOverlay -Layout SideBySide -Format Png")] // drawing
    public async Task A_photo_too_large_for_the_memory_is_an_error_and_the_others_go_on(int side, string limit, string pipeline)
    {
        string[] photos = [_folder.Copy("chelsea.png", "a.png"), _folder.File("huge.png"), _folder.Copy("coffee.png", "z.png")];
        WriteGreyPng(photos[1], side);

        ChildEngine.Result result = await ChildEngine.Run(
            $"'{string.Join("','", photos)}' | {pipeline} -ThrottleLimit 1 | ForEach-Object Label", [("DOTNET_GCHeapHardLimit", limit)]);

        Assert.Equal(["Egyptian_cat", "espresso"], result.Output);
        Assert.StartsWith($"error OutOfMemory ResourceUnavailable {photos[1]}: ", Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_run_too_large_for_the_memory_is_an_error_and_the_next_goes_on()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Memory is limited by the shell here.");
        string photo = TestPaths.Sample("chelsea.png");

        ChildEngine.Result result = await ChildEngine.Run(
            $"foreach ($side in 224, 4096, 224) {{ (Get-Prediction '{photo}' -Resolution $side -Top 1).Label }}",
            [("DOTNET_GCHeapHardLimit", "10000000")],
            ["sh", "-c", "ulimit -v 4500000; exec \"$@\"", "sh"]);

        Skip.If(result.Output.Count == 0, "The runtime does not start within this limit here.");
        Assert.Equal(["Egyptian_cat", "Egyptian_cat"], result.Output);
        Assert.Matches("^error OutOfMemory ResourceUnavailable .*ResNet50.* 6158×4096 ", Assert.Single(result.Errors));
    }

    [SkippableFact]
    public async Task A_run_over_many_photos_keeps_few_files_open()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Open files are counted in /proc here.");
        string photo = TestPaths.Sample("chelsea.png");

        ChildEngine.Result result = await ChildEngine.Run(
            $$"""
            function Count { [System.IO.Directory]::GetFileSystemEntries('/proc/self/fd').Count }
            $run = { param($count) 1..$count | ForEach-Object { '{{photo}}' } | Get-Prediction -Top 1 -Resolution 32 -ThrottleLimit 4 | ForEach-Object { Count } }
            $first = & $run 20
            $most = 0
            foreach ($count in & $run 500) { if ($count -gt $most) { $most = $count } }
            $most - $first[-1]
            """,
            through: ["sh", "-c", "ulimit -n 256; exec \"$@\"", "sh"]);

        Assert.Empty(result.Errors);
        // The photos of four workers, and the assemblies that the engine happens to load meanwhile.
        Assert.InRange(int.Parse(Assert.Single(result.Output), CultureInfo.InvariantCulture), -20, 20);
    }

    /// <summary>A grey picture, small as a file.</summary>
    private static void WriteGreyPng(string path, int side)
    {
        using FileStream file = File.Create(path);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = 8;
        WriteChunk(file, "IHDR"u8, header);
        using var data = new MemoryStream();
        using (var compressed = new ZLibStream(data, CompressionLevel.Fastest))
        {
            byte[] row = new byte[side + 1];
            for (int i = 0; i < side; i++)
            {
                compressed.Write(row);
            }
        }

        WriteChunk(file, "IDAT"u8, data.ToArray());
        WriteChunk(file, "IEND"u8, []);
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, byte[] content)
    {
        byte[] number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        byte[] checkedPart = [.. type, .. content];
        file.Write(checkedPart);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc32(checkedPart));
        file.Write(number);
    }

    private static uint Crc32(byte[] content)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in content)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (uint)-(int)(crc & 1));
            }
        }

        return ~crc;
    }
}
