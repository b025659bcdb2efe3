using System.Management.Automation;
using ClassActivation.Explanation;
using ClassActivation.Imaging;

namespace ClassActivation.Commands;

/// <summary>Draws class activation maps over their photos and writes the pictures.</summary>
[Cmdlet(VerbsData.Export, "CamOverlay", SupportsShouldProcess = true)]
[OutputType(typeof(CamPicture))]
public sealed class ExportCamOverlayCommand : ParallelCmdlet
{
    private OverlayOptions _options = new();
    private string? _folder;

    /// <summary>The maps of <c>Get-ClassActivationMap</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [Rehydrate]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>The folder for the pictures, made where it is missing; without it each goes beside its photo.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? DestinationPath { get; set; }

    /// <summary>The colours for low to high values.</summary>
    [Parameter]
    [ColormapName]
    [ArgumentCompleter(typeof(ColormapCompleter))]
    public string Colormap { get; set; } = "Jet";

    /// <summary>How much of the heatmap shows, 0 to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double HeatmapOpacity { get; set; } = 0.5;

    /// <summary>How much of the photo shows before the heatmap goes over it, 0 (white) to 1.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double ImageOpacity { get; set; } = 0.8;

    /// <summary>What the picture shows.</summary>
    [Parameter]
    public OverlayLayout Layout { get; set; } = OverlayLayout.Overlay;

    /// <summary>The picture's file format.</summary>
    [Parameter]
    public PictureFormat Format { get; set; } = PictureFormat.Jpeg;

    /// <summary>The quality of JPEG and WebP, 1 to 100.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Quality { get; set; } = PhotoEncoder.DefaultQuality;

    /// <summary>The longest side in pixels that a photo is drawn at; larger photos are made smaller.</summary>
    [Parameter]
    [ValidateRange(16, 65_500)]
    public int? MaxSize { get; set; }

    /// <summary>Replaces write-protected pictures too.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves existing pictures as they are.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    private string Extension => Format switch
    {
        PictureFormat.Jpeg => "jpg",
        PictureFormat.Png => "png",
        _ => "webp",
    };

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _folder = DestinationPath is null ? null : GetUnresolvedProviderPathFromPSPath(DestinationPath);
        _options = new OverlayOptions
        {
            Colormap = Imaging.Colormap.Get(Colormap),
            HeatmapOpacity = HeatmapOpacity,
            ImageOpacity = ImageOpacity,
            Layout = Layout,
        };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ClassActivationMap map in InputObject)
        {
            try
            {
                string path = PictureNames.PathFor(map, FolderFor(map), Extension);
                PictureFile.CheckMayWrite(path, Force, NoClobber);
                if (ShouldProcess(path, $"Draw {map}"))
                {
                    Enqueue(map.Path, () => [Draw(map, path)]);
                }
            }
            catch (PictureException e)
            {
                WriteError(CamErrors.Picture(e));
            }
        }
    }

    private string FolderFor(ClassActivationMap map) =>
        _folder ?? (Path.IsPathFullyQualified(map.Path) ? Path.GetDirectoryName(map.Path) : null)
            ?? throw new PictureException(
                PictureFailure.NoFolder, map.Path, $"The photo '{map.Path}' came from memory, so its picture needs a -DestinationPath.");

    private CamPicture Draw(ClassActivationMap map, string path)
    {
        Photo picture = CamOverlay.Draw(map, PhotoSources.Of(map), _options, MaxSize);
        StopToken.ThrowIfCancellationRequested();
        long length = PictureFile.Write(path, Force, NoClobber, stream => PhotoEncoder.Encode(picture, Format, Quality, stream));
        return new CamPicture
        {
            Path = path,
            PhotoPath = map.Path,
            Label = map.Label,
            Probability = map.Probability,
            Width = picture.Width,
            Height = picture.Height,
            Length = length,
        };
    }
}
