using System.Globalization;
using System.IO.Hashing;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Models;

/// <summary>
/// Keeps networks as the runtime optimised them for this processor, so that only the first session ever pays for it:
/// later ones map the optimised and pre-packed weights from the file. The folder is per user; an entry is used only
/// when its checksum is right, and several processes may make the same entry at once.
/// </summary>
internal sealed class OptimizedNetworkCache
{
    /// <summary>The environment variable that names another folder for the cache, or <c>off</c>.</summary>
    public const string EnvironmentVariable = "CLASSACTIVATION_CACHE";

    private const string NetworkFile = "network.onnx";
    private const string DataFile = NetworkFile + ".data";
    private const string ChecksumFile = "checksum";
    private const string MakingSuffix = ".making";
    private static readonly TimeSpan KeptUnused = TimeSpan.FromDays(30);
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    private readonly string? _folder;

    /// <summary>Makes a cache.</summary>
    /// <param name="folder">Where entries are kept; null for a cache that keeps none.</param>
    public OptimizedNetworkCache(string? folder) => _folder = folder;

    /// <summary>The cache of this user, as the environment variable says.</summary>
    public static OptimizedNetworkCache OfUser { get; } = new(UserFolder());

    /// <summary>Opens a session for a network, from the cache or by way of it.</summary>
    /// <param name="networkPath">The full path of the network's file.</param>
    /// <param name="externalFiles">The full paths of the files that hold the network's weights beside its own file.</param>
    /// <param name="createOptions">Makes the session's options; the caller's optimisation level is replaced.</param>
    /// <exception cref="OnnxRuntimeException">The network itself cannot be loaded.</exception>
    public InferenceSession Open(string networkPath, IReadOnlyList<string> externalFiles, Func<SessionOptions> createOptions)
    {
        if (_folder is null)
        {
            return OpenPlain(networkPath, createOptions);
        }

        try
        {
            string entry = Path.Combine(_folder, KeyOf(networkPath, externalFiles));
            return TryOpen(entry, createOptions) ?? Make(entry, networkPath, createOptions);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or OnnxRuntimeException)
        {
            // No space, no permission, or an optimised network that the runtime cannot write: work without the cache.
            return OpenPlain(networkPath, createOptions);
        }
    }

    private static string? UserFolder()
    {
        string? named = Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (!string.IsNullOrEmpty(named))
        {
            return named.Equals("off", StringComparison.OrdinalIgnoreCase) ? null : Path.GetFullPath(named);
        }

        string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return local.Length == 0 ? null : Path.Combine(local, "ClassActivation", "optimized");
    }

    private static InferenceSession OpenPlain(string networkPath, Func<SessionOptions> createOptions)
    {
        using SessionOptions options = createOptions();
        return new InferenceSession(networkPath, options);
    }

    /// <summary>Names an entry by everything that an optimised network depends on.</summary>
    private static string KeyOf(string networkPath, IReadOnlyList<string> externalFiles)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(File.ReadAllBytes(networkPath));
        // The weights themselves are too large to be read for this; a file that is written anew has another time.
        IEnumerable<string> weights = externalFiles
            .Select(static path => new FileInfo(path))
            .Select(static file => file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.Name}:{file.Length}:{file.LastWriteTimeUtc.Ticks}") : file.Name);
        string rest = string.Join('|', [.. weights, InferenceRuntime.Environment.GetVersionString(), Processor.Identity]);
        hash.AppendData(Encoding.UTF8.GetBytes(rest));
        return $"{Path.GetFileNameWithoutExtension(networkPath)}-{Convert.ToHexString(hash.GetHashAndReset(), 0, 12)}";
    }

    private static InferenceSession? TryOpen(string entry, Func<SessionOptions> createOptions)
    {
        if (!File.Exists(Path.Combine(entry, ChecksumFile)))
        {
            return null;
        }

        Task<bool> intact = Task.Run(() => IsIntact(entry));
        InferenceSession? session = null;
        try
        {
            using SessionOptions options = createOptions();
            options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL;
            session = new InferenceSession(Path.Combine(entry, NetworkFile), options);
        }
        catch (OnnxRuntimeException)
        {
            // Damaged: made again below.
        }

        if (session is not null && intact.GetAwaiter().GetResult())
        {
            TryTouch(entry);
            return session;
        }

        session?.Dispose();
        Directory.Delete(entry, recursive: true);
        return null;
    }

    private InferenceSession Make(string entry, string networkPath, Func<SessionOptions> createOptions)
    {
        RemoveUnused();
        string making = $"{entry}.{Guid.NewGuid():N}{MakingSuffix}";
        Directory.CreateDirectory(making);
        InferenceSession? session = null;
        try
        {
            using SessionOptions options = createOptions();
            options.OptimizedModelFilePath = Path.Combine(making, NetworkFile);
            options.AddSessionConfigEntry("session.optimized_model_external_initializers_file_name", DataFile);
            options.AddSessionConfigEntry("session.optimized_model_external_initializers_min_size_in_bytes", "1024");
            options.AddSessionConfigEntry("session.save_external_prepacked_constant_initializers", "1");
            session = new InferenceSession(networkPath, options);
            File.WriteAllText(Path.Combine(making, ChecksumFile), Checksum(making));
            Directory.Move(making, entry);
            return session;
        }
        catch (IOException) when (session is not null)
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

    private void RemoveUnused()
    {
        DirectoryInfo folder = Directory.CreateDirectory(_folder!);
        foreach (DirectoryInfo entry in folder.EnumerateDirectories())
        {
            TimeSpan kept = entry.Name.EndsWith(MakingSuffix, StringComparison.Ordinal) ? Abandoned : KeptUnused;
            if (entry.LastWriteTimeUtc < DateTime.UtcNow - kept)
            {
                TryDelete(entry.FullName);
            }
        }
    }

    private static void TryTouch(string entry)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(entry, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder is read-only: the entry is as good, and ages.
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // In use by another process: a later run removes it.
        }
    }

    private static bool IsIntact(string entry)
    {
        try
        {
            return File.ReadAllText(Path.Combine(entry, ChecksumFile)) == Checksum(entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Checksum(string entry) =>
        string.Join(' ', new[] { NetworkFile, DataFile }.Select(name => HashOf(Path.Combine(entry, name)).ToString("x16", CultureInfo.InvariantCulture)));

    private static unsafe ulong HashOf(string path)
    {
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        using MemoryMappedViewAccessor view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            long length = new FileInfo(path).Length;
            return length <= int.MaxValue ? XxHash3.HashToUInt64(new ReadOnlySpan<byte>(start, (int)length)) : HashInParts(start, length);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private static unsafe ulong HashInParts(byte* start, long length)
    {
        var hash = new XxHash3();
        for (long at = 0; at < length; at += 1 << 30)
        {
            hash.Append(new ReadOnlySpan<byte>(start + at, (int)Math.Min(1 << 30, length - at)));
        }

        return hash.GetCurrentHashAsUInt64();
    }
}
