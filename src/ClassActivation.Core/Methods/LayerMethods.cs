using ClassActivation.Inference;
using ClassActivation.Networks;

namespace ClassActivation.Methods;

/// <summary>The methods for any layer of any network. A new one is added to the list here.</summary>
internal static class LayerMethods
{
    private static readonly ILayerMethod[] All =
    [
        new GradientMethod(CamMethod.GradCam, GradientMaps.GradCam),
        new GradientMethod(CamMethod.HiResCam, GradientMaps.HiResCam) { IsComplete = true },
        new GradientMethod(CamMethod.XGradCam, GradientMaps.XGradCam),
        new GradientMethod(CamMethod.LayerCam, GradientMaps.LayerCam),
        new GradientMethod(CamMethod.GradCamPlusPlus, GradientMaps.GradCamPlusPlus),
        new SoftmaxMethod(),
        new EigenMethod(),
        new EigenGradMethod(),
        new AblationMethod(),
        new ReciproMethod(),
        new GradientMethod(CamMethod.Saliency, GradientMaps.Saliency) { Place = MapPlace.Pixels },
        new GradientMethod(CamMethod.InputXGradient, GradientMaps.HiResCam) { Place = MapPlace.Pixels, IsComplete = true },
        new IntegratedGradientsMethod(),
        new SmoothGradMethod(),
        new LeGradMethod(),
    ];

    /// <summary>The method of a name.</summary>
    /// <exception cref="ModelException">It stands on a classifier's weights, which there are none of at such a layer.</exception>
    public static ILayerMethod Of(CamMethod method, string network) => Array.Find(All, candidate => candidate.Method == method)
        ?? throw new ModelException(
            ModelFailure.NotLinearHead,
            $"{method} stands on the weights of a linear layer behind global average pooling, and there are none of them at this layer of "
            + $"'{network}'; HiResCam is the nearest that needs none.");

    /// <summary>Where a method makes its maps.</summary>
    public static MapPlace PlaceOf(CamMethod method) => MaskingMethods.Find(method) is not null
        ? MapPlace.Photo
        : Array.Find(All, candidate => candidate.Method == method)?.Place ?? MapPlace.Layers;

    /// <summary>Whether a method needs the gradient of the photo's own forward pass.</summary>
    public static bool NeedsGradient(CamMethod method) =>
        Array.Exists(All, candidate => candidate.Method == method && candidate.NeedsGradient);

    /// <summary>
    /// The layers to name in a question: the last one in front of a linear end, or of a likeness, alone, is none of its own.
    /// </summary>
    public static string[] WithoutTheLast(string[] layers, CamModelInfo info, bool isLikeness = false) =>
        (info.IsLinear || isLikeness) && layers is [{ } only] && only == info.ActivationLayer
            ? []
            : [.. layers.Distinct(StringComparer.Ordinal)];

    /// <summary>The method where none is named: the best that a network allows.</summary>
    /// <param name="info">The network.</param>
    /// <param name="layers">Its layers; asked only where they matter.</param>
    /// <param name="named">The layers that maps are asked of by name.</param>
    public static CamMethod Default(CamModelInfo info, Func<NetworkLayers> layers, IReadOnlyList<string> named) =>
        named.Count == 0 && info.IsOpaque ? CamMethod.Occlusion
        : named.Count == 0 && info.IsLinear ? CamMethod.Cam
        : layers().Find(named).Any(tail => layers().OperatorsWithoutGradient(tail).Count > 0) ? CamMethod.ReciproCam
        : named.Count > 0 ? CamMethod.LayerCam
        : CamMethod.HiResCam;
}
