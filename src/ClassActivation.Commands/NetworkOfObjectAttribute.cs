using System.Management.Automation;
using ClassActivation.Batch;
using ClassActivation.Identity;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>Lets a parameter that takes a network's name or path take the module's objects for the network that they are of.</summary>
internal sealed class NetworkOfObjectAttribute : ObjectTransformationAttribute
{
    /// <inheritdoc/>
    private protected override object Transformed(object item) => GivenObject.Unwrapped(item) switch
    {
        CamModelInfo network => network.Path,
        PhotoAnswer answer => answer.Model,
        CamSummary { Model: { } common } => common,
        BatchState batch => batch.Model,
        CamPicture { Model: { } model } => model,
        FileSystemInfo file => file.FullName,
        PSCustomObject when item is PSObject row => Text(row, nameof(CamModelInfo.FeatureCount), nameof(CamModelInfo.Path))
            ?? Text(row, nameof(CamQuestion.Model), nameof(CamQuestion.Model))
            ?? item,
        _ => item,
    };

    private static string? Text(PSObject row, string telling, string property) =>
        row.Properties[telling] is not null && row.Properties[property]?.Value?.ToString() is { Length: > 0 } text ? text : null;
}
