using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Onnx;

/// <summary>
/// Makes a network's graph plain: with fixed dimensions the runtime's basic optimisation computes what is constant, takes
/// shape arithmetic out and joins a convolution with the normalisation behind it, so that all ways of exporting a network
/// end alike. Only standard operators are left. A value whose producer was joined holds something else afterwards: names
/// of layers come from the prepared graph.
/// </summary>
internal static class GraphPreparation
{
    private const string NetworkFile = "network.onnx";
    private const string DataFile = "network.data";
    private const string RoomFile = "room";

    // More than a writer's buffer, which is what is left of a disk where the last write failed.
    private const int LeastRoom = 1 << 16;

    /// <summary>Prepares a network. All its constants are in memory afterwards, and all types are stated.</summary>
    /// <param name="graph">The network; it stays as it is.</param>
    /// <param name="inputDims">
    /// The dimensions of inputs by their names. For others those of the network hold, with 1 for a free first dimension.
    /// </param>
    /// <exception cref="InvalidDataException">A dimension is missing, or the runtime refuses the network.</exception>
    /// <exception cref="IOException">The folder for temporary files is full, or may not be written.</exception>
    public static OnnxGraph Prepare(OnnxGraph graph, IReadOnlyDictionary<string, long[]>? inputDims = null)
    {
        string folder = Directory.CreateTempSubdirectory("ClassActivation-").FullName;
        try
        {
            OnnxGraph prepared = PrepareIn(folder, graph, inputDims);
            prepared.LoadExternalData();
            return prepared;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Prepares a network as <see cref="Prepare"/> does; its larger constants stay in a file.</summary>
    /// <param name="folder">A folder of its own, which must live as long as the prepared network.</param>
    /// <param name="graph">The network; it stays as it is.</param>
    /// <param name="inputDims">The dimensions of inputs by their names.</param>
    /// <exception cref="InvalidDataException">A dimension is missing, or the runtime refuses the network.</exception>
    /// <exception cref="IOException">The folder for temporary files is full, or may not be written.</exception>
    public static OnnxGraph PrepareIn(string folder, OnnxGraph graph, IReadOnlyDictionary<string, long[]>? inputDims = null)
    {
        OnnxGraph plain = graph.Clone();
        FixDimensions(plain, inputDims);
        OnnxGraph prepared = Optimize(plain, folder);
        foreach ((string key, string value) in graph.Metadata)
        {
            prepared.Metadata[key] = value;
        }

        prepared.RemoveDeadNodes();
        GraphProbe.StateTypes(prepared);
        return prepared;
    }

    private static void FixDimensions(OnnxGraph graph, IReadOnlyDictionary<string, long[]>? inputDims)
    {
        graph.ForgetTypes();
        foreach (string input in graph.Inputs)
        {
            if (graph.TypeOf(input) is not { } type)
            {
                throw new InvalidDataException($"The input '{input}' of the network is no tensor.");
            }

            long[]? dims = (inputDims?.GetValueOrDefault(input) ?? type.Dims)?.ToArray();
            if (dims is [-1, ..])
            {
                dims[0] = 1;
            }

            if (dims is null || dims.Any(static dim => dim < 0))
            {
                throw new InvalidDataException(
                    $"The input '{input}' of the network has a free dimension ({type}); say how large it is to be.");
            }

            graph.SetType(input, type with { Dims = dims });
        }
    }

    private static OnnxGraph Optimize(OnnxGraph graph, string folder)
    {
        using SessionOptions options = FrugalSession.Options(GraphOptimizationLevel.ORT_ENABLE_BASIC);
        options.OptimizedModelFilePath = Path.Combine(folder, NetworkFile);
        options.AddSessionConfigEntry("session.optimized_model_external_initializers_file_name", DataFile);
        options.AddSessionConfigEntry("session.optimized_model_external_initializers_min_size_in_bytes", "1024");
        try
        {
            using (InferenceSession session = graph.OpenSession(options))
            {
            }

            return OnnxGraph.Read(Path.Combine(folder, NetworkFile));
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException or IOException && !HasRoom(folder))
        {
            throw new IOException($"there is no room left in the folder '{folder}'.", e);
        }
        catch (OnnxRuntimeException e)
        {
            FrugalSession.ThrowIfOutOfMemory(e);
            throw new InvalidDataException(
                "The runtime refuses the network; it is damaged, or has an operator or a size that the runtime does not support.", e);
        }
    }

    /// <summary>Whether a folder takes a further file: the runtime does not say why it could not write one.</summary>
    private static bool HasRoom(string folder)
    {
        try
        {
            using FileStream file = new(
                Path.Combine(folder, RoomFile), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            file.Write(new byte[LeastRoom]);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
