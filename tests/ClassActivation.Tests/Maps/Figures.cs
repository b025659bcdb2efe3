using System.Text.Json;
using ClassActivation.Inference;

namespace ClassActivation.Tests.Maps;

/// <summary>The figures that other programs computed, and the network they were computed for.</summary>
internal static class Figures
{
    public static readonly string Root = Locations.Repository();

    private static readonly Lazy<CamModel> LazyResNet50 = new(static () => CamModel.Load(Path.Combine(Root, "models", "ResNet50.onnx")));
    private static readonly Lazy<JsonElement> LazySamples = new(
        static () => Read(Path.Combine(AppContext.BaseDirectory, "Figures", "samples.json")));

    /// <summary>The network as build.ps1 makes it.</summary>
    public static CamModel ResNet50 => LazyResNet50.Value;

    public static JsonElement Samples => LazySamples.Value;

    public static JsonElement Of(string photo, string fit) =>
        Samples.GetProperty("images").GetProperty(photo).GetProperty("fits").GetProperty(fit);

    public static float[] Values(JsonElement rows) =>
        [.. rows.EnumerateArray().SelectMany(static row => row.EnumerateArray().Select(static v => v.GetSingle()))];

    public static JsonElement Read(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;
}
