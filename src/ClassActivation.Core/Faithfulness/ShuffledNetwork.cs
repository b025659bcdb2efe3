using System.Runtime.InteropServices;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using Google.Protobuf;

namespace ClassActivation.Faithfulness;

/// <summary>
/// Copies of a network that have forgotten what they learned, from the classifier's end on: in each stage the weights of
/// further layers are shuffled, tensor by tensor, so that their distribution stays (the cascading randomisation of Adebayo
/// et al. 2018, "Sanity Checks for Saliency Maps"). The classifier itself, the last weights in front of the logits, stays.
/// </summary>
internal sealed class ShuffledNetwork : IDisposable
{
    private const int SmallestTensor = 64;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ClassActivation-");

    /// <summary>Makes a copy with the last weights shuffled.</summary>
    /// <param name="path">The network's file.</param>
    /// <param name="share">The share of its weight tensors that are shuffled, the last ones first, 0 to 1.</param>
    /// <param name="seed">What the order is drawn from.</param>
    /// <exception cref="ModelException">The network cannot be read.</exception>
    public ShuffledNetwork(string path, double share, int seed)
    {
        try
        {
            string copy = Copy(path);
            Shuffle(copy, share, new Random(seed));
            Model = CamModel.Load(copy, new OptimizedNetworkCache(null));
        }
        catch
        {
            _folder.Delete(recursive: true);
            throw;
        }
    }

    /// <summary>The copy.</summary>
    public CamModel Model { get; }

    /// <summary>Frees the copy, and removes its files.</summary>
    public void Dispose()
    {
        Model.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Copy(string path)
    {
        OnnxModelFile file = CamModelFile.Open(path);
        string folder = Path.GetDirectoryName(file.FilePath)!;
        foreach (string part in file.DataFiles.Prepend(file.FilePath))
        {
            string target = Path.Combine(_folder.FullName, Path.GetRelativePath(folder, part));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(part, target);
            File.SetAttributes(target, FileAttributes.Normal);
        }

        return Path.Combine(_folder.FullName, Path.GetFileName(file.FilePath));
    }

    private static void Shuffle(string path, double share, Random random)
    {
        OnnxModelFile file = OnnxModelFile.Read(path);
        var tensors = file.Model.Graph.Initializer.ToDictionary(static tensor => tensor.Name, StringComparer.Ordinal);
        TensorProto[] weights = [.. file.Model.Graph.Node
            .SelectMany(static node => node.Input)
            .Distinct(StringComparer.Ordinal)
            .Where(name => name != CamModel.ClassifierWeightName && tensors.ContainsKey(name))
            .Select(name => tensors[name])
            .Where(
                static tensor =>
                    tensor.Dims.Count > 1 && tensor.Dims.Aggregate(1L, static (product, dim) => product * dim) >= SmallestTensor)];
        if (!tensors.ContainsKey(CamModel.ClassifierWeightName))
        {
            weights = weights[..^1];
        }

        foreach (TensorProto tensor in weights[^(int)Math.Ceiling(share * weights.Length)..])
        {
            long count = tensor.Dims.Aggregate(1L, static (product, dim) => product * dim);
            if (file.RangeOf(tensor) is { } range)
            {
                using FileStream data = File.Open(range.Path, FileMode.Open, FileAccess.ReadWrite);
                var bytes = new byte[range.Length];
                data.Position = range.Offset;
                data.ReadExactly(bytes);
                Shuffle(bytes, (int)(bytes.Length / count), random);
                data.Position = range.Offset;
                data.Write(bytes);
            }
            else if (tensor.RawData.Length > 0)
            {
                byte[] bytes = tensor.RawData.ToByteArray();
                Shuffle(bytes, (int)(bytes.Length / count), random);
                tensor.RawData = ByteString.CopyFrom(bytes);
            }
            else
            {
                float[] values = [.. tensor.FloatData];
                random.Shuffle(values);
                tensor.FloatData.Clear();
                tensor.FloatData.AddRange(values);
            }
        }

        using FileStream model = File.Create(path);
        file.Model.WriteTo(model);
    }

    private static void Shuffle(byte[] bytes, int size, Random random)
    {
        switch (size)
        {
            case 1:
                random.Shuffle(bytes);
                break;
            case 2:
                random.Shuffle(MemoryMarshal.Cast<byte, short>(bytes.AsSpan()));
                break;
            case 4:
                random.Shuffle(MemoryMarshal.Cast<byte, int>(bytes.AsSpan()));
                break;
            case 8:
                random.Shuffle(MemoryMarshal.Cast<byte, long>(bytes.AsSpan()));
                break;
        }
    }
}
