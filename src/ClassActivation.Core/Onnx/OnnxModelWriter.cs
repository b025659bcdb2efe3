using System.Globalization;
using System.Runtime.InteropServices;
using ClassActivation.Onnx.Schema;
using Google.Protobuf;

namespace ClassActivation.Onnx;

/// <summary>
/// Writes an ONNX model and the external data file beside it. Large tensors go to disk as they come, so that
/// a network is never held in memory as a whole. Both files have temporary names until <see cref="Commit"/>;
/// disposing without a commit leaves nothing behind. A model never stands beside weights that are not its own.
/// </summary>
internal sealed class OnnxModelWriter : IDisposable
{
    private const int ExternalThreshold = 1024;
    private const int PageSize = 4096;

    // The runtime can map a tensor of its own on Windows only where the offset is a multiple of this.
    private const int WindowsAllocationGranularity = 65536;
    private const int LargeTensor = 1 << 20;

    private readonly string _modelPath;
    private readonly string _temporaryModel;
    private readonly string _temporaryData;
    private readonly string _replacedModel;
    private FileStream? _data;

    /// <param name="modelPath">The model file to make; the external data file is this name with <c>.data</c> added.</param>
    public OnnxModelWriter(string modelPath)
    {
        _modelPath = Path.GetFullPath(modelPath);
        string folder = Path.GetDirectoryName(_modelPath)!;
        _temporaryModel = AtomicFile.NewTemporaryPath(folder);
        _temporaryData = AtomicFile.NewTemporaryPath(folder);
        _replacedModel = AtomicFile.NewTemporaryPath(folder);
    }

    public string DataPath => _modelPath + ".data";

    /// <summary>Makes a tensor of the elements, stored in the external data file where it has 1 KB or more.</summary>
    public TensorProto WriteTensor<T>(string name, ReadOnlySpan<T> elements, params ReadOnlySpan<long> dims)
        where T : unmanaged => WriteTensor(name, TensorElements.TypeOf<T>(), MemoryMarshal.AsBytes(elements), dims);

    /// <summary>Makes a tensor of the raw bytes of elements of any type.</summary>
    public TensorProto WriteTensor(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, params ReadOnlySpan<long> dims)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type };
        foreach (long dim in dims)
        {
            tensor.Dims.Add(dim);
        }

        if (bytes.Length < ExternalThreshold)
        {
            tensor.RawData = ByteString.CopyFrom(bytes);
            return tensor;
        }

        _data ??= new FileStream(_temporaryData, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        int alignment = bytes.Length >= LargeTensor ? WindowsAllocationGranularity : PageSize;
        long offset = (_data.Position + alignment - 1) / alignment * alignment;
        _data.SetLength(offset);
        _data.Position = offset;
        _data.Write(bytes);

        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        AddExternal(tensor, "location", Path.GetFileName(DataPath));
        AddExternal(tensor, "offset", offset.ToString(CultureInfo.InvariantCulture));
        AddExternal(tensor, "length", bytes.Length.ToString(CultureInfo.InvariantCulture));
        return tensor;
    }

    /// <summary>Writes the model and gives both files their final names, replacing what was there.</summary>
    /// <returns>The size of both files in bytes.</returns>
    public long Commit(ModelProto model)
    {
        using (FileStream file = new(_temporaryModel, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            model.WriteTo(file);
        }

        long size = new FileInfo(_temporaryModel).Length;
        if (_data is not null)
        {
            size += _data.Length;
            _data.Dispose();
            _data = null;
            ReplaceData();
        }

        File.Move(_temporaryModel, _modelPath, overwrite: true);
        return size;
    }

    /// <summary>Gives a model and its data file other names on the same drive, replacing what was there.</summary>
    /// <param name="from">The model; its data file, where it has one, is this name with <c>.data</c> added.</param>
    /// <param name="to">The new name, which differs in its folder alone, since the model names its data file.</param>
    public static void Move(string from, string to)
    {
        using OnnxModelWriter writer = new(to);
        File.Move(from, writer._temporaryModel);
        if (File.Exists(from + ".data"))
        {
            File.Move(from + ".data", writer._temporaryData);
            writer.ReplaceData();
        }

        File.Move(writer._temporaryModel, writer._modelPath, overwrite: true);
    }

    public void Dispose()
    {
        try
        {
            _data?.Dispose();
        }
        catch (IOException)
        {
            // The disk is full: the rest of a file that is deleted need not be written.
        }

        AtomicFile.TryDelete(_temporaryData);
        AtomicFile.TryDelete(_temporaryModel);
        AtomicFile.TryDelete(_replacedModel);
    }

    // A process may be killed between any two of these steps. The old model is out of the way before the new weights
    // come: it would compute with them without a word, while a model that is missing is noticed.
    private void ReplaceData()
    {
        bool replaces = File.Exists(_modelPath);
        if (replaces)
        {
            File.Move(_modelPath, _replacedModel);
        }

        try
        {
            File.Move(_temporaryData, DataPath, overwrite: true);
        }
        catch when (replaces)
        {
            // A running session may hold the data file: the old pair stays whole.
            File.Move(_replacedModel, _modelPath);
            throw;
        }
    }

    private static void AddExternal(TensorProto tensor, string key, string value) =>
        tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
}
