namespace ClassActivation.Inference;

/// <summary>A tensor of float32 numbers outside of the runtime's memory.</summary>
/// <param name="Elements">Its elements, row-major.</param>
/// <param name="Dims">Its dimensions.</param>
internal sealed record TensorValues(float[] Elements, IReadOnlyList<long> Dims);
