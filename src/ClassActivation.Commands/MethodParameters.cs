using ClassActivation.Methods;

namespace ClassActivation.Commands;

/// <summary>Which parameters of a map's question are for certain methods only, and say nothing for all others.</summary>
internal static class MethodParameters
{
    private static readonly (string Parameter, CamMethod[] Methods)[] OfMethods =
    [
        (nameof(IMapQuestion.MaxStep), [CamMethod.IntegratedGradients]),
        (nameof(IMapQuestion.Window), [CamMethod.Occlusion]),
        (nameof(IMapQuestion.Stride), [CamMethod.Occlusion]),
        (nameof(IMapQuestion.MaskCount), [CamMethod.Rise]),
        (nameof(IMapQuestion.MaskBaseline), [CamMethod.Occlusion, CamMethod.Rise]),
        (nameof(IMapQuestion.Layer), [.. Enum.GetValues<CamMethod>().Where(static method => LayerMethods.PlaceOf(method) == MapPlace.Layers)]),
    ];

    /// <summary>What to warn of: parameters that none of the methods knows, each in a sentence.</summary>
    /// <param name="methods">The methods that maps are made by.</param>
    /// <param name="hasContrast">Whether maps are set against other classes.</param>
    /// <param name="isGiven">Whether the user gave a parameter.</param>
    public static IEnumerable<string> WithoutEffect(IReadOnlyCollection<CamMethod> methods, bool hasContrast, Func<string, bool> isGiven)
    {
        foreach ((string parameter, CamMethod[] ofMethods)
            in OfMethods.Where(own => isGiven(own.Parameter) && !methods.Any(own.Methods.Contains)))
        {
            string whose = parameter == nameof(IMapQuestion.Layer) ? "methods that look at layers" : string.Join(" and ", ofMethods);
            yield return $"-{parameter} has no effect on {string.Join(" and ", methods)}: it is for {whose}.";
        }

        if (isGiven(nameof(IMapQuestion.ContrastStrength)) && !hasContrast)
        {
            yield return $"-{nameof(IMapQuestion.ContrastStrength)} has no effect without -{nameof(IMapQuestion.Contrast)}.";
        }
    }
}
