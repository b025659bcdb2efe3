using System.Management.Automation;
using System.Text.RegularExpressions;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Maps become boxes, boxes become pictures, and true boxes tell how good they are.</summary>
public sealed class RegionTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_region_lies_in_its_photo_around_the_maps_largest_value()
    {
        string photo = _folder.Copy("flower.jpg", "flower.jpg");

        PSObject region = _engine.Run("Get-ClassActivationMap $photo -Class daisy | Get-CamRegion", ("photo", photo)).Single();

        int left =
            Value<int>(region, "Left"), top = Value<int>(region, "Top"), width = Value<int>(region, "Width"),
            height = Value<int>(region, "Height");
        Assert.Equal(photo, Value<string>(region, "Path"));
        Assert.Equal("daisy", Value<string>(region, "Label"));
        Assert.Equal(1, Value<int>(region, "Number"));
        Assert.Equal(0.22, Value<double>(region, "Threshold"));
        Assert.InRange(Value<int>(region, "PeakX"), left, left + width - 1);
        Assert.InRange(Value<int>(region, "PeakY"), top, top + height - 1);
        Assert.True(left >= 0 && top >= 0 && left + width <= 640 && top + height <= 427);
        Assert.InRange(Value<int>(region, "Area"), 1, width * height);
        Assert.InRange(Value<double>(region, "Share"), 0.5, 1);
        // The flower, from its blossom down its stem.
        Assert.InRange(Value<int>(region, "PeakX"), 170, 446);
        Assert.InRange(Value<int>(region, "PeakY"), 100, 426);
    }

    [Fact]
    public void A_higher_threshold_gives_a_smaller_box_and_All_gives_more_than_one()
    {
        _engine.Run("$map = Get-ClassActivationMap $photo -Class wallaby -Resolution 320", ("photo", TestPaths.Sample("china.jpg")));

        Assert.True(_engine.Run<int>("($map | Get-CamRegion 0.1).Area") > _engine.Run<int>("($map | Get-CamRegion 0.5).Area"));
        IReadOnlyList<PSObject> all = _engine.Run("$map | Get-CamRegion 0.3 -All");
        Assert.True(all.Count > 1);
        Assert.Equal(Enumerable.Range(1, all.Count), all.Select(static r => Value<int>(r, "Number")));
        Assert.Equal(all.Select(static r => Value<int>(r, "Area")).OrderDescending(), all.Select(static r => Value<int>(r, "Area")));
        Assert.Equal(1, _engine.Run<int>("($map | Get-CamRegion 0.3 -All -MinArea $area).Number", ("area", Value<int>(all[0], "Area"))));
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public void Regions_of_one_map_share_a_picture_and_those_of_another_have_their_own()
    {
        string destination = _folder.File("out");

        IReadOnlyList<PSObject> pictures = _engine.Run(
            "$p1, $p2 | Get-ClassActivationMap -Class palace, daisy | Get-CamRegion 0.3 -All | Export-CamOverlay $out -Format Png",
            ("p1", _folder.Copy("china.jpg", "china.jpg")), ("p2", _folder.Copy("flower.jpg", "flower.jpg")), ("out", destination));

        Assert.Equal(
            ["china.palace", "china.daisy", "flower.palace", "flower.daisy"],
            pictures.Select(static p => Regex.Replace(Value<string>(p, "Name"), @"\.box(es)?\.threshold-0_3\.cam\.png$", "")));
        Assert.All(pictures, static p => Assert.Equal((640, 427), (Value<int>(p, "Width"), Value<int>(p, "Height"))));
    }

    [Fact]
    public void A_picture_with_boxes_differs_from_one_without()
    {
        string photo = _folder.Copy("flower.jpg", "flower.jpg");
        const string Script = """
            $map = Get-ClassActivationMap $photo -Class daisy
            $null = $map | Export-CamOverlay $plain -Format Png
            $null = Export-CamOverlay -Region ($map | Get-CamRegion -AsGiven) $boxed -Format Png
            $null = $map | Get-CamRegion -AsGiven | Export-CamOverlay $piped -Format Png
            """;

        _engine.Run(
            Script, ("photo", photo), ("plain", _folder.File("plain")), ("boxed", _folder.File("boxed")), ("piped", _folder.File("piped")));

        byte[] boxed = Bytes("boxed");
        Assert.NotEqual(Bytes("plain"), boxed);
        Assert.Equal(boxed, Bytes("piped"));

        byte[] Bytes(string folder) =>
            File.ReadAllBytes(
                Path.Combine(_folder.File(folder), folder == "plain" ? "flower.daisy.cam.png" : "flower.daisy.box.as-given.cam.png"));
    }

    [Fact]
    public void Crops_are_numbered_and_have_the_size_of_their_boxes()
    {
        string photo = _folder.Copy("china.jpg", "a b[1].jpg");

        _engine.Run(
            "$regions = Get-ClassActivationMap -LiteralPath $photo -Class wallaby -Resolution 320 | Get-CamRegion 0.3 -All",
            ("photo", photo));
        IReadOnlyList<PSObject> crops = _engine.Run("$regions | Export-CamCrop");

        Assert.Equal("a b[1].wallaby.320px.threshold-0_3.crop.jpg", Value<string>(crops[0], "Name"));
        Assert.Equal("a b[1].wallaby.320px.threshold-0_3.crop-2.jpg", Value<string>(crops[1], "Name"));
        Assert.Equal(_folder.Path, Path.GetDirectoryName(Value<string>(crops[0], "FullName")));
        Assert.Equal(_engine.Run<int>("$regions[0].Width"), Value<int>(crops[0], "Width"));
        Assert.Equal(_engine.Run<int>("$regions[1].Height"), Value<int>(crops[1], "Height"));
        Assert.Equal(new FileInfo(Value<string>(crops[0], "FullName")).Length, Value<long>(crops[0], "Length"));

        PSObject square = _engine.Run(
            "$regions[0] | Export-CamCrop $out -Square -Padding 0.1 -Format Webp", ("out", _folder.File("new/folder"))).Single();
        Assert.Equal(Value<int>(square, "Width"), Value<int>(square, "Height"));
        Assert.EndsWith(
            "a b[1].wallaby.320px.threshold-0_3.padding-0_1.square.crop.webp", Value<string>(square, "FullName"), StringComparison.Ordinal);
    }

    [Fact]
    public void Crops_respect_WhatIf_NoClobber_and_write_protection()
    {
        string photo = _folder.Copy("flower.jpg", "flower.jpg");
        string crop = _folder.File("flower.daisy.as-given.crop.jpg");
        _engine.Run("$region = Get-ClassActivationMap $photo -Class daisy | Get-CamRegion -AsGiven", ("photo", photo));

        Assert.Empty(_engine.Run("$region | Export-CamCrop -WhatIf"));
        Assert.False(File.Exists(crop));

        File.WriteAllText(crop, "old");
        Assert.Empty(_engine.Run("$region | Export-CamCrop -NoClobber"));
        Assert.Equal("FileExists", _engine.Errors.Single().FullyQualifiedErrorId.Split(',')[0]);

        File.SetAttributes(crop, FileAttributes.ReadOnly);
        Assert.Empty(_engine.Run("$region | Export-CamCrop"));
        Assert.Equal("FileReadOnly", _engine.Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal("old", File.ReadAllText(crop));

        Assert.Single(_engine.Run("$region | Export-CamCrop -Force"));
        Assert.True(new FileInfo(crop).Length > 1000);
    }

    [Fact]
    public void A_crop_of_a_photo_that_changed_or_is_gone_is_an_error()
    {
        string photo = _folder.Copy("flower.jpg", "flower.jpg");
        _engine.Run("$region = Get-ClassActivationMap $photo -Class daisy | Get-CamRegion -AsGiven", ("photo", photo));

        File.Copy(TestPaths.Sample("chelsea.png"), photo, overwrite: true);
        Assert.Empty(_engine.Run("$region | Export-CamCrop"));
        Assert.Contains("another photo now", _engine.Errors.Single().ErrorDetails.Message, StringComparison.Ordinal);

        File.Delete(photo);
        Assert.Empty(_engine.Run("$region | Export-CamCrop"));
        Assert.Equal("PhotoNotFound", _engine.Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
    }

    [Fact]
    public void A_photo_from_memory_needs_a_destination()
    {
        byte[] bytes = File.ReadAllBytes(TestPaths.Sample("flower.jpg"));
        _engine.Run(
            "$region = Get-ClassActivationMap -InputObject $bytes -Name flower -Class daisy | Get-CamRegion -AsGiven", ("bytes", bytes));

        Assert.Empty(_engine.Run("$region | Export-CamCrop"));
        Assert.Equal("DestinationMissing", _engine.Errors.Single().FullyQualifiedErrorId.Split(',')[0]);
        Assert.Single(_engine.Run("$region | Export-CamCrop $out", ("out", _folder.File("out"))));
    }

    [Fact]
    public void Maps_and_regions_that_were_serialized_work_like_the_originals()
    {
        string photo = _folder.Copy("china.jpg", "china.jpg");
        const string Script = """
            $map = Get-ClassActivationMap $photo -Class wallaby -Resolution 320
            $regions = $map | Get-CamRegion 0.3 -All
            $oldMap = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($map, 5))
            $oldRegions = $regions | ForEach-Object { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($_, 5)) }
            """;
        _engine.Run(Script, ("photo", photo));

        Assert.Equal(_engine.Run<string>("\"$regions\""), _engine.Run<string>("\"$($oldMap | Get-CamRegion 0.3 -All)\""));
        Assert.Single(_engine.Run("$oldRegions | Export-CamOverlay $out", ("out", _folder.File("out"))));
        Assert.Equal(_engine.Run<int>("@($regions).Count"), _engine.Run("$oldRegions | Export-CamCrop $out").Count);
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public void Localization_is_measured_and_photos_without_a_box_are_named()
    {
        string flower = _folder.Copy("flower.jpg", "flower.jpg");
        string cat = _folder.Copy("chelsea.png", "cat.png");
        string table = _folder.File("boxes[1].csv");
        File.WriteAllText(table, "file,label,xmin,ymin,xmax,ymax\nflower.jpg,daisy,170,100,446,378\nflower.jpg,daisy,290,385,480,427\ncat.png,tabby,0,0,100,100\n");

        PSObject measured = _engine.Run(
            "@(Get-ClassActivationMap $flower -Class daisy -Resolution 288 -Scale 1, 2; Get-ClassActivationMap $cat) |"
            + " Measure-CamLocalization $table",
            ("flower", flower), ("cat", cat), ("table", table)).Single();

        Assert.Equal(1, Value<int>(measured, "Count"));
        Assert.Equal(1, Value<double>(measured, "PointingGame"));
        Assert.True(Value<double>(measured, "MaxBoxAccV2") >= 2.0 / 3);
        PSObject photo = PSObject.AsPSObject(((System.Collections.IEnumerable)measured.Properties["Photos"].Value).Cast<object>().Single());
        Assert.Equal(flower, Value<string>(photo, "Path"));
        Assert.Equal(Value<double>(measured, "MeanIoU"), Value<double>(photo, "IoU"));
        Assert.InRange(Value<double>(photo, "BestIoU"), Value<double>(photo, "IoU"), 1);

        ErrorRecord error = _engine.Errors.Single();
        Assert.Equal("GroundTruthLacksPhoto", error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Equal(cat, error.TargetObject);
        Assert.Contains("Egyptian_cat", error.ErrorDetails.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_regions_iou_that_is_measured_is_that_of_Get_CamRegion()
    {
        string table = _folder.File("boxes.tsv");
        File.WriteAllText(table, "file\txmin\tymin\txmax\tymax\nflower.jpg\t170\t100\t446\t378\n");

        _engine.Run(
            "$map = Get-ClassActivationMap $photo -Class daisy; $region = $map | Get-CamRegion -AsGiven; $measured = $map |"
            + " Measure-CamLocalization $table",
            ("photo", TestPaths.Sample("flower.jpg")), ("table", table));

        double left = _engine.Run<int>("$region.Left"), top = _engine.Run<int>("$region.Top");
        double width = _engine.Run<int>("$region.Width"), height = _engine.Run<int>("$region.Height");
        double common = (Math.Min(left + width, 446) - Math.Max(left, 170)) * (Math.Min(top + height, 378) - Math.Max(top, 100));
        Assert.Equal(common / (width * height + 276 * 278 - common), _engine.Run<double>("$measured.MeanIoU"), 1e-9);
    }

    [Theory]
    [InlineData(null, "GroundTruthNotFound")]
    [InlineData("file,xmin\n", "GroundTruthInvalid")]
    [InlineData("file,xmin,ymin,xmax,ymax\na.jpg,1,2,x,4\n", "GroundTruthInvalid")]
    public void A_table_that_cannot_be_used_ends_the_command(string? content, string id)
    {
        string table = _folder.File("boxes.csv");
        if (content is not null)
        {
            File.WriteAllText(table, content);
        }

        string[] photos = [TestPaths.Sample("flower.jpg"), TestPaths.Sample("china.jpg")];
        Assert.Empty(
            _engine.Run(
                "Get-ClassActivationMap $photos | Measure-CamLocalization -GroundTruth $table", ("photos", photos), ("table", table)));

        // One error, not one for each photo: the command ended.
        ErrorRecord error = _engine.Errors.Single();
        Assert.Equal(id, error.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Contains(table, error.ErrorDetails.Message, StringComparison.Ordinal);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    private static T Value<T>(PSObject item, string property) => LanguagePrimitives.ConvertTo<T>(item.Properties[property].Value);
}
