using System.Management.Automation;
using ClassActivation.Faithfulness;
using ClassActivation.Identity;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Report;

namespace ClassActivation.Commands;

/// <summary>
/// Puts whatever the module's cmdlets give into a report, also after it came through CSV, JSON, CLIXML, a job or remoting.
/// </summary>
internal static class ReportInput
{
    private static readonly RehydrateAttribute Rehydrate = new();
    private static readonly RehydrateAttribute Asked = new() { TakesAnyQuestion = true };

    private static readonly string[] Comparison =
        [
            nameof(CamComparison.Correlation),
            nameof(CamComparison.IoU),
            nameof(CamComparison.MeanAbsoluteDifference),
            nameof(CamComparison.Threshold)
        ];

    private static readonly string[] Faithfulness =
    [
        nameof(CamFaithfulness.Deletion), nameof(CamFaithfulness.Insertion), nameof(CamFaithfulness.AverageDrop),
        nameof(CamFaithfulness.IncreaseInConfidence), nameof(CamFaithfulness.Road),
    ];

    /// <summary>Adds an object; false where it is of no kind that a report knows.</summary>
    public static bool TryAdd(CamReport report, PSObject item)
    {
        if (item.BaseObject is ErrorRecord error)
        {
            report.Add(ProblemOf(error));
            return true;
        }

        switch (GivenObject.Of(item).Kind)
        {
            case GivenKind.Prediction:
                report.Add((Prediction)GivenObject.Unwrapped(Asked.Transform(null!, item))!);
                return true;
            case GivenKind.Map:
                report.Add((ClassActivationMap)GivenObject.Unwrapped(Rehydrate.Transform(null!, item))!);
                return true;
            case GivenKind.Region:
                report.Add((CamRegion)GivenObject.Unwrapped(Rehydrate.Transform(null!, item))!);
                return true;
            case GivenKind.Comparison:
                report.Add((ClassActivationMap)GivenObject.Unwrapped(Rehydrate.Transform(null!, item))!);
                string reference =
                    $"{Text(item, nameof(CamComparison.ReferenceLabel))} ({Text(item, nameof(CamComparison.ReferenceMethod))})";
                AddFigures(
                    report, item, "Comparison",
                    $"{Text(item, nameof(CamComparison.Label))} ({Text(item, nameof(CamComparison.Method))}) with {reference}", Comparison);
                return true;
            case GivenKind.Faithfulness:
                AddFigures(
                    report,
                    item,
                    $"Faithfulness of {Text(item, nameof(CamFaithfulness.Map))}",
                    Text(item, nameof(CamFaithfulness.Label)),
                    Faithfulness);
                return true;
            default:
                return false;
        }
    }

    /// <summary>An error as a report lists it.</summary>
    public static ReportProblem ProblemOf(ErrorRecord error) => new(
        error.TargetObject?.ToString() ?? "",
        error.FullyQualifiedErrorId.Split(',')[0],
        error.ErrorDetails is { } details ? $"{details.Message} {details.RecommendedAction}".TrimEnd() : error.Exception.Message);

    private static string Text(PSObject item, string property) => item.Properties[property]?.Value?.ToString() ?? "";

    private static void AddFigures(CamReport report, PSObject item, string title, string subject, string[] properties) => report.Add(
        Text(item, nameof(CamFaithfulness.Path)),
        new ReportFigures(title, subject, [.. properties.Select(name => KeyValuePair.Create(name, Number(item, name)))]));

    private static double Number(PSObject item, string property) =>
        item.Properties[property]?.Value is string text
            ? NumberText.ToDouble(text)
            : LanguagePrimitives.ConvertTo<double>(item.Properties[property]?.Value);
}
