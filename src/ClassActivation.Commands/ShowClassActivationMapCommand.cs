using System.Management.Automation;
using ClassActivation.Drawing;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>Draws class activation maps over their photos in the terminal.</summary>
/// <remarks>
/// It writes text, line by line, under a line that names the class and the photo. A file that text is redirected to
/// in the session (<c>&gt;</c>) loses the colours and with them the picture: use <c>-Renderer Ascii</c> for it.
/// </remarks>
[Cmdlet(
    VerbsCommon.Show, "ClassActivationMap", DefaultParameterSetName = MapSet, HelpUri = HelpPages.Address + "Show-ClassActivationMap.md")]
[OutputType(typeof(string))]
public sealed class ShowClassActivationMapCommand : DrawingCmdlet
{
    private const string MapSet = "Map";
    private const string RegionSet = "Region";

    private const int WidestByDefault = 80;

    // A photo of one column would else take rows without end.
    private const int MostRows = 1000;

    // Room for the title, the prompt before and the prompt after the picture.
    private const int OtherRows = 3;

    private readonly RegionsOfOneMap _regions;
    private TerminalRenderer _renderer;
    private (int Width, int Height) _cell;

    /// <summary>Makes the cmdlet.</summary>
    public ShowClassActivationMapCommand() => _regions = new RegionsOfOneMap(EnqueuePicture);

    /// <summary>The maps of <c>Get-ClassActivationMap</c>.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = MapSet)]
    [Takes(Taken.MapsOrRegions)]
    [Rehydrate]
    public ClassActivationMap[] InputObject { get; set; } = [];

    /// <summary>
    /// The regions of <c>Get-CamRegion</c>: their map is drawn with their boxes. Regions of one map that come one after
    /// the other share a picture.
    /// </summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = RegionSet)]
    [Rehydrate]
    public CamRegion[] Region { get; set; } = [];

    /// <summary>The picture's width in columns; by default 80, or less where the window is smaller.</summary>
    [Parameter(Position = 0)]
    [ValidateRange(2, 1000)]
    public int? Width { get; set; }

    /// <summary>How the picture is drawn; by default as well as the terminal can.</summary>
    [Parameter]
    public TerminalRenderer Renderer { get; set; } = TerminalRenderer.Auto;

    private protected override string Activity => "Drawing class activation maps";

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _renderer = Renderer == TerminalRenderer.Auto
            ? Terminal.BestRenderer(Host, SessionState.PSVariable.GetValue("PSStyle"))
            : Renderer;
        _cell = _renderer switch
        {
            TerminalRenderer.Sixel => Terminal.CellSize(Host),
            TerminalRenderer.HalfBlock => (1, 2),
            _ => (1, 1),
        };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (ClassActivationMap map in InputObject)
        {
            EnqueuePicture(map, []);
        }

        foreach (CamRegion region in Region)
        {
            _regions.Add(region, InStep);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _regions.Complete();
        base.EndProcessing();
    }

    private void EnqueuePicture(ClassActivationMap map, CamRegion[] regions)
    {
        (int width, int height) = SizeFor(map);
        Enqueue(map.Path, () => Draw(map, regions, width, height));
    }

    private IEnumerable<string> Draw(ClassActivationMap map, CamRegion[] regions, int width, int height)
    {
        OverlayOptions options = OptionsFor(map.DefaultNormalization, regions.FirstOrDefault()) with { Boxes = BoxesOf(regions) };
        if (_renderer == TerminalRenderer.Ascii)
        {
            options = options with { Colormap = Drawing.Colormap.Get("gray") };
        }

        Photo picture = CamOverlay.Draw(map, PhotoOf(map), options, width, height);
        return _renderer switch
        {
            TerminalRenderer.Sixel => [Title(map), SixelEncoder.Encode(picture)],
            TerminalRenderer.HalfBlock => HalfBlocks.Lines(picture).Prepend(Title(map)),
            _ => AsciiShades.Lines(picture).Prepend(Title(map)),
        };
    }

    private static string Title(ClassActivationMap map) =>
        ShownText.Of($"{map.Label} ({map.Probability:P1}) in {Path.GetFileName(map.Path)}");

    // The photo's size in the renderer's pixels.
    private (int Width, int Height) SizeFor(ClassActivationMap map)
    {
        int pictures = Layout == OverlayLayout.SideBySide ? 2 : 1;
        double columns = (Width ?? Math.Min(WidestByDefault, Terminal.Columns(Host))) / pictures;
        // A cell is about twice as high as it is wide.
        double cellShape = _renderer == TerminalRenderer.Sixel ? (double)_cell.Width / _cell.Height : 0.5;
        double rowsPerColumn = cellShape * map.PhotoHeight / map.PhotoWidth;
        if (Width is null && Terminal.WindowSize(Host) is { } window)
        {
            columns = Math.Min(columns, (window.Height - OtherRows) / rowsPerColumn);
        }

        columns = Math.Max(1, Math.Floor(columns));
        double rows = Math.Clamp(columns * rowsPerColumn, 1, MostRows);
        // Text fills whole rows; sixels end anywhere in one.
        double height = _renderer == TerminalRenderer.Sixel ? Math.Round(rows * _cell.Height) : Math.Round(rows) * _cell.Height;
        return ((int)columns * _cell.Width, (int)height);
    }
}
