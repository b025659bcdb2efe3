using System.Management.Automation;
using ClassActivation.Inference;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>Lists a network's layers, as Keras' <c>summary()</c> prints them.</summary>
[Cmdlet(VerbsCommon.Get, "CamModelLayer", HelpUri = HelpPages.Address + "Get-CamModelLayer.md")]
[OutputType(typeof(LayerSummary))]
public sealed class GetCamModelLayerCommand : ModuleCmdlet
{
    /// <summary>Names of layers; wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Lists the layers alone that <c>Get-ClassActivationMap -Layer</c> can make maps of.</summary>
    [Parameter]
    public SwitchParameter Explainable { get; set; }

    /// <summary>The network: a name that <c>Get-CamModel</c> lists, or the path of an ONNX file.</summary>
    [Parameter(ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("ModelName", "Path")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    [Takes(Taken.Networks)]
    [NetworkOfObject]
    public string Model { get; set; } = CamModelStore.DefaultModelName;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IReadOnlyList<LayerSummary> layers = ReadLayers();
        foreach (string name in Name)
        {
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            LayerSummary[] found = [.. layers.Where(layer => pattern.IsMatch(layer.Name) && (layer.IsExplainable || !Explainable))];
            if (!layers.Any(layer => pattern.IsMatch(layer.Name)) && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                WriteError(CamErrors.Layer(name, Model));
            }

            WriteObject(found, enumerateCollection: true);
        }
    }

    private IReadOnlyList<LayerSummary> ReadLayers()
    {
        try
        {
            return NetworkLayers.ReadTable(Models.Describe(ResolveModel(Model)));
        }
        catch (ModelException e)
        {
            ThrowTerminatingError(CamErrors.Model(e, Model));
            throw;
        }
    }
}
