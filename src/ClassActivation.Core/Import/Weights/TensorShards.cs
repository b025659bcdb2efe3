using System.Runtime.InteropServices;
using System.Text.Json;

namespace ClassActivation.Import.Weights;

/// <summary>
/// The weights of a TensorFlow.js network: the manifest in <c>model.json</c> and the shards beside it, which together make
/// one long file for each group.
/// </summary>
internal sealed class TensorShards : IWeightStore
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];

    private TensorShards(JsonElement manifest, string folder)
    {
        foreach (JsonElement group in manifest.EnumerateArray())
        {
            AddGroup(group, folder);
        }
    }

    public IReadOnlyCollection<string> Names => _names;

    private sealed record Shard(string Path, long Start, long Length);

    private sealed record Quantization(string Type, double Scale, double Minimum);

    private sealed record Entry(string Name, int[] Dims, string Type, Quantization? Quantization, Shard[] Shards, long Offset)
    {
        public long Count => Dims.Aggregate(1L, (product, dim) => checked(product * dim));

        public long Bytes => Count * ElementSize(Quantization?.Type ?? Type, Name);
    }

    /// <summary>Reads the list of weights.</summary>
    /// <param name="manifest">The manifest of <c>model.json</c>.</param>
    /// <param name="folder">The folder that its shards are in.</param>
    public static TensorShards Read(JsonElement manifest, string folder) => Guard.Description(
        () => new TensorShards(manifest, folder),
        () => "The list of weights in model.json is incomplete or of an unknown form; export the model again.");

    public int[] DimsOf(string name) => _entries[name].Dims;

    public WeightTensor Read(string name)
    {
        Entry entry = _entries[name];
        if (entry.Bytes > Array.MaxLength)
        {
            throw new ModelImportException($"The weight '{name}' has {entry.Bytes} bytes, more than can be read.");
        }

        // All weights together are as large as the files, which was checked.
        byte[] bytes = new byte[entry.Bytes];
        ReadBytes(entry, bytes);
        return new WeightTensor(Decode(entry, bytes), entry.Dims);
    }

    public void Dispose()
    {
    }

    private void AddGroup(JsonElement group, string folder)
    {
        List<Shard> shards = [];
        long start = 0;
        foreach (JsonElement item in group.GetProperty("paths").EnumerateArray())
        {
            string name = Text(item);
            string path = ContainedPath.Resolve(folder, name)
                ?? throw new ModelImportException(
                    $"model.json names the weight file '{name}', outside of its own folder; such a model is not read.");
            FileInfo file = new(ContainedPath.RealPath(path));
            if (!file.Exists)
            {
                throw new ModelImportException(
                    $"The weight file '{path}' is missing; fetch the model again, with all files that model.json names.");
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
            string name = Text(weight.GetProperty("name"));
            Quantization? quantization = weight.TryGetProperty("quantization", out JsonElement quantized)
                ? ReadQuantization(quantized)
                : null;
            Entry entry = new(
                name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name,
                Shape(weight, name),
                Text(weight.GetProperty("dtype")),
                quantization,
                all,
                offset);
            offset = checked(offset + entry.Bytes);
            if (!_entries.TryAdd(entry.Name, entry))
            {
                throw new ModelImportException($"model.json lists the weight '{name}' twice; export the model again.");
            }

            _names.Add(entry.Name);
        }

        if (offset != start)
        {
            throw new ModelImportException(
                $"The weight files beside '{Path.Combine(folder, "model.json")}' ({Describe(shards)}) hold {start} bytes where {offset}"
                + " are expected; fetch the model again.");
        }
    }

    private static string Text(JsonElement value) => value.GetString() ?? throw new FormatException("A text is missing.");

    // A scalar has no dimensions.
    private static int[] Shape(JsonElement weight, string name)
    {
        int[] dims = [.. weight.GetProperty("shape").EnumerateArray().Select(static dim => dim.GetInt32())];
        return Array.TrueForAll(dims, static dim => dim > 0)
            ? dims
            : throw new ModelImportException(
                $"The weight '{name}' has the shape ({string.Join(", ", dims)}) in model.json, which no weight can"
                + " have; export the model again.");
    }

    private static string Describe(List<Shard> shards) => shards.Count switch
    {
        0 => "none",
        1 => Path.GetFileName(shards[0].Path),
        _ => $"{Path.GetFileName(shards[0].Path)} to {Path.GetFileName(shards[^1].Path)}",
    };

    private static Quantization ReadQuantization(JsonElement value)
    {
        string type = Text(value.GetProperty("dtype"));
        return type == "float16"
            ? new Quantization(type, 1, 0)
            : new Quantization(type, value.GetProperty("scale").GetDouble(), value.GetProperty("min").GetDouble());
    }

    private static int ElementSize(string type, string name) => type switch
    {
        "float32" or "int32" => 4,
        "float16" or "uint16" => 2,
        "uint8" or "bool" => 1,
        _ => throw new ModelImportException(
            $"The weight '{name}' has elements of the type '{type}', which cannot be imported; export the model with float32 weights."),
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
                _ => throw new ModelImportException(
                    $"The weight '{entry.Name}' has elements of the type '{entry.Type}', which cannot be imported; export the"
                    + " model with float32 weights."),
            };
        }

        (string type, double scale, double minimum) = quantization;
        float[] decoded = type switch
        {
            "float16" => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(bytes).ToArray(), value => (float)value),
            "uint8" => Array.ConvertAll(bytes, value => (float)(value * scale + minimum)),
            "uint16" => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(), value => (float)(value * scale + minimum)),
            _ => throw new ModelImportException(
                $"The weight '{entry.Name}' is quantized as '{type}', which cannot be imported; export the model with float32 weights."),
        };
        return entry.Type == "int32" ? Array.ConvertAll(decoded, MathF.Round) : decoded;
    }
}
