using ClassActivation.Localization;

namespace ClassActivation.Tests.Localization;

/// <summary>Tables of true boxes are read as people write them, and mistakes are named by their line.</summary>
public sealed class GroundTruthTests
{
    [Theory]
    [InlineData("file\tclassIndex\tlabel\txmin\tymin\txmax\tymax\na.jpg\t104\twallaby\t1\t2\t30.5\t40\n")]
    [InlineData("file,xmin,ymin,xmax,ymax\r\na.jpg,1,2,30.5,40\r\n")]
    [InlineData("\"XMax\";\"YMax\";\"XMin\";\"YMin\";\"File\"\n30.5;40;1;2;\"a.jpg\"")]
    [InlineData("label,file,xmin,ymin,xmax,ymax\nWallaby,\"photos\\a.jpg\",1,2,30.5,40\n\n")]
    public void Tabs_commas_and_semicolons_separate(string table) =>
        Assert.Equal([new Box(1, 2, 30.5, 40)], Read(table).BoxesOf(SyntheticMap.Random(1)));

    [Fact]
    public void A_photo_has_all_its_boxes_of_the_maps_class()
    {
        GroundTruth truth = Read(
            "file,classIndex,xmin,ymin,xmax,ymax\na.jpg,104,0,0,1,1\na.jpg,105,0,0,2,2\nb.jpg,104,0,0,3,3\na.jpg,104,0,0,4,4\n");

        Assert.Equal([new Box(0, 0, 1, 1), new Box(0, 0, 4, 4)], truth.BoxesOf(SyntheticMap.Random(1)));
    }

    [Theory]
    [InlineData("a.jpg", true)]
    [InlineData("photos/a.jpg", true)]
    [InlineData("/photos/a.jpg", true)]
    [InlineData("tos/a.jpg", false)]
    [InlineData("others/a.jpg", false)]
    [InlineData("/more/photos/a.jpg", false)]
    public void A_file_is_the_end_of_the_photos_path(string file, bool isFound) =>
        Assert.Equal(isFound ? 1 : 0, Read($"file,xmin,ymin,xmax,ymax\n{file},0,0,1,1\n").BoxesOf(SyntheticMap.Random(1)).Count);

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("file,xmin,ymin\n", "no column xmax, ymax")]
    [InlineData("file,xmin,ymin,xmax,ymax\na.jpg,0,0,1,1\nb.jpg,0,x,1,1\n", "line 3: ymin is 'x' and not a number")]
    [InlineData("file,xmin,ymin,xmax,ymax\na.jpg,0,0,1\n", "line 2: ymax is '' and not a number")]
    [InlineData("file,xmin,ymin,xmax,ymax\n,0,0,1,1\n", "line 2: it names no file")]
    [InlineData("file,xmin,ymin,xmax,ymax\na.jpg,5,0,5,1\n", "line 2: xmax must be larger than xmin")]
    [InlineData("file,classIndex,xmin,ymin,xmax,ymax\na.jpg,wallaby,0,0,1,1\n", "line 2: classIndex is 'wallaby'")]
    [InlineData("file,xmin,ymin,xmax,ymax\n\"a.jpg,0,0,1,1\n", "line 2: its quotation marks")]
    public void Mistakes_are_named_with_the_file_and_the_line(string table, string expected)
    {
        string message = Assert.Throws<InvalidDataException>(() => Read(table)).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains("'boxes'", message, StringComparison.Ordinal);
    }

    private static GroundTruth Read(string table)
    {
        using var reader = new StringReader(table);
        return GroundTruth.Read(reader, "boxes");
    }
}
