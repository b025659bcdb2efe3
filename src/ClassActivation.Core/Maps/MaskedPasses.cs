using System.Runtime.ExceptionServices;
using ClassActivation.Inference;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>Shows a network one photo through many masks, some at a time.</summary>
internal static class MaskedPasses
{
    // However many photos are in flight, no more passes compute at once than there are processors.
    private static readonly SemaphoreSlim Processors = new(Environment.ProcessorCount);

    /// <summary>Runs the network for each mask of a method.</summary>
    /// <param name="model">The network.</param>
    /// <param name="input">The photo as the network sees it; it stays as it is.</param>
    /// <param name="method">The method.</param>
    /// <param name="settings">How the photo is covered.</param>
    /// <param name="wholeLogits">The logits of the photo itself.</param>
    /// <param name="count">Counts the passes; may be null.</param>
    /// <param name="cancellationToken">Ends the work within a pass.</param>
    /// <exception cref="Networks.ModelException">The network cannot be run.</exception>
    /// <exception cref="OperationCanceledException">The work was ended.</exception>
    public static MaskedAnswers Run(
        CamModel model,
        NetworkInput input,
        IMaskingMethod method,
        MaskingSettings settings,
        float[] wholeLogits,
        PassCount? count,
        CancellationToken cancellationToken)
    {
        (int width, int height) = (input.Width, input.Height);
        int masks = method.Count(width, height, settings);
        count?.Expect(masks);
        byte[] baseline = BaselineOf(input.Pixels, settings.Baseline);
        var logits = new float[masks][];
        var probabilities = new float[masks][];
        var options = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            TaskScheduler = InferenceThreads.Instance,
        };
        try
        {
            Parallel.For(0, masks, options, index =>
            {
                Processors.Wait(cancellationToken);
                try
                {
                    var masked = new NetworkInput(
                        width, height, Cover(input.Pixels, method.Mask(index, width, height, settings), baseline));
                    using ForwardPass pass = model.Run(masked, cancellationToken);
                    (logits[index], probabilities[index]) = (pass.Logits(), pass.Probabilities.ToArray());
                }
                finally
                {
                    Processors.Release();
                }

                count?.Advance();
            });
        }
        catch (AggregateException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }

        return new MaskedAnswers(width, height, settings, wholeLogits, logits, probabilities);
    }

    private static byte[] BaselineOf(byte[] pixels, MaskBaseline baseline) => baseline switch
    {
        MaskBaseline.Mean => [.. Enumerable.Range(0, 3).Select(channel => MeanOf(pixels, channel))],
        MaskBaseline.Gray => [128, 128, 128],
        _ => [0, 0, 0],
    };

    private static byte MeanOf(byte[] pixels, int channel)
    {
        long sum = 0;
        for (int at = channel; at < pixels.Length; at += 3)
        {
            sum += pixels[at];
        }

        return (byte)Math.Round(3.0 * sum / pixels.Length, MidpointRounding.ToEven);
    }

    private static byte[] Cover(byte[] pixels, float[] mask, byte[] baseline)
    {
        var covered = new byte[pixels.Length];
        for (int at = 0; at < covered.Length; at++)
        {
            float stays = mask[at / 3];
            covered[at] = (byte)MathF.Round((stays * pixels[at]) + ((1 - stays) * baseline[at % 3]), MidpointRounding.ToEven);
        }

        return covered;
    }
}
