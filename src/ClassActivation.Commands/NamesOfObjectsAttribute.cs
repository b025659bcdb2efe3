using System.Management.Automation;
using ClassActivation.Identity;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>
/// Lets a parameter that takes names of classes or concepts take the module's objects for the one that they are of, and
/// leaves networks to the other parameters.
/// </summary>
internal sealed class NamesOfObjectsAttribute : ObjectTransformationAttribute
{
    /// <inheritdoc/>
    private protected override object Transformed(object item) => GivenObject.Unwrapped(item) switch
    {
        CamModelInfo => throw NoName(),
        ImageClass imageClass => $"{imageClass.Index}",
        Concept concept => concept.WordNetId,
        CamPicture { Question: { } question } => NameOf(question.ClassIndex, question.WordNetId),
        CamPicture => throw new ArgumentTransformationMetadataException(
            "A sheet shows several classes. Give its maps: ... | ForEach-Object GetMaps | ..."),
        PhotoAnswer answer => NameOf(answer.Question.ClassIndex, answer.Question.WordNetId),
        PSCustomObject when item is PSObject row => GivenObject.Of(row).Kind switch
        {
            GivenKind.Network => throw NoName(),
            GivenKind.Class => $"{row.Properties[nameof(ImageClass.Index)].Value}",
            GivenKind.Concept => $"{row.Properties[nameof(Concept.WordNetId)].Value}",
            _ => NameOf(row),
        },
        _ => item,
    };

    private static object NameOf(PSObject row) =>
        row.Properties[nameof(CamQuestion.ClassIndex)]?.Value is { } index
            && LanguagePrimitives.TryConvertTo(index is string text ? NumberText.Invariant(text) : index, out int number)
            ? NameOf(number, $"{row.Properties[nameof(CamQuestion.WordNetId)]?.Value}")
            : row;

    // PowerShell tries another parameter after this exception only.
    private static ArgumentTransformationMetadataException NoName() =>
        new("A network is no name.", new PSInvalidCastException("A network is no name."));

    private static string NameOf(int classIndex, string wordNetId) => classIndex == Concept.NoClassIndex ? wordNetId : $"{classIndex}";
}
