using System.Management.Automation;
using ClassActivation.Inference;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>Lists the classes that a network knows.</summary>
[Cmdlet(VerbsCommon.Get, "CamClass", DefaultParameterSetName = NameSet, HelpUri = HelpPages.Address + "Get-CamClass.md")]
[OutputType(typeof(ImageClass))]
public sealed class GetCamClassCommand : ModuleCmdlet
{
    private const string NameSet = "Name";
    private const string ConceptSet = "Concept";

    /// <summary>Labels, synonyms, WordNet ids or indexes; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = NameSet)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClassCompleter))]
    [Takes(Taken.ClassNames)]
    [NamesOfObjects]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The WordNet concepts whose classes are listed: names, synonyms or WordNet ids.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ConceptSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConceptCompleter))]
    public string[] Concept { get; set; } = [];

    /// <summary>The network: a name that <c>Get-CamModel</c> lists, or the path of an ONNX file.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ModelName", "Path")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string Model { get; set; } = CamModelStore.DefaultModelName;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ClassTable classes = ReadClasses(Model);
        if (ParameterSetName == ConceptSet)
        {
            foreach (Concept concept in ResolveConcepts(Concept, classes, Model))
            {
                WriteObject(classes.Concepts.ClassesOf(concept), enumerateCollection: true);
            }

            return;
        }

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
}
