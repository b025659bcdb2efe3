using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace ClassActivation.Commands;

/// <summary>Completes the names of the known networks.</summary>
public sealed class ModelCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        ModuleCmdlet.Models.List()
            .Where(model => CompletionText.Matches(model.Name, wordToComplete))
            .Select(
                static model =>
                    CompletionText.Result(
                        model.Name, $"{model.Source} ({Counted.Of(model.ClassCount, "class", "classes")}, {model.Precision})"));
}
