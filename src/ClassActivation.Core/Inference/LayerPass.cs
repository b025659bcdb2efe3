using ClassActivation.Networks;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation.Inference;

/// <summary>What a network gave at one layer for one photo, and what follows from it.</summary>
internal sealed class LayerPass
{
    private readonly INetworkRunner _runner;
    private readonly NetworkTail _tail;
    private readonly IReadOnlyList<TensorValues> _values;
    private readonly IReadOnlyList<OrtValue> _saved;
    private readonly FeatureLayout _layout;
    private float[]? _maps;
    private float[]? _logitsWithoutChannels;
    private float[]? _logitsOfPlaces;
    private float[]? _logitsOfNothing;

    /// <summary>Makes it of the values at the layer.</summary>
    /// <param name="runner">What runs the network.</param>
    /// <param name="tail">The end of the network behind the layer.</param>
    /// <param name="values">What that takes.</param>
    /// <param name="saved">What the forward pass kept for the gradient, or nothing.</param>
    /// <param name="layout">Where the feature maps are.</param>
    public LayerPass(
        INetworkRunner runner, NetworkTail tail, IReadOnlyList<TensorValues> values, IReadOnlyList<OrtValue> saved, FeatureLayout layout) =>
        (_runner, _tail, _values, _saved, _layout) = (runner, tail, values, saved, layout);

    /// <summary>K, the number of feature maps.</summary>
    public int Channels => _layout.Channels;

    /// <summary>The rows of each feature map.</summary>
    public int Rows => _layout.Rows;

    /// <summary>The columns of each feature map.</summary>
    public int Columns => _layout.Columns;

    /// <summary>The feature maps A, K × rows × columns.</summary>
    public float[] Maps => _maps ??= _layout.Gather(_values[0].Elements);

    /// <summary>The gradients of combinations of logits in the feature maps.</summary>
    /// <param name="shares">The combinations, C numbers each.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>
    /// For each K × rows × columns values, and what the biases behind the layer add to it; null where the sum of both need not be
    /// the combination, as where the values have more than these places.
    /// </returns>
    public IReadOnlyList<(float[] Gradient, double? BiasPart)> Gradients(
        IReadOnlyList<float[]> shares, CancellationToken cancellationToken)
    {
        LayerGradients gradients = _runner.Gradients(_tail, _values, _saved, shares, cancellationToken);
        int length = _values[0].Elements.Length;
        bool isWhole = length == Channels * Rows * Columns && gradients.BiasParts.Length > 0;
        return [.. shares.Select((_, row) => (
            _layout.Gather(gradients.Values.AsSpan(row * length, length)), isWhole ? gradients.BiasParts[row] : (double?)null))];
    }

    /// <summary>The layer's values as they lie.</summary>
    public float[] Elements => _values[0].Elements;

    /// <summary>The gradient of a combination of logits where the layer has other values.</summary>
    /// <param name="elements">The values, as they lie.</param>
    /// <param name="shares">The combination, C numbers.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>K × rows × columns values.</returns>
    public float[] GradientAt(float[] elements, float[] shares, CancellationToken cancellationToken)
    {
        float[] gradient = _runner.Gradients(
            _tail, [_values[0] with { Elements = elements }, .. _values.Skip(1)], [], [shares], cancellationToken).Values;
        return _layout.IsPlain && gradient.Length == Channels * Rows * Columns ? gradient : _layout.Gather(gradient);
    }

    /// <summary>The logits where the layer has other values.</summary>
    public float[] LogitsAt(float[] elements, CancellationToken cancellationToken) =>
        _runner.Scores(_tail, [_values[0] with { Elements = elements }, .. _values.Skip(1)], cancellationToken);

    /// <summary>The logits, as the end of the network alone gives them.</summary>
    public float[] Logits(CancellationToken cancellationToken) => LogitsAt(_values[0].Elements, cancellationToken);

    /// <summary>The logits where all values of the layer are zero.</summary>
    public float[] LogitsOfNothing(CancellationToken cancellationToken) =>
        _logitsOfNothing ??= LogitsAt(new float[_values[0].Elements.Length], cancellationToken);

    /// <summary>The logits where the values of one feature map are zero.</summary>
    /// <returns>C values for each of the K feature maps.</returns>
    public float[] LogitsWithoutChannels(CancellationToken cancellationToken)
    {
        if (_logitsWithoutChannels is null)
        {
            var logits = new List<float>();
            float[] changed = [.. _values[0].Elements];
            for (int k = 0; k < Channels; k++)
            {
                _layout.SetChannel(changed, k, new float[Rows * Columns]);
                logits.AddRange(LogitsAt(changed, cancellationToken));
                _layout.SetChannel(changed, k, Maps.AsSpan(k * Rows * Columns, Rows * Columns));
            }

            _logitsWithoutChannels = [.. logits];
        }

        return _logitsWithoutChannels;
    }

    /// <summary>
    /// The logits that each place alone gives, all others being masked with zeros: Recipro-CAM, Byun and Lee 2022,
    /// "Recipro-CAM: Fast Gradient-Free Visual Explanations for Convolutional Neural Network". Class tokens stay.
    /// </summary>
    /// <returns>C values for each of the rows × columns places, place by place.</returns>
    public float[] LogitsOfPlaces(CancellationToken cancellationToken)
    {
        if (_logitsOfPlaces is not null)
        {
            return _logitsOfPlaces;
        }

        int places = Rows * Columns;
        var logits = new List<float>();
        float[] values = _values[0].Elements;
        float[] masked = [.. values];
        for (int place = 0; place < places; place++)
        {
            _layout.ClearPlace(masked, place);
        }

        for (int place = 0; place < places; place++)
        {
            _layout.CopyPlace(values, masked, place);
            logits.AddRange(LogitsAt(masked, cancellationToken));
            _layout.ClearPlace(masked, place);
        }

        return _logitsOfPlaces = [.. logits];
    }
}
