using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ClassActivation.Drawing;

namespace ClassActivation.Commands;

/// <summary>Accepts the names of colour maps, in any case.</summary>
internal sealed class ColormapNameAttribute : ValidateArgumentsAttribute
{
    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        if (!Colormap.Names.Contains(arguments?.ToString(), StringComparer.OrdinalIgnoreCase))
        {
            throw new ValidationMetadataException($"There is no colour map '{arguments}'; there are {string.Join(", ", Colormap.Names)}.");
        }
    }
}

/// <summary>Completes the names of colour maps.</summary>
public sealed class ColormapCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Colormap.Names
            .Where(name => CompletionText.Matches(name, wordToComplete))
            .Select(static name => CompletionText.Result(name, ""));
}
