using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Maps;

/// <summary>The built network and the sample photos, as the tests of maps use them.</summary>
internal static class SampleNetwork
{
    private static readonly Lazy<CamModel> LazyModel = new(
        static () => CamModel.Load(Path.Combine(Locations.Repository(), "models", "ResNet50.onnx")));

    public static CamModel Model => LazyModel.Value;

    /// <summary>The settings that pytorch-grad-cam's reference maps were computed with.</summary>
    public static InputSettings Squashed { get; } = new(InputFit.Stretch, 224, Resampling.Nearest);

    public static PhotoSource Photo(string name) => PhotoSource.FromFile(Path.Combine(Locations.Repository(), "samples", name));

    public static IReadOnlyList<ClassActivationMap> Explain(string photo, MapRequest request, InputSettings? settings = null) =>
        new PhotoExplainer(Model, settings ?? new InputSettings()).Explain(Photo(photo), request);

    /// <summary>The forward pass of a photo, for computing by hand what the library computes.</summary>
    public static ForwardPass Run(string photo, InputSettings settings, bool isMirrored = false)
    {
        NetworkInput input = NetworkInput.Create(
            PhotoDecoder.Decode(Photo(photo), shorterSideAtLeast: 2 * settings.Resolution), settings.Fit, settings.Resolution,
            settings.Resampling);
        return Model.Run(isMirrored ? input.Flip() : input);
    }
}
