using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>What Export-CamOverlay adds to a picture: legend, level line, threshold, normalisation.</summary>
public sealed class LegendTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_legend_stands_below_a_picture_that_stays_the_same()
    {
        Picture plain = Draw("plain", "");
        Picture labelled = Draw("labelled", "-Legend");

        Assert.Equal((451, 300), (plain.Width, plain.Height));
        Assert.Equal(451, labelled.Width);
        Assert.InRange(labelled.Height, 320, 400);
        Assert.Equal(plain.Rows(0, 300), labelled.Rows(0, 300));
        Assert.True(labelled.DarkPixels(300, labelled.Height - 300) > 100);
        Assert.Equal((255, 255, 255), labelled.At(1, labelled.Height - 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-Normalization MinMax -Upsampling AlignCorners -Colormap Jet")]
    public void Defaults_may_be_given(string parameters) => Assert.Equal(Draw("a", "").Rows(0, 300), Draw("b", parameters).Rows(0, 300));

    [Fact]
    public void Below_the_threshold_the_photo_stays_as_it_is()
    {
        Picture photo = Picture.Read(_engine, TestPaths.Sample("chelsea.png"));
        Picture drawn = Draw("t", "-Threshold 0.5");

        // The map is low in the right top corner, and high at the cheek.
        Assert.Equal(photo.At(445, 5), drawn.At(445, 5));
        Assert.NotEqual(photo.At(130, 150), drawn.At(130, 150));
        Assert.Equal(Draw("all", "").At(130, 150), drawn.At(130, 150));
    }

    [Fact]
    public void A_contour_changes_pixels_on_its_line_only()
    {
        Picture plain = Draw("plain", "");
        Picture lined = Draw("lined", "-Contour 0.5");
        int changed = Enumerable.Range(0, 300).Sum(y => Enumerable.Range(0, 451).Count(x => plain.At(x, y) != lined.At(x, y)));

        Assert.InRange(changed, 500, 451 * 300 / 5);
    }

    [Fact]
    public void Symmetric_normalisation_is_drawn_in_diverging_colours_unless_others_are_asked_for()
    {
        Assert.Equal(
            Draw("a", "-Normalization Symmetric -Colormap coolwarm").Rows(0, 300), Draw("b", "-Normalization Symmetric").Rows(0, 300));
        Assert.NotEqual(
            Draw("c", "-Normalization Symmetric -Colormap jet").Rows(0, 300), Draw("d", "-Normalization Symmetric").Rows(0, 300));
    }

    [Theory]
    [InlineData("-Threshold 1.5")]
    [InlineData("-Contour -0.1")]
    [InlineData("-Normalization Best")]
    public void Nonsense_is_refused(string parameters)
    {
        _engine.Run(
            $"Get-ClassActivationMap $photo | Export-CamOverlay $folder {parameters}", ("photo", TestPaths.Sample("chelsea.png")),
            ("folder", _folder.Path));

        Assert.StartsWith("Export-CamOverlay", Assert.Single(_engine.Errors).CategoryInfo.Activity, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private Picture Draw(string folder, string parameters)
    {
        string path = _engine.Run<string>(
            $"(Get-ClassActivationMap $photo -Class Egyptian_cat | Export-CamOverlay $folder -Format Png {parameters}).FullName",
            ("photo", TestPaths.Sample("chelsea.png")),
            ("folder", _folder.File(folder)));
        return Picture.Read(_engine, path);
    }
}
