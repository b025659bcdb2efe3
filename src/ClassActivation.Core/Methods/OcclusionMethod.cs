namespace ClassActivation.Methods;

/// <summary>
/// <see cref="CamMethod.Occlusion"/>: a square is moved over the photo, and each pixel gets the mean of what the score loses
/// where it is covered.
/// </summary>
internal sealed class OcclusionMethod : IMaskingMethod
{
    public CamMethod Method => CamMethod.Occlusion;

    public int Count(int width, int height, MaskingSettings settings) =>
        Starts(width, settings).Length * Starts(height, settings).Length;

    public float[] Mask(int index, int width, int height, MaskingSettings settings)
    {
        var mask = new float[width * height];
        Array.Fill(mask, 1);
        (int left, int top) = At(index, width, height, settings);
        (int right, int bottom) = (Math.Min(left + settings.Window, width), Math.Min(top + settings.Window, height));
        for (int y = top; y < bottom; y++)
        {
            mask.AsSpan((y * width) + left, right - left).Clear();
        }

        return mask;
    }

    public float[] Map(MaskedAnswers answers, MapTarget target)
    {
        (int width, int height) = (answers.Width, answers.Height);
        float whole = FloatSpans.Dot(answers.WholeLogits, target.Shares);
        var losses = new double[width * height];
        var counts = new int[width * height];
        for (int index = 0; index < answers.Count; index++)
        {
            double loss = (double)whole - FloatSpans.Dot(answers.Logits(index), target.Shares);
            (int left, int top) = At(index, width, height, answers.Settings);
            (int right, int bottom) = (Math.Min(left + answers.Settings.Window, width), Math.Min(top + answers.Settings.Window, height));
            for (int y = top; y < bottom; y++)
            {
                for (int at = (y * width) + left; at < (y * width) + right; at++)
                {
                    losses[at] += loss;
                    counts[at]++;
                }
            }
        }

        return [.. losses.Select((loss, at) => counts[at] == 0 ? 0 : (float)(loss / counts[at]))];
    }

    private static (int Left, int Top) At(int index, int width, int height, MaskingSettings settings)
    {
        int[] lefts = Starts(width, settings);
        return (lefts[index % lefts.Length], Starts(height, settings)[index / lefts.Length]);
    }

    // The last square ends with the picture, wherever the stride would have put it.
    private static int[] Starts(int length, MaskingSettings settings)
    {
        int last = Math.Max(length - settings.Window, 0);
        return [.. Enumerable.Range(0, (last / settings.Stride) + 1).Select(i => i * settings.Stride).Append(last).Distinct()];
    }
}
