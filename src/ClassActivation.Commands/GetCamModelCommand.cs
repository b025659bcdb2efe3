using System.Management.Automation;
using ClassActivation.Networks;

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
                if (IsModelPath(name))
                {
                    WriteFiles(name);
                }
                else if (WildcardPattern.ContainsWildcardCharacters(name))
                {
                    var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
                    WriteObject(Models.List().Where(model => pattern.IsMatch(model.Name)), enumerateCollection: true);
                }
                else
                {
                    WriteObject(Models.Describe(name));
                }
            }
            catch (ModelException e)
            {
                WriteError(CamErrors.Model(e, name));
            }
        }
    }

    private void WriteFiles(string path)
    {
        string literal = ResolveFilePath(path);
        IReadOnlyList<string> matching = System.IO.Path.Exists(literal) ? [] : this.FilesOf(path, static _ => { });
        foreach (string file in matching.DefaultIfEmpty(literal))
        {
            try
            {
                WriteObject(Models.Describe(file));
            }
            catch (ModelException e)
            {
                WriteError(CamErrors.Model(e, matching.Count == 0 ? path : file));
            }
        }
    }
}
