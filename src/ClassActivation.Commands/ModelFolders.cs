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
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(ModelFolders).Assembly.Location)!, "..", "models")),
    ];
}
