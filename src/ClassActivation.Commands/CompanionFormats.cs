using ClassActivation.Photos;
using ClassActivation.Photos.Formats;
using ClassActivation.Workers;

namespace ClassActivation.Commands;

/// <summary>Finds the companion module that reads further formats, and has it work in a process of its own.</summary>
internal static class CompanionFormats
{
    private static readonly object Finding = new();
    private static readonly string Assembly = Path.Combine("bin", FurtherFormats.CompanionName + ".dll");
    private static IsolatedPictureReader? _reader;

    /// <summary>The companion's reader; null where the module is not installed. It is looked for anew until it is found.</summary>
    /// <exception cref="PictureReadException">It is installed, and there is no PowerShell to start for it.</exception>
    public static IPictureReader? Find()
    {
        lock (Finding)
        {
            if (_reader is null && ModelFolders.FileOfModule(FurtherFormats.CompanionName, Assembly) is { } path)
            {
                _reader = new IsolatedPictureReader(path, PowerShellWorker.Options() ?? throw new PictureReadException(
                    PictureReadFailure.NoReader,
                    "is decoded by a PowerShell of its own, and there is none to start; install PowerShell 7.4 or newer"));
            }

            return _reader;
        }
    }
}
