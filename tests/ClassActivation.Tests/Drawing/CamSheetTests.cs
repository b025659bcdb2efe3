using ClassActivation.Drawing;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Drawing;

/// <summary>Which map goes where on a contact sheet, and what is drawn there.</summary>
public sealed class CamSheetTests
{
    private static readonly float[] Values = [0, 0, 1, 1];

    [Fact]
    public void Columns_are_what_tells_the_maps_of_a_photo_apart()
    {
        CamSheetColumn Auto(params ClassActivationMap[] maps) => CamSheetTable.Of(maps, CamSheetColumn.Auto).ColumnBy;

        Assert.Equal(CamSheetColumn.Class, Auto(Map("cat", "a"), Map("dog", "a"), Map("dog", "b"), Map("cat", "b")));
        Assert.Equal(CamSheetColumn.Rank, Auto(Map("cat", "a"), Map("dog", "b")));
        Assert.Equal(CamSheetColumn.Model, Auto(Map("cat", "a"), TestMaps.Map(2, Values, "cat", "a", "Other")));
        Assert.Equal(CamSheetColumn.Method, Auto(Map("cat", "a"), TestMaps.Map(2, Values, "cat", "a", method: CamMethod.LayerCam)));
    }

    [Fact]
    public void Several_maps_of_a_photo_for_one_column_make_several_rows()
    {
        ClassActivationMap[] maps =
        [
            Map("cat", "a"), TestMaps.Map(2, Values, "cat", "a", "Other"), Map("dog", "a"), Map("cat", "b"),
        ];

        CamSheetTable table = CamSheetTable.Of(maps, CamSheetColumn.Model);

        Assert.Equal(["Net", "Other"], table.Columns);
        Assert.Equal(3, table.Rows.Count);
        Assert.Equal([maps[0], maps[1]], table.Rows[0].Maps);
        Assert.Equal([maps[2], null], table.Rows[1].Maps);
        Assert.Equal([maps[3], null], table.Rows[2].Maps);
    }

    [Fact]
    public void Ranks_are_in_the_order_of_their_numbers()
    {
        CamSheetTable table = CamSheetTable.Of(
            [TestMaps.Map(2, Values, rank: 10), TestMaps.Map(2, Values, rank: 2)], CamSheetColumn.Rank);

        Assert.Equal(["Rank 2", "Rank 10"], table.Columns);
    }

    [Fact]
    public void Photo_and_map_are_drawn_at_the_size_of_the_cell()
    {
        CamSheetTable table = CamSheetTable.Of([Map("cat", "a")], CamSheetColumn.Class);
        var options = new CamSheetOptions { CellSize = 64, IncludePhoto = true };
        var sheet = new CamSheet(table, options);
        Photo text = new(sheet.Picture.Width, sheet.Picture.Height, [.. sheet.Picture.Pixels]);

        sheet.DrawRow(0, TestMaps.Photo());

        (byte red, byte green, byte blue) = TestMaps.PhotoColor;
        Assert.Equal(64 * 32, Count(sheet.Picture, (red, green, blue)));
        Assert.Equal(2 * 64 * 32, Enumerable.Range(0, text.Width * text.Height).Count(i =>
            !text.Pixels.AsSpan(4 * i, 4).SequenceEqual(sheet.Picture.Pixels.AsSpan(4 * i, 4))));

        // The lowest row has the last colour of jet: 0.5 · (128, 0, 0) + 0.5 · (0.8 · photo + 0.2 · 255).
        Assert.Equal(64, Count(sheet.Picture, Mixed(128, 0, 0)));
        Assert.Equal(64, Count(sheet.Picture, Mixed(0, 0, 128)));
    }

    [Fact]
    public void The_measured_size_is_the_drawn_one_and_text_is_there_before_the_photos()
    {
        CamSheetTable table = CamSheetTable.Of(
            [Map("cat", "a"), Map("dog", "a"), Map("cat", "猫 🐈 \ud800 and a very long name.png")], CamSheetColumn.Class);
        var options = new CamSheetOptions { CellSize = 96 };

        Photo picture = new CamSheet(table, options).Picture;

        Assert.Equal(CamSheet.Measure(table, options), (picture.Width, picture.Height));
        Assert.True(Enumerable.Range(0, picture.Width * picture.Height).Count(i => picture.Pixels[4 * i] < 0x80) > 100);
    }

    [Fact]
    public void A_missing_photo_leaves_its_places_grey()
    {
        CamSheetTable table = CamSheetTable.Of([Map("cat", "a")], CamSheetColumn.Class);
        var sheet = new CamSheet(table, new CamSheetOptions { CellSize = 64 });

        Assert.Throws<PhotoException>(() => sheet.DrawRow(0, PhotoSource.FromFile(Path.GetFullPath("missing.png"))));

        // Some edges of letters happen to have the same grey.
        Assert.InRange(Count(sheet.Picture, (0xf2, 0xf2, 0xf2)), 64 * 32, 64 * 32 + 20);
    }

    private static ClassActivationMap Map(string label, string path) => TestMaps.Map(2, Values, label, path);

    private static (byte, byte, byte) Mixed(int red, int green, int blue)
    {
        static byte Channel(int color, byte photo) =>
            (byte)Math.Round(0.5 * color + 0.5 * (0.8 * photo + 0.2 * 255), MidpointRounding.AwayFromZero);
        return (Channel(red, TestMaps.PhotoColor.Red), Channel(green, TestMaps.PhotoColor.Green), Channel(blue, TestMaps.PhotoColor.Blue));
    }

    private static int Count(Photo picture, (byte Red, byte Green, byte Blue) color) =>
        Enumerable.Range(0, picture.Width * picture.Height).Count(i =>
            picture.Pixels[4 * i] == color.Red && picture.Pixels[4 * i + 1] == color.Green && picture.Pixels[4 * i + 2] == color.Blue);
}
