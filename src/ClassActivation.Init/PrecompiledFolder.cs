using System.Globalization;
using System.Runtime.InteropServices;

namespace ClassActivation.Init;

/// <summary>
/// The copies of the module's assemblies that were compiled ahead of time for this platform. Its record names each
/// copy with the assembly that it was made of; where one of them is another, all copies are left alone.
/// </summary>
internal static class PrecompiledFolder
{
    /// <summary>The file that the build writes last: a line for each assembly, with length and stamp of it and of its copy.</summary>
    private const string RecordName = "record.tsv";

    /// <summary>The folder of the copies that belong to the assemblies, null where there is none.</summary>
    /// <param name="assemblyFolder">The folder of the assemblies.</param>
    public static string? Find(string assemblyFolder)
    {
        // Code that was compiled ahead of time fits one platform, and runtimes from the one it was compiled for.
        if (Environment.Version.Major < 10)
        {
            return null;
        }

        string folder = Path.Combine(assemblyFolder, "precompiled", RuntimeInformation.RuntimeIdentifier);
        string record = Path.Combine(folder, RecordName);
        try
        {
            return File.Exists(record) && Array.TrueForAll(File.ReadAllLines(record), line => Belongs(line, assemblyFolder, folder))
                ? folder
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool Belongs(string line, string assemblyFolder, string folder)
    {
        string[] fields = line.Split('\t');
        return fields.Length == 3
            && Identity(Path.Combine(assemblyFolder, fields[0])) == fields[1]
            && Identity(Path.Combine(folder, fields[0])) == fields[2];
    }

    // The stamp in an assembly's header is a hash of its content, not a time: the compilers are deterministic. Reading
    // the module version id takes ten times as long as the rest of this, and hashing the files longer still.
    private static string Identity(string assembly)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(assembly);
        byte[] head = new byte[512];
        int count = RandomAccess.Read(file, head, 0);
        int header = count < 64 ? -1 : BitConverter.ToInt32(head, 60);
        uint stamp = header < 64 || header > count - 12 ? 0 : BitConverter.ToUInt32(head, header + 8);
        return string.Create(CultureInfo.InvariantCulture, $"{RandomAccess.GetLength(file)}-{stamp:x8}");
    }
}
