using System.Numerics.Tensors;
using ClassActivation.Import.Weights;

namespace ClassActivation.Import.Keras;

/// <summary>The weights of a Keras network by its layers.</summary>
internal sealed class LayersWeights(IWeightStore store, ILayerWeightNames names)
{
    private readonly Dictionary<string, long> _parameters = new(StringComparer.Ordinal);

    /// <summary>The number of parameters of the weights that were read for a layer.</summary>
    public long Parameters(KerasLayer layer) => _parameters.GetValueOrDefault(layer.Key);

    /// <summary>Reads a weight of a layer.</summary>
    public WeightTensor Load(KerasLayer layer, string weight)
    {
        string name = names.Find(layer, weight)
            ?? throw layer.Error($"has no weight '{weight}' of its own in the list of weights; export the model again, with its weights");
        WeightTensor tensor = store.Read(name);
        _parameters[layer.Key] = Parameters(layer) + tensor.Data.Length;
        return tensor.Data.Length == 0 || float.IsFinite(TensorPrimitives.MaxMagnitude<float>(tensor.Data))
            ? tensor
            : throw layer.Error(
                $"has values in its weight '{weight}' that are not finite numbers; the weight files are damaged, fetch the model again");
    }
}
