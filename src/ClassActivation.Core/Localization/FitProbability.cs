using ClassActivation.Maps;
using ClassActivation.Methods;

namespace ClassActivation.Localization;

/// <summary>
/// How probable it is that a box fits, which is that its intersection with the true box is at least half of their union: a
/// logistic regression on how much the box changes when the threshold is raised and lowered, and on its size. A box around
/// an object with a clear edge hardly changes, and small objects are missed more easily. Learned from 238 photos with one box
/// each (54 of wallabies, 92 of raccoons, 52 of bananas, 40 of dogs) whose boxes were those of the class that the photo shows:
/// of a class that is not there no box fits, however probable it is that one would.
/// </summary>
internal static class FitProbability
{
    /// <summary>The probability of a class below which it is hardly in the photo.</summary>
    public const double ImprobableClass = 0.05;

    private const double ThresholdStep = 0.12;
    private const double LowestThreshold = 0.02;

    /// <summary>Whether it was learned for such maps: contributions to a score, not their products, components or gradients.</summary>
    public static bool IsKnownFor(ClassActivationMap map) => map.Question.Method
        is CamMethod.Cam or CamMethod.GradCam or CamMethod.HiResCam or CamMethod.XGradCam or CamMethod.ReciproCam;

    /// <summary>The raised threshold, 0 to 1.</summary>
    public static double Raised(double threshold) => threshold + ThresholdStep;

    /// <summary>The lowered threshold, 0 to 1.</summary>
    public static double Lowered(double threshold) => Math.Max(LowestThreshold, threshold - ThresholdStep);

    /// <summary>The probability, 0 to 1.</summary>
    /// <param name="raised">The IoU of the box with the one most like it at the raised threshold, 0 to 1.</param>
    /// <param name="lowered">The IoU of the box with the one most like it at the lowered threshold, 0 to 1.</param>
    /// <param name="share">The share of the photo that the box covers, above 0.</param>
    /// <param name="isFused">Whether the map is the average of several scales.</param>
    public static double Of(double raised, double lowered, double share, bool isFused)
    {
        (double intercept, double ofRaised, double ofLowered, double ofSize) = isFused
            ? (-0.563, 1.870, 3.758, 0.715)
            : (-1.343, 3.838, 3.318, 1.729);
        return 1 / (1 + Math.Exp(-(intercept + (ofRaised * raised) + (ofLowered * lowered) + (ofSize * Math.Log(share)))));
    }
}
