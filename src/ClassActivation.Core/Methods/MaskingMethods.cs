namespace ClassActivation.Methods;

/// <summary>The methods that cover parts of a photo. A new one is added to the list here.</summary>
internal static class MaskingMethods
{
    private static readonly IMaskingMethod[] All = [new OcclusionMethod(), new RiseMethod()];

    /// <summary>The method of a name; null where that covers nothing.</summary>
    public static IMaskingMethod? Find(CamMethod method) => Array.Find(All, candidate => candidate.Method == method);

    /// <summary>The forward passes that methods need besides the one of the photo itself.</summary>
    public static int PassCount(IEnumerable<CamMethod> methods, int width, int height, MaskingSettings settings) =>
        methods.Sum(method => Find(method)?.Count(width, height, settings) ?? 0);
}
