using System.Management.Automation;
using ClassActivation.Explanation;
using ClassActivation.Imaging;
using ClassActivation.Localization;

namespace ClassActivation.Commands;

/// <summary>
/// Finds where in the photo a class is: turns class activation maps into boxes, around the connected parts of the map
/// above a threshold. Maps of two resolutions find objects best:
/// <c>Get-ClassActivationMap -Resolution 288 -Scale 1,2 | Get-CamRegion</c>.
/// </summary>
[Cmdlet(VerbsCommon.Get, "CamRegion")]
[OutputType(typeof(CamRegion))]
public sealed class GetCamRegionCommand : ParallelCmdlet
{
    private RegionOptions _options = new();

    /// <summary>The maps of <c>Get-ClassActivationMap</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Rehydrate]
    [TakesMaps]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>
    /// The value that a pixel of the normalised map must reach, 0 to 1: higher makes smaller boxes. The default suits
    /// maps of the scales 1,2; for a map of one scale at the resolution 224, 0.24 finds somewhat more.
    /// </summary>
    [Parameter(Position = 0)]
    [ValidateRange(0.0, 1.0)]
    public double Threshold { get; set; } = RegionOptions.DefaultThreshold;

    /// <summary>Gives all regions of a map, the largest first, instead of the largest only.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>The smallest area of a region to give, in pixels of the photo.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int MinArea { get; set; }

    /// <summary>Which values of the map become 0 and 1: Positive cuts off what speaks against the class.</summary>
    [Parameter]
    public HeatmapNormalization Normalization { get; set; } = HeatmapNormalization.Positive;

    /// <summary>Where the map's cells lie in the photo.</summary>
    [Parameter]
    public Upsampling Upsampling { get; set; } = Upsampling.HalfPixel;

    private protected override string Activity => "Finding regions";

    /// <inheritdoc/>
    protected override void BeginProcessing() => _options = new RegionOptions
    {
        Threshold = Threshold,
        Normalization = Normalization,
        Upsampling = Upsampling,
        All = All,
        MinArea = MinArea,
    };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ClassActivationMap map in InputObject)
        {
            Enqueue(map.Path, () => RegionFinder.Find(map, _options));
        }
    }
}
