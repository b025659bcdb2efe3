using System.Management.Automation;
using System.Management.Automation.Language;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>What the completers share: matching what was typed, and quoting what is offered.</summary>
internal static class CompletionText
{
    /// <summary>What was typed, without the quotation marks around it.</summary>
    public static string Unquoted(string word) => word.Trim('\'', '"');

    /// <summary>Whether a name starts with what was typed; wildcards are allowed.</summary>
    public static bool Matches(string name, string word) =>
        new WildcardPattern(Unquoted(word) + "*", WildcardOptions.IgnoreCase).IsMatch(name);

    /// <summary>Whether a name, or its rest from one of its words on, starts with what was typed.</summary>
    /// <param name="name">The name.</param>
    /// <param name="key">What was typed, as <see cref="ClassTable.Key"/> gives it.</param>
    public static bool StartsName(string name, string key)
    {
        string[] words = NameSuggestion.WordsOf(name);
        return Enumerable.Range(0, words.Length).Any(i => string.Concat(words[i..]).StartsWith(key, StringComparison.Ordinal));
    }

    /// <summary>A completion, quoted where the name needs it.</summary>
    public static CompletionResult Result(string name, string tooltip, string? shown = null)
    {
        bool isBareWord = name.Length > 0 && name.All(static c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.') && name[0] is not '-';
        string text = isBareWord ? name : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";
        return new CompletionResult(
            text, ShownText.Of(shown ?? name), CompletionResultType.ParameterValue, ShownText.Of(tooltip.Length > 0 ? tooltip : name));
    }
}
