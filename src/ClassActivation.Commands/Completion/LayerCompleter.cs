using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ClassActivation.Inference;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>Completes the layers of a network that maps can be made of by any part of their names, the last first.</summary>
public sealed class LayerCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        ReadLayers(fakeBoundParameters["Model"] as string ?? CamModelStore.DefaultModelName)
            .Reverse()
            .Where(layer => layer.IsExplainable && CompletionText.Matches(layer.Name, "*" + CompletionText.Unquoted(wordToComplete)))
            .OrderByDescending(layer => CompletionText.Matches(layer.Name, wordToComplete))
            .Select(static layer => CompletionText.Result(layer.Name, $"{layer.Type} {CellText.Shape(layer.OutputShape)}"));

    private static IReadOnlyList<LayerSummary> ReadLayers(string model)
    {
        try
        {
            string resolved = ModuleCmdlet.IsModelPath(model) ? new SessionState().Path.GetUnresolvedProviderPathFromPSPath(model) : model;
            return NetworkLayers.ReadTable(ModuleCmdlet.Models.Describe(resolved));
        }
        catch (Exception e) when (e is ModelException or RuntimeException)
        {
            return [];
        }
    }
}
