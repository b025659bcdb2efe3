namespace ClassActivation.Tests;

/// <summary>Where the tests find the repository and the reference figures.</summary>
internal static class Locations
{
    public static string Repository() =>
        Ancestors().FirstOrDefault(folder => File.Exists(Path.Combine(folder, "ClassActivation.slnx")))
        ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");

    /// <summary>The folder of reference figures; skips the test where it is absent.</summary>
    public static string Reference()
    {
        string? folder = Environment.GetEnvironmentVariable("CLASSACTIVATION_REFERENCE")
            ?? Ancestors().Select(ancestor => Path.Combine(ancestor, "shared", "reference")).FirstOrDefault(Directory.Exists);
        Skip.If(folder is null, "The reference figures are not here.");
        return folder!;
    }

    private static IEnumerable<string> Ancestors()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            yield return folder;
        }
    }
}
