using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using ClassActivation.Inference;

namespace ClassActivation.Commands;

/// <summary>Completes the devices that the loaded build of ONNX Runtime offers.</summary>
public sealed class DeviceCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        try
        {
            return
            [
                .. ComputeDevice.Offered.Where(name => CompletionText.Matches(name, wordToComplete))
                    .Select(static name => CompletionText.Result(name, name))
            ];
        }
        catch (NativeLibraryException)
        {
            return [];
        }
    }
}
