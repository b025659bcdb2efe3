namespace ClassActivation.ModuleTests;

/// <summary>Where the built module, the sample photos and the reference figures are.</summary>
internal static class TestPaths
{
    public static string Root { get; } = FindUpward(AppContext.BaseDirectory, "ClassActivation.psd1")
        ?? throw new InvalidOperationException("The tests must run inside the checkout.");

    /// <summary>The built module; build.ps1 makes it before it runs the tests.</summary>
    public static string Manifest => Path.Combine(Root, "out", "ClassActivation", "ClassActivation.psd1");

    public static string Samples => Path.Combine(Root, "samples");

    /// <summary>The reference folder beside the checkout, null where it is absent.</summary>
    public static string? Reference { get; } =
        Environment.GetEnvironmentVariable("CLASSACTIVATION_REFERENCE")
        ?? (FindUpward(Root, Path.Combine("shared", "reference")) is { } parent ? Path.Combine(parent, "shared", "reference") : null);

    public static string Sample(string name) => Path.Combine(Samples, name);

    private static string? FindUpward(string start, string entry)
    {
        for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.Exists(Path.Combine(folder, entry)))
            {
                return folder;
            }
        }

        return null;
    }
}
