using System.Management.Automation;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Methods, contrasts, concepts and scales, as they are asked for at a prompt.</summary>
public sealed class ExplanationTests : IDisposable
{
    private static readonly string[] Methods =
    [
        "Cam", "GradCam", "HiResCam", "XGradCam", "LayerCam", "GradCamPlusPlus", "AblationCam", "EigenCam", "EigenGradCam", "SoftmaxCam",
        "ReciproCam",
        "Saliency", "InputXGradient", "IntegratedGradients", "SmoothGrad", "Occlusion", "Rise",
    ];

    private readonly Engine _engine = new();
    private readonly string _cat = TestPaths.Sample("chelsea.png");

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Every_method_gives_a_map_that_says_how_it_was_made()
    {
        IReadOnlyList<PSObject> maps = _engine.Run(
            "Get-ClassActivationMap $cat -Class Egyptian_cat -Resolution 64 -WarningAction Ignore -MaskCount 20 -Method"
            + " ([Enum]::GetNames([ClassActivation.Methods.CamMethod]) -ne 'LeGrad')",
            ("cat", _cat));

        Assert.Equal(Methods, maps.Select(static m => m.Properties["Method"].Value.ToString()));
        Assert.All(maps, static m => Assert.Equal("Egyptian_cat", m.Properties["Label"].Value));
        Assert.Equal(Methods.Length - 2, maps.Select(static m => (float)m.Properties["Maximum"].Value).Distinct().Count());
    }

    [Fact]
    public void Scales_and_the_mirror_image_give_one_map_in_0_to_1()
    {
        PSObject map = _engine.Run("Get-ClassActivationMap $cat -Scale 1,2 -Flip", ("cat", _cat)).Single();
        PSObject plain = _engine.Run("Get-ClassActivationMap $cat", ("cat", _cat)).Single();

        Assert.Equal("1,2", map.Properties["Scale"].Value);
        Assert.Equal(true, map.Properties["Flip"].Value);
        Assert.Equal(2 * (int)plain.Properties["Rows"].Value, map.Properties["Rows"].Value);
        Assert.Equal(plain.Properties["Probability"].Value, map.Properties["Probability"].Value);
        Assert.InRange((float)map.Properties["Minimum"].Value, 0, 1);
        Assert.InRange((float)map.Properties["Maximum"].Value, 0.5f, 1);
        Assert.Equal("1", plain.Properties["Scale"].Value);
    }

    [Fact]
    public void A_scale_beyond_the_resolutions_range_ends_the_command_with_the_reason()
    {
        ErrorRecord error = _engine.RunToError("Get-ClassActivationMap $cat -Scale 0.1", ("cat", _cat));

        Assert.StartsWith("ScaleOutOfRange,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("an input of 22 pixels; it must have 32 to 4096", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_contrast_is_named_in_the_map()
    {
        Assert.Equal("tabby", _engine.Run<string>("(Get-ClassActivationMap $cat -Contrast tabby).Contrast", ("cat", _cat)));
        Assert.Equal(3, _engine.Run<int>("(Get-ClassActivationMap $cat -Contrast auto).Contrast.Split(', ').Count", ("cat", _cat)));
        Assert.Equal("", _engine.Run<string>("(Get-ClassActivationMap $cat).Contrast", ("cat", _cat)));
    }

    [Fact]
    public void A_contrasts_strength_decides_how_much_is_subtracted()
    {
        const string Script = "(Get-ClassActivationMap $cat -Contrast tabby -ContrastStrength $strength).Map[3][3]";
        float plain = _engine.Run<float>(Script, ("cat", _cat), ("strength", 0));
        float half = _engine.Run<float>(Script, ("cat", _cat), ("strength", 0.5));
        float whole = _engine.Run<float>(Script, ("cat", _cat), ("strength", 1));

        Assert.Equal(plain, _engine.Run<float>("(Get-ClassActivationMap $cat).Map[3][3]", ("cat", _cat)));
        Assert.Equal((plain + whole) / 2, half, 1e-3);
        Assert.NotEqual(plain, whole);
    }

    [Fact]
    public void A_contrast_for_SoftmaxCam_ends_the_command() => Assert.StartsWith(
        "ContrastNotApplicable,",
        _engine.RunToError("Get-ClassActivationMap $cat -Method SoftmaxCam -Contrast Auto", ("cat", _cat)).FullyQualifiedErrorId,
        StringComparison.Ordinal);

    [Fact]
    public void A_concept_is_mapped_and_predicted_with_the_same_probability()
    {
        PSObject map = _engine.Run("Get-ClassActivationMap $cat -Concept cat", ("cat", _cat)).Single();
        IReadOnlyList<PSObject> predictions = _engine.Run("Get-Prediction $cat -Concept vehicle, cat, dog", ("cat", _cat));

        Assert.Equal(
            ("cat", "n02121620", -1),
            (map.Properties["Label"].Value, map.Properties["WordNetId"].Value, map.Properties["ClassIndex"].Value));
        Assert.Equal("cat", predictions[0].Properties["Label"].Value);
        Assert.Equal(map.Properties["Probability"].Value, predictions[0].Properties["Probability"].Value);
        Assert.Equal([1, 2, 3], predictions.Select(static p => (int)p.Properties["Rank"].Value));
        Assert.Single(_engine.Run("Get-Prediction $cat -Concept vehicle, cat, dog -Top 1", ("cat", _cat)));
    }

    [Fact]
    public void Classes_come_before_concepts_and_piped_predictions_keep_their_order()
    {
        Assert.Equal(
            ["tabby", "cat"],
            _engine.Run("(Get-ClassActivationMap $cat -Class tabby -Concept cat).Label", ("cat", _cat))
                .Select(static label => label.ToString()));
        Assert.Equal(
            ["animal", "Egyptian_cat"],
            _engine.Run(
                "(& { Get-Prediction $cat -Concept animal; Get-Prediction $cat -Top 1 } | Get-ClassActivationMap).Label", ("cat", _cat))
                .Select(static label => label.ToString()));
    }

    [Theory]
    [InlineData("vehicel", "ConceptNotFound", "Did you mean vehicle")]
    [InlineData("tabby", "ConceptNotFound", "-Class takes classes")]
    [InlineData("car", "ConceptAmbiguous", "n02959942 (a wheeled vehicle adapted to the rails")]
    public void A_concept_that_means_none_or_several_ends_the_command(string concept, string id, string hint)
    {
        foreach (string command in new[] { "Get-ClassActivationMap", "Get-Prediction" })
        {
            ErrorRecord error = _engine.RunToError($"{command} $cat -Concept $concept", ("cat", _cat), ("concept", concept));

            Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains(hint, error.ErrorDetails.Message, StringComparison.Ordinal);
            Assert.Equal(concept, error.TargetObject);
            Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
        }
    }

    [Fact]
    public void Concepts_are_listed_by_name_parent_and_class()
    {
        PSObject dog = _engine.Run("Get-CamConcept dog").Single();
        Assert.Equal(
            ("n02084071", "dog", 118),
            (dog.Properties["WordNetId"].Value, dog.Properties["Name"].Value, dog.Properties["ClassCount"].Value));
        Assert.True((int)dog.Properties["Depth"].Value > 5);
        Assert.Equal(860, _engine.Run("Get-CamConcept").Count);
        Assert.Equal(2, _engine.Run("Get-CamConcept car").Count);
        Assert.Equal(["n02084071"], _engine.Run("(Get-CamConcept 'Canis fam*').WordNetId").Select(static id => id.ToString()));
        Assert.Equal(
            ["abstraction", "physical_entity"],
            _engine.Run("(Get-CamConcept -Parent entity).Name").Select(static n => n.ToString()).Order());
        Assert.Equal("entity", _engine.Run("(Get-CamConcept -Class tabby).Name")[^1].ToString());
        Assert.Equal(118, _engine.Run("Get-CamClass -Concept dog").Count);
    }

    [Fact]
    public void A_concept_that_is_not_there_is_an_error_and_the_rest_goes_on()
    {
        Assert.Single(_engine.Run("Get-CamConcept nothing_like_it, dog"));

        Assert.StartsWith("ConceptNotFound,", Assert.Single(_engine.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-ClassActivationMap x.jpg -Concept musical", "musical_instrument", "26 classes")]
    [InlineData("Get-Prediction x.jpg -Concept 'domestic d", "dog", "118 classes")]
    [InlineData("Get-CamConcept -Parent n0208407", "dog", "n02084071")]
    [InlineData("Get-ClassActivationMap x.jpg -Concept car", "n02959942", "rails of railroad")]
    [InlineData("Get-ClassActivationMap x.jpg -Contrast Au", "Auto", "most probable")]
    [InlineData("Get-ClassActivationMap x.jpg -Contrast tabb", "tabby", "n02123045")]
    [InlineData("Get-ClassActivationMap x.jpg -Method Ablat", "AblationCam", "AblationCam")]
    public void Completion_offers_names_with_their_meaning(string line, string completion, string tooltip)
    {
        using PowerShell shell = _engine.Start("");
        CompletionResult result = CommandCompletion.CompleteInput(line, line.Length, null, shell).CompletionMatches
            .First(match => match.CompletionText == completion);

        Assert.Contains(tooltip, result.ToolTip, StringComparison.Ordinal);
    }

    [Fact]
    public void Maps_of_several_methods_are_drawn_to_files_of_their_own_and_survive_serialization()
    {
        using var folder = new TestFolder();

        IReadOnlyList<PSObject> files = _engine.Run(
            "Get-ClassActivationMap $cat -Method LayerCam, EigenCam -Contrast Auto -Scale 1,1.5 | Export-CamOverlay"
            + " -DestinationPath $folder",
            ("cat", _cat), ("folder", folder.Path));

        Assert.Equal(
            [
                "chelsea.Egyptian_cat.LayerCam.not-tiger_cat+tabby+lynx.scale-1+1_5.cam.jpg",
                "chelsea.Egyptian_cat.EigenCam.not-tiger_cat+tabby+lynx.scale-1+1_5.cam.jpg",
            ],
            files.Select(static f => f.Properties["Name"].Value));
        PSObject map = _engine.Run("Get-ClassActivationMap $cat -Method LayerCam -Contrast Auto -Scale 1,1.5", ("cat", _cat)).Single();
        var copy = (PSObject)PSSerializer.Deserialize(PSSerializer.Serialize(map, 3));
        Assert.Equal("LayerCam", copy.Properties["Method"].Value.ToString());
        Assert.Single(_engine.Run("$map | Export-CamOverlay -DestinationPath $folder", ("map", copy), ("folder", folder.Path)));
        Assert.Empty(_engine.Errors);
    }
}
