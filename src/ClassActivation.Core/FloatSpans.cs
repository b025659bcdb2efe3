using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ClassActivation;

/// <summary>
/// The arithmetic on the way to every map. It does what <c>TensorPrimitives</c> does, which is faster in the long run,
/// and slower by a tenth of a second in a process that makes one map: its vector code is compiled at its first call.
/// </summary>
internal static class FloatSpans
{
    /// <summary>Whether no value is infinite or not a number.</summary>
    public static bool AreFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The smallest and the largest of one or more values.</summary>
    public static (float Minimum, float Maximum) Extremes(ReadOnlySpan<float> values)
    {
        (float minimum, float maximum) = (values[0], values[0]);
        foreach (float value in values)
        {
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }

        return (minimum, maximum);
    }

    /// <summary>The sum of all values.</summary>
    public static float Sum(ReadOnlySpan<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        Vector128<float> sums = default;
        int at = 0;
        for (; at <= values.Length - Vector128<float>.Count; at += Vector128<float>.Count)
        {
            sums += Vector128.LoadUnsafe(ref first, (nuint)at);
        }

        float sum = Vector128.Sum(sums);
        for (; at < values.Length; at++)
        {
            sum += values[at];
        }

        return sum;
    }

    /// <summary>The sum of the products of each two values.</summary>
    public static float Dot(ReadOnlySpan<float> values, ReadOnlySpan<float> others)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(others.Length, values.Length);
        ref float first = ref MemoryMarshal.GetReference(values);
        ref float other = ref MemoryMarshal.GetReference(others);
        Vector128<float> sums = default;
        int at = 0;
        for (; at <= values.Length - Vector128<float>.Count; at += Vector128<float>.Count)
        {
            sums += Vector128.LoadUnsafe(ref first, (nuint)at) * Vector128.LoadUnsafe(ref other, (nuint)at);
        }

        float sum = Vector128.Sum(sums);
        for (; at < values.Length; at++)
        {
            sum += values[at] * others[at];
        }

        return sum;
    }

    /// <summary>Adds a multiple of some values to others.</summary>
    /// <param name="values">The values.</param>
    /// <param name="factor">How many times each is added.</param>
    /// <param name="sums">What they are added to, as many.</param>
    public static void AddMultiple(ReadOnlySpan<float> values, float factor, Span<float> sums)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Length, values.Length);
        ref float first = ref MemoryMarshal.GetReference(values);
        ref float sum = ref MemoryMarshal.GetReference(sums);
        Vector128<float> factors = Vector128.Create(factor);
        int at = 0;
        for (; at <= values.Length - Vector128<float>.Count; at += Vector128<float>.Count)
        {
            (Vector128.LoadUnsafe(ref sum, (nuint)at) + Vector128.LoadUnsafe(ref first, (nuint)at) * factors)
                .StoreUnsafe(ref sum, (nuint)at);
        }

        for (; at < values.Length; at++)
        {
            sums[at] += values[at] * factor;
        }
    }
}
