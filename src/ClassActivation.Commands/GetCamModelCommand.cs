using System.Management.Automation;
using ClassActivation.Models;

namespace ClassActivation.Commands;

/// <summary>Lists the known networks.</summary>
[Cmdlet(VerbsCommon.Get, "CamModel", HelpUri = HelpPages.Address + "Get-CamModel.md")]
[OutputType(typeof(CamModelInfo))]
public sealed class GetCamModelCommand : ModuleCmdlet
{
    /// <summary>Names of networks, with wildcards, or paths of ONNX files.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string name in Name)
        {
            try
            {
                if (WildcardPattern.ContainsWildcardCharacters(name))
                {
                    var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
                    WriteObject(Models.List().Where(model => pattern.IsMatch(model.Name)), enumerateCollection: true);
                }
                else
                {
                    WriteObject(Models.Describe(ResolveModel(name)));
                }
            }
            catch (ModelException e)
            {
                WriteError(CamErrors.Model(e, name));
            }
        }
    }
}
