using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using ClassActivation.Interchange;
using ClassActivation.Localization;
using ClassActivation.Tests.Localization;

namespace ClassActivation.Tests.Interchange;

/// <summary>Boxes are written as other tools read them, and come back as they were.</summary>
public sealed class AnnotationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static readonly CamAnnotation[] Boxes =
    [
        Box("/photos/a/one.png", "crane", 134, 0, 0, 1, 1),
        Box("/photos/a/one.png", "crane", 517, 3, 5, 8, 13),
        Box("/photos/b/two.jpg", "<ü> & \"x\"", -1, 630, 426, 10, 1),
        Box("/photos/b/two.jpg", "crane", 134, 7, 11, 633, 416),
    ];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Coco_has_left_top_width_and_height()
    {
        using JsonDocument file = JsonDocument.Parse(AnnotationFiles.Write(Boxes, AnnotationFormat.Coco).Single().Content);
        JsonElement root = file.RootElement;

        Assert.Equal(
            ["a/one.png", "b/two.jpg"],
            root.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("file_name").GetString()));
        Assert.Equal([640, 640], root.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("width").GetInt32()));
        Assert.Equal(
            ["<ü> & \"x\"", "crane", "crane"],
            root.GetProperty("categories").EnumerateArray().Select(category => category.GetProperty("name").GetString()));
        JsonElement second = root.GetProperty("annotations")[1];
        Assert.Equal([3.0, 5, 8, 13], second.GetProperty("bbox").EnumerateArray().Select(edge => edge.GetDouble()));
        Assert.Equal(104, second.GetProperty("area").GetDouble());
        Assert.Equal((1, 3), (second.GetProperty("image_id").GetInt32(), second.GetProperty("category_id").GetInt32()));
    }

    [Fact]
    public void Pascal_voc_counts_from_one_and_has_the_last_pixel()
    {
        AnnotationFile file = AnnotationFiles.Write(Boxes, AnnotationFormat.PascalVoc)[0];
        XElement root = XElement.Parse(Encoding.UTF8.GetString(file.Content));

        Assert.Equal("one.xml", file.Name);
        Assert.Equal(["1", "1", "1", "1"], root.Elements("object").First().Element("bndbox")!.Elements().Select(edge => edge.Value));
        Assert.Equal(["4", "6", "11", "18"], root.Elements("object").Last().Element("bndbox")!.Elements().Select(edge => edge.Value));
        Assert.Equal("640 427 3", string.Join(' ', root.Element("size")!.Elements().Select(side => side.Value)));
    }

    [Fact]
    public void Yolo_has_the_centre_as_a_share()
    {
        AnnotationFile[] files = [.. AnnotationFiles.Write(Boxes, AnnotationFormat.Yolo, withScore: true)];

        Assert.Equal(["labels/one.txt", "labels/two.txt", "classes.txt", "class-indexes.txt"], files.Select(file => file.Name));
        string[] line = Encoding.UTF8.GetString(files[0].Content).Split('\n')[1].Split(' ');
        Assert.Equal("2", line[0]);
        Assert.Equal(
            [7.0 / 640, 11.5 / 427, 8.0 / 640, 13.0 / 427, 0.25],
            line[1..].Select(text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal("<ü> & \"x\"\ncrane\ncrane\n", Encoding.UTF8.GetString(files[2].Content));
    }

    [Theory]
    [InlineData(AnnotationFormat.Coco)]
    [InlineData(AnnotationFormat.PascalVoc)]
    [InlineData(AnnotationFormat.Yolo)]
    public void All_boxes_of_a_photo_come_back_to_the_pixel(AnnotationFormat format)
    {
        // Photos of prime sides, so that no share of them is a short number.
        string photos = _folder.File("photos");
        Directory.CreateDirectory(photos);
        var random = new Random(1);
        var boxes = new List<CamAnnotation>();
        foreach ((int width, int height) in new[] { (641, 431), (1, 1), (3, 7919) })
        {
            string path = Path.Combine(photos, $"{width}.bmp");
            File.WriteAllBytes(path, Bitmap(width, height));
            for (int i = 0; i < 200; i++)
            {
                int left = random.Next(width), top = random.Next(height);
                boxes.Add(
                    Box(
                        path,
                        i % 3 == 0 ? "crane" : "cat",
                        i % 2,
                        left,
                        top,
                        random.Next(width - left) + 1,
                        random.Next(height - top) + 1,
                        width,
                        height));
            }
        }

        string destination = _folder.File(format == AnnotationFormat.Coco ? "boxes.json" : "boxes");
        Write(boxes, format, destination);
        CamAnnotation[] read = [.. AnnotationFiles.Read(destination, photos)];

        Assert.Equal(boxes.Select(Describe).Order(StringComparer.Ordinal), read.Select(Describe).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(AnnotationFormat.Coco)]
    [InlineData(AnnotationFormat.PascalVoc)]
    [InlineData(AnnotationFormat.Yolo)]
    public void True_boxes_are_read_from_them(AnnotationFormat format)
    {
        string destination = _folder.File(format == AnnotationFormat.Coco ? "truth.json" : "truth");
        Write(
            [Box("/photos/a.jpg", "wallaby", -1, 2, 3, 4, 5, 17, 13), Box("/photos/a.jpg", "wombat", 105, 0, 0, 1, 1, 17, 13)],
            format,
            destination);

        Assert.Equal([new Box(2, 3, 6, 8)], GroundTruth.Read(destination).BoxesOf(SyntheticMap.Random(1)));
    }

    [Theory]
    [InlineData("x.json", "{}")]
    [InlineData("x.json", "{ \"images\": [], \"categories\": [], \"annotations\": [{ \"image_id\": 1 }] }")]
    [InlineData("x.json", "[1, 2")]
    [InlineData("x.json", "{ \"images\": [{ \"id\": 1, \"file_name\": null }], \"categories\": [], \"annotations\": [] }")]
    [InlineData(
        "x.json",
        "{ \"images\": [{ \"id\": 1, \"file_name\": \"a\" }], \"categories\": [{ \"id\": 1, \"name\": \"c\" }], \"annotations\": [{"
        + " \"image_id\": 1, \"category_id\": 1, \"bbox\": [0, 0, 0, 5] }] }")]
    [InlineData("x.xml", "<annotation>")]
    [InlineData("x.xml", "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><annotation><filename>&e;</filename></annotation>")]
    [InlineData("x.xml", "<annotation><filename>a</filename><object><name>c</name></object></annotation>")]
    [InlineData("x.xml", "<annotation><filename>a</filename><object><name>c</name><bndbox><xmin>5</xmin><ymin>1</ymin><xmax>4</xmax><ymax>9</ymax></bndbox></object></annotation>")]
    public void Other_files_are_refused_by_name(string name, string content)
    {
        string path = _folder.File(name);
        File.WriteAllText(path, content);

        Assert.Contains(
            path, Assert.Throws<InvalidDataException>(() => AnnotationFiles.Read(path).ToList()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 0.5 0.5 0.1")]
    [InlineData("x 0.5 0.5 0.1 0.1")]
    [InlineData("7 0.5 0.5 0.1 0.1")]
    [InlineData("0 0.5 NaN 0.1 0.1")]
    [InlineData("0.5 0.5 0.5 0.1 0.1")]
    [InlineData("-1 0.5 0.5 0.1 0.1")]
    public void A_line_of_yolo_that_is_no_box_is_named(string line)
    {
        File.WriteAllText(_folder.File("classes.txt"), "cat\n");
        File.WriteAllText(_folder.File("a.txt"), "0 0.5 0.5 1 1\n" + line);

        Assert.Contains(
            "line 2",
            Assert.Throws<InvalidDataException>(() => AnnotationFiles.Read(_folder.Path).ToList()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Photos_of_one_name_are_refused_where_they_would_share_a_file()
    {
        CamAnnotation[] boxes = [Box("/a/x.jpg", "c", 0, 0, 0, 1, 1), Box("/b/X.png", "c", 0, 0, 0, 1, 1)];

        Assert.Contains(
            "/b/X.png",
            Assert.Throws<ArgumentException>(() => AnnotationFiles.Write(boxes, AnnotationFormat.Yolo)).Message,
            StringComparison.Ordinal);
        Assert.Single(AnnotationFiles.Write(boxes, AnnotationFormat.Coco));
    }

    private static void Write(IReadOnlyList<CamAnnotation> boxes, AnnotationFormat format, string destination)
    {
        foreach (AnnotationFile file in AnnotationFiles.Write(boxes, format))
        {
            string path = file.Name.Length == 0 ? destination : Path.Combine(destination, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Content);
        }
    }

    private static CamAnnotation Box(
        string path, string label, int index, double left, double top, double width, double height, int photoWidth = 640,
        int photoHeight = 427) => new()
        {
            Path = path,
            Label = label,
            ClassIndex = index,
            Left = left,
            Top = top,
            Width = width,
            Height = height,
            PhotoWidth = photoWidth,
            PhotoHeight = photoHeight,
            Score = 0.25,
        };

    private static string Describe(CamAnnotation box) =>
        $"{box.Path} {box.Label} {box.ClassIndex} {box.Left:R} {box.Top:R} {box.Width:R} {box.Height:R} {box.PhotoWidth}×{box.PhotoHeight}";

    // A black picture of 24 bits.
    private static byte[] Bitmap(int width, int height)
    {
        int stride = ((3 * width) + 3) / 4 * 4;
        var bytes = new byte[54 + (stride * height)];
        bytes[0] = (byte)'B';
        bytes[1] = (byte)'M';
        BitConverter.TryWriteBytes(bytes.AsSpan(2), bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(10), 54);
        BitConverter.TryWriteBytes(bytes.AsSpan(14), 40);
        BitConverter.TryWriteBytes(bytes.AsSpan(18), width);
        BitConverter.TryWriteBytes(bytes.AsSpan(22), height);
        BitConverter.TryWriteBytes(bytes.AsSpan(26), (ushort)1);
        BitConverter.TryWriteBytes(bytes.AsSpan(28), (ushort)24);
        return bytes;
    }
}
