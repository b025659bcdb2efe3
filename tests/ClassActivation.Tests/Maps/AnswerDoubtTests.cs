using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Tests.Truth;

namespace ClassActivation.Tests.Maps;

/// <summary>How doubtful an answer is, and what it is set against.</summary>
public sealed class AnswerDoubtTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ClassActivation-");

    public void Dispose() => _folder.Delete(recursive: true);

    // Computed with NumPy from the logits of all classes at all places (rounded to float16) and the formula in AnswerDoubt.
    [SkippableTheory]
    [InlineData("alps.jpg", 0.1752, 0.73549, 0.94836)]
    [InlineData("chelsea.png", 0.2170, 0.67752, 0.73409)]
    [InlineData("china.jpg", 0.2057, 0.34027, 1.75620)]
    [InlineData("coffee.png", 0.0097, 0.98792, 0.06521)]
    [InlineData("flower.jpg", 0.4390, 0.00679, 3.62844)]
    public void The_sample_photos_have_these_figures(string photo, double doubt, double margin, double entropy)
    {
        IReadOnlyList<Prediction> predictions = new PhotoExplainer(SampleNetwork.Model, new InputSettings())
            .Predict(SampleNetwork.Photo(photo), 3);

        Assert.All(predictions, prediction => Assert.Equal(doubt, prediction.Doubt!.Value, 5e-4));
        Assert.All(predictions, prediction => Assert.Equal(entropy, prediction.Entropy!.Value, 1e-4));
        Assert.Equal(margin, predictions[0].Margin!.Value, 1e-4);
        Assert.Equal(predictions[1].Probability - predictions[2].Probability, predictions[1].Margin!.Value, 1e-6);
    }

    [Fact]
    public void The_lead_is_that_at_the_place_where_it_is_largest()
    {
        TruthCase task = TruthCase.All[0];
        using CamModel model = task.Load(_folder.FullName);
        using ForwardPass pass = model.Run(new PhotoExplainer(model, new InputSettings()).ReadInput(TruthPicture.Draw(task.Picture)));

        // At a red cell the class has the logit 100 · 180 / 255, the other class 0, and neither of them 1.
        Assert.Equal((100 * 180 / 255.0) - 1, AnswerDoubt.LargestLead(0, [1, 2], model.Classifier, pass), 1e-3);
        // Of a class that no place speaks for, the least bad place.
        Assert.Equal(-1, AnswerDoubt.LargestLead(1, [0, 2], model.Classifier, pass), 1e-3);
    }

    [Fact]
    public void Of_a_network_that_it_was_not_learned_from_the_doubt_is_what_the_probability_leaves()
    {
        TruthCase task = TruthCase.All[2];
        using CamModel model = task.Load(_folder.FullName);

        IReadOnlyList<Prediction> predictions = new PhotoExplainer(model, new InputSettings()).Predict(TruthPicture.Draw(task.Picture), 3);

        Assert.Equal(1 - predictions[0].Probability, predictions[0].Doubt!.Value, 1e-6);
        Assert.Null(predictions[2].Margin);
        Assert.Equal(predictions.Sum(static p => -p.Probability * Math.Log(p.Probability)), predictions[1].Entropy!.Value, 1e-5);
    }

    [Fact]
    public void The_expected_class_is_given_where_it_is_not_among_the_best()
    {
        TruthCase task = TruthCase.All[0];
        using CamModel model = task.Load(_folder.FullName);
        PhotoExplainer explainer = new(model, new InputSettings());

        IReadOnlyList<Prediction> wrong = explainer.Predict(TruthPicture.Draw(task.Picture), 1, new ExpectedAnswer("other", [1]));
        IReadOnlyList<Prediction> right = explainer.Predict(TruthPicture.Draw(task.Picture), 1, new ExpectedAnswer("class", [0]));

        Assert.Equal(
            ["class 1 False other", "other 3 True other"], wrong.Select(static p => $"{p.Label} {p.Rank} {p.IsExpected} {p.Expected}"));
        Assert.Equal(["class 1 True class"], right.Select(static p => $"{p.Label} {p.Rank} {p.IsExpected} {p.Expected}"));
    }

    [SkippableFact]
    public void The_map_of_a_wrong_answer_adds_up_to_how_far_it_is_ahead()
    {
        var lynx = new ExpectedAnswer("lynx", [287]);
        PhotoExplainer explainer = new(SampleNetwork.Model, new InputSettings());
        Prediction[] predictions = [.. explainer.Predict(SampleNetwork.Photo("chelsea.png"), 1, lynx)];

        ClassActivationMap map = explainer.Explain(SampleNetwork.Photo("chelsea.png"), new MapRequest { Contrast = lynx.ToContrast() })[0];

        Assert.Equal(("Egyptian_cat", "lynx"), (map.Label, map.Contrast));
        Assert.Equal(predictions[0].Logit - predictions[1].Logit, map.Logit, 1e-4);
        Assert.Equal(map.Logit, map.Values.Average(static value => (double)value) + map.Bias, 1e-4);
    }

    [SkippableFact]
    public void The_map_of_a_right_answer_is_its_own_even_where_a_concept_was_expected()
    {
        Concept cat = SampleNetwork.Model.Classes.Concepts.Find("domestic cat")[0];
        ExpectedAnswer expected = new(cat.Name, cat.ClassIndexes) { Concept = cat };

        ClassActivationMap map = SampleNetwork.Explain("chelsea.png", new MapRequest { Contrast = expected.ToContrast() })[0];

        Assert.Equal(SampleNetwork.Explain("chelsea.png", new MapRequest())[0].Values, map.Values);
        Assert.Empty(map.Contrast);
        ClassActivationMap coffee = SampleNetwork.Explain("coffee.png", new MapRequest { Contrast = expected.ToContrast() })[0];
        Assert.Equal(("espresso", cat.Name), (coffee.Label, coffee.Contrast));
    }
}
