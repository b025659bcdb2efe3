namespace ClassActivation.Commands;

/// <summary>Where networks are looked for.</summary>
internal static class ModelFolders
{
    /// <summary>The environment variable that adds folders, separated as in PATH; they come before the module's own.</summary>
    public const string EnvironmentVariable = "CLASSACTIVATION_MODELS";

    private const string Models = "models";

    // By default 'Name.*' means 'Name' too, as it did in DOS. What may not be read is passed over.
    private static readonly EnumerationOptions Literal = new() { MatchType = MatchType.Simple };

    /// <summary>The user's own folder, in which <c>Import-CamModel</c> puts networks; null where the user has no place for it.</summary>
    public static string? OfUser =>
        Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify) is { Length: > 0 } local
            ? Path.Combine(local, "ClassActivation", Models)
            : null;

    /// <summary>
    /// The folders of the environment variable, then the user's, then the module's, then those of modules with networks. They are looked
    /// up anew each time, so that a network that was just installed is found.
    /// </summary>
    public static IEnumerable<string> All
    {
        get
        {
            foreach (string folder in Entries(EnvironmentVariable))
            {
                yield return Path.GetFullPath(folder);
            }

            if (OfUser is { } own)
            {
                yield return own;
            }

            string module = ModuleFolder();
            yield return Path.Combine(module, Models);
            foreach (string folder in OfModules([ContainerOf(module), .. Entries("PSModulePath")]))
            {
                yield return folder;
            }
        }
    }

    /// <summary>
    /// The folders with networks of the modules that are called <c>ClassActivation.Something</c>, the newest version of each.
    /// </summary>
    /// <param name="moduleContainers">The folders that hold modules, as in PSModulePath.</param>
    internal static IEnumerable<string> OfModules(IEnumerable<string> moduleContainers) =>
        OfModules(moduleContainers, "ClassActivation.*", Models, Directory.Exists);

    /// <summary>A file of a module that is installed, of its newest version; null where there is none.</summary>
    /// <param name="moduleName">The name of the module.</param>
    /// <param name="file">The file's path inside the module.</param>
    internal static string? FileOfModule(string moduleName, string file) =>
        OfModules([ContainerOf(ModuleFolder()), .. Entries("PSModulePath")], moduleName, file, File.Exists).FirstOrDefault();

    /// <summary>
    /// The folder that holds a module: modules are installed in a folder of their name, or in one of their version inside it.
    /// </summary>
    internal static string ContainerOf(string moduleFolder)
    {
        string parent = Path.GetDirectoryName(moduleFolder) ?? moduleFolder;
        return Version.TryParse(Path.GetFileName(moduleFolder), out _) ? Path.GetDirectoryName(parent) ?? parent : parent;
    }

    private static IEnumerable<string> OfModules(
        IEnumerable<string> moduleContainers, string name, string part, Func<string, bool> exists) => moduleContainers
        .Where(Directory.Exists)
        .SelectMany(container => Directory.EnumerateDirectories(container, name, Literal).Order(StringComparer.OrdinalIgnoreCase))
        .SelectMany(module => Directory.EnumerateDirectories(module, "*", Literal)
            .Where(static folder => Version.TryParse(Path.GetFileName(folder), out _))
            .OrderByDescending(static folder => Version.Parse(Path.GetFileName(folder)))
            .Prepend(module)
            .Select(folder => Path.Combine(folder, part))
            .Where(exists)
            .Take(1))
        .Distinct();

    private static string[] Entries(string variable) => (Environment.GetEnvironmentVariable(variable) ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // The assembly is in bin, or in a folder below it where it was compiled for this platform.
    private static string ModuleFolder()
    {
        string? folder = Path.GetDirectoryName(typeof(ModelFolders).Assembly.Location)!;
        while (folder is not null && Path.GetFileName(folder) != "bin")
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The module's assemblies are not in its folder bin.");
    }
}
