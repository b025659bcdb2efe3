using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using Xunit.Abstractions;

namespace ClassActivation.Tests.Maps;

/// <summary>Concepts are what WordNet says, and their maps and probabilities those of their classes together.</summary>
public sealed class ConceptTests(ITestOutputHelper output)
{
    private const string Cat = "chelsea.png";

    private static ConceptTable Table => ClassTable.ImageNet.Concepts;

    [Theory]
    [InlineData("dog", "n02084071", 118)]
    [InlineData("domestic dog", "n02084071", 118)]
    [InlineData("Canis familiaris", "n02084071", 118)]
    [InlineData("n02084071", "n02084071", 118)]
    [InlineData("BIRD", "n01503061", 59)]
    [InlineData("musical-instrument", "n03800933", 26)]
    [InlineData("cat", "n02121620", 7)]
    [InlineData("entity", "n00001740", 1000)]
    public void A_concept_is_found_by_name_synonym_and_id(string text, string id, int classes)
    {
        Concept concept = Assert.Single(Table.Find(text));

        Assert.Equal(id, concept.WordNetId);
        Assert.Equal(classes, concept.ClassCount);
        Assert.Equal(concept.ClassIndexes.Distinct().Order(), concept.ClassIndexes);
    }

    [Fact]
    public void A_name_of_two_concepts_finds_both_and_a_misspelt_one_suggests()
    {
        Assert.Equal(["n02958343", "n02959942"], Table.Find("car").Select(static c => c.WordNetId));
        Assert.Empty(Table.Find("vehicel"));
        Assert.Contains("vehicle", Table.Suggest("vehicel"));
    }

    [Fact]
    public void All_860_concepts_hang_together()
    {
        Assert.Equal(860, Table.Count);
        Concept root = Assert.Single(Table, static c => c.Parents.Length == 0);
        Assert.Equal((0, "entity"), (root.Depth, root.Name));
        Dictionary<string, Concept> byId = Table.ToDictionary(static c => c.WordNetId);
        Assert.All(Table.Where(c => c != root), concept =>
        {
            Assert.Equal(concept.Depth, 1 + concept.Parents.Min(id => byId[id].Depth));
            Assert.All(concept.Parents, id => Assert.Subset(byId[id].ClassIndexes.ToHashSet(), concept.ClassIndexes.ToHashSet()));
        });
    }

    [Fact]
    public void The_hierarchy_can_be_walked_up_and_down()
    {
        ImageClass tabby = ClassTable.ImageNet.Find("tabby").Single();
        string[] above = [.. Table.Above(tabby).Select(static c => c.Name)];

        Assert.Equal("entity", above[^1]);
        Assert.Subset(above.ToHashSet(), new HashSet<string> { "cat", "feline", "carnivore", "mammal", "vertebrate", "animal" });
        Concept feline = Table.Find("feline").Single();
        Assert.Contains("cat", Table.ChildrenOf(feline).Select(static c => c.Name));
        Assert.Contains(tabby, Table.ClassesOf(feline));
    }

    [Fact]
    public void A_network_with_classes_of_its_own_has_no_concepts() => Assert.Empty(ClassTable.FromLabels(["bolt", "nut"]).Concepts);

    [Theory]
    [InlineData("cat")]
    [InlineData("animal")]
    [InlineData("vehicle")]
    public void A_concepts_map_is_the_mean_of_its_classes_maps_under_their_probabilities(string name)
    {
        Concept concept = Table.Find(name).Single();
        IReadOnlyList<ClassActivationMap> classes = SampleNetwork.Explain(Cat, new MapRequest { ClassIndexes = concept.ClassIndexes });

        ClassActivationMap map = SampleNetwork.Explain(Cat, new MapRequest { Concepts = [concept] }).Single();

        double total = classes.Sum(static c => c.Probability);
        Assert.Equal(total, map.Probability, 1e-6);
        float range = map.Maximum - map.Minimum;
        for (int i = 0; i < map.Values.Length; i++)
        {
            Assert.Equal(classes.Sum(c => c.Probability / total * c.Values[i]), map.Values[i], 1e-3 * range);
        }

        Assert.Equal((-1, concept.WordNetId, name), (map.ClassIndex, map.WordNetId, map.Label));
        Assert.Equal(Math.Log(classes.Sum(static c => Math.Exp(c.Logit))), map.Logit, 1e-3);
        Assert.Equal(map.Logit, map.Values.Average() + map.Bias, 1e-3);
    }

    [Fact]
    public void A_concepts_weights_are_the_gradient_of_its_logit()
    {
        // Through SoftmaxCam: the gradient of the concept's probability is P times that of its logit less the mean weights.
        Concept cat = Table.Find("cat").Single();
        ClassActivationMap[] members = [.. SampleNetwork.Explain(
            Cat, new MapRequest { ClassIndexes = cat.ClassIndexes, Methods = [CamMethod.SoftmaxCam] })];

        ClassActivationMap map = SampleNetwork.Explain(Cat, new MapRequest { Concepts = [cat], Methods = [CamMethod.SoftmaxCam] }).Single();

        float range = map.Maximum - map.Minimum;
        Assert.All(Enumerable.Range(0, map.Values.Length), i => Assert.Equal(members.Sum(m => m.Values[i]), map.Values[i], 1e-3 * range));
    }

    [Fact]
    public void Concepts_are_ranked_by_probability()
    {
        Concept[] concepts = [Table.Find("vehicle").Single(), Table.Find("cat").Single(), Table.Find("animal").Single()];

        IReadOnlyList<Prediction> predictions =
            new PhotoExplainer(SampleNetwork.Model, new InputSettings()).PredictConcepts(SampleNetwork.Photo(Cat), concepts);

        Assert.Equal(["animal", "cat", "vehicle"], predictions.Select(static p => p.Label));
        Assert.Equal([1, 2, 3], predictions.Select(static p => p.Rank));
        Assert.All(predictions, static p => Assert.Equal(-1, p.ClassIndex));
        Assert.InRange(predictions[1].Probability, 0.95, predictions[0].Probability);
        Assert.InRange(predictions[2].Probability, 0, 0.01);
    }

    [SkippableFact]
    public void The_coarse_answer_is_right_far_more_often_than_the_fine_one()
    {
        string[] names =
        [
            "dog", "feline", "bird", "reptile", "fish", "insect", "primate", "ungulate",
            "vehicle", "furniture", "musical_instrument", "clothing", "building", "n07555863", "geological_formation",
        ];
        Concept[] concepts = [.. names.Select(static name => Table.Find(name).Single())];
        Assert.Equal(concepts.Sum(static c => c.ClassCount), concepts.SelectMany(static c => c.ClassIndexes).Distinct().Count());
        var explainer = new PhotoExplainer(SampleNetwork.Model, new InputSettings());
        int photos = 0, fine = 0, coarse = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Locations.Reference(), "imagenet-200"), "n*_*"))
        {
            int truth = ClassTable.ImageNet.Find(Path.GetFileName(file).Split('_')[0]).Single().Index;
            if (concepts.SingleOrDefault(c => c.ClassIndexes.Contains(truth)) is not { } concept)
            {
                continue;
            }

            ClassActivation.Photos.PhotoSource source = ClassActivation.Photos.PhotoSource.FromFile(file);
            photos++;
            fine += explainer.Predict(source, 1)[0].ClassIndex == truth ? 1 : 0;
            coarse += explainer.PredictConcepts(source, concepts)[0].WordNetId == concept.WordNetId ? 1 : 0;
        }

        output.WriteLine($"{photos} photos: class right {fine}, concept right {coarse}");
        Assert.True(photos > 80);
        Assert.True(photos - coarse <= (photos - fine) / 3.0, $"{photos - coarse} concepts wrong, {photos - fine} classes wrong");
    }
}
