using PureHDF;
using PureHDF.VOL.Native;

namespace ClassActivation.Import.Weights;

/// <summary>The data sets of an HDF5 file, as Keras writes them; and the texts that its root has as attributes.</summary>
internal sealed class Hdf5Weights : IWeightStore
{
    // Far more than any network has, and few enough to be looked through.
    private const int MostObjects = 100_000;
    private const int DeepestGroup = 40;
    private const int LongestText = 64 << 20;

    private readonly string _path;
    private readonly Stream _stream;
    private readonly NativeFile _file;
    private readonly Dictionary<string, IH5Dataset> _dataSets = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private long _objectCount;

    private Hdf5Weights(string path, Stream stream)
    {
        (_path, _stream) = (path, stream);
        _file = H5File.Open(stream, leaveOpen: false);
        Collect(_file, "", 0);
    }

    public IReadOnlyCollection<string> Names => _names;

    /// <summary>Opens a file.</summary>
    /// <param name="path">What errors call it.</param>
    /// <param name="stream">Its bytes, which become this object's own.</param>
    /// <exception cref="ModelImportException">It is no such file.</exception>
    public static Hdf5Weights Open(string path, Stream stream)
    {
        try
        {
            return Read(path, () => new Hdf5Weights(path, stream));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>A text of the root; null where it has none of the name.</summary>
    public string? Attribute(string name) => Read(_path, () =>
    {
        if (!_file.AttributeExists(name))
        {
            return null;
        }

        IH5Attribute attribute = _file.Attribute(name);
        return attribute.Type.Class is H5DataTypeClass.String or H5DataTypeClass.VariableLength && attribute.Type.Size < LongestText
            ? attribute.Read<string>()
            : null;
    });

    public int[] DimsOf(string name) =>
        Read(_path, () => Array.ConvertAll(_dataSets[name].Space.Dimensions, static dim => checked((int)dim)));

    public WeightTensor Read(string name)
    {
        IH5Dataset data = _dataSets[name];
        int[] dims = DimsOf(name);
        return Read(_path, () =>
        {
            long count = dims.Aggregate(1L, static (product, dim) => checked(product * dim));
            int size = data.Type.Size;
            // Keras does not compress: what claims to be longer than its file is none of its files.
            if (count * size > _stream.Length)
            {
                throw new ModelImportException(
                    $"The weight '{name}' in '{_path}' claims to have {count} numbers, more than the file has room"
                    + " for; the file is damaged.");
            }

            if (data.Layout.Class is H5DataLayoutClass.VirtualStorage)
            {
                throw new ModelImportException(
                    $"The weight '{name}' in '{_path}' is kept in other files; save the network again, as one file.");
            }

            return new WeightTensor(ReadNumbers(data, name), dims);
        });
    }

    public void Dispose()
    {
        _file.Dispose();
        _stream.Dispose();
    }

    private float[] ReadNumbers(IH5Dataset data, string name) => (data.Type.Class, data.Type.Size) switch
    {
        (H5DataTypeClass.FloatingPoint, 4) => data.Read<float[]>(),
        (H5DataTypeClass.FloatingPoint, 8) => Array.ConvertAll(data.Read<double[]>(), static value => (float)value),
        (H5DataTypeClass.FloatingPoint, 2) => Array.ConvertAll(data.Read<Half[]>(), static value => (float)value),
        (H5DataTypeClass.FixedPoint, 8) => Array.ConvertAll(data.Read<long[]>(), static value => (float)value),
        (H5DataTypeClass.FixedPoint, 4) => Array.ConvertAll(data.Read<int[]>(), static value => (float)value),
        _ => throw new ModelImportException(
            $"The weight '{name}' in '{_path}' does not consist of floating-point numbers; save the network with float32 weights."),
    };

    private void Collect(IH5Group group, string prefix, int depth)
    {
        if (depth > DeepestGroup)
        {
            throw new ModelImportException(
                $"The groups of '{_path}' contain each other more than {DeepestGroup} deep; the file is damaged, or none of Keras'.");
        }

        foreach (IH5Object child in group.Children())
        {
            if (++_objectCount > MostObjects)
            {
                throw new ModelImportException(
                    $"'{_path}' has more than {MostObjects} groups and data sets; it is damaged, or no network.");
            }

            string name = prefix + child.Name;
            switch (child)
            {
                case IH5Group inner:
                    Collect(inner, name + "/", depth + 1);
                    break;
                case IH5Dataset data when _dataSets.TryAdd(WithoutIndex(name), data):
                    _names.Add(WithoutIndex(name));
                    break;
                default:
                    break;
            }
        }
    }

    private static string WithoutIndex(string name) => name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;

    // The library's own failures are many, and none of them is told apart. It takes memory for what a file claims to hold, so
    // that having too little of it is one of them.
    private static T Read<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is not (ModelImportException or OperationCanceledException))
        {
            throw new ModelImportException(
                $"'{path}' is not a whole HDF5 file, or has parts of a form or size that cannot be read; save the network again.", e);
        }
    }
}
