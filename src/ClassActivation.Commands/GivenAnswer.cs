using System.Collections;
using System.Management.Automation;
using ClassActivation.Identity;
using ClassActivation.Localization;
using ClassActivation.Maps;

namespace ClassActivation.Commands;

/// <summary>What an object is that is given where an answer of the module's is taken.</summary>
internal enum GivenKind
{
    Nothing,
    Photo,
    Prediction,
    Map,
    Region,
    Other,
}

/// <summary>Tells what an object is, also after it came through CSV, JSON, CLIXML, a job or remoting.</summary>
internal static class GivenAnswer
{
    /// <summary>What the object is, or the first one of several.</summary>
    public static GivenKind KindOf(object? given)
    {
        object? first = Unwrapped(given) is IList items ? items.Count > 0 ? items[0] : null : given;
        return Unwrapped(first) switch
        {
            null => GivenKind.Nothing,
            Prediction => GivenKind.Prediction,
            ClassActivationMap or CamComparison => GivenKind.Map,
            CamRegion => GivenKind.Region,
            FileSystemInfo or string => GivenKind.Photo,
            PSCustomObject when first is PSObject row => KindOfRow(row),
            _ => GivenKind.Other,
        };
    }

    /// <summary>The error for an object of a kind that a parameter does not take.</summary>
    /// <param name="given">The object.</param>
    /// <param name="taken">What it takes.</param>
    public static ArgumentTransformationMetadataException NotTaken(object? given, string taken) =>
        new(ShownText.Of($"An object of the type {Unwrapped(given)?.GetType().Name ?? "null"} is none of these: {taken}."));

    private static GivenKind KindOfRow(PSObject row)
    {
        bool Has(string name) => row.Properties[name] is not null;
        return
        Has(nameof(CamRegion.PeakX)) || (Has(nameof(CamRegion.Left)) && Has(nameof(CamRegion.Width))) ? GivenKind.Region
        : Has(nameof(ClassActivationMap.Map)) || Has(nameof(CamComparison.Difference)) ? GivenKind.Map
        : Has(nameof(CamQuestion.ClassIndex)) && Has(nameof(CamQuestion.Model)) ? GivenKind.Prediction
        : Has("FullName") || (Has(nameof(PhotoAnswer.Path)) && row.Properties.Count() == 1) ? GivenKind.Photo
            : GivenKind.Other;
    }

    private static object? Unwrapped(object? item) => item is PSObject wrapped ? wrapped.BaseObject : item;
}
