using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ClassActivation.Import.Keras;

/// <summary>A weight of a layer, in Keras' order of axes.</summary>
internal sealed record LayerWeight(float[] Data, int[] Dims);

/// <summary>
/// The weights of a layers-model: the manifest in <c>model.json</c> and the shards beside it, which together
/// make one long file for each group. Weights are read one by one, on demand.
/// </summary>
internal sealed class LayersWeights
{
    private readonly Dictionary<string, List<Entry>> _byLayer = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _parameters = new(StringComparer.Ordinal);

    private LayersWeights(JsonElement manifest, string folder)
    {
        foreach (JsonElement group in manifest.EnumerateArray())
        {
            AddGroup(group, folder);
        }
    }

    private sealed record Shard(string Path, long Start, long Length);

    private sealed record Quantization(string Type, double Scale, double Minimum);

    private sealed record Entry(string Name, int[] Dims, string Type, Quantization? Quantization, Shard[] Shards, long Offset)
    {
        public long Count => Dims.Aggregate(1L, (product, dim) => checked(product * dim));

        public long Bytes => Count * ElementSize(Quantization?.Type ?? Type, Name);
    }

    public static LayersWeights Read(JsonElement manifest, string folder) => Guard.Description(
        () => new LayersWeights(manifest, folder),
        () => "The list of weights in model.json is incomplete or of an unknown form; export the model again.");

    /// <summary>The number of parameters of the weights that were read for a layer.</summary>
    public long Parameters(KerasLayer layer) => _parameters.GetValueOrDefault(layer.Key);

    /// <summary>Reads a weight of a layer.</summary>
    public LayerWeight Load(KerasLayer layer, string weight)
    {
        Entry entry = Find(layer, weight);
        _parameters[layer.Key] = Parameters(layer) + entry.Count;
        if (entry.Bytes > Array.MaxLength)
        {
            throw layer.Error($"has a weight '{weight}' of {entry.Bytes} bytes, more than can be read");
        }
        // All weights together are as large as the files, which was checked.
        byte[] bytes = new byte[entry.Bytes];
        ReadBytes(entry, bytes);
        float[] data = Decode(entry, bytes);
        return float.IsFinite(TensorPrimitives.MaxMagnitude<float>(data))
            ? new LayerWeight(data, entry.Dims)
            : throw layer.Error($"has values in its weight '{weight}' that are not finite numbers; the weight files are damaged, fetch the model again");
    }

    private Entry Find(KerasLayer layer, string weight)
    {
        List<Entry> found = _byLayer.GetValueOrDefault($"{layer.Name}/{weight}") ?? [];
        if (found.Count > 1)
        {
            found = found.FindAll(entry => entry.Name == $"{layer.Key}/{weight}");
        }

        return found.Count == 1
            ? found[0]
            : throw layer.Error($"has no weight '{weight}' of its own in the list of weights of model.json; export the model again, with its weights");
    }

    private void AddGroup(JsonElement group, string folder)
    {
        List<Shard> shards = [];
        long start = 0;
        foreach (JsonElement item in group.GetProperty("paths").EnumerateArray())
        {
            string name = KerasLayer.String(item);
            string path = ContainedPath.Resolve(folder, name)
                ?? throw new ModelImportException($"model.json names the weight file '{name}', outside of its own folder; such a model is not read.");
            FileInfo file = new(ContainedPath.RealPath(path));
            if (!file.Exists)
            {
                throw new ModelImportException($"The weight file '{path}' is missing; fetch the model again, with all files that model.json names.");
            }

            if (shards.Exists(shard => shard.Path == file.FullName))
            {
                throw new ModelImportException($"model.json names the weight file '{name}' twice; fetch the model again.");
            }

            shards.Add(new Shard(file.FullName, start, file.Length));
            start = checked(start + file.Length);
        }

        Shard[] all = [.. shards];
        long offset = 0;
        foreach (JsonElement weight in group.GetProperty("weights").EnumerateArray())
        {
            string name = KerasLayer.String(weight.GetProperty("name"));
            Quantization? quantization = weight.TryGetProperty("quantization", out JsonElement quantized) ? ReadQuantization(quantized) : null;
            Entry entry = new(
                name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name,
                Shape(weight, name),
                KerasLayer.String(weight.GetProperty("dtype")),
                quantization,
                all,
                offset);
            offset = checked(offset + entry.Bytes);

            string[] path = entry.Name.Split('/');
            string key = string.Join('/', path.TakeLast(2));
            if (!_byLayer.TryGetValue(key, out List<Entry>? entries))
            {
                _byLayer.Add(key, entries = []);
            }

            entries.Add(entry);
        }

        if (offset != start)
        {
            throw new ModelImportException(
                $"The weight files beside '{Path.Combine(folder, "model.json")}' ({Describe(shards)}) hold {start} bytes where {offset} are expected; fetch the model again.");
        }
    }

    private static int[] Shape(JsonElement weight, string name) =>
        KerasLayer.Integers(weight.GetProperty("shape")) is var dims && Array.TrueForAll(dims, dim => dim > 0)
            ? dims
            : throw new ModelImportException($"The weight '{name}' has the shape ({string.Join(", ", dims)}) in model.json, which no weight can have; export the model again.");

    private static string Describe(List<Shard> shards) => shards.Count switch
    {
        0 => "none",
        1 => Path.GetFileName(shards[0].Path),
        _ => $"{Path.GetFileName(shards[0].Path)} to {Path.GetFileName(shards[^1].Path)}",
    };

    private static Quantization ReadQuantization(JsonElement value)
    {
        string type = KerasLayer.String(value.GetProperty("dtype"));
        return type == "float16"
            ? new Quantization(type, 1, 0)
            : new Quantization(type, value.GetProperty("scale").GetDouble(), value.GetProperty("min").GetDouble());
    }

    private static int ElementSize(string type, string name) => type switch
    {
        "float32" or "int32" => 4,
        "float16" or "uint16" => 2,
        "uint8" or "bool" => 1,
        _ => throw new ModelImportException($"The weight '{name}' has elements of the type '{type}', which cannot be imported; export the model with float32 weights."),
    };

    private static void ReadBytes(Entry entry, Span<byte> bytes)
    {
        long position = entry.Offset;
        foreach (Shard shard in entry.Shards)
        {
            if (bytes.IsEmpty)
            {
                return;
            }

            if (position >= shard.Start + shard.Length)
            {
                continue;
            }

            int count = (int)Math.Min(bytes.Length, shard.Start + shard.Length - position);
            using FileStream file = new(shard.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            file.Position = position - shard.Start;
            file.ReadExactly(bytes[..count]);
            bytes = bytes[count..];
            position += count;
        }
    }

    private static float[] Decode(Entry entry, byte[] bytes)
    {
        if (entry.Quantization is not { } quantization)
        {
            return entry.Type switch
            {
                "float32" => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
                "int32" => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), value => (float)value),
                "uint8" or "bool" => Array.ConvertAll(bytes, value => (float)value),
                _ => throw new ModelImportException($"The weight '{entry.Name}' has elements of the type '{entry.Type}', which cannot be imported; export the model with float32 weights."),
            };
        }

        (string type, double scale, double minimum) = quantization;
        float[] decoded = type switch
        {
            "float16" => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), value => (float)value),
            "uint8" => Array.ConvertAll(bytes, value => (float)(value * scale + minimum)),
            "uint16" => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(), value => (float)(value * scale + minimum)),
            _ => throw new ModelImportException($"The weight '{entry.Name}' is quantized as '{type}', which cannot be imported; export the model with float32 weights."),
        };
        return entry.Type == "int32" ? Array.ConvertAll(decoded, MathF.Round) : decoded;
    }
}
