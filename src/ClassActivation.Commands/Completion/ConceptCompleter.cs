using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ClassActivation.Inference;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>Completes the WordNet concepts above a network's classes by name, synonym or id; tooltips give their meaning.</summary>
public sealed class ConceptCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ConceptTable concepts = ClassCompleter.ReadClasses(
            fakeBoundParameters["Model"] as string ?? CamModelStore.DefaultModelName).Concepts;
        string word = CompletionText.Unquoted(wordToComplete);
        string key = ClassTable.Key(word);
        string[] words = NameSuggestion.WordsOf(word);
        return concepts
            .Select(c => (Concept: c, Order: Order(c, key, words)))
            .Where(static pair => pair.Order < int.MaxValue)
            .OrderBy(static pair => pair.Order)
            .Select(pair => Result(pair.Concept, isUnique: concepts.Find(pair.Concept.Name).Count == 1));
    }

    private static int Order(Concept concept, string key, string[] words) =>
        key.Length == 0 || ClassTable.Key(concept.Name) == key ? 0
        : NameSuggestion.HoldsWords(concept.Name, words) ? 1
        : concept.Synonyms.Any(s => NameSuggestion.HoldsWords(s, words)) ? 2
        : CompletionText.StartsName(concept.Name, key) ? 3
        : concept.Synonyms.Any(s => CompletionText.StartsName(s, key)) ? 4
        : concept.WordNetId.StartsWith(key, StringComparison.Ordinal) ? 5
        : int.MaxValue;

    private static CompletionResult Result(Concept c, bool isUnique) => CompletionText.Result(
        isUnique ? c.Name : c.WordNetId,
        $"{c.WordNetId} {string.Join(", ", c.Synonyms)} ({c.ClassCount} {(c.ClassCount == 1 ? "class" : "classes")}): {c.Gloss}",
        c.Name);
}
