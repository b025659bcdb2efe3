using System.Management.Automation;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClassActivation.Batch;
using ClassActivation.Commands;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Batch;

/// <summary>Whatever a map can be asked a batch can, and its description can be read by later versions of the module.</summary>
public sealed class BatchQuestionTests : IDisposable
{
    private static readonly Dictionary<string, string> NotAsked = new()
    {
        ["Path"] = "a batch lists photos and folders itself",
        ["LiteralPath"] = "its -Path takes a file of exactly that name as it is",
        ["InputObject"] = "other machines see files, and no memory",
        ["InputStream"] = "other machines see files, and no memory",
        ["Name"] = "names photos from memory",
        ["Prediction"] = "a batch asks the same about all photos",
        ["PhotoOf"] = "other machines see files, and no results",
        ["Expected"] = "sets each photo against its own answer; Receive-CamBatch gives what Get-ClassActivationMap asks so again",
        ["ExpectedFromFolder"] = "sets each photo against its own answer",
        ["ExpectedPath"] = "sets each photo against its own answer",
        ["IncludeActivation"] = "feature maps are not kept",
        ["Device"] = "is the machine's: of Invoke-CamBatch",
        ["ThrottleLimit"] = "is the machine's: of Invoke-CamBatch",
        ["InStep"] = "results come by the shard",
        ["Isolated"] = "a worker of a batch is a process that may end: its shard is computed again",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_batch_is_asked_whatever_a_map_can_be_asked_in_the_same_words()
    {
        Dictionary<string, PropertyInfo> ofBatch = Parameters(typeof(NewCamBatchCommand));
        Dictionary<string, PropertyInfo> ofMap = Parameters(typeof(GetClassActivationMapCommand));
        var (batch, map) = (new NewCamBatchCommand(), new GetClassActivationMapCommand());

        Assert.Empty(NotAsked.Keys.Except(ofMap.Keys));
        Assert.Equal([], ofMap.Keys.Except(NotAsked.Keys).Except(ofBatch.Keys));
        foreach (PropertyInfo asked in ofMap.Values.Where(static parameter => !NotAsked.ContainsKey(parameter.Name)))
        {
            PropertyInfo parameter = ofBatch[asked.Name];
            Assert.Equal((asked.Name, asked.PropertyType), (parameter.Name, parameter.PropertyType));
            Assert.Equal(Json(asked.GetValue(map)), Json(parameter.GetValue(batch)));
            Assert.Equal(Conditions(asked), Conditions(parameter));
        }
    }

    [Fact]
    public void The_interface_of_a_question_has_all_its_parameters_but_how_photos_are_shown()
    {
        string[] shown = ["Decoding", "Fit", "Frame", "Model", "Resampling"];
        IEnumerable<string> asked = Parameters(typeof(GetClassActivationMapCommand)).Keys.Except(NotAsked.Keys).Except(shown);

        Assert.Equal(asked.Order(), typeof(IMapQuestion).GetProperties().Select(static property => property.Name).Order());
    }

    [Fact]
    public void A_description_comes_back_as_it_was_written()
    {
        BatchDescription asked = Description() with
        {
            Reading = PhotoReading.AsStored,
            Frames = [],
            SimilarTo = new BatchLikeness("/é [1].png", "0A"),
            Layers = ["conv, 1", "b"],
            MaxStep = 17,
            Masking = new MaskingSettings { Window = 9, Stride = 3, MaskCount = 12, Baseline = MaskBaseline.Black },
        };

        BatchDescription read = Write(asked).Description;

        Assert.Equal(Json(asked with { PhotoCount = 1, ShardCount = 1 }), Json(read));
    }

    [Fact]
    public void A_description_of_the_first_format_asks_what_it_asked()
    {
        BatchFolder batch = Write(Description());
        string file = Path.Combine(batch.FullName, "batch.json");
        JsonObject document = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        foreach (string later in new[] { "reading", "frames", "similarTo", "layers", "maxStep", "masking" })
        {
            Assert.True(document.Remove(later), later);
        }

        document["format"] = 1;
        File.WriteAllText(file, document.ToJsonString());

        Assert.Equal(Json(batch.Description with { Format = 1 }), Json(BatchFolder.Open(batch.FullName).Description));
    }

    [Fact]
    public void A_description_of_a_later_format_is_refused()
    {
        BatchException error = Assert.Throws<BatchException>(
            () => Write(Description() with { Format = BatchDescription.CurrentFormat + 1 }));

        Assert.Equal(BatchFailure.Invalid, error.Failure);
        Assert.Contains("later version", error.Message, StringComparison.Ordinal);
    }

    private static BatchDescription Description() => new() { Model = "m", ModelHash = "00", ShardSize = 1 };

    private BatchFolder Write(BatchDescription description)
    {
        using var listing = new BatchListing(_folder.File("job"), description);
        listing.Add("/a.jpg");
        return listing.Complete();
    }

    private static string Json(object? value) => JsonSerializer.Serialize(value);

    private static Dictionary<string, PropertyInfo> Parameters(Type cmdlet) => cmdlet.GetProperties()
        .Where(static property => property.IsDefined(typeof(ParameterAttribute), inherit: true))
            .ToDictionary(static property => property.Name);

    // What is asked is validated and completed alike.
    private static IEnumerable<string> Conditions(PropertyInfo parameter) => parameter.CustomAttributes
        .Where(
            static attribute =>
                attribute.AttributeType != typeof(ParameterAttribute)
                    && attribute.AttributeType.Namespace?.StartsWith("System.Runtime", StringComparison.Ordinal) != true)
        .Select(static attribute => attribute.ToString()).Order();
}
