using System.Management.Automation;
using ClassActivation.Drawing;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>The parameters of drawing that all cmdlets share which draw maps, and their defaults.</summary>
public abstract class DrawingCmdlet : MapPhotoCmdlet
{
    /// <summary>
    /// The whole look, which the other parameters change in parts. Notebook is the figure of the notebook. Highlight shows
    /// only what speaks for the class, smoothly, over the photo at full strength, and outlines it. Outline draws the line
    /// only. Accessible is for colour-blind readers and for print in grey.
    /// </summary>
    [Parameter]
    public OverlayStyle Style { get; set; } = OverlayStyle.Notebook;

    /// <summary>
    /// The colours for low to high values; by default the style's, which for Notebook are Jet, and Coolwarm for differences.
    /// </summary>
    [Parameter]
    [ColormapName]
    [ArgumentCompleter(typeof(ColormapCompleter))]
    public string? Colormap { get; set; }

    /// <summary>
    /// Which values of a map become the first and the last colour; by default the style's, which for Notebook is MinMax;
    /// Symmetric for differences, and for regions that with which they were found.
    /// </summary>
    [Parameter]
    public HeatmapNormalization? Normalization { get; set; }

    /// <summary>
    /// Where the cells of a map lie on the photo; by default the style's, which for Notebook is AlignCorners, and for
    /// regions that with which they were found.
    /// </summary>
    [Parameter]
    public Upsampling? Upsampling { get; set; }

    /// <summary>What a map is between its cells: Bilinear as in the notebook, or smooth; by default the style's.</summary>
    [Parameter]
    public Interpolation? Interpolation { get; set; }

    /// <summary>Leaves the photo as it is where the normalised map is below this value, 0 to 1; by default the style's.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? Threshold { get; set; }

    /// <summary>Draws the line on which the normalised map has this value, 0 to 1; by default the style's.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? Contour { get; set; }

    /// <summary>How much of the heatmap shows, 0 to 1; by default the style's, which for Notebook is 0.5.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? HeatmapOpacity { get; set; }

    /// <summary>
    /// How much of the photo shows before the heatmap goes over it, 0 (white) to 1; by default the style's, which for
    /// Notebook is 0.8.
    /// </summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double? ImageOpacity { get; set; }

    /// <summary>What the picture shows.</summary>
    [Parameter]
    public OverlayLayout Layout { get; set; } = OverlayLayout.Overlay;

    /// <summary>How maps of one kind are drawn.</summary>
    /// <param name="normalization">The maps' own normalisation.</param>
    /// <param name="region">A region of theirs whose box is drawn, if any: the map is drawn as it was when the box was measured.</param>
    private protected OverlayOptions OptionsFor(HeatmapNormalization normalization, CamRegion? region = null) =>
        Chosen(LookFor(normalization, region));

    /// <summary>What the style is made of for maps of one kind.</summary>
    /// <param name="normalization">The maps' own normalisation.</param>
    /// <param name="region">A region of theirs whose box is drawn, if any.</param>
    private protected OverlayOptions LookFor(HeatmapNormalization normalization, CamRegion? region)
    {
        OverlayOptions look = OverlayOptions.Of(Style, normalization);
        if (region is not null)
        {
            look = look with
            {
                Normalization = region.MapNormalization,
                Upsampling = region.MapUpsampling,
                Interpolation = Maps.Interpolation.Bilinear,
                Threshold = look.Threshold is null ? null : region.Threshold,
                Contour = look.Contour is null ? null : region.Threshold,
                Colormap = Style == OverlayStyle.Notebook ? Drawing.Colormap.DefaultFor(region.MapNormalization) : look.Colormap,
            };
        }

        return look;
    }

    /// <summary>A look with what the user chose otherwise.</summary>
    private protected OverlayOptions Chosen(OverlayOptions look)
    {
        HeatmapNormalization drawn = Normalization ?? look.Normalization;
        bool isOtherKind = (drawn == HeatmapNormalization.Symmetric) != (look.Normalization == HeatmapNormalization.Symmetric);
        return look with
        {
            Normalization = drawn,
            Colormap = Colormap is not null
                ? Drawing.Colormap.Get(Colormap)
                : isOtherKind
                ? Drawing.Colormap.DefaultFor(drawn)
                : look.Colormap,
            Upsampling = Upsampling ?? look.Upsampling,
            Interpolation = Interpolation ?? look.Interpolation,
            Threshold = Threshold ?? look.Threshold,
            Contour = Contour ?? look.Contour,
            HeatmapOpacity = HeatmapOpacity ?? look.HeatmapOpacity,
            ImageOpacity = ImageOpacity ?? look.ImageOpacity,
            Layout = Layout,
        };
    }

    /// <summary>The boxes of regions.</summary>
    private protected static PhotoRegion[] BoxesOf(IEnumerable<CamRegion> regions) =>
        [.. regions.Select(static region => new PhotoRegion(region.Left, region.Top, region.Width, region.Height))];
}
