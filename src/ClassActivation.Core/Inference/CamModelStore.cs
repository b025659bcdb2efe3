using System.Collections.Concurrent;
using ClassActivation.Isolation;
using ClassActivation.Networks;

namespace ClassActivation.Inference;

/// <summary>Finds networks by name and keeps each loaded one for the life of the process, shared by all threads.</summary>
public sealed class CamModelStore
{
    /// <summary>The network used where none is named: Keras' ResNet50 with ImageNet weights.</summary>
    public const string DefaultModelName = "ResNet50";

    private readonly IEnumerable<string> _folders;
    private readonly ConcurrentDictionary<string, Lazy<CamModel>> _loaded = new(FilePaths.Comparer);
    private readonly ConcurrentDictionary<ComputeDevice, ConcurrentDictionary<string, Lazy<CamModel>>> _onDevices = new();
    private readonly ConcurrentDictionary<string, Lazy<CamModel>> _isolated = new(FilePaths.Comparer);

    /// <summary>Makes a store.</summary>
    /// <param name="folders">
    /// The folders that hold networks, enumerated at each question; one named in an earlier folder hides those of later ones.
    /// </param>
    public CamModelStore(IEnumerable<string> folders) => _folders = folders;

    /// <summary>The names of all networks, without opening any.</summary>
    public IReadOnlyList<string> Names => Files().Select(static f => Path.GetFileNameWithoutExtension(f)).ToArray();

    /// <summary>All networks of the store's folders; files that are no dual-output networks are passed over.</summary>
    public IEnumerable<CamModelInfo> List()
    {
        foreach (string file in Files())
        {
            CamModelInfo info;
            try
            {
                info = Describe(file);
            }
            catch (ModelException)
            {
                continue;
            }

            yield return info;
        }
    }

    /// <summary>What is known of one network, without loading it.</summary>
    /// <param name="nameOrPath">A network's name in the store, or the full path of its file.</param>
    /// <exception cref="ModelException">There is none, or its file is no dual-output network.</exception>
    public CamModelInfo Describe(string nameOrPath)
    {
        string path = Locate(nameOrPath);
        return new CamModelInfo(CamModelFile.Open(path))
        {
            IsLoaded = _loaded.TryGetValue(path, out Lazy<CamModel>? model) && model.IsValueCreated,
        };
    }

    /// <summary>Gives a network, loading it at the first call.</summary>
    /// <param name="nameOrPath">A network's name in the store, or the full path of its file.</param>
    /// <exception cref="ModelException">There is none, or it cannot be loaded; the next call tries again.</exception>
    public CamModel Get(string nameOrPath) => Get(nameOrPath, ComputeDevice.Cpu);

    /// <summary>Gives a network that a device computes, loading it at the first call.</summary>
    /// <param name="nameOrPath">A network's name in the store, or the full path of its file.</param>
    /// <param name="device">The device.</param>
    /// <exception cref="ModelException">There is none, or it cannot be loaded; the next call tries again.</exception>
    public CamModel Get(string nameOrPath, ComputeDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        ConcurrentDictionary<string, Lazy<CamModel>> loaded = device.IsCpu
            ? _loaded
            : _onDevices.GetOrAdd(device, static _ => new ConcurrentDictionary<string, Lazy<CamModel>>(FilePaths.Comparer));
        return Get(nameOrPath, loaded, path => CamModel.Load(path, device));
    }

    /// <summary>Gives a network that runs in a process of its own, starting it at the first call.</summary>
    /// <param name="nameOrPath">A network's name in the store, or the full path of its file.</param>
    /// <param name="isolation">How the process is started, and what it may use; heeded at the first call.</param>
    /// <exception cref="ModelException">There is none, or it cannot be loaded; the next call tries again.</exception>
    public CamModel Get(string nameOrPath, IsolationOptions isolation) =>
        Get(nameOrPath, _isolated, path => CamModel.Load(path, isolation));

    private CamModel Get(string nameOrPath, ConcurrentDictionary<string, Lazy<CamModel>> loaded, Func<string, CamModel> load)
    {
        string path = Locate(nameOrPath);
        Lazy<CamModel> model = loaded.GetOrAdd(path, path => new Lazy<CamModel>(() => load(path)));
        try
        {
            return model.Value;
        }
        catch
        {
            loaded.TryRemove(KeyValuePair.Create(path, model));
            throw;
        }
    }

    /// <summary>Whether a network is in memory. One that cannot be found is not.</summary>
    internal bool IsLoaded(string nameOrPath) =>
        _loaded.Any(loaded => loaded.Value.IsValueCreated
            && (
                loaded.Key == nameOrPath
                    || Path.GetFileNameWithoutExtension(loaded.Key).Equals(nameOrPath, StringComparison.OrdinalIgnoreCase)));

    private string Locate(string nameOrPath)
    {
        if (Path.IsPathFullyQualified(nameOrPath))
        {
            return nameOrPath;
        }

        // A network that was loaded by its path goes by its name from then on, so that its objects can be piped on.
        return Files().Concat(_loaded.Keys).Concat(_isolated.Keys).Concat(_onDevices.Values.SelectMany(static loaded => loaded.Keys))
            .FirstOrDefault(file => Path.GetFileNameWithoutExtension(file).Equals(nameOrPath, StringComparison.OrdinalIgnoreCase))
            ?? throw new ModelException(ModelFailure.NotFound, NotFoundMessage(nameOrPath));
    }

    private string NotFoundMessage(string name)
    {
        string known = Names.Count == 0
            ? "There are none yet."
            : $"Known are {string.Join(", ", Names)}.";
        return $"There is no network named '{name}'. {known}";
    }

    private IEnumerable<string> Files() => _folders
        .Where(Directory.Exists)
        .SelectMany(FilesOf)
        .DistinctBy(static file => Path.GetFileNameWithoutExtension(file), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> FilesOf(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder, "*.onnx").Order(StringComparer.OrdinalIgnoreCase).ToArray();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new ModelException(ModelFailure.AccessDenied, $"The folder of networks '{folder}' may not be read.", e);
        }
    }
}
