namespace ClassActivation.Import.Weights;

/// <summary>A tensor of weights, the last dimension running fastest.</summary>
internal sealed record WeightTensor(float[] Data, int[] Dims);
