using System.Text;

namespace ClassActivation.Import;

/// <summary>The forms in which networks are kept, told apart by their first bytes.</summary>
internal enum NetworkFileKind
{
    /// <summary>None of the others; ONNX has no mark of its own.</summary>
    Onnx,

    /// <summary>A model.json of TensorFlow.js.</summary>
    TensorFlowJs,

    /// <summary>Keras' .h5.</summary>
    Hdf5,

    /// <summary>Keras' .keras.</summary>
    Keras,

    /// <summary>PyTorch's .pt or .pth.</summary>
    PyTorch,

    /// <summary>A .safetensors file: weights alone.</summary>
    SafeTensors,

    /// <summary>TensorFlow's saved_model.pb.</summary>
    SavedModel,

    /// <summary>Apple's .mlmodel or .mlpackage.</summary>
    CoreML,

    /// <summary>OpenVINO's .xml.</summary>
    OpenVino,

    /// <summary>TensorFlow Lite's .tflite.</summary>
    TensorFlowLite,
}

/// <summary>Recognises network files, and says how those that are not read become ONNX.</summary>
internal static class NetworkFiles
{
    private const int HeadLength = 4096;

    /// <summary>The form of a folder that is a network; null where it is none.</summary>
    public static NetworkFileKind? KindOfFolder(string path) =>
        File.Exists(Path.Combine(path, "saved_model.pb"))
            || File.Exists(Path.Combine(path, "saved_model.pbtxt")) ? NetworkFileKind.SavedModel
        : string.Equals(
            Path.GetExtension(Path.TrimEndingDirectorySeparator(path)),
            ".mlpackage",
            StringComparison.OrdinalIgnoreCase) ? NetworkFileKind.CoreML
        : null;

    /// <summary>The form of a file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NetworkFileKind KindOf(string path)
    {
        if (FileStatus.IsPipeOrDevice(path))
        {
            throw new ModelImportException($"'{path}' is no file but a pipe or a device; save it to a file first.");
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var buffer = new byte[HeadLength];
        ReadOnlySpan<byte> head = buffer.AsSpan(0, file.ReadAtLeast(buffer, HeadLength, throwOnEndOfStream: false));
        string extension = Path.GetExtension(path).ToUpperInvariant();
        if (head.StartsWith(Hdf5Mark))
        {
            return NetworkFileKind.Hdf5;
        }

        if (head.StartsWith("PK"u8))
        {
            return head.IndexOf("data.pkl"u8) >= 0 || head.IndexOf("/version"u8) >= 0 || extension is ".PT" or ".PTH"
                ? NetworkFileKind.PyTorch
                : NetworkFileKind.Keras;
        }

        if (head.Length > 2 && head[0] == 0x80 && head[1] is >= 2 and <= 5)
        {
            return NetworkFileKind.PyTorch;
        }

        if (head.Length > 8 && head[8] == '{' && BitConverter.ToUInt64(head) is > 1 and < 1 << 28)
        {
            return NetworkFileKind.SafeTensors;
        }

        if (head.Length > 8 && head[4..].StartsWith("TFL3"u8))
        {
            return NetworkFileKind.TensorFlowLite;
        }

        string text = Encoding.UTF8.GetString(head).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text.StartsWith('{'))
        {
            return NetworkFileKind.TensorFlowJs;
        }

        if (text.StartsWith("<?xml", StringComparison.Ordinal) || text.StartsWith("<net", StringComparison.Ordinal))
        {
            return NetworkFileKind.OpenVino;
        }

        return extension switch
        {
            ".JSON" => NetworkFileKind.TensorFlowJs,
            ".MLMODEL" => NetworkFileKind.CoreML,
            ".PB" or ".PBTXT" => NetworkFileKind.SavedModel,
            ".BIN" when File.Exists(Path.ChangeExtension(path, ".xml")) => NetworkFileKind.OpenVino,
            _ => NetworkFileKind.Onnx,
        };
    }

    /// <summary>Refuses a file of a form that is not read.</summary>
    /// <exception cref="ModelImportException">It is of such a form; the message says how it becomes ONNX.</exception>
    public static void CheckReadable(string path)
    {
        if (KindOf(path) is var kind and not (NetworkFileKind.Onnx or NetworkFileKind.TensorFlowJs or NetworkFileKind.Hdf5
            or NetworkFileKind.Keras))
        {
            throw NotRead(path, kind);
        }
    }

    /// <summary>The error for a form that is not read, with the line of Python that makes ONNX of it.</summary>
    public static ModelImportException NotRead(string path, NetworkFileKind kind)
    {
        (string form, string line) = kind switch
        {
            NetworkFileKind.PyTorch => (
                "a PyTorch file", "torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), 'network.onnx')"),
            NetworkFileKind.SafeTensors => (
                "a safetensors file, which holds weights without the network",
                "torch.onnx.export(timm.create_model('NAME', pretrained=True).eval(), torch.zeros(1, 3, 224, 224), 'network.onnx')"),
            NetworkFileKind.SavedModel => (
                "a TensorFlow SavedModel", "python -m tf2onnx.convert --saved-model FOLDER --output network.onnx"),
            NetworkFileKind.TensorFlowLite => (
                "a TensorFlow Lite file", "python -m tf2onnx.convert --tflite FILE --output network.onnx"),
            NetworkFileKind.CoreML => (
                "a Core ML file",
                "onnxmltools.utils.save_model(onnxmltools.convert_coreml(coremltools.utils.load_spec('FILE')), 'network.onnx')"),
            NetworkFileKind.OpenVino => (
                "an OpenVINO file", "torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), 'network.onnx')"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
        return new ModelImportException($"'{path}' is {form}, which is not read. With Python, one line exports it to ONNX: {line}");
    }

    private static ReadOnlySpan<byte> Hdf5Mark => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];
}
