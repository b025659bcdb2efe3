using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using ClassActivation.Models;

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
        ILookup<string, ImageClass> byLabel = classes.ToLookup(static c => c.Label, StringComparer.OrdinalIgnoreCase);
        return classes
            .Select(c => (Class: c, Order: Order(c, key, word)))
            .Where(static pair => pair.Order < int.MaxValue)
            .OrderBy(static pair => pair.Order)
            .Select(pair => Result(pair.Class, isUnique: byLabel[pair.Class.Label].Count() == 1));
    }

    private static int Order(ImageClass c, string key, string word)
    {
        if (ClassTable.Key(c.Label).StartsWith(key, StringComparison.Ordinal))
        {
            return 0;
        }

        if (c.Synonyms.Any(s => ClassTable.Key(s).StartsWith(key, StringComparison.Ordinal)))
        {
            return 1;
        }

        bool isNumbered = c.WordNetId.StartsWith(word, StringComparison.OrdinalIgnoreCase) || c.Index.ToString(CultureInfo.InvariantCulture).StartsWith(word, StringComparison.Ordinal);
        return isNumbered || c.Synonyms.Any(s => ClassTable.Key(s).Contains(key, StringComparison.Ordinal)) ? 2 : int.MaxValue;
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
