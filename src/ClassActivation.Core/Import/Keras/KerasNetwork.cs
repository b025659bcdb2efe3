using System.IO.Compression;
using System.Text.Json;
using ClassActivation.Import.Weights;

namespace ClassActivation.Import.Keras;

/// <summary>A Keras network as it was saved, in any of its forms: what it consists of, and where its weights are.</summary>
internal sealed class KerasNetwork : IDisposable
{
    private const string ArchiveDescription = "config.json";
    private const string ArchiveWeights = "model.weights.h5";
    private const int LargestDescription = 100 << 20;

    // Weights hardly shrink: what grows more than this was made to fill the memory.
    private const long LargestGrowth = 20;

    private readonly JsonDocument _document;
    private readonly IWeightStore _store;

    private KerasNetwork(JsonDocument document, IWeightStore store, LayersTopology topology, ILayerWeightNames names)
    {
        (_document, _store, Topology) = (document, store, topology);
        Weights = new LayersWeights(store, names);
    }

    public LayersTopology Topology { get; }

    public LayersWeights Weights { get; }

    /// <summary>Opens a network.</summary>
    /// <param name="path">Its .h5 or .keras file, or its <c>model.json</c>.</param>
    /// <param name="kind">Which of them it is.</param>
    /// <exception cref="ModelImportException">It is none, or damaged.</exception>
    public static KerasNetwork Open(string path, NetworkFileKind kind) => kind switch
    {
        NetworkFileKind.Hdf5 => OpenHdf5(path),
        NetworkFileKind.Keras => OpenArchive(path),
        _ => OpenLayersModel(path),
    };

    public void Dispose()
    {
        _store.Dispose();
        _document.Dispose();
    }

    private static KerasNetwork OpenLayersModel(string path)
    {
        JsonDocument document = TensorFlowJsFile.Read(path);
        try
        {
            JsonElement topology = document.RootElement.GetProperty("modelTopology");
            TensorShards store = TensorShards.Read(document.RootElement.GetProperty("weightsManifest"), Path.GetDirectoryName(path)!);
            return new KerasNetwork(document, store, LayersTopology.Read(topology), new NamedWeights(store.Names));
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    private static KerasNetwork OpenHdf5(string path)
    {
        Hdf5Weights store = Hdf5Weights.Open(path, FileStatus.OpenRead(path));
        try
        {
            string description = store.Attribute("model_config") ?? throw new ModelImportException(
                $"'{path}' holds weights without the network they belong to. In Python, save both: model.save('network.keras')");
            JsonDocument document = Parse(path, description);
            LayersTopology topology = LayersTopology.Read(document.RootElement, store.Attribute("keras_version"));
            return new KerasNetwork(document, store, topology, new NamedWeights(WithoutOptimizer(store.Names)));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private static IEnumerable<string> WithoutOptimizer(IEnumerable<string> names) =>
        names.Where(static name => name.StartsWith("model_weights/", StringComparison.Ordinal));

    private static KerasNetwork OpenArchive(string path)
    {
        try
        {
            using FileStream file = FileStatus.OpenRead(path);
            using ZipArchive archive = new(file, ZipArchiveMode.Read);
            JsonDocument document = Parse(path, Unpack(archive, ArchiveDescription, LargestDescription));
            string? version = archive.GetEntry("metadata.json") is null
                ? null
                : VersionOf(Unpack(archive, "metadata.json", LargestDescription));
            // Its reader goes back and forth, which a packed stream cannot.
            Hdf5Weights store = Hdf5Weights.Open(
                path, new MemoryStream(Unpack(archive, ArchiveWeights, LargestGrowth * file.Length), writable: false));
            try
            {
                return Guard.Description(
                    () => new KerasNetwork(
                        document, store, LayersTopology.Read(document.RootElement, version),
                        new NumberedWeights(document.RootElement, store.Names)),
                    () => $"The network's description in '{path}' is incomplete or of an unknown form; save the network again.");
            }
            catch
            {
                store.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw new ModelImportException($"'{path}' is not a whole .keras archive; save the network again.", e);
        }
    }

    private static byte[] Unpack(ZipArchive archive, string name, long most)
    {
        ZipArchiveEntry entry = archive.GetEntry(name) ?? throw new ModelImportException(
            $"The archive has no '{name}', as every .keras file has. Save the network again, with its weights:"
            + " model.save('network.keras')");
        long limit = Math.Min(most, Array.MaxLength);
        if (entry.Length > limit)
        {
            throw new ModelImportException(
                $"'{name}' in the archive would have {entry.Length} bytes, as it has in no network; it is not unpacked.");
        }

        var content = new byte[entry.Length];
        using Stream packed = entry.Open();
        packed.ReadExactly(content);
        return content;
    }

    private static string? VersionOf(byte[] metadata)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(metadata);
            return document.RootElement.TryGetProperty("keras_version", out JsonElement version) ? version.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static JsonDocument Parse(string path, string description) => Parse(path, System.Text.Encoding.UTF8.GetBytes(description));

    private static JsonDocument Parse(string path, byte[] description)
    {
        try
        {
            return JsonDocument.Parse(description);
        }
        catch (JsonException e)
        {
            throw new ModelImportException($"The network's description in '{path}' cannot be read: {e.Message}", e);
        }
    }
}
