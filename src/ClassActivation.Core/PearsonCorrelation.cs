namespace ClassActivation;

/// <summary>Pearson's correlation.</summary>
internal static class PearsonCorrelation
{
    /// <summary>The correlation of two maps, whatever their units.</summary>
    /// <param name="a">The values of one.</param>
    /// <param name="b">As many values of the other.</param>
    /// <returns>−1 to 1; not a number where one of the two has the same value everywhere.</returns>
    public static double Of(float[] a, float[] b)
    {
        double meanA = a.Average(static v => (double)v), meanB = b.Average(static v => (double)v);
        double products = 0, squaresA = 0, squaresB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double fromA = a[i] - meanA, fromB = b[i] - meanB;
            products += fromA * fromB;
            squaresA += fromA * fromA;
            squaresB += fromB * fromB;
        }

        return Math.Clamp(products / Math.Sqrt(squaresA * squaresB), -1, 1);
    }
}
