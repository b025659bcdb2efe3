using System.Collections.Concurrent;
using ClassActivation.Gradients;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Photos;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>
/// A network that runs in this process. Parts of it, and its gradients, are sessions of their own, made when they are first
/// asked for.
/// </summary>
internal sealed class NetworkSession : INetworkRunner
{
    // A layer's own session, the tails of a few sizes of photos, and both with and without a gradient.
    private const int PartCapacity = 8;

    private const long MostBytesOfPrefix = 1 << 16;

    private const string AttentionPart = "gradient of attention ";

    private static readonly string[] InputNames = [CamModel.InputName];

    private readonly OnnxModelFile _file;
    private readonly CamModelInfo _info;
    private readonly OptimizedNetworkCache _cache;
    private readonly Func<SessionOptions> _createOptions;
    private readonly InferenceSession _session;
    private readonly IReadOnlyList<string> _kept;
    private readonly SessionPool _parts = new(PartCapacity);

    // Whether no weights lie between the photo and the values of a part.
    private readonly ConcurrentDictionary<string, bool> _hasNoWeights = new(StringComparer.Ordinal);

    /// <summary>Takes over a session of a whole network.</summary>
    /// <param name="file">The network's file.</param>
    /// <param name="info">What it says of itself.</param>
    /// <param name="session">The session.</param>
    /// <param name="kept">The inner values that are outputs of this session.</param>
    /// <param name="cache">Keeps the parts, as it keeps the network.</param>
    /// <param name="createOptions">Makes a session's options.</param>
    public NetworkSession(
        OnnxModelFile file,
        CamModelInfo info,
        InferenceSession session,
        IReadOnlyList<string> kept,
        OptimizedNetworkCache cache,
        Func<SessionOptions> createOptions) =>
        (_file, _info, _session, _kept, _cache, _createOptions) = (file, info, session, kept, cache, createOptions);

    /// <summary>The name of the part of a network that gives some inner values, too.</summary>
    public static string PartWith(IReadOnlyList<string> values) => "values " + string.Join('|', values);

    /// <summary>A network that gives some inner values, too.</summary>
    /// <exception cref="InvalidDataException">Its graph is damaged.</exception>
    public static OnnxGraph WithOutputs(OnnxModelFile file, IReadOnlyList<string> values)
    {
        var graph = new OnnxGraph(file);
        foreach (string value in values)
        {
            graph.AddOutput(value);
        }

        return graph;
    }

    /// <inheritdoc/>
    public IDisposableReadOnlyCollection<OrtValue> Run(
        NetworkInput input, IReadOnlyList<string> outputs, CancellationToken cancellationToken) => Run([input], outputs, cancellationToken);

    /// <summary>Runs the network on several photos of one size, the values of which are rows of the outputs.</summary>
    /// <param name="inputs">The photos as the network sees them.</param>
    /// <param name="outputs">The names of the values to give, in this order: outputs of the network, and inner values.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ModelException">The network cannot be run on these inputs.</exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory for the run.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(
        IReadOnlyList<NetworkInput> inputs, IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        NetworkInput first = inputs[0];
        using OrtValue images = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, inputs.Count == 1 ? first.Memory : Join(inputs), [inputs.Count, first.Height, first.Width, 3]);
        string size = $"an input of {first.Width}×{first.Height} pixels";
        string[] inner = [.. outputs.Except(_file.Outputs)];
        if (inner.Length > 0 && !inner.All(_kept.Contains) && _hasNoWeights.GetOrAdd(PartWith(inner), _ => HasNoWeights(inner)))
        {
            return RunWithPrefix(inner, images, outputs, size, cancellationToken);
        }

        if (inner.All(_kept.Contains))
        {
            return Run(_session, InputNames, [images], outputs, size, cancellationToken);
        }

        using SessionPool.Lease part = Open(PartWith(inner), isKept: true, () => WithOutputs(_file, inner));
        return Run(part.Session, InputNames, [images], outputs, size, cancellationToken);
    }

    /// <inheritdoc/>
    public float[] Scores(NetworkTail tail, IReadOnlyList<TensorValues> values, CancellationToken cancellationToken)
    {
        using SessionPool.Lease part = Open("scores " + Describe(tail, values), IsKept(values), () => Tail(tail, values));
        using OrtValues inputs = OrtValues.Of(values);
        using IDisposableReadOnlyCollection<OrtValue> results =
            Run(part.Session, tail.Inputs, inputs, part.Session.OutputNames, "its inner values", cancellationToken);
        return Finite(results[0], 1).ToArray();
    }

    /// <inheritdoc/>
    public LayerGradients Gradients(
        NetworkTail tail,
        IReadOnlyList<TensorValues> values,
        IReadOnlyList<OrtValue> saved,
        IReadOnlyList<float[]> cotangents,
        CancellationToken cancellationToken)
    {
        using SessionPool.Lease part = OpenGradient(tail, values, saved.Count > 0);
        int rows = cotangents.Count;
        int[] dims = part.Session.InputMetadata[NetworkGradient.CotangentName].Dimensions;
        bool carriesRows = dims[0] == -1;
        // Products of one row are summed in another order than those of several: a second row lets a class have the same bits
        // alone and among others.
        int together = carriesRows ? Math.Max(rows, 2) : 1;
        int length = cotangents[0].Length;
        float[] all = [.. cotangents.SelectMany(static cotangent => cotangent), .. new float[(Math.Max(rows, together) - rows) * length]];
        using OrtValues own = OrtValues.Of(values);
        Dictionary<string, OrtValue> inputs = tail.Inputs.Zip(own).Concat(tail.Saved.Zip(saved))
            .DistinctBy(static input => input.First)
            .Where(input => part.Session.InputNames.Contains(input.First))
            .ToDictionary(static input => input.First, static input => input.Second, StringComparer.Ordinal);
        var gradients = new float[rows * values[0].Elements.Length];
        string[] outputs =
        [
            .. part.Session.OutputNames.Where(static name => name is NetworkGradient.GradientName or NetworkGradient.BiasPartName)
        ];
        var biasParts = new float[outputs.Contains(NetworkGradient.BiasPartName) ? rows : 0];
        for (int row = 0; row < rows; row += together)
        {
            using OrtValue cotangent = OrtValues.Copy(
                all.AsSpan(row * length, together * length), [together, .. dims.Skip(1).Select(static dim => (long)dim)]);
            using IDisposableReadOnlyCollection<OrtValue> results = Run(
                part.Session,
                [.. inputs.Keys, NetworkGradient.CotangentName],
                [.. inputs.Values, cotangent],
                outputs,
                "its inner values",
                cancellationToken);
            CopyRows(
                results[Array.IndexOf(outputs, NetworkGradient.GradientName)], together, gradients.AsSpan(row * values[0].Elements.Length));
            if (biasParts.Length > 0)
            {
                CopyRows(results[Array.IndexOf(outputs, NetworkGradient.BiasPartName)], together, biasParts.AsSpan(row));
            }
        }

        return new LayerGradients(gradients, biasParts);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parts.Dispose();
        _session.Dispose();
    }

    private bool HasNoWeights(string[] values) =>
        new OnnxGraph(_file).Extract([CamModel.InputName], values) is var prefix && prefix.ConstantBytes <= MostBytesOfPrefix;

    // The network as it is, and the little that comes before its weights by itself.
    private OrtValues RunWithPrefix(
        string[] inner, OrtValue images, IReadOnlyList<string> outputs, string size, CancellationToken cancellationToken)
    {
        using SessionPool.Lease prefix = Open(
            "prefix " + string.Join('|', inner), isKept: true, () => new OnnxGraph(_file).Extract([CamModel.InputName], inner));
        IDisposableReadOnlyCollection<OrtValue> first = Run(prefix.Session, InputNames, [images], inner, size, cancellationToken);
        string[] own = [.. outputs.Except(inner)];
        try
        {
            IDisposableReadOnlyCollection<OrtValue> answers = Run(_session, InputNames, [images], own, size, cancellationToken);
            var values = new OrtValues();
            values.AddRange(
                outputs.Select(name => Array.IndexOf(inner, name) is var i and >= 0 ? first[i] : answers[Array.IndexOf(own, name)]));
            return values;
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    private static Memory<byte> Join(IReadOnlyList<NetworkInput> inputs)
    {
        int length = inputs[0].Memory.Length;
        var joined = new byte[length * inputs.Count];
        for (int i = 0; i < inputs.Count; i++)
        {
            inputs[i].Memory.Span.CopyTo(joined.AsSpan(i * length));
        }

        return joined;
    }

    private static string Describe(NetworkTail tail, IReadOnlyList<TensorValues> values) =>
        (tail.Scores is null ? "" : $"{tail.Scores} of ") + string.Join(
            '|', tail.Inputs.Zip(values, static (name, value) => $"{name} {string.Join('x', value.Dims)}"));

    private OnnxGraph Tail(NetworkTail tail, IReadOnlyList<TensorValues> values)
    {
        var graph = new OnnxGraph(_file);
        OnnxGraph end = graph.Extract(tail.Inputs, [tail.Scores ?? NetworkLayers.ScoresOf(graph)]);
        for (int i = 0; i < values.Count; i++)
        {
            end.SetType(tail.Inputs[i], new Onnx.OnnxValueType(Onnx.Schema.TensorProto.Types.DataType.Float, values[i].Dims));
        }

        return end;
    }

    private SessionPool.Lease OpenGradient(NetworkTail tail, IReadOnlyList<TensorValues> values, bool hasSaved) => Open(
        (tail.IsAttention ? AttentionPart : "gradient ") + (hasSaved ? "of what was kept of " : "") + Describe(tail, values),
        IsKept(values),
        () => Gradient(tail, values, hasSaved));

    private OnnxGraph Gradient(NetworkTail tail, IReadOnlyList<TensorValues> values, bool hasSaved)
    {
        OnnxGraph graph = Tail(tail, values);
        string scores = graph.Outputs[0];
        if (hasSaved)
        {
            // As outputs they keep their names and what they hold.
            graph.SetOutputs([scores, .. tail.Saved]);
        }

        string folder = Directory.CreateTempSubdirectory("ClassActivation-").FullName;
        try
        {
            OnnxGraph written = Gradient(
                GraphPreparation.PrepareIn(folder, graph), tail, scores, hasSaved, copiesWeights: hasSaved || IsKept(values));
            written.LoadExternalData();
            return written;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A session lays weights out anew for each kind of convolution, so that mirrored ones take no more memory, but where both are written
    // in memory.
    private static OnnxGraph Gradient(OnnxGraph prepared, NetworkTail tail, string scores, bool hasSaved, bool copiesWeights)
    {
        if (tail.IsAttention)
        {
            return AttentionRelevance.Write(prepared, tail.Layer, scores, hasSaved ? tail.Saved : []);
        }

        var gradient = NetworkGradient.Write(prepared, tail.Layer, scores, copiesWeights: copiesWeights);
        return hasSaved ? gradient.Backward(tail.Saved) : gradient.Whole();
    }

    // Squares come again and again; other shapes are those of single photos.
    private bool IsKept(IReadOnlyList<TensorValues> values) =>
        _info.IsFixedSize || values[0].Dims is [.., var rows, var columns] && rows == columns;

    private SessionPool.Lease Open(string part, bool isKept, Func<OnnxGraph> write)
    {
        bool isWritten = false;

        OnnxGraph Write()
        {
            isWritten = true;
            return write();
        }

        try
        {
            return _parts.Rent(part, () =>
            {
                InferenceSession session = isKept
                    ? _cache.Open(_file, part, Write, _createOptions)
                    : OptimizedNetworkCache.OpenInMemory(Write, _createOptions);
                if (isWritten)
                {
                    LargeGarbage.Collect();
                }

                return session;
            });
        }
        catch (GradientException e)
        {
            throw part.StartsWith(AttentionPart, StringComparison.Ordinal)
                ? NetworkLayers.NoAttention(_info.Name, e)
                : new ModelException(ModelFailure.NoGradient, $"The network '{_info.Name}' has no gradient there. {e.Message}", e);
        }
        catch (Exception e) when (e is OnnxRuntimeException or InvalidDataException or IOException)
        {
            throw new ModelException(
                ModelFailure.PartFailed, $"The parts of the network '{_info.Name}' cannot be run by themselves. {e.Message}", e);
        }
    }

    // Without the row that only fills up.
    private void CopyRows(OrtValue value, int rows, Span<float> destination)
    {
        ReadOnlySpan<float> found = Finite(value, rows);
        found[..Math.Min(found.Length, destination.Length)].CopyTo(destination);
    }

    private ReadOnlySpan<float> Finite(OrtValue value, int rows)
    {
        ReadOnlySpan<float> numbers = value.GetTensorDataAsSpan<float>();
        return numbers.Length % rows == 0 && FloatSpans.AreFinite(numbers) ? numbers : throw new ModelException(
            ModelFailure.NotFinite,
            $"The end of the network '{_info.Name}' gives values that are not finite numbers; there is no map of them."
            + " Its weights may be damaged.");
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(
        InferenceSession session,
        IReadOnlyCollection<string> names,
        IReadOnlyCollection<OrtValue> inputs,
        IReadOnlyCollection<string> outputs,
        string what,
        CancellationToken cancellationToken)
    {
        using var options = new RunOptions();
        using CancellationTokenRegistration registration =
            cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, options);
        try
        {
            return InferenceThreads.Run(() => session.Run(options, names, inputs, outputs));
        }
        catch (OnnxRuntimeException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (InferenceRuntime.IsOutOfMemory(e))
            {
                throw new InsufficientMemoryException($"The network '{_info.Name}' needs more memory for {what} than there is.", e);
            }

            throw new ModelException(ModelFailure.RunFailed, $"The network '{_info.Name}' cannot be run on {what}.", e);
        }
    }
}
