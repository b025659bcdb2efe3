using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ClassActivation.Commands;

/// <summary>Completes <c>Auto</c>, and then a network's classes and concepts.</summary>
public sealed class ContrastCompleter : IArgumentCompleter
{
    /// <summary>What stands for the most probable other classes.</summary>
    internal const string Auto = "Auto";

    private readonly ClassCompleter _classes = new();
    private readonly ConceptCompleter _concepts = new();

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        if (CompletionText.Matches(Auto, wordToComplete))
        {
            yield return CompletionText.Result(Auto, "The three most probable other classes");
        }

        IEnumerable<CompletionResult> named =
        [
            .. _classes.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters),
            .. _concepts.CompleteArgument(commandName, parameterName, wordToComplete, commandAst, fakeBoundParameters),
        ];
        foreach (CompletionResult result in named.DistinctBy(static result => result.CompletionText))
        {
            yield return result;
        }
    }
}
