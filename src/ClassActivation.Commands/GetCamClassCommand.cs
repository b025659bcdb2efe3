using System.Management.Automation;
using ClassActivation.Models;

namespace ClassActivation.Commands;

/// <summary>Lists the classes that a network knows.</summary>
[Cmdlet(VerbsCommon.Get, "CamClass")]
[OutputType(typeof(ImageClass))]
public sealed class GetCamClassCommand : ModuleCmdlet
{
    /// <summary>Labels, synonyms, WordNet ids or indexes; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The network: a name that <c>Get-CamModel</c> lists, or the path of an ONNX file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string Model { get; set; } = CamModelStore.DefaultModelName;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ClassTable classes = ReadClasses();
        foreach (string name in Name)
        {
            if (WildcardPattern.ContainsWildcardCharacters(name))
            {
                var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
                WriteObject(classes.Where(c => Names(c).Any(pattern.IsMatch)), enumerateCollection: true);
                continue;
            }

            IReadOnlyList<ImageClass> found = classes.Find(name);
            if (found.Count == 0)
            {
                WriteError(CamErrors.Class(name, found, classes, Model));
            }

            WriteObject(found, enumerateCollection: true);
        }
    }

    private static IEnumerable<string> Names(ImageClass imageClass) =>
        imageClass.Synonyms.Append(imageClass.Label).Append(imageClass.WordNetId);

    private ClassTable ReadClasses()
    {
        try
        {
            return Models.Describe(ResolveModel(Model)).ReadClasses();
        }
        catch (ModelException e)
        {
            ThrowTerminatingError(CamErrors.Model(e, Model));
            throw;
        }
    }
}
