using System.Text.Json;

namespace ClassActivation.Import;

/// <summary>How a network is made from a published package: a file <c>models/*.recipe.json</c>.</summary>
public sealed record ModelRecipe
{
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

    /// <summary>The path of <c>model.json</c> inside the package.</summary>
    public required string Model { get; init; }

    /// <inheritdoc cref="LayersModelOptions.Preprocessing"/>
    public InputPreprocessing Preprocessing { get; init; }

    /// <inheritdoc cref="LayersModelOptions.BatchNormalizationEpsilon"/>
    public double? BatchNormalizationEpsilon { get; init; }

    /// <inheritdoc cref="LayersModelOptions.Labels"/>
    public string Labels { get; init; } = "";

    /// <inheritdoc cref="LayersModelOptions.Resolution"/>
    public int? Resolution { get; init; }

    /// <inheritdoc cref="LayersModelOptions.LayerNames"/>
    public IReadOnlyDictionary<string, string> LayerNames { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a recipe file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ModelImportException">The file is not a recipe.</exception>
    public static ModelRecipe Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        try
        {
            return JsonSerializer.Deserialize(file, ImportJsonContext.Default.ModelRecipe)
                ?? throw new ModelImportException($"The recipe '{path}' is empty.");
        }
        catch (JsonException e)
        {
            throw new ModelImportException($"The recipe '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The recipe's part that the converter needs.</summary>
    /// <returns>The options for <see cref="LayersModelConverter.Convert"/>.</returns>
    public LayersModelOptions ToOptions() => new()
    {
        Name = Name,
        Source = Source,
        Preprocessing = Preprocessing,
        BatchNormalizationEpsilon = BatchNormalizationEpsilon,
        Labels = Labels,
        Resolution = Resolution,
        LayerNames = LayerNames,
    };
}
