using System.Management.Automation;
using System.Text.RegularExpressions;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>Turns what a user gives into photos, by the rules of the built-in cmdlets.</summary>
internal static class PhotoSources
{
    /// <summary>What PowerShell puts before the paths of files that are meant as they are.</summary>
    public const string FileSystemPrefix = @"Microsoft.PowerShell.Core\FileSystem::";

    private static readonly Regex WebAddress = new("^(https?|ftp)://", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>
    /// The photos of paths with wildcards, of which a file of exactly that name is none; a path that leads nowhere is a
    /// non-terminating error.
    /// </summary>
    public static IEnumerable<PhotoSource> FromPaths(
        this PSCmdlet cmdlet, IEnumerable<string> paths, Action<ErrorRecord> report,
        Func<string, ItemNotFoundException?, ErrorRecord>? notFound = null) =>
        paths.SelectMany(path => cmdlet.FilesOf(path, report, notFound)).Select(PhotoSource.FromFile);

    /// <summary>
    /// The full paths of the files and folders that a path means: the one of exactly that name, or those that match its
    /// wildcards.
    /// </summary>
    /// <param name="cmdlet">The cmdlet whose location and drives count.</param>
    /// <param name="path">The path.</param>
    /// <param name="report">Takes the errors.</param>
    /// <param name="notFound">Makes the error for a path that leads nowhere, where something else than photos is looked for.</param>
    public static IReadOnlyList<string> FilesOf(
        this PSCmdlet cmdlet, string path, Action<ErrorRecord> report, Func<string, ItemNotFoundException?, ErrorRecord>? notFound = null)
    {
        notFound ??= static (path, e) => CamErrors.PathNotFound(e, path);
        if (WebAddress.IsMatch(path))
        {
            report(CamErrors.WebAddress(path));
            return [];
        }

        try
        {
            if ((FileSystemPath(path) ?? cmdlet.LiteralFile(path)) is { } file && System.IO.Path.Exists(file))
            {
                return [file];
            }

            string[] resolved = [.. cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider)];
            if (!IsFileSystem(provider))
            {
                report(CamErrors.NotAFile(path, provider.Name));
                return [];
            }

            if (resolved.Length == 0)
            {
                report(notFound(path, null));
            }

            return resolved;
        }
        catch (ItemNotFoundException e)
        {
            report(notFound(path, e));
        }
        catch (Exception e) when (IsBadPath(e))
        {
            report(CamErrors.BadPath(e, path));
        }

        return [];
    }

    /// <summary>Whether an exception says that a path leads into no file system.</summary>
    public static bool IsBadPath(Exception exception) => exception
        is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ProviderInvocationException
        or WildcardPatternException or PSArgumentException or PSNotSupportedException;

    // A path that holds wildcards may be one that no file can have; then it is not the path of a file.
    private static string? LiteralFile(this PSCmdlet cmdlet, string path)
    {
        string file = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        return IsFileSystem(provider) ? file : null;
    }

    /// <summary>The photos of paths taken as they are; whether they exist is found out when they are read.</summary>
    public static IEnumerable<PhotoSource> FromLiteralPaths(this PSCmdlet cmdlet, IEnumerable<string> paths, Action<ErrorRecord> report)
    {
        foreach (string path in paths)
        {
            if (FileSystemPath(path) is { } fullPath)
            {
                yield return PhotoSource.FromFile(fullPath);
                continue;
            }

            string? file = null;
            try
            {
                file = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
                if (!IsFileSystem(provider))
                {
                    file = null;
                    report(CamErrors.NotAFile(path, provider.Name));
                }
            }
            catch (Exception e) when (IsBadPath(e))
            {
                report(WebAddress.IsMatch(path) ? CamErrors.WebAddress(path) : CamErrors.BadPath(e, path));
            }

            if (file is not null)
            {
                yield return PhotoSource.FromFile(file);
            }
        }
    }

    /// <summary>
    /// The full path where a path says by itself that it is one of the file system: it then needs no look at drives and
    /// locations, which takes longer than all else that is done with it. Objects of <c>Get-ChildItem</c> have such paths.
    /// </summary>
    private static string? FileSystemPath(string path)
    {
        bool isQualified = path.StartsWith(FileSystemPrefix, StringComparison.Ordinal);
        string rest = isQualified ? path[FileSystemPrefix.Length..] : path;
        // Elsewhere the drive C may be anything that the session says.
        bool isRooted = isQualified ? Path.IsPathFullyQualified(rest) : !OperatingSystem.IsWindows() && rest.StartsWith('/');
        return isRooted && !rest.Contains('\0', StringComparison.Ordinal) ? Path.GetFullPath(rest) : null;
    }

    /// <summary>Whether a provider is the file system's.</summary>
    public static bool IsFileSystem(ProviderInfo provider) =>
        provider.Name.Equals("FileSystem", StringComparison.OrdinalIgnoreCase);
}
