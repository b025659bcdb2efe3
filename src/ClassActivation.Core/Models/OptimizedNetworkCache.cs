using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClassActivation.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Models;

/// <summary>
/// Keeps networks as the runtime optimised them for this processor, so that only the first session ever pays for it:
/// later ones map the optimised and pre-packed weights from the file. The folder is per user; an entry is used only
/// when its seal is right, and several processes may make the same entry at once. Nothing in the folder is touched
/// that is not named as the cache names its own.
/// </summary>
internal sealed class OptimizedNetworkCache
{
    /// <summary>The environment variable that names another folder for the cache, or <c>off</c>.</summary>
    public const string EnvironmentVariable = "CLASSACTIVATION_CACHE";

    private const string NetworkFile = "network.onnx";
    private const string DataFile = NetworkFile + ".data";
    private const string SealFile = "seal";
    private const string LockExtension = ".lock";
    private const int KeyLength = 24;
    private const int GuidLength = 32;
    private const int HashBlock = 1 << 20;
    private const int SampleCount = 64;
    private const int SampleSize = 4096;
    private static readonly SearchValues<char> KeyDigits = SearchValues.Create("0123456789ABCDEF");
    private static readonly SearchValues<char> GuidDigits = SearchValues.Create("0123456789abcdef");
    private static readonly TimeSpan KeptUnused = TimeSpan.FromDays(30);
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private readonly string? _folder;

    /// <summary>Makes a cache.</summary>
    /// <param name="folder">Where entries are kept; null for a cache that keeps none.</param>
    public OptimizedNetworkCache(string? folder) => _folder = folder;

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
            string entry = Path.Combine(_folder, KeyOf(network, runtime));
            return TryOpen(entry, createOptions) ?? Make(entry, network, createOptions);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OnnxRuntimeException)
        {
            // No space, no permission, or an optimised network that the runtime cannot write: work without the cache.
            return OpenPlain(network, runtime, createOptions);
        }
    }

    private static string? UserFolder()
    {
        string? named = Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (!string.IsNullOrEmpty(named))
        {
            return named.Equals("off", StringComparison.OrdinalIgnoreCase) ? null : Path.GetFullPath(named);
        }

        // Not made here: where it cannot be, the module works without the cache.
        string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return local.Length == 0 ? null : Path.Combine(local, "ClassActivation", "optimized");
    }

    private static bool IsEntryName(ReadOnlySpan<char> name) =>
        name.Length > KeyLength && name[^(KeyLength + 1)] == '-' && !name[^KeyLength..].ContainsAnyExcept(KeyDigits);

    private static bool IsTemporaryName(ReadOnlySpan<char> name) =>
        name.Length > GuidLength && name[^(GuidLength + 1)] == '.' && !name[^GuidLength..].ContainsAnyExcept(GuidDigits) && IsEntryName(name[..^(GuidLength + 1)]);

    private static InferenceSession OpenPlain(OnnxModelFile network, Task<OrtEnv> runtime, Func<SessionOptions> createOptions)
    {
        runtime.GetAwaiter().GetResult();
        using SessionOptions options = createOptions();
        return new InferenceSession(network.FilePath, options);
    }

    /// <summary>Names an entry by everything that an optimised network depends on.</summary>
    private static string KeyOf(OnnxModelFile network, Task<OrtEnv> runtime)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(File.ReadAllBytes(network.FilePath));
        foreach (string path in network.DataFiles)
        {
            AppendDataFile(hash, path);
        }

        Append(hash, Processor.Identity, runtime.GetAwaiter().GetResult().GetVersionString());
        return $"{Path.GetFileNameWithoutExtension(network.FilePath)}-{Convert.ToHexString(hash.GetHashAndReset(), 0, KeyLength / 2)}";
    }

    /// <summary>Weights of equal size and time are told apart by samples: any training changes nearly all of them.</summary>
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

    private static InferenceSession? TryOpen(string entry, Func<SessionOptions> createOptions)
    {
        if (!Path.Exists(entry))
        {
            return null;
        }

        string[] seal = ReadSeal(entry);
        // What the runtime is to read first is proven first; the weights are while it reads.
        if (!seal.SequenceEqual(Seal(entry, dataHash: seal[^1])))
        {
            Discard(entry);
            return null;
        }

        Task<bool> isIntact = Task.Run(() => HashOf(Path.Combine(entry, DataFile)) == seal[^1]);
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

        if (isIntact.GetAwaiter().GetResult() && session is not null)
        {
            MarkUsed(entry);
            return session;
        }

        session?.Dispose();
        Discard(entry);
        return null;
    }

    private static InferenceSession Make(string entry, OnnxModelFile network, Func<SessionOptions> createOptions)
    {
        string making = NewTemporary(entry);
        Directory.CreateDirectory(Path.GetDirectoryName(entry)!);
        // Held until the entry is there: whoever can take it knows that its process is gone.
        using FileStream alive = new(making + LockExtension, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        Directory.CreateDirectory(making);
        InferenceSession? session = null;
        try
        {
            using SessionOptions options = createOptions();
            options.OptimizedModelFilePath = Path.Combine(making, NetworkFile);
            options.AddSessionConfigEntry("session.optimized_model_external_initializers_file_name", DataFile);
            options.AddSessionConfigEntry("session.optimized_model_external_initializers_min_size_in_bytes", "1024");
            options.AddSessionConfigEntry("session.save_external_prepacked_constant_initializers", "1");
            session = new InferenceSession(network.FilePath, options);
            File.WriteAllLines(Path.Combine(making, SealFile), Seal(entry, making, HashOf(Path.Combine(making, DataFile))));
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
    /// Keeps programs from writing to what processes map: a mapped file that is cut off ends them all. Windows does not
    /// let mapped files be cut off.
    /// </summary>
    private static void ProtectFiles(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            foreach (string file in Directory.GetFiles(folder))
            {
                File.SetUnixFileMode(file, File.GetUnixFileMode(file) & (UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead));
            }
        }
    }

    private static string NewTemporary(string entry) => $"{entry}.{Guid.NewGuid():N}";

    /// <summary>Takes a bad entry away in one step, so that no other process meets half of it.</summary>
    private static void Discard(string entry)
    {
        if (File.Exists(entry))
        {
            File.Delete(entry);
            return;
        }

        string discarded = NewTemporary(entry);
        try
        {
            Directory.Move(entry, discarded);
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

    /// <summary>Removes entries that nobody used for long, and what processes left behind that ended while they made one.</summary>
    private void RemoveLeftovers()
    {
        var folder = new DirectoryInfo(_folder!);
        if (!folder.Exists)
        {
            return;
        }

        foreach (FileSystemInfo item in folder.EnumerateFileSystemInfos())
        {
            string temporary = item.Name.EndsWith(LockExtension, StringComparison.Ordinal) ? item.FullName[..^LockExtension.Length] : item.FullName;
            if (IsTemporaryName(Path.GetFileName(temporary)))
            {
                if (!IsBeingMade(temporary))
                {
                    TryDelete(temporary);
                }
            }
            else if (item is DirectoryInfo && IsEntryName(item.Name) && item.LastWriteTimeUtc < DateTime.UtcNow - KeptUnused)
            {
                TryDelete(item.FullName);
            }
        }
    }

    private static bool IsBeingMade(string temporary)
    {
        try
        {
            using FileStream taken = new(temporary + LockExtension, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
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

    /// <summary>What proves an entry: its own name, so that no other network's is taken for it, and its content.</summary>
    private static string[] Seal(string entry, string dataHash) => Seal(entry, entry, dataHash);

    private static string[] Seal(string entry, string folder, string dataHash)
    {
        var data = new FileInfo(Path.Combine(folder, DataFile));
        string length = (data.Exists ? data.Length : 0).ToString(CultureInfo.InvariantCulture);
        return [Path.GetFileName(entry), HashOf(Path.Combine(folder, NetworkFile)), length, dataHash];
    }

    // Read, not mapped: a file that another program cuts off meanwhile is a wrong hash then, and not a fault.
    private static string HashOf(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            // The system's own code from the first byte on: vector code of .NET takes ten times as long before it is optimised.
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var block = new byte[HashBlock];
            for (int read; (read = file.Read(block)) > 0;)
            {
                hash.AppendData(block, 0, read);
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
