using System.Management.Automation;
using System.Management.Automation.Language;

namespace ClassActivation.Commands;

/// <summary>What the completers share: matching what was typed, and quoting what is offered.</summary>
internal static class CompletionText
{
    /// <summary>What was typed, without the quotation marks around it.</summary>
    public static string Unquoted(string word) => word.Trim('\'', '"');

    /// <summary>Whether a name starts with what was typed; wildcards are allowed.</summary>
    public static bool Matches(string name, string word) =>
        new WildcardPattern(Unquoted(word) + "*", WildcardOptions.IgnoreCase).IsMatch(name);

    /// <summary>A completion, quoted where the name needs it.</summary>
    public static CompletionResult Result(string name, string tooltip, string? shown = null)
    {
        bool isBareWord = name.Length > 0 && name.All(static c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.') && name[0] is not '-';
        string text = isBareWord ? name : $"'{CodeGeneration.EscapeSingleQuotedStringContent(name)}'";
        return new CompletionResult(text, ShownText.Of(shown ?? name), CompletionResultType.ParameterValue, ShownText.Of(tooltip.Length > 0 ? tooltip : name));
    }
}
