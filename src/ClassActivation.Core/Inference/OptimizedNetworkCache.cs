using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using ClassActivation.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>
/// Keeps networks as the runtime optimised them for this processor, so that only the first session ever pays for it:
/// later ones map the optimised and pre-packed weights from the file. The folder is per user; an entry is used only
/// when its seal is right, and several processes may make the same entry at once. Nothing in the folder is touched
/// that does not hold what the cache puts into its own, whatever its name.
/// </summary>
internal sealed class OptimizedNetworkCache
{
    /// <summary>The environment variable that names another folder for the cache, or <c>off</c>.</summary>
    public const string EnvironmentVariable = "CLASSACTIVATION_CACHE";

    private const string NetworkFile = "network.onnx";
    private const string DataFile = NetworkFile + ".data";
    private const string SealFile = "seal";
    private const string LockExtension = ".lock";
    private const int SealLength = 6;
    private const int DataHashLine = 3;
    private const int SourceHashLine = 4;
    private const int SourceTimeLine = 5;
    private const int KeyLength = 24;
    // Weights below this size stand in the network itself: for one, so that few of them move the others.
    private const int LeastExternalSize = 1024;
    // From here on the runtime itself aligns what it writes to the data file.
    private const int LeastAlignedSize = 1 << 20;
    // Part of every key: what another layout wrote is never opened again.
    private const int Layout = 2;
    private const int GuidLength = 32;
    private const int HashBlock = 1 << 20;
    private const int SampleCount = 64;
    private const int SampleSize = 4096;
    private static readonly SearchValues<char> KeyDigits = SearchValues.Create("0123456789ABCDEF");
    private static readonly SearchValues<char> GuidDigits = SearchValues.Create("0123456789abcdef");
    private const long MostBytes = 4L << 30;
    private static readonly TimeSpan KeptUnused = TimeSpan.FromDays(30);
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private readonly string? _folder;
    private readonly long _mostBytes;

    /// <summary>Makes a cache.</summary>
    /// <param name="folder">Where entries are kept; null for a cache that keeps none.</param>
    /// <param name="mostBytes">How much they may take; beyond it those go that were not used for longest.</param>
    public OptimizedNetworkCache(string? folder, long mostBytes = MostBytes) => (_folder, _mostBytes) = (folder, mostBytes);

    /// <summary>The cache of this user, as the environment variable says.</summary>
    public static OptimizedNetworkCache OfUser { get; } = new(UserFolder());

    /// <summary>Opens a session for a network, from the cache or by way of it.</summary>
    /// <param name="network">The network's file.</param>
    /// <param name="runtime">The runtime, which may still be starting: what can be done before it is there is.</param>
    /// <param name="createOptions">Makes the session's options; the caller's optimisation level is replaced.</param>
    /// <exception cref="OnnxRuntimeException">The network itself cannot be loaded.</exception>
    public InferenceSession Open(OnnxModelFile network, Task<OrtEnv> runtime, Func<SessionOptions> createOptions)
    {
        if (_folder is null)
        {
            return OpenPlain(network, runtime, createOptions);
        }

        try
        {
            RemoveLeftovers();
            string entry = Path.Combine(_folder, KeyOf(network, runtime, ""));
            return TryOpen(entry, network, createOptions) ?? Make(entry, network, network, createOptions);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OnnxRuntimeException)
        {
            // No space, no permission, or an optimised network that the runtime cannot write: work without the cache.
            return OpenPlain(network, runtime, createOptions);
        }
    }

    /// <summary>
    /// Opens a session for a graph that is written from a network, such as its gradient, from the cache or by way of it. The
    /// written graph is read again as a stranger's file is, with all checks.
    /// </summary>
    /// <param name="network">The network's file.</param>
    /// <param name="part">What is written of it; the same words mean the same graph.</param>
    /// <param name="write">Writes the graph.</param>
    /// <param name="createOptions">Makes the session's options; the caller's optimisation level is replaced.</param>
    /// <exception cref="OnnxRuntimeException">The graph cannot be loaded.</exception>
    public InferenceSession Open(OnnxModelFile network, string part, Func<OnnxGraph> write, Func<SessionOptions> createOptions)
    {
        if (_folder is null)
        {
            return OpenInMemory(write, createOptions);
        }

        try
        {
            string entry = Path.Combine(_folder, KeyOf(network, Task.FromResult(InferenceRuntime.Environment), part));
            return TryOpen(entry, network, createOptions) ?? Make(entry, network, write, createOptions);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OnnxRuntimeException)
        {
            return OpenInMemory(write, createOptions);
        }
    }

    /// <summary>Opens a session for a graph that is not kept.</summary>
    public static InferenceSession OpenInMemory(Func<OnnxGraph> write, Func<SessionOptions> createOptions)
    {
        using SessionOptions options = createOptions();
        byte[] model = Serialize(write, options);
        LargeGarbage.Collect();
        return new InferenceSession(model, options);
    }

    // A method of its own, so that nobody holds the graph any more while the runtime takes its own memory.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte[] Serialize(Func<OnnxGraph> write, SessionOptions options) => write().Serialize(options);

    private static string? UserFolder()
    {
        string? named = Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (!string.IsNullOrEmpty(named))
        {
            return named.Equals("off", StringComparison.OrdinalIgnoreCase) ? null : Path.GetFullPath(named);
        }

        // Not made here: where it cannot be, the module works without the cache.
        string local = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return local.Length == 0 ? null : Path.Combine(local, "ClassActivation", "optimized");
    }

    private static bool IsEntryName(ReadOnlySpan<char> name) =>
        name.Length > KeyLength && name[^(KeyLength + 1)] == '-' && !name[^KeyLength..].ContainsAnyExcept(KeyDigits);

    private static bool IsTemporaryName(ReadOnlySpan<char> name) =>
        name.Length > GuidLength
            && name[^(GuidLength + 1)] == '.'
            && !name[^GuidLength..].ContainsAnyExcept(GuidDigits)
            && IsEntryName(name[..^(GuidLength + 1)]);

    private static InferenceSession OpenPlain(OnnxModelFile network, Task<OrtEnv> runtime, Func<SessionOptions> createOptions)
    {
        runtime.GetAwaiter().GetResult();
        using SessionOptions options = createOptions();
        return new InferenceSession(network.FilePath, options);
    }

    /// <summary>Names an entry by everything that an optimised network depends on.</summary>
    private static string KeyOf(OnnxModelFile network, Task<OrtEnv> runtime, string part)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(File.ReadAllBytes(network.FilePath));
        foreach (string path in network.DataFiles)
        {
            AppendDataFile(hash, path);
        }

        OrtEnv environment = runtime.GetAwaiter().GetResult();
        // Another build of the same version may write another network.
        Append(hash, Layout, Processor.Identity, environment.GetVersionString(), string.Join(',', environment.GetAvailableProviders()));
        if (part.Length > 0)
        {
            // Another version of the module may write the same part in another way.
            Append(hash, part, typeof(OptimizedNetworkCache).Module.ModuleVersionId);
        }

        return $"{Path.GetFileNameWithoutExtension(network.FilePath)}-{Convert.ToHexString(hash.GetHashAndReset(), 0, KeyLength / 2)}";
    }

    /// <summary>
    /// Weights of equal size and time are told apart by samples: any training changes nearly all of them. Those that agree in
    /// all of these are told apart by the seal.
    /// </summary>
    private static void AppendDataFile(IncrementalHash hash, string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        Append(hash, Path.GetFileName(path), file.Length, File.GetLastWriteTimeUtc(path).Ticks);
        Span<byte> sample = stackalloc byte[SampleSize];
        for (int i = 0; i < SampleCount; i++)
        {
            long offset = file.Length / SampleCount * i;
            hash.AppendData(sample[..RandomAccess.Read(file.SafeFileHandle, sample, offset)]);
        }
    }

    private static void Append(IncrementalHash hash, params ReadOnlySpan<object> values) =>
        hash.AppendData(Encoding.UTF8.GetBytes('|' + string.Join('|', values.ToArray())));

    private static InferenceSession? TryOpen(string entry, OnnxModelFile network, Func<SessionOptions> createOptions)
    {
        if (!Path.Exists(entry))
        {
            return null;
        }

        string[] seal = ReadSeal(entry);
        // What the runtime is to read first is proven first; the weights are while it reads.
        if (seal.Length != SealLength
            || !seal.SequenceEqual(Seal(entry, entry, seal[DataHashLine], seal[SourceHashLine], seal[SourceTimeLine])))
        {
            Discard(entry);
            return null;
        }

        // Weights that nobody has touched since need not be read again.
        bool isUntouched = seal[SourceTimeLine].Length > 0 && seal[SourceTimeLine] == ChangeTimeOf(network.DataFiles);
        Task<bool> isOfTheseWeights = isUntouched
            ? Task.FromResult(true)
            : Task.Run(() => HashOf(network.DataFiles) == seal[SourceHashLine]);
        Task<bool> isIntact = Task.Run(() => HashOf([Path.Combine(entry, DataFile)]) == seal[DataHashLine]);
        InferenceSession? session = null;
        try
        {
            using SessionOptions options = createOptions();
            options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
            session = new InferenceSession(Path.Combine(entry, NetworkFile), options);
        }
        catch (OnnxRuntimeException)
        {
            // Not readable by this runtime after all: made again.
        }

        if (isIntact.GetAwaiter().GetResult() && isOfTheseWeights.GetAwaiter().GetResult() && session is not null)
        {
            MarkUsed(entry);
            return session;
        }

        session?.Dispose();
        Discard(entry);
        return null;
    }

    private static InferenceSession Make(string entry, OnnxModelFile network, Func<OnnxGraph> write, Func<SessionOptions> createOptions)
    {
        string folder = Directory.CreateTempSubdirectory("ClassActivation-").FullName;
        try
        {
            string path = Path.Combine(folder, NetworkFile);
            Save(write, path);
            LargeGarbage.Collect();
            Make(entry, network, OnnxModelFile.Read(path), createOptions).Dispose();
        }
        finally
        {
            TryDelete(folder);
        }

        return TryOpen(entry, network, createOptions) ?? OpenInMemory(write, createOptions);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Save(Func<OnnxGraph> write, string path) => write().Save(path);

    private static InferenceSession Make(string entry, OnnxModelFile source, OnnxModelFile network, Func<SessionOptions> createOptions)
    {
        string making = NewTemporary(entry);
        Directory.CreateDirectory(Path.GetDirectoryName(entry)!);
        // Held until the entry is there: whoever can take it knows that its process is gone.
        using FileStream alive = new(
            making + LockExtension, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        Directory.CreateDirectory(making);
        InferenceSession? session = null;
        try
        {
            // Whose folder it is stands in it from the beginning on.
            File.WriteAllText(Path.Combine(making, SealFile), Path.GetFileName(entry));
            // Before the runtime reads them: what is changed meanwhile is another network the next time, and not this one.
            string sourceTime = ChangeTimeOf(source.DataFiles);
            string sourceHash = HashOf(source.DataFiles);
            session = WriteAligned(network, making, createOptions, out bool isAligned);
            if (!isAligned)
            {
                TryDelete(making);
                return session;
            }

            File.WriteAllLines(
                Path.Combine(making, SealFile), Seal(entry, making, HashOf([Path.Combine(making, DataFile)]), sourceHash, sourceTime));
            ProtectFiles(making);
            Directory.Move(making, entry);
            return session;
        }
        catch (Exception e) when (session is not null && e is IOException or UnauthorizedAccessException)
        {
            // Another process was faster, or the disk is full: this session is good either way.
            TryDelete(making);
            return session;
        }
        catch
        {
            session?.Dispose();
            TryDelete(making);
            throw;
        }
    }

    /// <summary>
    /// Opens a session that writes the network, as the runtime optimised it, with all weights where vector code may load them
    /// from a mapped file. The runtime puts small ones one behind the other, wherever the last one ended.
    /// </summary>
    private static InferenceSession WriteAligned(
        OnnxModelFile network, string folder, Func<SessionOptions> createOptions, out bool isAligned)
    {
        InferenceSession session = WriteOptimized(network, folder, LeastExternalSize, withPacked: true, createOptions);
        foreach (bool withPacked in (ReadOnlySpan<bool>)[true, false])
        {
            if (OptimizedWeights.AreAligned(Path.Combine(folder, NetworkFile)))
            {
                break;
            }

            session.Dispose();
            session = WriteOptimized(network, folder, LeastAlignedSize, withPacked, createOptions);
        }

        isAligned = OptimizedWeights.AreAligned(Path.Combine(folder, NetworkFile));
        return session;
    }

    private static InferenceSession WriteOptimized(
        OnnxModelFile network, string folder, int leastExternalSize, bool withPacked, Func<SessionOptions> createOptions)
    {
        File.Delete(Path.Combine(folder, DataFile));
        using SessionOptions options = createOptions();
        options.OptimizedModelFilePath = Path.Combine(folder, NetworkFile);
        options.AddSessionConfigEntry("session.optimized_model_external_initializers_file_name", DataFile);
        options.AddSessionConfigEntry(
            "session.optimized_model_external_initializers_min_size_in_bytes", leastExternalSize.ToString(CultureInfo.InvariantCulture));
        options.AddSessionConfigEntry("session.save_external_prepacked_constant_initializers", withPacked ? "1" : "0");
        return new InferenceSession(network.FilePath, options);
    }

    /// <summary>
    /// Keeps programs from writing to what processes map: a mapped file that is cut off ends them all. Windows does not
    /// let mapped files be cut off.
    /// </summary>
    private static void ProtectFiles(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            foreach (string file in Directory.GetFiles(folder))
            {
                File.SetUnixFileMode(
                    file, File.GetUnixFileMode(file) & (UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead));
            }
        }
    }

    private static string NewTemporary(string entry) => $"{entry}.{Guid.NewGuid():N}";

    /// <summary>Takes a bad entry away in one step, so that no other process meets half of it.</summary>
    /// <exception cref="IOException">What is there is nothing that this cache made.</exception>
    private static void Discard(string entry)
    {
        string discarded = NewTemporary(entry);
        try
        {
            if (!HoldsNothingElse(entry))
            {
                throw new IOException($"'{entry}' is not of this cache.");
            }

            Directory.Move(entry, discarded);
            string seal = Path.Combine(discarded, SealFile);
            File.Delete(seal);
            File.WriteAllText(seal, Path.GetFileName(entry));
            TryDelete(discarded);
        }
        catch (DirectoryNotFoundException)
        {
            // Another process was faster.
        }
    }

    private static void MarkUsed(string entry)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(entry, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that may only be read serves as well.
        }
    }

    /// <summary>
    /// Removes entries that nobody used for long, those that are too much, and what processes left behind that ended while they
    /// made one.
    /// </summary>
    private void RemoveLeftovers()
    {
        var folder = new DirectoryInfo(_folder!);
        if (!folder.Exists)
        {
            return;
        }

        var entries = new List<DirectoryInfo>();
        foreach (FileSystemInfo item in folder.EnumerateFileSystemInfos())
        {
            string temporary = item.Name.EndsWith(LockExtension, StringComparison.Ordinal)
                ? item.FullName[..^LockExtension.Length]
                : item.FullName;
            if (IsTemporaryName(Path.GetFileName(temporary)))
            {
                if (IsOwn(temporary) && !IsBeingMade(temporary))
                {
                    TryDelete(temporary);
                }
            }
            else if (item is DirectoryInfo entry && IsEntryName(item.Name))
            {
                entries.Add(entry);
            }
        }

        long bytes = 0;
        foreach (DirectoryInfo entry in entries.OrderByDescending(static entry => entry.LastWriteTimeUtc))
        {
            bytes += SizeOf(entry);
            if ((bytes > _mostBytes || entry.LastWriteTimeUtc < DateTime.UtcNow - KeptUnused) && IsOwn(entry.FullName))
            {
                TryDelete(entry.FullName);
            }
        }
    }

    private static long SizeOf(DirectoryInfo entry)
    {
        try
        {
            return entry.EnumerateFiles().Sum(static file => file.Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process removes it.
            return 0;
        }
    }

    /// <summary>
    /// Whether a folder is one that a cache has made, or is no more: it holds the cache's files alone, and its seal names an
    /// entry. One that was only just begun is empty.
    /// </summary>
    private static bool IsOwn(string folder)
    {
        try
        {
            return !Path.Exists(folder)
                || (HoldsNothingElse(folder)
                    && (IsEntryName(ReadSeal(folder)[0]) || (IsTemporaryName(Path.GetFileName(folder)) && IsEmpty(folder))));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool HoldsNothingElse(string folder) =>
        new DirectoryInfo(folder).EnumerateFileSystemInfos()
            .All(static item => item is FileInfo { Name: NetworkFile or DataFile or SealFile });

    private static bool IsEmpty(string folder) => !Directory.EnumerateFileSystemEntries(folder).Any();

    private static bool IsBeingMade(string temporary)
    {
        var file = new FileInfo(temporary + LockExtension);
        if (file is { Exists: true, Length: > 0 })
        {
            // The cache's own are empty.
            return true;
        }

        try
        {
            using FileStream taken = new(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In use by another process: a later run removes it.
        }
    }

    private static string[] ReadSeal(string entry)
    {
        try
        {
            return File.ReadAllLines(Path.Combine(entry, SealFile)) is { Length: > 0 } seal ? seal : [""];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [""];
        }
    }

    /// <summary>
    /// What proves an entry: its own name, so that no other network's is taken for it, its content, and the weights that it
    /// was made of.
    /// </summary>
    private static string[] Seal(string entry, string folder, string dataHash, string sourceHash, string sourceTime)
    {
        var data = new FileInfo(Path.Combine(folder, DataFile));
        string length = (data.Exists ? data.Length : 0).ToString(CultureInfo.InvariantCulture);
        return [Path.GetFileName(entry), HashOf([Path.Combine(folder, NetworkFile)]), length, dataHash, sourceHash, sourceTime];
    }

    /// <summary>When the files were changed last; empty where that of one is not known.</summary>
    private static string ChangeTimeOf(IReadOnlyList<string> paths)
    {
        string?[] times = [.. paths.Select(FileStatus.ChangeTime)];
        return times.Contains(null) ? "" : string.Join(' ', times);
    }

    // Read, not mapped: a file that another program cuts off meanwhile is a wrong hash then, and not a fault.
    private static string HashOf(IReadOnlyList<string> paths)
    {
        try
        {
            // The system's own code from the first byte on: vector code of .NET takes ten times as long before it is optimised.
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var block = new byte[HashBlock];
            foreach (string path in paths)
            {
                using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
                for (int read; (read = file.Read(block)) > 0;)
                {
                    hash.AppendData(block, 0, read);
                }
            }

            return Convert.ToHexString(hash.GetHashAndReset());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As small networks have no data file.
            return "none";
        }
    }
}
