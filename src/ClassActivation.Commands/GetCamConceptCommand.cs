using System.Management.Automation;
using ClassActivation.Inference;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>Lists the WordNet concepts above a network's classes.</summary>
[Cmdlet(VerbsCommon.Get, "CamConcept", DefaultParameterSetName = NameSet, HelpUri = HelpPages.Address + "Get-CamConcept.md")]
[OutputType(typeof(Concept))]
public sealed class GetCamConceptCommand : ModuleCmdlet
{
    private const string NameSet = "Name";
    private const string ParentSet = "Parent";
    private const string ClassSet = "Class";

    /// <summary>Names, synonyms or WordNet ids of concepts; wildcards are allowed.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = NameSet)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ConceptCompleter))]
    [Takes(Taken.ClassNames)]
    [NamesOfObjects]
    public string[] Name { get; set; } = ["*"];

    /// <summary>The concept whose directly lower concepts are listed: its name, a synonym, or its WordNet id.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ParentSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ConceptCompleter))]
    public string Parent { get; set; } = "";

    /// <summary>The class whose concepts are listed, the nearest first: its label, a synonym, WordNet id or index.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ClassSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string Class { get; set; } = "";

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
        ConceptTable concepts = classes.Concepts;
        switch (ParameterSetName)
        {
            case ParentSet:
                WriteObject(concepts.ChildrenOf(ResolveConcepts([Parent], classes, Model)[0]), enumerateCollection: true);
                break;
            case ClassSet:
                WriteObject(concepts.Above(classes[ResolveClasses([Class], classes, Model)[0]]), enumerateCollection: true);
                break;
            default:
                foreach (string name in Name)
                {
                    WriteNamed(name, classes);
                }

                break;
        }
    }

    private void WriteNamed(string name, ClassTable classes)
    {
        if (WildcardPattern.ContainsWildcardCharacters(name))
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            WriteObject(classes.Concepts.Where(c => Names(c).Any(pattern.IsMatch)), enumerateCollection: true);
            return;
        }

        IReadOnlyList<Concept> found = classes.Concepts.Find(name);
        if (found.Count == 0)
        {
            WriteError(CamErrors.Concept(name, found, classes, Model));
        }

        WriteObject(found, enumerateCollection: true);
    }

    private static IEnumerable<string> Names(Concept concept) => concept.Synonyms.Append(concept.Name).Append(concept.WordNetId);
}
