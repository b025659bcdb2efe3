using ClassActivation.Methods;

namespace ClassActivation.Tests.Seams;

/// <summary>Covers the left half, then the right one: each half is worth what the score loses without it.</summary>
internal sealed class ExampleMaskingMethod : IMaskingMethod
{
    public CamMethod Method => CamMethod.Occlusion;

    public int Count(int width, int height, MaskingSettings settings) => 2;

    public float[] Mask(int index, int width, int height, MaskingSettings settings) =>
        [.. Enumerable.Range(0, width * height).Select(at => HalfOf(at, width) == index ? 0f : 1f)];

    public float[] Map(MaskedAnswers answers, MapTarget target) =>
    [
        .. Enumerable.Range(0, answers.Width * answers.Height).Select(at =>
            Score(answers.WholeLogits, target) - Score(answers.Logits(HalfOf(at, answers.Width)), target)),
    ];

    private static int HalfOf(int at, int width) => at % width < width / 2 ? 0 : 1;

    private static float Score(float[] logits, MapTarget target) => logits.Zip(target.Shares, static (logit, share) => logit * share).Sum();
}
