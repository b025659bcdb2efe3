using System.Text;
using System.Text.RegularExpressions;
using ClassActivation.Batch;
using ClassActivation.Gradients;
using ClassActivation.Import;
using ClassActivation.Inference;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;
using ClassActivation.Photos;
using ClassActivation.Photos.Containers;
using ClassActivation.Photos.Formats;
using Microsoft.ML.OnnxRuntime;
using OnnxValueType = ClassActivation.Onnx.OnnxValueType;
using DataType = ClassActivation.Onnx.Schema.TensorProto.Types.DataType;

namespace ClassActivation.Tests.Seams;

/// <summary>The examples of docs/seams work, and every seam has one.</summary>
public sealed class SeamTests
{
    // Not seams of the library: one with a single file behind it, and one of a single file.
    private static readonly string[] NoSeams = ["IMapQuestion", "IParquetColumn"];

    private static readonly string Pages = Path.Combine(Locations.Repository(), "docs", "seams");

    private static MapTarget Target => new()
    {
        ClassIndex = 0,
        WordNetId = "",
        Label = "a",
        Members = [0],
        Rank = 1,
        Probability = 1,
        Logit = 0,
        Shares = [1, 0],
        Weights = [],
        Bias = 0,
    };

    [Fact]
    public void A_layer_method_sums_what_it_is_given()
    {
        // Two feature maps of 2 × 2 places.
        long[] dims = [1, 2, 2, 2];
        var pass = new LayerPass(null!, null!, [new TensorValues([1, 2, 3, 4, 5, 6, 7, 8], dims)], [], FeatureLayout.Of(dims)!);

        float[] map = new ExampleLayerMethod().Map(new ExplainedLayer(Target, pass, [1, 0, 0, 2, 10, 20, 30, 0], CancellationToken.None));

        Assert.Equal([1 + (5 * 10), 6 * 20, 7 * 30, 4 * 2], map);
    }

    [Fact]
    public void A_masking_method_says_what_the_score_loses()
    {
        var method = new ExampleMaskingMethod();

        Assert.Equal([1, 1, 0, 0, 1, 1, 0, 0], method.Mask(1, 4, 2, new MaskingSettings()));
        float[] map = method.Map(new MaskedAnswers(4, 2, new MaskingSettings(), [5, 0], [[2, 9], [4, 9]], [[1, 0], [1, 0]]), Target);
        Assert.Equal([3, 3, 1, 1, 3, 3, 1, 1], map);
    }

    [Theory]
    [InlineData("Sinh", 0.7, 3 * 1.2551690056309)] // 3 · cosh 0.7
    [InlineData("Cosh", 0.7, 3 * 0.7585837018395)]
    public void A_rule_writes_its_formula(string type, float x, double expected)
    {
        var model = new ModelProto { IrVersion = 8, Graph = new GraphProto { Name = "g" } };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 17 });
        var value = new OnnxValueType(DataType.Float, [1]);
        model.Graph.Input.Add(value.ToValueInfo("x"));
        model.Graph.Input.Add(value.ToValueInfo("d"));
        model.Graph.Output.Add(value.ToValueInfo("y"));
        model.Graph.Node.Add(new NodeProto { OpType = type, Input = { "x" }, Output = { "y" } });
        var graph = new OnnxGraph(model);
        string? gradient = null;
        var node = new DifferentiatedNode(
            graph, graph.Nodes.Single(), ["d"], static name => name == "x", (_, given) => gradient = given);

        new ExampleGradientRules().Rules.Single(rule => rule.Operator == type).Step(node, new GradientWriter(graph));

        graph.SetType(gradient!, value);
        graph.SetOutputs(gradient!);
        using var options = new SessionOptions();
        using InferenceSession session = graph.OpenSession(options);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory<float>([x], [1]);
        using OrtValue cotangent = OrtValue.CreateTensorValueFromMemory<float>([3], [1]);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, ["x", "d"], [input, cotangent], [gradient!]);
        Assert.Equal(expected, results[0].GetTensorDataAsSpan<float>()[0], 1e-5);
    }

    [Fact]
    public void A_weight_store_gives_tensors_by_name_and_says_what_is_wrong()
    {
        using var store = new ExampleWeightStore(["bias: 1 -2.5", "odd: x"]);

        Assert.Equal(["bias", "odd"], store.Names);
        Assert.Equal([2], store.DimsOf("bias"));
        Assert.Equal([1, -2.5f], store.Read("bias").Data);
        string message = Assert.Throws<ModelImportException>(() => store.Read("odd")).Message;
        Assert.Contains("'x', which is no number", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_gives_size_and_pixels()
    {
        byte[] file = [.. Encoding.ASCII.GetBytes("P5\n2 1\n255\n"), 7, 200];
        var reader = new ExamplePictureReader();

        Assert.Equal((2, 1), reader.ReadSize(file));
        Assert.Equal([7, 7, 7, 255, 200, 200, 200, 255], reader.Read(file).Pixels);
        Assert.Equal(PictureReadFailure.Damaged, Assert.Throws<PictureReadException>(() => reader.ReadSize("P6"u8.ToArray())).Failure);
    }

    [Fact]
    public void Rows_come_back()
    {
        var rows = new ExampleBatchRows();
        using var stream = new MemoryStream();
        using (IBatchRowWriter writer = rows.Write(stream))
        {
            writer.Add(new BatchRow { Number = 3, Answer = 1, Photo = new PhotoIdentity { Path = "/a b.jpg" } });
            writer.Complete();
        }

        stream.Position = 0;
        Assert.Equal((3, "/a b.jpg"), rows.Read(stream).Select(static row => (row.Number, row.Photo.Path)).Single());
        Assert.Throws<FormatException>(() => rows.Read(new MemoryStream("x\n"u8.ToArray())).Count());
    }

    [Fact]
    public void A_service_answers()
    {
        using var request = new MemoryStream();
        using var reply = new MemoryStream();
        var numbers = new BinaryWriter(request);
        foreach (int number in (int[])[2, 40, 2])
        {
            numbers.Write(number);
        }

        request.Position = 0;
        new ExampleWorkerService().Handle(new BinaryReader(request), new BinaryWriter(reply));
        Assert.Equal(42, BitConverter.ToInt64(reply.ToArray()));
    }

    [Fact]
    public void A_container_that_holds_nothing_says_so()
    {
        var container = new ExamplePictureContainer();

        Assert.True(container.Recognizes(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Photos", "picture.bmp"))));
        Assert.Null(container.Read(Stream.Null, PictureParts.Xmp).Xmp);
        Assert.Throws<InvalidDataException>(() => container.With([], [], null));
    }

    [Fact]
    public void The_pages_show_the_examples_as_they_are_compiled()
    {
        string examples = Path.Combine(Locations.Repository(), "tests", "ClassActivation.Tests", "Seams");
        string[] compiled = [.. Directory.EnumerateFiles(examples, "Example*.cs").Select(static file => Body(File.ReadAllText(file)))];

        string[] shown = [.. Directory.EnumerateFiles(Pages, "*.md").SelectMany(static page => Blocks(File.ReadAllText(page)))];

        Assert.Equal(compiled.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_seam_has_a_page()
    {
        string source = Path.Combine(Locations.Repository(), "src", "ClassActivation.Core");
        string text = string.Concat(Directory.EnumerateFiles(Pages, "*.md").Select(File.ReadAllText));
        string[] seams =
        [
            .. Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
                .Where(static file => !file.Split(Path.DirectorySeparatorChar).Contains("obj"))
                .SelectMany(static file => Regex.Matches(File.ReadAllText(file), @"\binterface (I[A-Z]\w+)"))
                .Select(static match => match.Groups[1].Value).Except(NoSeams).Order(StringComparer.Ordinal),
        ];

        Assert.NotEmpty(seams);
        Assert.All(seams, seam => Assert.Contains($"`{seam}`", text, StringComparison.Ordinal));
    }

    private static string Body(string file)
    {
        string text = file.ReplaceLineEndings("\n");
        return text[text.IndexOf("/// <summary>", StringComparison.Ordinal)..].Trim();
    }

    private static IEnumerable<string> Blocks(string page) => page.ReplaceLineEndings("\n").Split("```csharp\n").Skip(1)
        .Select(static part => part[..part.IndexOf("```", StringComparison.Ordinal)].Trim());
}
