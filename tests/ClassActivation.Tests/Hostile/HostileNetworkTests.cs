using System.Globalization;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Onnx.Schema;
using ClassActivation.Tests.Quantization;
using Google.Protobuf;
using Edit = System.Action<ClassActivation.Onnx.Schema.ModelProto>;

namespace ClassActivation.Tests.Hostile;

/// <summary>ONNX files that were made or damaged to do harm: one clear error each, before the runtime sees them.</summary>
public sealed class HostileNetworkTests : IDisposable
{
    private const long MostBytes = 8 << 20;

    private static readonly OptimizedNetworkCache NoCache = new(null);

    private static readonly Dictionary<string, (Edit Edit, string Message)> Refusals = new()
    {
        ["offset below zero"] = (model => Entry(model, "offset", "-4096"), "has '-4096' as the offset of the tensor 'conv2.weight'"),
        ["offset beyond 2^63"] = (model => Entry(model, "offset", "9223372036854775808"), "has '9223372036854775808' as the offset"),
        ["offset of 2^63 - 1"] = (model => Entry(model, "offset", "9223372036854775807"), "is cut short"),
        ["offset behind the end"] = (model => Entry(model, "offset", "1048576"), "is cut short"),
        ["offset in words"] = (model => Entry(model, "offset", "0x0"), "has '0x0' as the offset"),
        ["length below zero"] = (model => Entry(model, "length", "-1"), "has '-1' as the length"),
        ["length of 2^63 - 1"] = (model => Entry(model, "length", "9223372036854775807"), "whose dimensions need 2304"),
        ["length too small"] = (model => Entry(model, "length", "2300"), "keeps 2300 bytes for the tensor 'conv2.weight'"),
        ["a key twice"] = (
            model => Stored(model).ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = "0" }),
            "says 'offset' of the external data"),
        ["packed weights"] = (
            model => Stored(model).ExternalData.Add(new StringStringEntryProto { Key = "prepacked_0", Value = "key|0;9999999;0" }),
            "says 'prepacked_0' of the external data"),
        ["an overlap"] = (model => Entry(model, "offset", "512", tensor: 1), "has tensors that overlap"),
        ["no location"] = (model => Entry(model, "location", ""), "outside of its own folder"),
        ["dimensions of 2^62"] = (model => Stored(model).Dims[0] = 1L << 62, "which no tensor can have"),
        ["dimensions whose product is 0 in 64 bits"] = (model => Stored(model).Dims.Add([1L << 32, 1L << 32]), "which no tensor can have"),
        ["a dimension below zero"] = (model => Stored(model).Dims[0] = -8, "which no tensor can have"),
        ["two dimensions below zero"] = (model => (Stored(model).Dims[0], Stored(model).Dims[1]) = (-8, -8), "which no tensor can have"),
        ["dimensions of a gigabyte"] = (
            model => Tensor(model, "classifier.bias").Dims[0] = 1L << 30, "holds less or more data for the tensor 'classifier.bias'"),
        ["a gigabyte of labels"] = (
            model => (Tensor(model, "classifier.bias").Dims[0], Tensor(model, "classifier.weight").Dims[1]) = (1L << 40, 1L << 40),
            "holds less or more data"),
        ["an unknown type of element"] = (model => Stored(model).DataType = 99, "elements of an unknown type (99)"),
        ["texts as external data"] = (
            model => Stored(model).DataType = (int)TensorProto.Types.DataType.String, "elements of an unknown type (8)"),
        ["a constant node outside"] = (
            model => model.Graph.Node[0].Attribute.Add(
                new AttributeProto { Name = "value", T = Outside() }), "at '../secret', outside of its own folder"),
        ["a subgraph outside"] = (model => model.Graph.Node[0].Attribute.Add(Nested(5)), "at '../secret', outside of its own folder"),
        ["sparse tensors"] = (
            model => model.Graph.SparseInitializer.Add(new SparseTensorProto { Dims = { 1L << 40 } }), "holds sparse tensors"),
        ["sparse attributes"] = (
            model => model.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "x", SparseTensor = new SparseTensorProto() }),
            "holds sparse tensors"),
        ["functions"] = (model => model.Functions.Add(Recursive()), "defines operators of its own, such as 'again'"),
        ["custom operators"] = (
            model => (model.Graph.Node[1].Domain, model.Graph.Node[1].OpType) = ("evil.lib", "Run"),
            "needs the operator 'Run' of the domain 'evil.lib'"),
        ["the runtime's internal operators"] = (
            model => model.Graph.Node[1].Domain = "com.microsoft.nchwc", "of the domain 'com.microsoft.nchwc'"),
        ["unknown operators"] = (
            model => model.Graph.Node[1].OpType = "Frobnicate", "its operators are none that this version of the module knows"),
        ["an operator set of the future"] = (model => model.OpsetImport[0].Version = 9999, "cannot be loaded"),
        ["no operator set"] = (model => model.OpsetImport.Clear(), "cannot be loaded"),
        ["a margin of gigabytes"] = (
            model => Tensor(model, "pads").RawData = ByteString.CopyFrom(
                [.. Tensor(model, "pads").RawData.ToByteArray()[..^8], 0, 0, 1, 0, 0, 0, 0, 0]),
            "has a window or a margin of 65536 in the node 'pad' (Pad)"),
        ["a window of gigabytes"] = (
            model => model.Graph.Node.First(static node => node.OpType == "MaxPool").Attribute[0].Ints[0] = 1L << 40,
            "has a window or a margin of 1099511627776"),
        ["no groups"] = (
            model => model.Graph.Node.Add(Dividing("ConvTranspose", "group")),
            "has 'group' 0 in the node 'dividing' (ConvTranspose), where 1 is the least"),
        ["groups below zero"] = (
            model => model.Graph.Node.Add(Dividing("Conv", "group", -4)), "has 'group' -4 in the node 'dividing' (Conv)"),
        ["no heads"] = (
            model => model.Graph.Node.Add(Dividing("Attention", "kv_num_heads")),
            "has 'kv_num_heads' 0 in the node 'dividing' (Attention)"),
        ["no groups in a part of the graph"] = (
            model => model.Graph.Node[0].Attribute.Add(
                new AttributeProto { Name = "body", G = new GraphProto { Node = { Dividing("ConvTranspose", "group") } } }),
            "has 'group' 0"),
        ["frames of sound"] = (
            model => model.Graph.Node.Add(
                new NodeProto { OpType = "STFT", Output = { "sound" } }), "has the operator 'STFT', which is for sound"),
        ["a loop of nodes"] = (model => model.Graph.Node[0].Input[0] = model.Graph.Node[^1].Output[0], "cannot be loaded"),
        ["a value computed twice"] = (model => model.Graph.Node.Add(model.Graph.Node[0].Clone()), "computes the value 'cast' twice"),
        ["a missing initializer"] = (model => model.Graph.Initializer.Remove(Tensor(model, "conv1.bias")), "cannot be loaded"),
        ["NaN in the classifier"] = (model => Fill(Tensor(model, "classifier.weight"), float.NaN), "'classifier.weight' of the network"),
        ["infinity in the classifier"] = (
            model => Fill(Tensor(model, "classifier.bias"), float.PositiveInfinity), "holds values that are not finite numbers"),
        ["a damaged table of layers"] = (model => Meta(model, "layers", "[null]"), "The table of layers in"),
        ["a deep table of layers"] = (model => Meta(model, "layers", new string('[', 100_000)), "The table of layers in"),
    };

    private static readonly Dictionary<string, (Edit Edit, string Message)> OtherNetworks = new()
    {
        ["another input"] = (model => model.Graph.Input[0].Name = "pixels", "it takes 'pixels', not 'image' alone"),
        ["a second input"] = (
            model => model.Graph.Input.Add(new ValueInfoProto { Name = "mask" }), "it takes 'image', 'mask', not 'image' alone"),
        ["an input of floats"] = (model => model.Graph.Input[0].Type.TensorType.ElemType = 1, "does not take 8-bit numbers"),
        ["an output of integers"] = (
            model => model.Graph.Output[1].Type.TensorType.ElemType = 7, "its output 'predictions' is not one of float32 numbers"),
        ["the classifier as integers"] = (
            model => Tensor(model, "classifier.bias").DataType = (int)TensorProto.Types.DataType.Int32,
            "its 'classifier.bias' does not hold floating-point numbers"),
        ["a missing output"] = (model => model.Graph.Output.RemoveAt(0), "without the outputs 'activations' and 'predictions'"),
        ["a missing classifier"] = (model => model.Graph.Initializer.Remove(Tensor(model, "classifier.bias")), "and the initializers"),
        ["a classifier of one dimension"] = (model => Reshape(Tensor(model, "classifier.weight"), 80), "weights of (80) and biases of (5)"),
        ["a classifier of three dimensions"] = (model => Reshape(Tensor(model, "classifier.weight"), 16, 5, 1), "weights of (16, 5, 1)"),
        ["a classifier of no classes"] = (NoClasses, "weights of (16, 0) and biases of (0)"),
        ["a classifier of other classes"] = (
            model => Reshape(Tensor(model, "classifier.weight"), 20, 4), "weights of (20, 4) and biases of (5)"),
    };

    // The runtime divides by these attributes; without the check each ends the process of the tests (SIGFPE).
    private static NodeProto Dividing(string type, string attribute, long value = 0) => new()
    {
        OpType = type,
        Name = "dividing",
        Output = { "quotient" },
        Attribute = { new AttributeProto { Name = attribute, Type = AttributeProto.Types.AttributeType.Int, I = value } },
    };

    private readonly TemporaryFolder _folder = new();

    public HostileNetworkTests() => ResidualNetwork.Write(Network);

    public static TheoryData<string> RefusalNames => [.. Refusals.Keys];

    public static TheoryData<string> OtherNetworkNames => [.. OtherNetworks.Keys];

    private string Network => _folder.File("net.onnx");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(RefusalNames))]
    public void A_damaged_or_hostile_file_is_refused(string name) => Refused(Refusals[name], ModelFailure.Unreadable);

    [Theory]
    [MemberData(nameof(OtherNetworkNames))]
    public void A_network_of_another_form_is_refused(string name) => Refused(OtherNetworks[name], ModelFailure.NotDualOutput);

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../secret")]
    [InlineData("a/../../secret")]
    [InlineData(@"..\secret")]
    [InlineData(@"a/..\..\secret")]
    [InlineData(@"C:\secret")]
    [InlineData("C:secret")]
    [InlineData(@"\\server\share\secret")]
    [InlineData("//server/share/secret")]
    [InlineData(@"\secret")]
    [InlineData("*/_ORT_MEM_ADDR_/*")]
    [InlineData("secret\0.data")]
    public void External_data_outside_of_the_folder_is_refused(string location) =>
        Refused(
            (model => Entry(model, "location", location), $"at '{ShownText.Of(location)}', outside of its own folder;"
                + " such a model is not read."),
            ModelFailure.Unreadable);

    [Theory]
    [InlineData("%2e%2e/secret")]
    [InlineData("%TEMP%/secret")]
    [InlineData("$HOME/secret")]
    [InlineData("~/secret")]
    public void Names_of_external_data_are_not_expanded(string location) =>
        Refused(
            (model => Entry(model, "location", location), $"The data file '{Path.Combine(_folder.Path, location)}'"),
            ModelFailure.Unreadable);

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Links_that_lead_outside_are_refused(bool ofFolder)
    {
        using var outside = new TemporaryFolder();
        File.Move(Network + ".data", outside.File("secret"));
        string location = ofFolder ? "sub/secret" : "secret";
        Link(ofFolder ? _folder.File("sub") : _folder.File("secret"), ofFolder ? outside.Path : outside.File("secret"), ofFolder);

        Refused((model => Entries(model, "location", location), "outside of its own folder"), ModelFailure.Unreadable);
    }

    [SkippableFact]
    public void Links_that_go_in_circles_are_refused()
    {
        Link(_folder.File("one"), _folder.File("two"), ofFolder: false);
        Link(_folder.File("two"), _folder.File("one"), ofFolder: false);

        Refused((model => Entry(model, "location", "one"), "outside of its own folder"), ModelFailure.Unreadable);
    }

    [SkippableFact]
    public void A_network_whose_files_are_links_into_one_folder_is_loaded()
    {
        using var links = new TemporaryFolder();
        Link(links.File("net.onnx"), Network, ofFolder: false);
        Link(links.File("net.onnx.data"), Network + ".data", ofFolder: false);

        using CamModel model = CamModel.Load(links.File("net.onnx"), NoCache);

        model.Run(ChildProgram.Grey()).Dispose();
    }

    [Fact]
    public void External_data_in_a_folder_below_is_read()
    {
        Directory.CreateDirectory(_folder.File("sub"));
        File.Move(Network + ".data", _folder.File("sub/100% of it.data"));
        Change(model => Entries(model, "location", "sub/100% of it.data"));

        using CamModel model = CamModel.Load(Network, NoCache);

        model.Run(ChildProgram.Grey()).Dispose();
        Assert.Equal(new FileInfo(Network).Length + new FileInfo(_folder.File("sub/100% of it.data")).Length, model.Info.Length);
    }

    [Fact]
    public void Truncated_files_are_refused_at_every_length()
    {
        byte[] model = File.ReadAllBytes(Network);
        for (int length = 0; length < model.Length; length += length < 200 ? 1 : 37)
        {
            File.WriteAllBytes(Network, model[..length]);
            Assert.Throws<ModelException>(() => CamModel.Load(Network, NoCache));
        }

        File.WriteAllBytes(Network, model);
        byte[] data = File.ReadAllBytes(Network + ".data");
        for (int length = 0; length < data.Length; length += 997)
        {
            File.WriteAllBytes(Network + ".data", data[..length]);
            ModelException e = Assert.Throws<ModelException>(() => CamModel.Load(Network, NoCache));
            Assert.Contains("is cut short", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Deeply_nested_graphs_are_refused()
    {
        byte[] nested = [];
        for (int i = 0; i < 2_000; i++)
        {
            // A graph (field 7) with a node (1) with an attribute (5) with a graph (6), and so on: written from the inside.
            nested = Field(6, Field(1, Field(5, nested)));
        }

        File.WriteAllBytes(Network, Field(7, Field(1, Field(5, nested))));

        Assert.Equal(ModelFailure.Unreadable, Assert.Throws<ModelException>(() => CamModel.Load(Network, NoCache)).Failure);

        static byte[] Field(int number, byte[] content)
        {
            var stream = new MemoryStream();
            using (var output = new CodedOutputStream(stream))
            {
                output.WriteTag(number, WireFormat.WireType.LengthDelimited);
                output.WriteBytes(ByteString.CopyFrom(content));
            }

            return stream.ToArray();
        }
    }

    [Theory]
    [InlineData("a\nb", 2)]
    [InlineData("imagenet", 1000)]
    public void Labels_that_are_not_as_many_as_the_classes_are_refused(string labels, int count)
    {
        Change(model => Meta(model, "labels", labels));

        ModelException e = Assert.Throws<ModelException>(() => CamModel.Load(Network, NoCache));

        Assert.Equal(ModelFailure.WrongLabels, e.Failure);
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"has {count} labels for 5 classes"), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_table_of_labels_is_counted_and_refused()
    {
        Change(static model => Meta(model, "labels", new string('\n', 5_000_000)));

        Assert.Equal(ModelFailure.WrongLabels, Assert.Throws<ModelException>(() => CamModel.Load(Network, NoCache)).Failure);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Outputs_that_are_not_finite_are_refused(float value)
    {
        Change(model => Fill(Tensor(model, "conv1.bias"), value));
        using CamModel model = CamModel.Load(Network, NoCache);

        ModelException e = Assert.Throws<ModelException>(() => model.Run(ChildProgram.Grey()));

        Assert.Equal(ModelFailure.NotFinite, e.Failure);
        Assert.Contains("The network 'net' gives values that are not finite numbers", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outputs_of_another_shape_than_the_file_says_are_refused()
    {
        // The pooled features, under the name of the feature maps.
        Change(static model =>
        {
            model.Graph.Node.Add(new NodeProto { OpType = "Identity", Name = "other", Input = { "gap" }, Output = { "flat maps" } });
            NodeProto last = model.Graph.Node.First(static node => node.Output[0] == "activations");
            last.Output[0] = "maps";
            foreach (NodeProto node in model.Graph.Node)
            {
                for (int i = 0; i < node.Input.Count; i++)
                {
                    node.Input[i] = node.Input[i] == "activations" ? "maps" : node.Input[i];
                }
            }

            model.Graph.Node[^1].Input[0] = "flat";
            model.Graph.Node[^1].Output[0] = "activations";
            model.Graph.Output[0].Type = null;
        });
        using CamModel model = CamModel.Load(Network, NoCache);

        ModelException e = Assert.Throws<ModelException>(() => model.Run(ChildProgram.Grey()));

        Assert.Equal(ModelFailure.NotDualOutput, e.Failure);
        Assert.Contains("gives 1 × 16 as 'activations' and 1 × 5 as 'predictions'", e.Message, StringComparison.Ordinal);
    }

    private void Refused((Edit Edit, string Message) refusal, ModelFailure failure)
    {
        Change(refusal.Edit);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelException e = Assert.Throws<ModelException>(() =>
        {
            using CamModel model = CamModel.Load(Network, NoCache);
            model.Info.ReadLayers();
        });

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        Assert.Equal(failure, e.Failure);
        Assert.Contains(refusal.Message, e.Message, StringComparison.Ordinal);
        Assert.Contains(Network, e.Message, StringComparison.Ordinal);
    }

    private void Change(Edit edit)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Network));
        edit(model);
        File.WriteAllBytes(Network, model.ToByteArray());
    }

    private static TensorProto Stored(ModelProto model, int index = 0) =>
        model.Graph.Initializer.Where(static tensor => tensor.ExternalData.Count > 0).ElementAt(index);

    private static TensorProto Tensor(ModelProto model, string name) => model.Graph.Initializer.Single(tensor => tensor.Name == name);

    private static void Entry(ModelProto model, string key, string value, int tensor = 0) =>
        Stored(model, tensor).ExternalData.Single(entry => entry.Key == key).Value = value;

    private static void Entries(ModelProto model, string key, string value)
    {
        foreach (StringStringEntryProto entry
            in model.Graph.Initializer.SelectMany(static tensor => tensor.ExternalData).Where(entry => entry.Key == key))
        {
            entry.Value = value;
        }
    }

    private static void Meta(ModelProto model, string key, string value) =>
        model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });

    private static void Fill(TensorProto tensor, float value) =>
        tensor.RawData = ByteString.CopyFrom(
            [.. Enumerable.Repeat(BitConverter.GetBytes(value), tensor.RawData.Length / 4).SelectMany(static b => b)]);

    private static TensorProto Reshape(TensorProto tensor, params long[] dims)
    {
        tensor.Dims.Clear();
        tensor.Dims.Add(dims);
        tensor.RawData = ByteString.CopyFrom(new byte[dims.Aggregate(4L, static (product, dim) => product * dim)]);
        return tensor;
    }

    private static void NoClasses(ModelProto model)
    {
        Reshape(Tensor(model, "classifier.bias"), 0);
        Reshape(Tensor(model, "classifier.weight"), 16, 0);
    }

    private static TensorProto Outside()
    {
        var tensor =
            new TensorProto { Name = "outside", DataType = 1, Dims = { 4 }, DataLocation = TensorProto.Types.DataLocation.External };
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "../secret" });
        return tensor;
    }

    private static AttributeProto Nested(int depth) => new()
    {
        Name = "body",
        Type = AttributeProto.Types.AttributeType.Graph,
        G = depth == 0
            ? new GraphProto { Initializer = { Outside() } }
            : new GraphProto { Node = { new NodeProto { OpType = "If", Attribute = { Nested(depth - 1) } } } },
    };

    private static FunctionProto Recursive() => new()
    {
        Name = "again",
        Domain = "ai.onnx",
        Node = { new NodeProto { OpType = "again", Domain = "ai.onnx" } },
    };

    private static void Link(string path, string target, bool ofFolder)
    {
        try
        {
            _ = ofFolder ? Directory.CreateSymbolicLink(path, target) : File.CreateSymbolicLink(path, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Skip.If(true, "Symbolic links cannot be made here.");
        }
    }
}
