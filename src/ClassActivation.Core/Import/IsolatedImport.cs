using System.Text.Json;
using ClassActivation.Isolation;
using ClassActivation.Onnx;

namespace ClassActivation.Import;

/// <summary>
/// Converts networks in a process of its own: a file from a stranger goes through native code and a library's many readers
/// there, and what becomes of it can end no more than that process.
/// </summary>
internal static class IsolatedImport
{
    private const long UsualMemory = 1L << 30;

    // Measured: three times the network's size. Its constants are read once, and mapped by all sessions then, each of which may
    // join some of them; a convolution's workspace may be a multiple of its weights.
    private const long MemoryPerByte = 6;

    private static readonly TimeSpan LongestImport = TimeSpan.FromMinutes(10);

    /// <summary>Converts a network as <see cref="NetworkImporter.Convert"/> does.</summary>
    /// <param name="path">The network's file.</param>
    /// <param name="destinationPath">The <c>.onnx</c> file to make; its folder is made where it is missing.</param>
    /// <param name="options">What is said of the network.</param>
    /// <param name="isolation">How the process is started.</param>
    /// <param name="cancellationToken">Ends the process.</param>
    /// <exception cref="ModelImportException">The network cannot be converted, or ended the process.</exception>
    public static ConversionResult Convert(
        string path, string destinationPath, ImportOptions options, IsolationOptions isolation, CancellationToken cancellationToken)
    {
        NetworkFiles.CheckReadable(path);
        string destination = Path.GetFullPath(destinationPath), folder = Path.GetDirectoryName(destination)!;
        string work = Path.Combine(folder, $".{Guid.NewGuid():N}"[..12]);
        Directory.CreateDirectory(work);
        try
        {
            string made = Path.Combine(work, Path.GetFileName(destination));
            ConversionResult result = Ask(new ImportRequest(Path.GetFullPath(path), made, work, options), isolation, cancellationToken);
            OnnxModelWriter.Move(made, destination);
            return result with { Path = destination };
        }
        finally
        {
            TryDelete(work);
        }
    }

    private static ConversionResult Ask(ImportRequest request, IsolationOptions isolation, CancellationToken cancellationToken)
    {
        try
        {
            using WorkerProcess worker = WorkerProcess.Start(
                isolation with { TimeLimit = LongestImport, MemoryLimit = MemoryFor(SizeOf(request.Path), isolation) }, cancellationToken);
            using BinaryReader reply = worker.Ask(
                ImportService.ServiceName, writer => writer.Write(JsonSerializer.Serialize(request, ImportMessages.Default.ImportRequest)),
                cancellationToken);
            var outcome = (ImportService.Outcome)reply.ReadByte();
            string text = reply.ReadString();
            return outcome switch
            {
                ImportService.Outcome.Converted => JsonSerializer.Deserialize(text, ImportMessages.Default.ConversionResult)!,
                ImportService.Outcome.NotConvertible => throw new ModelImportException(text),
                ImportService.Outcome.Denied => throw new UnauthorizedAccessException(text),
                _ => throw new IOException(text),
            };
        }
        catch (WorkerEndedException e) when (e.End == WorkerEnd.NotStarted)
        {
            // What cannot be started says nothing of the file: it is converted here.
            return NetworkImporter.Convert(request.Path, request.DestinationPath, request.Options, cancellationToken: cancellationToken);
        }
        catch (WorkerEndedException e) when (e.End == WorkerEnd.MemoryLimit)
        {
            throw new InsufficientMemoryException($"The process that was to convert '{request.Path}' {e.Message}.", e);
        }
        catch (WorkerEndedException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ModelImportException(
                $"The process that was to convert '{request.Path}' {e.Message}; the file is damaged, or too large.", e);
        }
        catch (InvalidDataException e)
        {
            throw new ModelImportException($"'{request.Path}' cannot be converted: {e.Message}", e);
        }
    }

    /// <summary>What a process may hold for a network: as much as an honest one needs, and a damaged one no more.</summary>
    internal static long MemoryFor(long networkSize, IsolationOptions isolation)
    {
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        long most = Math.Max(isolation.MemoryLimit, available - (available / 4));
        return networkSize > most / MemoryPerByte ? most : Math.Min(most, UsualMemory + (MemoryPerByte * networkSize));
    }

    /// <summary>The bytes of a network's file and of those beside it, among which its weights may be.</summary>
    private static long SizeOf(string path) => new FileInfo(path) is { Exists: true } file
        ? file.Directory!.EnumerateFiles().Sum(static other => other.Length)
        : 0;

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process that was just ended may still hold a file; it is in a hidden folder of its own.
        }
    }
}
