using System.Management.Automation;
using ClassActivation.Explanation;
using ClassActivation.Imaging;

namespace ClassActivation.Commands;

/// <summary>Turns what a user gives into photos, by the rules of the built-in cmdlets.</summary>
internal static class PhotoSources
{
    private const string FileSystemPrefix = @"Microsoft.PowerShell.Core\FileSystem::";

    /// <summary>The photos of paths with wildcards; one that leads nowhere is a non-terminating error.</summary>
    public static IEnumerable<PhotoSource> FromPaths(this PSCmdlet cmdlet, IEnumerable<string> paths, Action<ErrorRecord> report)
    {
        foreach (string path in paths)
        {
            IReadOnlyList<string> resolved = [];
            try
            {
                resolved = [.. cmdlet.SessionState.Path.GetResolvedProviderPathFromPSPath(path, out ProviderInfo provider)];
                if (!IsFileSystem(provider))
                {
                    resolved = [];
                    report(CamErrors.NotAFile(path, provider.Name));
                }
            }
            catch (ItemNotFoundException e)
            {
                report(CamErrors.PathNotFound(e, path));
            }
            catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ProviderInvocationException or WildcardPatternException)
            {
                report(CamErrors.BadPath(e, path));
            }

            foreach (string file in resolved)
            {
                yield return PhotoSource.FromFile(file);
            }
        }
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
            catch (Exception e) when (e is System.Management.Automation.DriveNotFoundException or ProviderNotFoundException or ProviderInvocationException or PSArgumentException)
            {
                report(CamErrors.BadPath(e, path));
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

    /// <summary>A photo from bytes or from a stream, which is read from where it stands to its end.</summary>
    public static IEnumerable<PhotoSource> FromMemory(this PSCmdlet cmdlet, object content, string name)
    {
        switch (content is PSObject wrapped ? wrapped.BaseObject : content)
        {
            case byte[] bytes:
                return [PhotoSource.FromMemory(name, bytes)];
            case Stream stream:
                using (var copy = new MemoryStream())
                {
                    stream.CopyTo(copy);
                    return [PhotoSource.FromMemory(name, copy.ToArray())];
                }

            case object[] items when items.All(static item => item is byte or PSObject { BaseObject: byte }):
                return [PhotoSource.FromMemory(name, Array.ConvertAll(items, static item => (byte)(item is PSObject o ? o.BaseObject : item)))];
            default:
                cmdlet.WriteError(CamErrors.NotPhotoContent(content));
                return [];
        }
    }

    /// <summary>Whether a provider is the file system's.</summary>
    public static bool IsFileSystem(ProviderInfo provider) =>
        provider.Name.Equals("FileSystem", StringComparison.OrdinalIgnoreCase);
}
