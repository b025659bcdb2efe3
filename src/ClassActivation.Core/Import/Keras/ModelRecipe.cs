using System.Text.Json;
using ClassActivation.Import.Pixels;
using ClassActivation.Photos;

namespace ClassActivation.Import.Keras;

/// <summary>How a network is made from a published package: a file <c>models/*.recipe.json</c>.</summary>
public sealed record ModelRecipe
{
    private const long LargestFile = 10 << 20;

    /// <summary>The network's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where the network comes from, in words for users.</summary>
    public required string Source { get; init; }

    /// <summary>The npm package that holds the network.</summary>
    public required string Package { get; init; }

    /// <summary>The package's version.</summary>
    public required string Version { get; init; }

    /// <summary>The integrity of the package's file: <c>sha512-</c> and the hash in Base64.</summary>
    public required string Integrity { get; init; }

    /// <summary>The path of <c>model.json</c> inside the package, or of the JavaScript module that exports it.</summary>
    public required string Model { get; init; }

    /// <inheritdoc cref="ImportOptions.Preprocessing"/>
    public InputPreprocessing Preprocessing { get; init; }

    /// <inheritdoc cref="ImportOptions.BatchNormalizationEpsilon"/>
    public double? BatchNormalizationEpsilon { get; init; }

    /// <inheritdoc cref="ImportOptions.Labels"/>
    public string Labels { get; init; } = "";

    /// <inheritdoc cref="ImportOptions.Resolution"/>
    public int? Resolution { get; init; }

    /// <inheritdoc cref="ImportOptions.LayerNames"/>
    public IReadOnlyDictionary<string, string> LayerNames { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a recipe file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelImportException">The file is not a recipe.</exception>
    public static ModelRecipe Read(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > LargestFile })
        {
            throw new ModelImportException($"'{path}' is too large to be a recipe.");
        }

        if (FileStatus.IsPipeOrDevice(path))
        {
            throw new ModelImportException($"The recipe '{path}' is no file but a pipe or a device; save it to a file first.");
        }

        using FileStream file = FileStatus.OpenRead(path);
        ModelRecipe? recipe;
        try
        {
            recipe = JsonSerializer.Deserialize(file, ImportJsonContext.Default.ModelRecipe);
        }
        catch (JsonException e)
        {
            throw new ModelImportException($"The recipe '{path}' cannot be read: {e.Message}", e);
        }

        if (recipe is null)
        {
            throw new ModelImportException($"The recipe '{path}' is empty.");
        }

        // What a recipe leaves out is read as null.
        recipe = recipe with { Labels = recipe.Labels ?? "", LayerNames = recipe.LayerNames ?? new Dictionary<string, string>() };
        return recipe.Complaint() is { } complaint
            ? throw new ModelImportException($"The recipe '{path}' cannot be used: {complaint}.")
            : recipe;
    }

    /// <summary>The path of <c>model.json</c> in the folder that the package was unpacked into.</summary>
    /// <param name="folder">The folder's full path.</param>
    /// <exception cref="ModelImportException">The recipe names a file outside of the package, or one that it does not hold.</exception>
    internal string ModelPath(string folder)
    {
        string path = ContainedPath.Resolve(folder, Model)
            ?? throw new ModelImportException(
                $"The recipe of '{Name}' names '{Model}', which lies outside of the package; it is not read.");
        return !File.Exists(path) ? throw new ModelImportException(
            $"The package {Package} {Version} does not hold '{Model}', which the recipe names.")
            : JavaScriptModule.IsModule(path) ? JavaScriptModule.Unpack(path)
            : path;
    }

    /// <summary>The recipe's part that the converter needs.</summary>
    public ImportOptions ToOptions() => new()
    {
        Name = Name,
        Source = Source,
        Preprocessing = Preprocessing,
        BatchNormalizationEpsilon = BatchNormalizationEpsilon,
        Labels = Labels,
        Resolution = Resolution,
        LayerNames = LayerNames,
    };

    // A JSON text may hold null where a text is required.
    private string? Complaint() =>
        new[] { Name, Source, Package, Version, Integrity, Model }.Concat(LayerNames.Values).Contains(null)
            ? "a text in it is null"
        : !Enum.IsDefined(Preprocessing) ? $"it has no preprocessing '{Preprocessing}'"
        : BatchNormalizationEpsilon is not (null or (>= 1e-12 and <= 1)) ? "its batchNormalizationEpsilon is"
            + $" {BatchNormalizationEpsilon}, not 1e-12 to 1"
        : Resolution is not (
            null or (
                >= InputGeometry.MinResolution and <= InputGeometry.MaxResolution)) ? $"its resolution is {Resolution}, not"
                    + $" {InputGeometry.MinResolution} to {InputGeometry.MaxResolution}"
        : null;
}
