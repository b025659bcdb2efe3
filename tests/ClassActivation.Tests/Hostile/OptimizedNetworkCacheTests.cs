using System.Diagnostics;
using ClassActivation.Inference;
using ClassActivation.Onnx.Schema;
using ClassActivation.Tests.Quantization;
using Google.Protobuf;

namespace ClassActivation.Tests.Hostile;

/// <summary>Whatever becomes of the cache, networks load and give what they give without it.</summary>
public sealed class OptimizedNetworkCacheTests : IDisposable
{
    private static readonly Dictionary<string, Action<string>> Damages = new()
    {
        ["network cut short"] = static entry => Cut(entry, "network.onnx", 0.5),
        ["network empty"] = static entry => Cut(entry, "network.onnx", 0),
        ["network missing"] = static entry => File.Delete(Path.Combine(entry, "network.onnx")),
        ["network changed"] = static entry => Flip(entry, "network.onnx"),
        ["weights cut short"] = static entry => Cut(entry, "network.onnx.data", 0.5),
        ["weights empty"] = static entry => Cut(entry, "network.onnx.data", 0),
        ["weights missing"] = static entry => File.Delete(Path.Combine(entry, "network.onnx.data")),
        ["weights changed"] = static entry => Flip(entry, "network.onnx.data"),
        ["seal empty"] = static entry => Cut(entry, "seal", 0),
        ["seal missing"] = static entry => File.Delete(Path.Combine(entry, "seal")),
        ["folder empty"] = static entry => Array.ForEach(Directory.GetFiles(entry), File.Delete),
    };

    private readonly TemporaryFolder _folder = new();

    public OptimizedNetworkCacheTests() => ResidualNetwork.Write(Network);

    public static TheoryData<string> DamageNames => [.. Damages.Keys];

    private string Network => _folder.File("net.onnx");

    private string CacheFolder => _folder.File("cache");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(DamageNames))]
    public void A_damaged_entry_is_noticed_and_made_again(string damage)
    {
        float[] expected = Run(null);
        Run(CacheFolder);
        string entry = SingleEntry();
        foreach (string file in Directory.GetFiles(entry))
        {
            Assert.True(OperatingSystem.IsWindows() || new FileInfo(file).IsReadOnly);
            File.SetAttributes(file, FileAttributes.Normal);
        }

        Damages[damage](entry);

        Assert.Equal(expected, Run(CacheFolder));

        Assert.Equal(entry, SingleEntry());
        Assert.True(IsUsedAsItIs(entry));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(13)]
    public void Weights_stand_where_vector_code_may_load_them_whatever_their_sizes(int width)
    {
        string network = _folder.File("odd/net.onnx");
        ResidualNetwork.Write(network, width: width);
        float[] expected = Run(null, network);

        Assert.Equal(expected, Run(CacheFolder, network));
        Assert.Equal(expected, Run(CacheFolder, network));

        string entry = Assert.Single(Directory.GetFileSystemEntries(CacheFolder));
        Assert.True(OptimizedWeights.AreAligned(Path.Combine(entry, "network.onnx")));
    }

    [Theory]
    [InlineData("offset", "0", true)]
    [InlineData("offset", "64", true)]
    [InlineData("offset", "32", false)]
    [InlineData("length", "3", true)]
    [InlineData("prepacked_0", "Gemm+1|128;9216;0", true)]
    [InlineData("prepacked_0", "Gemm+1|128;9216;0|9344;12;0", true)]
    [InlineData("prepacked_0", "Gemm+1|128;9216;0|9346;12;0", false)]
    [InlineData("offset", "here", false)]
    public void Places_of_weights_are_read_as_the_runtime_writes_them(string key, string value, bool areAligned)
    {
        var tensor = new TensorProto { Name = "weight" };
        tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        var model = new ModelProto { Graph = new GraphProto() };
        model.Graph.Initializer.Add(tensor);
        string path = _folder.File("written.onnx");
        File.WriteAllBytes(path, model.ToByteArray());

        Assert.Equal(areAligned, OptimizedWeights.AreAligned(path));
    }

    [Fact]
    public void An_entry_of_another_network_is_noticed()
    {
        Run(CacheFolder);
        string entry = SingleEntry();
        Directory.Delete(entry, recursive: true);
        string other = _folder.File("other/net.onnx");
        ResidualNetwork.Write(other);
        MakeBiasesZero(other);
        Run(CacheFolder, other);
        Directory.Move(SingleEntry(), entry);

        Assert.Equal(Run(null), Run(CacheFolder));

        Assert.NotEqual(Run(null), Run(null, other));
    }

    [Fact]
    public void Other_weights_of_the_same_size_and_time_are_another_network()
    {
        Run(CacheFolder);
        string data = Network + ".data";
        DateTime time = File.GetLastWriteTimeUtc(data);
        byte[] weights = File.ReadAllBytes(data);
        for (int i = 0; i + 4 <= weights.Length; i += 4)
        {
            BitConverter.TryWriteBytes(weights.AsSpan(i), BitConverter.ToSingle(weights, i) * 1.5f);
        }

        File.WriteAllBytes(data, weights);
        File.SetLastWriteTimeUtc(data, time);

        Assert.Equal(Run(null), Run(CacheFolder));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weights_that_differ_in_bytes_that_the_name_does_not_see_are_another_network(bool isSealOfAnotherMachine)
    {
        string data = Network + ".data";
        byte[] weights = File.ReadAllBytes(data);
        // With a long rest behind them, the weights lie between the first two samples, but for the first 4 KB.
        Array.Resize(ref weights, 64 * 32 * 1024);
        File.WriteAllBytes(data, weights);
        DateTime time = File.GetLastWriteTimeUtc(data);
        float[] before = Run(CacheFolder);
        string entry = SingleEntry();
        if (isSealOfAnotherMachine)
        {
            ForgetChangeTime(entry);
            Assert.True(IsUsedAsItIs(entry));
        }

        for (int i = 4096; i + 4 <= 32 * 1024; i += 4)
        {
            BitConverter.TryWriteBytes(weights.AsSpan(i), BitConverter.ToSingle(weights, i) * -3);
        }

        File.WriteAllBytes(data, weights);
        File.SetLastWriteTimeUtc(data, time);

        float[] after = Run(CacheFolder);

        Assert.NotEqual(before, after);
        Assert.Equal(Run(null), after);
        Assert.Equal(entry, SingleEntry());
        Assert.True(IsUsedAsItIs(entry));
    }

    [Fact]
    public void The_same_weights_written_again_are_the_same_network()
    {
        Run(CacheFolder);
        string data = Network + ".data";
        DateTime time = File.GetLastWriteTimeUtc(data);
        File.WriteAllBytes(data, File.ReadAllBytes(data));
        File.SetLastWriteTimeUtc(data, time);

        Assert.True(IsUsedAsItIs(SingleEntry()));
    }

    [Fact]
    public void Weights_in_a_file_of_another_name_count_too()
    {
        string data = _folder.File("net.onnx.data");
        byte[] model = File.ReadAllBytes(Network);
        byte[] name = "net.onnx.data"u8.ToArray();
        for (int at; (at = model.AsSpan().IndexOf(name)) >= 0;)
        {
            "the.weights!!"u8.CopyTo(model.AsSpan(at));
        }

        File.WriteAllBytes(Network, model);
        File.Move(data, _folder.File("the.weights!!"));
        Run(CacheFolder);
        File.WriteAllBytes(_folder.File("the.weights!!"), new byte[new FileInfo(_folder.File("the.weights!!")).Length]);

        Assert.Equal(Run(null), Run(CacheFolder));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    public void Processes_that_make_an_entry_at_once_leave_one(int count)
    {
        Process[] processes = [.. Enumerable.Range(0, count).Select(_ => ChildProgram.Start("load", Network, CacheFolder))];
        (int ExitCode, string Output)[] ends = [.. processes.Select(ChildProgram.Finish)];

        Assert.All(ends, end => Assert.True(end.ExitCode == 0, end.Output));
        Assert.Single(ends.Select(static end => end.Output).Distinct());
        Assert.True(IsUsedAsItIs(SingleEntry()));
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_and_what_a_living_one_makes_is_not()
    {
        float[] expected = Run(null);
        using Process process = ChildProgram.Start("hang", Network, CacheFolder);
        try
        {
            Assert.Equal("making", process.StandardOutput.ReadLine());
            string[] made = Directory.GetFileSystemEntries(CacheFolder);
            Assert.Equal(2, made.Length);

            Assert.Equal(expected, Run(CacheFolder));
            Assert.All(made, path => Assert.True(Path.Exists(path)));
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }

        Assert.Equal(expected, Run(CacheFolder));
        Assert.True(IsUsedAsItIs(SingleEntry()));
    }

    [Fact]
    public void Old_entries_are_removed_and_what_is_not_the_caches_own_stays()
    {
        Run(CacheFolder);
        string entry = SingleEntry();
        string old = entry[..^24] + new string('A', 24);
        Directory.Move(entry, old);
        string foreign = Directory.CreateDirectory(Path.Combine(CacheFolder, "my photos")).FullName;
        foreach (string folder in new[] { old, foreign })
        {
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddDays(-40));
        }

        Run(CacheFolder);

        Assert.Equal([foreign, entry], Directory.GetFileSystemEntries(CacheFolder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Entries_that_are_too_much_go_and_the_last_used_stay()
    {
        string[] networks = [.. Enumerable.Range(0, 4).Select(i => _folder.File($"many/net{i}.onnx"))];
        for (int i = 0; i < networks.Length; i++)
        {
            ResidualNetwork.Write(networks[i], seed: i);
            Run(CacheFolder, networks[i]);
        }

        string[] entries = [.. Directory.GetDirectories(CacheFolder).Order(StringComparer.Ordinal)];
        Assert.Equal(4, entries.Length);
        for (int i = 0; i < entries.Length; i++)
        {
            Directory.SetLastWriteTimeUtc(entries[i], DateTime.UtcNow.AddHours(i == 1 ? -1 : -2 - i));
        }

        long size = new DirectoryInfo(entries[0]).EnumerateFiles().Sum(static file => file.Length);
        using (CamModel.Load(networks[0], new OptimizedNetworkCache(CacheFolder, (long)(2.5 * size))))
        {
            Assert.Equal(entries[..2], Directory.GetDirectories(CacheFolder).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Folders_of_the_user_stay_whatever_they_are_called()
    {
        Run(CacheFolder);
        string entry = SingleEntry();
        string name = entry[..^24] + new string('A', 24);
        string[] mine =
        [
            Mine(name, "photo.jpg"),
            Mine(name[..^1] + "B", "seal"),
            Mine(name[..^1] + "C", "network.onnx"),
            Mine($"{name}.{Guid.NewGuid():N}", "photo.jpg"),
            Mine($"{name}.{Guid.NewGuid():N}", "network.onnx"),
            Mine(name[..^1] + "D", "sub/seal"),
        ];
        string filled = $"{name}.{Guid.NewGuid():N}.lock";
        File.WriteAllText(filled, "mine");

        Run(CacheFolder);

        Assert.All(mine, file => Assert.Equal("mine", File.ReadAllText(file)));
        Assert.Equal("mine", File.ReadAllText(filled));
    }

    [Fact]
    public void What_stands_in_an_entrys_place_and_is_of_the_user_stays()
    {
        float[] expected = Run(CacheFolder);
        string entry = SingleEntry();
        File.WriteAllText(Path.Combine(entry, "mine"), "mine");
        File.Delete(Path.Combine(entry, "seal"));

        Assert.Equal(expected, Run(CacheFolder));
        Assert.Equal("mine", File.ReadAllText(Path.Combine(entry, "mine")));

        Directory.Delete(entry, recursive: true);
        File.WriteAllText(entry, "mine");

        Assert.Equal(expected, Run(CacheFolder));
        Assert.Equal("mine", File.ReadAllText(entry));
    }

    [Fact]
    public void Without_a_place_for_the_cache_networks_load_all_the_same()
    {
        File.WriteAllText(CacheFolder, "a file where the folder should be");

        float[] expected = Run(null);

        Assert.Equal(expected, Run(CacheFolder));
        Assert.Equal(expected, Run(Path.Combine(CacheFolder, "below")));
        Assert.Equal("a file where the folder should be", File.ReadAllText(CacheFolder));
    }

    [SkippableFact]
    public void A_cache_that_may_only_be_read_serves_what_it_has()
    {
        Skip.If(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "Permissions do not bind this user.");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Run(CacheFolder);
        string entry = SingleEntry();
        UnixFileMode mode = File.GetUnixFileMode(CacheFolder);
        File.SetUnixFileMode(CacheFolder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Assert.Equal(Run(null), Run(CacheFolder));
            File.SetAttributes(Path.Combine(entry, "seal"), FileAttributes.Normal);
            File.AppendAllText(Path.Combine(entry, "seal"), "damage");
            Assert.Equal(Run(null), Run(CacheFolder));
        }
        finally
        {
            File.SetUnixFileMode(CacheFolder, mode);
        }
    }

    [SkippableFact]
    public void On_a_full_disk_networks_load_all_the_same()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root can mount a small file system.");
        string disk = Directory.CreateDirectory(_folder.File("disk")).FullName;
        Skip.If(Execute("mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", disk) != 0, "No small file system can be mounted here.");
        try
        {
            Assert.Equal(Run(null), Run(disk));
            Assert.Empty(Directory.GetFileSystemEntries(disk));
        }
        finally
        {
            Execute("umount", disk);
        }
    }

    private float[] Run(string? cache, string? network = null)
    {
        using CamModel model = CamModel.Load(network ?? Network, new OptimizedNetworkCache(cache));
        using ForwardPass pass = model.Run(ChildProgram.Grey());
        return [.. pass.Probabilities.ToArray().Select(static p => MathF.Round(p, 5))];
    }

    /// <summary>The one entry of the cache, beside which there is nothing.</summary>
    private string SingleEntry()
    {
        string entry = Assert.Single(Directory.GetFileSystemEntries(CacheFolder));
        Assert.Equal(
            ["network.onnx", "network.onnx.data", "seal"],
            Directory.GetFiles(entry).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        return entry;
    }

    /// <summary>Whether a network is loaded from an entry, and the entry not made again.</summary>
    private bool IsUsedAsItIs(string entry)
    {
        DateTime made = File.GetLastWriteTimeUtc(Path.Combine(entry, "seal"));
        Run(CacheFolder);
        return File.GetLastWriteTimeUtc(Path.Combine(SingleEntry(), "seal")) == made;
    }

    /// <summary>A file of the user's in an old folder.</summary>
    private static string Mine(string folder, string name)
    {
        string file = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "mine");
        Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddDays(-40));
        return file;
    }

    /// <summary>Makes an entry that was copied here with its network, which file systems date by themselves.</summary>
    private static void ForgetChangeTime(string entry)
    {
        string seal = Path.Combine(entry, "seal");
        File.SetAttributes(seal, FileAttributes.Normal);
        string[] lines = File.ReadAllLines(seal);
        lines[^1] = "1.000000000";
        File.WriteAllLines(seal, lines);
    }

    private static void MakeBiasesZero(string network) =>
        File.WriteAllBytes(network + ".data", new byte[new FileInfo(network + ".data").Length]);

    private static int Execute(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }

    private static void Cut(string entry, string name, double share)
    {
        using FileStream file = File.OpenWrite(Path.Combine(entry, name));
        file.SetLength((long)(file.Length * share));
    }

    private static void Flip(string entry, string name)
    {
        string path = Path.Combine(entry, name);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 0x40;
        File.WriteAllBytes(path, bytes);
    }
}
