using System.Text.Json;
using System.Text.Unicode;

namespace ClassActivation.Import;

/// <summary>A <c>model.json</c> of TensorFlow.js, or the JavaScript module that one was packed into.</summary>
internal static class TensorFlowJsFile
{
    private const long LargestModelJson = 100 << 20;

    /// <summary>Reads a network's description.</summary>
    /// <exception cref="ModelImportException">It is none.</exception>
    public static JsonDocument Read(string path)
    {
        if (FileStatus.IsPipeOrDevice(path))
        {
            throw new ModelImportException($"'{path}' is no file but a pipe or a device; save it to a file first.");
        }

        if (new FileInfo(path) is { Exists: true, Length: > LargestModelJson } large)
        {
            throw new ModelImportException(
                $"'{path}' has {large.Length} bytes; a model.json holds no weights, and is never as large as that.");
        }

        JsonDocument document;
        try
        {
            using FileStream file = FileStatus.OpenRead(path);
            var content = new byte[file.Length];
            file.ReadExactly(content);
            // The parser leaves texts for later, and then has no words for those that are none.
            document = Utf8.IsValid(content) ? JsonDocument.Parse(content) : throw new JsonException("it holds text that is not UTF-8.");
        }
        catch (JsonException e)
        {
            throw new ModelImportException($"'{path}' is not a model.json: {e.Message}", e);
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("weightsManifest", out _)
            && document.RootElement.TryGetProperty("modelTopology", out JsonElement topology)
            && topology.ValueKind == JsonValueKind.Object)
        {
            return document;
        }

        document.Dispose();
        throw new ModelImportException(
            $"'{path}' is not a network of TensorFlow.js; convert yours with tensorflowjs_converter's output format"
            + " 'tfjs_layers_model' or 'tfjs_graph_model'.");
    }

    /// <summary>Whether a description is that of a graph of operators, and not one of layers.</summary>
    public static bool IsGraph(JsonDocument document) =>
        document.RootElement.GetProperty("modelTopology") is { ValueKind: JsonValueKind.Object } topology
            && topology.TryGetProperty("node", out _);
}
