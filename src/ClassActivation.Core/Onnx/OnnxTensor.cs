namespace ClassActivation.Onnx;

/// <summary>A constant tensor of a model.</summary>
/// <param name="Data">The elements, row-major.</param>
/// <param name="Dims">The dimensions; none for a scalar.</param>
public sealed record OnnxTensor(float[] Data, IReadOnlyList<long> Dims);
