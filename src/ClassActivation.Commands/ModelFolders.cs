namespace ClassActivation.Commands;

/// <summary>Where networks are looked for.</summary>
internal static class ModelFolders
{
    /// <summary>The environment variable that adds folders, separated as in PATH; they come before the module's own.</summary>
    public const string EnvironmentVariable = "CLASSACTIVATION_MODELS";

    /// <summary>The folders of the environment variable, then the module's.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. (Environment.GetEnvironmentVariable(EnvironmentVariable) ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(Path.GetFullPath),
        Path.Combine(ModuleFolder(), "models"),
    ];

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
