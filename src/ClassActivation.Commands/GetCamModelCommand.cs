using System.Collections;
using System.Management.Automation;
using ClassActivation.Inference;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>Lists the known networks.</summary>
[Cmdlet(VerbsCommon.Get, "CamModel", DefaultParameterSetName = NameSet, HelpUri = HelpPages.Address + "Get-CamModel.md")]
[OutputType(typeof(CamModelInfo))]
public sealed class GetCamModelCommand : ModuleCmdlet
{
    private const string NameSet = "Name";
    private const string PathSet = "Path";

    /// <summary>
    /// Names of networks, with wildcards, or paths of ONNX files. Results of the module's cmdlets stand for the network that
    /// they are of.
    /// </summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = NameSet)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [Takes(Taken.Networks)]
    [NetworkOfObject]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Folders, whose networks are listed.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string folder in Path)
        {
            WriteFolder(ResolveFilePath(folder));
        }

        if (ParameterSetName == PathSet)
        {
            return;
        }

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
                    WriteObject(Models.List().Where(model => pattern.IsMatch(model.Name)).Select(Marked), enumerateCollection: true);
                }
                else
                {
                    WriteObject(Marked(Models.Describe(name)));
                }
            }
            catch (ModelException e)
            {
                WriteError(CamErrors.Model(e, name));
            }
        }
    }

    private void WriteFolder(string folder)
    {
        if (!Directory.Exists(folder))
        {
            WriteError(CamErrors.ModelFolder(folder));
            return;
        }

        try
        {
            // Those that the process has in memory say so.
            WriteObject(
                new CamModelStore([folder]).List().Select(static model => Models.Describe(model.Path)).Select(Marked),
                enumerateCollection: true);
        }
        catch (ModelException e)
        {
            WriteError(CamErrors.Model(e, folder));
        }
    }

    private CamModelInfo Marked(CamModelInfo model)
    {
        string name = DefaultModel();
        model.IsDefault = IsModelPath(name)
            ? FilePaths.Comparer.Equals(model.Path, ResolveFilePath(name))
            : model.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
        return model;
    }

    // What PowerShell would give as -Model where the user names none.
    private string DefaultModel()
    {
        if (SessionState.PSVariable.GetValue("PSDefaultParameterValues") is IDictionary values)
        {
            foreach (DictionaryEntry entry in values)
            {
                if ($"{entry.Key}".Split(':') is [var command, var parameter] && entry.Value is not ScriptBlock
                    && Matches(command, "Get-ClassActivationMap") && Matches(parameter, "Model"))
                {
                    return $"{entry.Value}";
                }
            }
        }

        return CamModelStore.DefaultModelName;

        static bool Matches(string pattern, string name) => new WildcardPattern(pattern.Trim(), WildcardOptions.IgnoreCase).IsMatch(name);
    }

    private void WriteFiles(string path)
    {
        string literal = ResolveFilePath(path);
        IReadOnlyList<string> matching = System.IO.Path.Exists(literal) ? [] : this.FilesOf(path, static _ => { });
        foreach (string file in matching.DefaultIfEmpty(literal))
        {
            try
            {
                WriteObject(Marked(Models.Describe(file)));
            }
            catch (ModelException e)
            {
                WriteError(CamErrors.Model(e, matching.Count == 0 ? path : file));
            }
        }
    }
}
