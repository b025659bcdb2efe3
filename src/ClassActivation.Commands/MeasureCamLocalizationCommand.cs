using System.Management.Automation;
using ClassActivation.Localization;
using ClassActivation.Maps;

namespace ClassActivation.Commands;

/// <summary>
/// Measures how well maps find the true boxes of objects: MaxBoxAccV2 and V1 (Choe et al. 2020), the pointing game
/// (Zhang et al. 2016), and the IoU of each photo, in the property Photos of the result.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "CamLocalization", HelpUri = HelpPages.Address + "Measure-CamLocalization.md")]
[OutputType(typeof(CamLocalization))]
public sealed class MeasureCamLocalizationCommand : ParallelCmdlet
{
    private readonly SortedList<int, PhotoLocalization> _measured = [];
    private GroundTruth _groundTruth = null!;
    private LocalizationBenchmark _benchmark = null!;
    private string _groundTruthPath = "";
    private int _taken;

    /// <summary>The maps of <c>Get-ClassActivationMap</c>, of the classes that the true boxes are of.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Takes(Taken.Maps)]
    [Rehydrate]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>
    /// A table of the true boxes, separated by tabs, commas or semicolons, with a header line: file, xmin, ymin, xmax,
    /// ymax in pixels of the upright photo, and classIndex or label where the boxes are those of certain classes. A
    /// photo may have several lines. Or a file of COCO (.json) or Pascal VOC (.xml), or a folder of files of Pascal VOC
    /// or YOLO, as <c>Export-CamAnnotation</c> writes them.
    /// </summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string GroundTruth { get; set; } = "";

    /// <summary>
    /// The fixed threshold for BoxAcc, MeanIoU and the photos' IoU, 0 to 1; where none is given, that which Get-CamRegion
    /// takes for each map. The other figures use the best threshold.
    /// </summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? Threshold { get; set; }

    /// <summary>Which values of the map become 0 and 1: Positive cuts off what speaks against the class.</summary>
    [Parameter]
    public HeatmapNormalization Normalization { get; set; } = HeatmapNormalization.Positive;

    /// <summary>Where the map's cells lie in the photo.</summary>
    [Parameter]
    public Upsampling Upsampling { get; set; } = Upsampling.HalfPixel;

    /// <summary>How far from a true box a map's largest value may lie in the pointing game, in pixels of the photo.</summary>
    [Parameter]
    [ValidateRange(0.0, 10_000.0)]
    public double Tolerance { get; set; } = 15;

    private protected override string Activity => "Measuring localization";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _groundTruthPath = ResolveExistingFile(GroundTruth);
        _benchmark = new LocalizationBenchmark(
            new RegionOptions { Threshold = Threshold, Normalization = Normalization, Upsampling = Upsampling }, Tolerance);
        try
        {
            _groundTruth = Localization.GroundTruth.Read(_groundTruthPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            ThrowTerminatingError(CamErrors.GroundTruth(e, _groundTruthPath));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ClassActivationMap map in InputObject)
        {
            IReadOnlyList<Box> truth = _groundTruth.BoxesOf(map);
            if (truth.Count == 0)
            {
                WriteError(CamErrors.NoTrueBox(map, _groundTruthPath));
                continue;
            }

            int place = _taken++;
            Enqueue(map.Path, () =>
            {
                PhotoLocalization measured = _benchmark.Measure(map, truth);
                lock (_measured)
                {
                    _measured.Add(place, measured);
                }

                return [];
            });
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (_measured.Count > 0)
        {
            WriteObject(_benchmark.Summarize([.. _measured.Values]));
        }
    }
}
