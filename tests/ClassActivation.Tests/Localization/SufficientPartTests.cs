using ClassActivation.Faithfulness;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Tests.Truth;

namespace ClassActivation.Tests.Localization;

/// <summary>The part that suffices, of networks for which it is known.</summary>
public sealed class SufficientPartTests : IDisposable
{
    private static readonly SufficientPartOptions ByMean = new() { Replacement = Replacement.Mean };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ClassActivation-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_is_as_small_as_it_can_be_where_one_colour_decides()
    {
        // A red cell adds 100 · (180 / 255) / 196 = 0.36 to the logit; the class has to exceed 1, which 3 of the 16 do.
        TruthCase task = TruthCase.All[0];
        using CamModel model = task.Load(_folder.FullName);

        CamRegion part = Find(task.Picture, classIndex: 0, model, ByMean);

        Assert.Equal(3 * 256, part.Area);
        Assert.Equal(3 * 256, part.GetMask()!.Sum(static row => row.Count(static isKept => isKept)));
        Assert.All(Kept(part), static pixel => Assert.True(pixel.X is >= 8 * 16 and < 12 * 16 && pixel.Y is >= 3 * 16 and < 7 * 16));
        double logit = 3 * 100 * (180 / 255.0) / 196;
        Assert.Equal(Math.Exp(logit) / (1 + Math.Exp(logit) + Math.E), part.ProbabilityAlone!.Value, 1e-3);
        Assert.InRange(part.Passes!.Value, 4, 50);
        Assert.Equal(3 / 16.0, part.Share, 0.06);
    }

    [Fact]
    public void Its_box_holds_its_pixels_and_no_row_or_column_more()
    {
        using CamModel model = TruthCase.All[1].Load(_folder.FullName);

        CamRegion part = Find(TruthCase.All[1].Picture, classIndex: 0, model, ByMean);

        (int X, int Y)[] kept = [.. Kept(part)];
        Assert.Equal(
            (kept.Min(static p => p.X), kept.Min(static p => p.Y), kept.Max(static p => p.X) + 1, kept.Max(static p => p.Y) + 1),
            (part.Left, part.Top, part.Left + part.Width, part.Top + part.Height));
    }

    [Fact]
    public void What_comes_out_was_shown_to_the_network_just_so()
    {
        TruthCase task = TruthCase.All[1];
        using CamModel model = task.Load(_folder.FullName);

        CamRegion part = Find(task.Picture, classIndex: 0, model, new SufficientPartOptions());

        // The part pasted into the blurred picture by hand.
        NetworkInput whole = new PhotoExplainer(model, new InputSettings()).ReadInput(TruthPicture.Draw(task.Picture));
        NetworkInput blurred = GaussianBlur.Apply(whole, 10);
        byte[] pixels = [.. blurred.Pixels];
        foreach ((int x, int y) in Kept(part))
        {
            Array.Copy(whole.Pixels, 3 * ((y * 224) + x), pixels, 3 * ((y * 224) + x), 3);
        }

        using ForwardPass pass = model.Run(new NetworkInput(224, 224, pixels));
        Assert.True(pass.Probabilities[0] > Math.Max(pass.Probabilities[1], pass.Probabilities[2]));
        Assert.Equal(pass.Probabilities[0], part.ProbabilityAlone!.Value, 1e-6);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(12)]
    public void It_takes_no_more_passes_than_allowed(int most)
    {
        using CamModel model = TruthCase.All[0].Load(_folder.FullName);

        CamRegion part = Find(TruthCase.All[0].Picture, classIndex: 0, model, ByMean with { MaxPasses = most });

        Assert.InRange(part.Passes!.Value, 3, most);
        Assert.True(part.ProbabilityAlone > 1 / 3.0);
    }

    [Fact]
    public void A_class_that_is_not_the_best_answer_has_none()
    {
        using CamModel model = TruthCase.All[0].Load(_folder.FullName);

        Assert.False(Assert.Throws<SufficientPartException>(() => Find(TruthCase.All[0].Picture, classIndex: 1, model, ByMean)).IsOnTop);
    }

    [Fact]
    public void A_class_that_needs_nothing_of_the_photo_has_none()
    {
        using CamModel model = TruthCase.All[0].Load(_folder.FullName);

        Assert.True(Assert.Throws<SufficientPartException>(() => Find([], classIndex: 2, model, ByMean)).IsOnTop);
    }

    private static CamRegion Find(Placed[] picture, int classIndex, CamModel model, SufficientPartOptions options)
    {
        PhotoSource photo = TruthPicture.Draw(picture);
        ClassActivationMap map = new PhotoExplainer(model, new InputSettings())
            .Explain(photo, new MapRequest { ClassIndexes = [classIndex] })[0];
        return SufficientPart.Find(map, model, photo, options);
    }

    private static IEnumerable<(int X, int Y)> Kept(CamRegion part) =>
        part.GetMask()!.SelectMany(static (row, y) => row.Select((isKept, x) => (isKept, x, y))).Where(static p => p.isKept)
            .Select(static p => (p.x, p.y));
}
