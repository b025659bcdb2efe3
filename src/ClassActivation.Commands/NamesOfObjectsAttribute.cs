using System.Management.Automation;
using ClassActivation.Identity;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>
/// Lets a parameter that takes names of classes or concepts take the module's objects for the one that they are of, and
/// leaves networks to the other parameters.
/// </summary>
internal sealed class NamesOfObjectsAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        inputData is object[] items ? Array.ConvertAll(items, NameOf) : NameOf(inputData);

    private static object NameOf(object item) => (item is PSObject wrapped ? wrapped.BaseObject : item) switch
    {
        // PowerShell tries another parameter after this exception only.
        CamModelInfo => throw new ArgumentTransformationMetadataException("A network is no name.", new PSInvalidCastException("A network is no name.")),
        ImageClass imageClass => $"{imageClass.Index}",
        Concept concept => concept.WordNetId,
        CamPicture { Question: { } question } => NameOf(question.ClassIndex, question.WordNetId),
        CamPicture => throw new ArgumentTransformationMetadataException("A sheet shows several classes. Give its maps: ... | ForEach-Object GetMaps | ..."),
        PhotoAnswer answer => NameOf(answer.Question.ClassIndex, answer.Question.WordNetId),
        PSCustomObject when item is PSObject row && row.Properties[nameof(CamQuestion.ClassIndex)]?.Value is { } index
            && LanguagePrimitives.TryConvertTo(index, out int number) => NameOf(number, $"{row.Properties[nameof(CamQuestion.WordNetId)]?.Value}"),
        _ => item,
    };

    private static string NameOf(int classIndex, string wordNetId) => classIndex == Concept.NoClassIndex ? wordNetId : $"{classIndex}";
}
