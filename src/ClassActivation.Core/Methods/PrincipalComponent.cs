using System.Numerics.Tensors;

namespace ClassActivation.Methods;

/// <summary>
/// The first principal component of feature maps, seen as h·w points in K dimensions, by power iteration. It never forms a
/// matrix: one step is two sums over the feature maps.
/// </summary>
internal static class PrincipalComponent
{
    private const int MaxSteps = 1000;
    private const float Tolerance = 1e-5f;

    /// <summary>Projects each place, centred over all places, on the first principal direction.</summary>
    /// <param name="maps">The feature maps, K × places values, one map after the other.</param>
    /// <param name="factors">What each feature map is multiplied by beforehand; K values.</param>
    /// <param name="orientation">
    /// a value for each place that the projection must not disagree with, the component's sign being arbitrary.
    /// </param>
    /// <returns>A value for each place, with a mean of zero.</returns>
    public static float[] Of(ReadOnlySpan<float> maps, ReadOnlySpan<float> factors, ReadOnlySpan<float> orientation)
    {
        // With X the centred places × feature maps matrix: X Xᵀ is positive semidefinite, so however often it is applied
        // to the orientation, the scalar product with the orientation stays positive.
        float[] direction = orientation.ToArray();
        if (!TryCenterAndNormalize(direction))
        {
            direction[0] = 1;
            TryCenterAndNormalize(direction);
        }

        var loadings = new float[factors.Length];
        var previous = new float[direction.Length];
        for (int step = 0; step < MaxSteps; step++)
        {
            direction.CopyTo(previous, 0);
            Project(maps, factors, direction, loadings);
            TensorPrimitives.Multiply(loadings, factors, loadings);
            direction = ActivationSum.Of(maps, loadings);
            if (!TryCenterAndNormalize(direction))
            {
                return direction;
            }

            if (TensorPrimitives.Distance<float>(direction, previous) < Tolerance)
            {
                break;
            }
        }

        Project(maps, factors, direction, loadings);
        TensorPrimitives.Multiply(direction, TensorPrimitives.Norm<float>(loadings), direction);
        return direction;
    }

    /// <summary>Factors that leave feature maps as they are.</summary>
    public static float[] Ones(int count)
    {
        var ones = new float[count];
        Array.Fill(ones, 1);
        return ones;
    }

    private static void Project(ReadOnlySpan<float> maps, ReadOnlySpan<float> factors, float[] direction, float[] loadings)
    {
        for (int k = 0; k < loadings.Length; k++)
        {
            loadings[k] = factors[k] * TensorPrimitives.Dot(maps.Slice(k * direction.Length, direction.Length), direction);
        }
    }

    /// <summary>Makes the mean 0 and the length 1; gives zeros and false where all values are the same.</summary>
    private static bool TryCenterAndNormalize(float[] values)
    {
        float largest = TensorPrimitives.MaxMagnitude<float>(values);
        TensorPrimitives.Subtract(values, TensorPrimitives.Average<float>(values), values);
        float length = TensorPrimitives.Norm<float>(values);
        bool varies = length > 1e-6f * Math.Abs(largest);
        TensorPrimitives.Multiply(values, varies ? 1 / length : 0, values);
        return varies;
    }
}
