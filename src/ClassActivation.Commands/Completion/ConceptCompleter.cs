using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ClassActivation.Models;

namespace ClassActivation.Commands;

/// <summary>Completes the WordNet concepts above a network's classes by name, synonym or id; tooltips give their meaning.</summary>
public sealed class ConceptCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ConceptTable concepts = ClassCompleter.ReadClasses(fakeBoundParameters["Model"] as string ?? CamModelStore.DefaultModelName).Concepts;
        string key = ClassTable.Key(CompletionText.Unquoted(wordToComplete));
        return concepts
            .Select(c => (Concept: c, Order: Order(c, key)))
            .Where(static pair => pair.Order < int.MaxValue)
            .OrderBy(static pair => pair.Order)
            .Select(pair => Result(pair.Concept, isUnique: concepts.Find(pair.Concept.Name).Count == 1));
    }

    private static int Order(Concept concept, string key) =>
        ClassTable.Key(concept.Name).StartsWith(key, StringComparison.Ordinal) ? 0
        : concept.Synonyms.Any(s => ClassTable.Key(s).StartsWith(key, StringComparison.Ordinal)) ? 1
        : concept.WordNetId.StartsWith(key, StringComparison.Ordinal) ? 2
        : int.MaxValue;

    private static CompletionResult Result(Concept c, bool isUnique) => CompletionText.Result(
        isUnique ? c.Name : c.WordNetId,
        $"{c.WordNetId} {string.Join(", ", c.Synonyms)} ({c.ClassCount} {(c.ClassCount == 1 ? "class" : "classes")}): {c.Gloss}",
        c.Name);
}
