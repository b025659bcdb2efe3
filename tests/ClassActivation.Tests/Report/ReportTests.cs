using System.Globalization;
using System.IO.Compression;
using System.Xml.Linq;
using ClassActivation.Identity;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Report;
using ClassActivation.Tests.Localization;

namespace ClassActivation.Tests.Report;

/// <summary>Results are gathered photo by photo, and written as a workbook that is read back part by part.</summary>
public sealed class ReportTests : IDisposable
{
    private static readonly XNamespace Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static readonly XNamespace Drawing = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_photos_results_come_together_whatever_their_order()
    {
        ClassActivationMap map = SyntheticMap.Random(1);
        var report = new CamReport();
        report.Add(Prediction("/photos/b.jpg", "wombat", 105, 2, 0.2));
        report.Add(Prediction("/photos/a.jpg", "wombat", 105, 2, 0.2));
        report.Add(RegionFinder.Find(map, new RegionOptions())[0]);
        report.Add(map);
        report.Add(Prediction("/photos/a.jpg", "koala", 105, 3, 0.1));

        Assert.Equal(["/photos/b.jpg", "/photos/a.jpg"], report.Photos.Select(photo => photo.Path));
        ReportPhoto photo = report.Photos[1];
        Assert.Equal(["wallaby", "wombat", "koala"], photo.Predictions.Select(prediction => prediction.Label));
        Assert.Same(map, Assert.Single(photo.Maps));
        Assert.Equal(0, Assert.Single(photo.Regions).MapNumber);
        Assert.Null(photo.IsRight);
    }

    [Theory]
    [InlineData("file,label\na.jpg,Wallaby\n", true)]
    [InlineData("label;file\nn01877812;photos\\a.jpg\n", true)]
    [InlineData("file\tlabel\na.jpg\twombat\n", false)]
    [InlineData("file,label\nxa.jpg,wallaby\n", null)]
    [InlineData("file,label\nother/a.jpg,wallaby\n", null)]
    public void The_right_class_comes_from_a_table(string table, bool? expected)
    {
        string path = _folder.File("labels.csv");
        File.WriteAllText(path, table);
        var report = new CamReport(RightLabels.Read(path));
        report.Add(SyntheticMap.Random(1));

        Assert.Equal(expected, report.Photos[0].IsRight);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("file,class\n", "needs the columns file and label")]
    [InlineData("file,label\na.jpg,\n", "line 2")]
    [InlineData("file,label\na.jpg,b\n\"a\n", "line 3")]
    public void A_table_without_labels_is_refused(string table, string expected)
    {
        string path = _folder.File("labels.csv");
        File.WriteAllText(path, table);

        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => RightLabels.Read(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/photos/cat/a.jpg", "cat")]
    [InlineData("/a.jpg", null)]
    [InlineData("memory", null)]
    public void The_right_class_comes_from_the_folder(string path, string? expected) =>
        Assert.Equal(expected, RightLabels.FromFolders.Of(path));

    [Fact]
    public void A_workbook_holds_numbers_text_links_and_pictures()
    {
        string flower = Path.Combine(AppContext.BaseDirectory, "samples", "flower.jpg");
        string hostile = _folder.File("=1+1\"<x>&ü.jpg");
        File.Copy(flower, hostile);
        var report = new CamReport(RightLabels.FromFolders);
        foreach (string path in new[] { flower, hostile })
        {
            ClassActivationMap map = SyntheticMap.Of(SyntheticMap.Random(1).Values, 13, 17, 640, 427, path: path);
            report.Add(map);
            report.Add(Prediction(path, "=cmd|' /C calc'!A0", 7, 2, 0.125));
            report.Add(RegionFinder.Find(map, new RegionOptions())[0]);
            report.Add(path, new ReportFigures("Faithfulness of Cam", "wallaby", [new("Insertion", 0.75), new("Deletion", double.NaN)]));
        }

        report.Add(new ReportProblem("bad.jpg", "PhotoNotAPhoto", "no photo"));
        using var content = new MemoryStream();
        using (var workbook = new CamWorkbook(report, 48))
        {
            foreach (ReportPhoto photo in report.Photos)
            {
                workbook.AddPictures(photo, PhotoSource.FromFile(photo.Path));
            }

            workbook.Write(content);
        }

        using var package = new ZipArchive(content, ZipArchiveMode.Read);
        XElement sheet = Read(package, "xl/worksheets/sheet1.xml");
        XElement[] rows = [.. sheet.Descendants(Sheet + "row")];
        Dictionary<string, XElement> cells = rows[0].Elements().Zip(rows[2].Elements())
            .ToDictionary(pair => pair.First.Value, pair => pair.Second);
        Assert.Equal(3, rows.Length);
        Assert.Equal("A1:U3", sheet.Element(Sheet + "autoFilter")!.Attribute("ref")!.Value);
        Assert.Equal("1", sheet.Descendants(Sheet + "pane").Single().Attribute("ySplit")!.Value);
        Assert.Equal(0.125, Number(cells["Probability 2"]));
        Assert.Equal(0.75, Number(cells["Insertion (Faithfulness of Cam)"]));
        Assert.Equal("", cells["Deletion (Faithfulness of Cam)"].Value);
        Assert.Equal(report.Photos[1].Regions[0].Region.Left, Number(cells["Left"]));
        Assert.Equal("=cmd|' /C calc'!A0", cells["Class 2"].Value);
        Assert.Equal(2, sheet.Descendants(Sheet + "f").Count());
        string link = cells["File"].Element(Sheet + "f")!.Value;
        Assert.StartsWith("HYPERLINK(\"file://", link, StringComparison.Ordinal);
        Assert.EndsWith("\",\"=1+1\"\"<x>&ü.jpg\")", link, StringComparison.Ordinal);
        Assert.Equal("wrong", cells["Result"].Value);

        Assert.Equal(4, Read(package, "xl/drawings/drawing1.xml").Elements(Drawing + "oneCellAnchor").Count()
            + Read(package, "xl/drawings/drawing1.xml").Elements(Drawing + "twoCellAnchor").Count());
        foreach (int number in Enumerable.Range(1, 4))
        {
            using Stream picture = package.GetEntry($"xl/media/image{number}.png")!.Open();
            using var bytes = new MemoryStream();
            picture.CopyTo(bytes);
            Photo photo = PhotoDecoder.Decode(PhotoSource.FromMemory("picture", bytes.ToArray()));
            Assert.Equal((48, 32), (photo.Width, photo.Height));
        }

        Assert.Contains("no photo", Read(package, "xl/worksheets/sheet2.xml").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_is_refused_while_a_photo_has_not_been_drawn()
    {
        var report = new CamReport();
        report.Add(SyntheticMap.Random(1));
        using var page = new ReportPage(report, new ReportPageOptions { Folder = _folder.Path });

        Assert.Throws<InvalidOperationException>(() => page.Write(Stream.Null));
    }

    [Theory]
    [InlineData("x y.jpg", "./x%20y.jpg")]
    [InlineData("javascript:alert(1)", "./javascript%3Aalert%281%29")]
    [InlineData("../#?.jpg", "./../%23%3F.jpg")]
    public void Addresses_are_relative_and_escaped(string name, string expected)
    {
        var options = new ReportPageOptions { Folder = _folder.Path };

        Assert.Equal(expected, options.AddressOf(Path.GetFullPath(Path.Combine(_folder.Path, name))));
    }

    private static double Number(XElement cell)
    {
        Assert.DoesNotContain(cell.Attributes(), attribute => attribute.Name == "t" && attribute.Value != "n");
        return double.Parse(cell.Element(Sheet + "v")!.Value, CultureInfo.InvariantCulture);
    }

    private static XElement Read(ZipArchive package, string name)
    {
        using Stream stream = package.GetEntry(name)!.Open();
        return XElement.Load(stream);
    }

    private static Prediction Prediction(string path, string label, int index, int rank, double probability) => new(
        new PhotoIdentity { Path = path }, new CamQuestion { ClassIndex = index, Label = label, Model = "Synthetic" })
    {
        Rank = rank,
        Probability = probability,
        Logit = 1,
    };
}
