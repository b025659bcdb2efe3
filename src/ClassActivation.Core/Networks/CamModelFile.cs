using System.Text.Json;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Networks;

/// <summary>What a dual-output network's file says of itself.</summary>
internal static class CamModelFile
{
    /// <summary>Copies a network to another folder, or under another name; nothing is half there.</summary>
    /// <param name="path">The network's file.</param>
    /// <param name="destinationPath">The <c>.onnx</c> file to make; its folder is made where it is missing.</param>
    /// <exception cref="ModelException">The file is no network of the module.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static void Copy(string path, string destinationPath)
    {
        OnnxModelFile file = Open(path);
        string folder = Path.GetDirectoryName(destinationPath)!, data = path + ".data";
        Directory.CreateDirectory(folder);
        bool isPair = file.DataFiles is [] || (file.DataFiles is [var only] && FilePaths.Comparer.Equals(only, data));
        if (!isPair || Path.GetFileName(path) != Path.GetFileName(destinationPath))
        {
            new OnnxGraph(file).Save(destinationPath);
            return;
        }

        // Byte for byte, so that it is the same network to whoever has its hash.
        DirectoryInfo work = Directory.CreateDirectory(Path.Combine(folder, $".{Guid.NewGuid():N}"[..12]));
        try
        {
            string copy = Path.Combine(work.FullName, Path.GetFileName(path));
            foreach ((string from, string to) in new[] { (path, copy), (data, copy + ".data") }.Take(1 + file.DataFiles.Count))
            {
                File.Copy(from, to);
                File.SetAttributes(to, FileAttributes.Normal);
            }

            OnnxModelWriter.Move(copy, destinationPath);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    /// <summary>
    /// Whether the module wrote a file: it is a network with the module's own metadata, or the weights of one that lies beside
    /// them. Where it cannot be read as one, it is somebody else's.
    /// </summary>
    /// <param name="path">The full path of a file that exists.</param>
    public static bool IsOwn(string path)
    {
        const string Data = ".data";
        if (!path.EndsWith(Data, StringComparison.OrdinalIgnoreCase))
        {
            return TryOpenOwn(path) is not null;
        }

        // Where a process was killed between the two files, the network has a temporary name still.
        string network = path[..^Data.Length];
        IEnumerable<string> networks = File.Exists(network) ? [network] : AtomicFile.EnumerateTemporaries(Path.GetDirectoryName(path)!);
        return networks.Any(file => TryOpenOwn(file)?.DataFiles.Contains(path, FilePaths.Comparer) == true);
    }

    private static OnnxModelFile? TryOpenOwn(string path)
    {
        try
        {
            OnnxModelFile file = Open(path);
            return file.Metadata.ContainsKey(NetworkContract.Keys.ActivationLayer) ? file : null;
        }
        catch (ModelException)
        {
            return null;
        }
    }

    /// <summary>Reads the file's header and checks that it is a dual-output network.</summary>
    /// <exception cref="ModelException">The file is missing, unreadable, or not such a network.</exception>
    public static OnnxModelFile Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelException(ModelFailure.NotFound, $"There is no network file '{path}'.");
        }

        OnnxModelFile file;
        try
        {
            file = OnnxModelFile.Read(path);
        }
        catch (Exception e) when (e is FileNotFoundException or InvalidDataException)
        {
            throw new ModelException(ModelFailure.Unreadable, e.Message, e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw AccessDenied(path, e);
        }
        catch (IOException e)
        {
            throw new ModelException(ModelFailure.Unreadable, $"'{path}' cannot be read as an ONNX network: {e.Message}", e);
        }

        bool isDualOutput =
            file.Outputs.Contains(NetworkContract.Activations) && file.Outputs.Contains(NetworkContract.Predictions) &&
            (IsGeneral(file)
                ? file.Outputs.Contains(NetworkContract.Logits)
                : file.Initializers.Contains(NetworkContract.ClassifierWeight)
                    && file.Initializers.Contains(NetworkContract.ClassifierBias));
        if (!isDualOutput)
        {
            throw new ModelException(
                ModelFailure.NotDualOutput,
                $"'{path}' is an ONNX network without the outputs 'activations' and 'predictions' and the initializers"
                + " 'classifier.weight' and 'classifier.bias'.");
        }

        return Deviation(file) is not { } deviation ? file : throw new ModelException(
            ModelFailure.NotDualOutput, $"'{path}' is not a dual-output network: {deviation}.");
    }

    /// <summary>The error for a network that may not be read.</summary>
    public static ModelException AccessDenied(string path, UnauthorizedAccessException cause) =>
        new(ModelFailure.AccessDenied, $"The network '{path}' may not be read: {cause.Message}", cause);

    /// <summary>Reads the table of layers.</summary>
    /// <exception cref="ModelException">It is damaged.</exception>
    public static IReadOnlyList<LayerSummary> ReadLayers(string path, string json)
    {
        try
        {
            IReadOnlyList<LayerSummary> layers = LayerSummary.Parse(json);
            if (layers.All(static layer => layer is { Name: not null, Type: not null, OutputShape: not null, Inputs: not null }))
            {
                return layers;
            }
        }
        catch (JsonException e)
        {
            throw Damaged(e);
        }

        throw Damaged(null);

        ModelException Damaged(Exception? inner) =>
            new(ModelFailure.Unreadable, $"The table of layers in '{path}' is damaged.", inner);
    }

    /// <summary>K and C, as the classifier or the outputs say them.</summary>
    public static IReadOnlyList<long> FeaturesAndClasses(OnnxModelFile file) => IsGeneral(file)
        ? [DimensionOf(file, NetworkContract.Activations), DimensionOf(file, NetworkContract.Logits)]
        : file.Dimensions(NetworkContract.ClassifierWeight);

    private static bool IsGeneral(OnnxModelFile file) =>
        file.Metadata.GetValueOrDefault(NetworkContract.Keys.Head) is NetworkContract.GeneralHead or NetworkContract.OpaqueHead;

    /// <summary>The second dimension of an output; 0 where the file does not say it.</summary>
    private static long DimensionOf(OnnxModelFile file, string output) =>
        file.Model.Graph.Output.First(value => value.Name == output).Type?.TensorType?.Shape is { Dim.Count: >= 2 } shape
        && shape.Dim[1].DimValue is > 0 and <= int.MaxValue ? shape.Dim[1].DimValue : 0;

    /// <summary>What of the file's inputs, outputs and classifier is not as it must be; null for nothing.</summary>
    private static string? Deviation(OnnxModelFile file)
    {
        ValueInfoProto[] inputs = [.. file.Model.Graph.Input.Where(input => !file.Initializers.Contains(input.Name))];
        bool isGeneral = IsGeneral(file);
        IReadOnlyList<long> weight = FeaturesAndClasses(file);
        IReadOnlyList<long> bias = isGeneral ? [.. weight.Skip(1)] : file.Dimensions(NetworkContract.ClassifierBias);
        return inputs is not [{ Name: NetworkContract.Image }] ? $"it takes {Names(inputs)}, not 'image' alone"
            : !IsOf(inputs[0], DataType.Uint8) ? "its input 'image' does not take 8-bit numbers (uint8)"
            : file.Model.Graph.Output.FirstOrDefault(
                static output =>
                    output.Name is NetworkContract.Activations or NetworkContract.Predictions or NetworkContract.Logits
                        && !IsOf(output, DataType.Float)) is { } other
                ? $"its output '{other.Name}' is not one of float32 numbers"
            : weight is not [> 0, > 0] || bias is not [> 0] || weight[1] != bias[0]
                ? $"its classifier has weights of ({string.Join(", ", weight)}) and biases of ({string.Join(", ", bias)}), not of"
                    + " (features, classes) and (classes)"
            : !isGeneral
                && new[] { NetworkContract.ClassifierWeight, NetworkContract.ClassifierBias }.FirstOrDefault(
                    name => file.ElementType(name) is not (DataType.Float or DataType.Float16)) is { } part
                ? $"its '{part}' does not hold floating-point numbers"
            : null;
    }

    private static string Names(ValueInfoProto[] inputs) =>
        inputs.Length == 0 ? "no input" : string.Join(", ", inputs.Take(5).Select(static input => $"'{input.Name}'"));

    // A file need not say the type of a value.
    private static bool IsOf(ValueInfoProto value, DataType type) =>
        value.Type?.TensorType is not { HasElemType: true } tensor || tensor.ElemType == (int)type;

    /// <summary>The classes that the metadata names: ImageNet's, the network's own labels, or numbers.</summary>
    /// <exception cref="ModelException">The labels are more or fewer than the classes.</exception>
    public static ClassTable ReadClasses(string path, IReadOnlyDictionary<string, string> metadata, int classCount)
    {
        if (!metadata.TryGetValue(NetworkContract.Keys.Labels, out string? labels) || labels.Length == 0)
        {
            return ClassTable.FromLabels(Enumerable.Range(0, classCount).Select(static index => $"class_{index}"));
        }

        int labelCount = labels == NetworkContract.ImageNetLabels ? ClassTable.ImageNet.Count : labels.AsSpan().Count('\n') + 1;
        if (labelCount != classCount)
        {
            throw new ModelException(
                ModelFailure.WrongLabels, $"'{path}' has {labelCount} labels for {classCount} classes.");
        }

        return labels == NetworkContract.ImageNetLabels ? ClassTable.ImageNet : ClassTable.FromLabels(labels.Split('\n'));
    }
}
