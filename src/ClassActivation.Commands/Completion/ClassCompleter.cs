using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using ClassActivation.Inference;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>Completes a network's classes by label, synonym, WordNet id or index; tooltips give their meaning.</summary>
public sealed class ClassCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        ClassTable classes = ReadClasses(fakeBoundParameters["Model"] as string ?? CamModelStore.DefaultModelName);
        string word = CompletionText.Unquoted(wordToComplete);
        string key = ClassTable.Key(word);
        string[] words = NameSuggestion.WordsOf(word);
        ILookup<string, ImageClass> byLabel = classes.ToLookup(static c => c.Label, StringComparer.OrdinalIgnoreCase);
        return classes
            .Select(c => (Class: c, Order: Order(c, key, words, word)))
            .Where(static pair => pair.Order < int.MaxValue)
            .OrderBy(static pair => pair.Order)
            .Select(pair => Result(pair.Class, isUnique: byLabel[pair.Class.Label].Count() == 1));
    }

    // Whole words first: who types cat wants a cat, and neither a catamaran nor a tench (Tinca tinca).
    private static int Order(ImageClass c, string key, string[] words, string word)
    {
        bool isNumbered = c.WordNetId.StartsWith(word, StringComparison.OrdinalIgnoreCase)
            || c.Index.ToString(CultureInfo.InvariantCulture).StartsWith(word, StringComparison.Ordinal);
        return key.Length == 0 ? 0
            : NameSuggestion.HoldsWords(c.Label, words) ? 0
            : c.Synonyms.Any(s => NameSuggestion.HoldsWords(s, words)) ? 1
            : CompletionText.StartsName(c.Label, key) ? 2
            : c.Synonyms.Any(s => CompletionText.StartsName(s, key)) ? 3
            : isNumbered ? 4
            : int.MaxValue;
    }

    private static CompletionResult Result(ImageClass c, bool isUnique)
    {
        string meaning = $"{c.Index} {c.WordNetId} {string.Join(", ", c.Synonyms)}{(c.Gloss.Length > 0 ? ": " : "")}{c.Gloss}";
        // Two cranes and two maillots share their label; only the id tells them apart.
        return CompletionText.Result(isUnique || c.WordNetId.Length == 0 ? c.Label : c.WordNetId, meaning, c.Label);
    }

    /// <summary>The classes of a network; ImageNet's where there is no such network.</summary>
    internal static ClassTable ReadClasses(string model)
    {
        try
        {
            // A path is meant from the session's location, not the process's.
            string resolved = ModuleCmdlet.IsModelPath(model) ? new SessionState().Path.GetUnresolvedProviderPathFromPSPath(model) : model;
            return ModuleCmdlet.Models.Describe(resolved).ReadClasses();
        }
        catch (Exception e) when (e is ModelException or RuntimeException)
        {
            return ClassTable.ImageNet;
        }
    }
}
