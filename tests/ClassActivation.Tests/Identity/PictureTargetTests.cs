using System.Diagnostics;
using ClassActivation.Commands;
using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;
using ClassActivation.Tests.Hostile;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Identity;

/// <summary>
/// Many questions with colliding names, from one worker and from four at once in different orders: each has its one picture.
/// </summary>
public sealed class PictureTargetTests : IDisposable
{
    private static readonly CamQuestion Cat = new() { Model = "ResNet50", ClassIndex = 285, Label = "cat" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_question_has_its_one_picture(bool keepsTree)
    {
        ClassActivationMap[] maps = [.. Maps()];
        string one = Path.Combine(_folder.Path, "one"), four = Path.Combine(_folder.Path, "four");
        Write(maps, one, keepsTree, 1);
        Write(maps, one, keepsTree, 2);
        Parallel.For(3, 7, new ParallelOptions { MaxDegreeOfParallelism = 4 }, seed => Write(maps, four, keepsTree, seed));

        foreach (string folder in (string[])[one, four])
        {
            string[] files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
            Assert.Equal(maps.Length, files.Length);
            Assert.Equal(
                maps.Select(Subject).Order(StringComparer.Ordinal),
                files.Select(static file => PictureMarks.TryRead(file)!)
                    .Select(static mark => mark.PhotoFolder + mark.Photo + mark.Question!.ToKey()).Order(StringComparer.Ordinal));
        }

        if (keepsTree)
        {
            Assert.Equal(Names(one), Names(four));
        }

        static string[] Names(string folder) =>
            [
                .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file))
                    .Order(StringComparer.Ordinal)
            ];
    }

    [Theory]
    [InlineData("a.jpg", "a.png")]
    [InlineData("a.png", "a.jpg")]
    public void A_name_stays_when_a_photo_of_another_format_appears(string first, string second)
    {
        string one = Photo(first);
        Assert.Equal("a.cat.cam.png", WriteOne(one));
        string other = Photo(second);
        string suffix = $"-{PictureMark.FolderHash(PhotoSource.FromFile(other).Identify())}";

        for (int run = 0; run < 2; run++)
        {
            Assert.Equal("a.cat.cam.png", WriteOne(one));
            Assert.Equal($"a{suffix}.cat.cam.png", WriteOne(other));
        }

        File.Delete(_folder.File("a.cat.cam.png"));
        Assert.Equal($"a{suffix}.cat.cam.png", WriteOne(other));
        Assert.Equal("a.cat.cam.png", WriteOne(one));

        string Photo(string name)
        {
            File.WriteAllText(_folder.File(name), name);
            return _folder.File(name);
        }

        string WriteOne(string photo) => Path.GetFileName(
            new MapPictures(null, PictureFormat.Png, force: false, noClobber: false).TargetFor(CatIn(photo), null, PictureKind.Overlay, [])
                .Write(new Photo(2, 2, new byte[16]), PhotoSource.FromFile(photo), 90).Path);
    }

    [Fact]
    public void No_two_pictures_of_a_run_are_promised_one_name_before_they_are_written()
    {
        var pictures = new MapPictures(null, PictureFormat.Jpeg, force: false, noClobber: false);
        string[] photos = [_folder.File("mon/a.jpg"), _folder.File("wed/a.jpg"), _folder.File("wed/a.png")];
        string destination = _folder.File("out");

        string[] names =
        [
            .. photos.Append(photos[0]).Select(photo => pictures.TargetFor(CatOf(photo), destination, PictureKind.Overlay, []).Choose())
        ];

        Assert.Equal(3, names.Distinct().Count());
        Assert.Equal(Path.Combine(destination, "a.cat.cam.jpg"), names[0]);
        Assert.Equal(names[0], names[3]);

        static ClassActivationMap CatOf(string photo) => TestMaps.Of(new PhotoIdentity { Path = photo, Length = 1, Written = "then" }, Cat);
    }

    [Fact]
    public void A_look_is_in_the_name_and_no_part_of_the_question()
    {
        File.WriteAllText(_folder.File("a.jpg"), "a");
        var pictures = new MapPictures(null, PictureFormat.Png, force: false, noClobber: false);
        ClassActivationMap map = CatIn(_folder.File("a.jpg"));
        (string plain, _, _) = Write(null, []);
        (string highlight, PictureMark mark, _) = Write(null, ["Highlight", "from 0.4"]);

        Assert.Equal("a.cat.cam.png", Path.GetFileName(plain));
        Assert.Equal("a.cat.Highlight.from-0_4.cam.png", Path.GetFileName(highlight));
        Assert.Equal("Highlight, from 0.4", mark.Look);
        Assert.Equal("Highlight, from 0.4", PictureMarks.TryRead(highlight)!.Look);

        // A file that the user named is that of the question, however it is drawn.
        Write(_folder.File("b.png"), []);
        Assert.Equal(_folder.File("b.png"), new MapPictures(null, PictureFormat.Png, force: false, noClobber: false)
            .TargetFor(map, _folder.File("b.png"), PictureKind.Overlay, ["Highlight"]).Choose());

        (string Path, PictureMark Mark, long Length) Write(string? destination, string[] look) =>
            pictures.TargetFor(map, destination, PictureKind.Overlay, look)
                .Write(new Photo(2, 2, new byte[16]), PhotoSource.FromFile(map.Path), 90);
    }

    [Theory]
    [InlineData("x.gif")]
    [InlineData("x.JXL")]
    [InlineData("x.png/")]
    [InlineData("x.npy")]
    public void What_ends_as_a_file_is_no_folder(string name)
    {
        var pictures = new MapPictures(null, PictureFormat.Png, force: false, noClobber: false);
        var map = TestMaps.Of(new PhotoIdentity { Path = _folder.File("a.jpg") }, Cat);

        PictureException e = Assert.Throws<PictureException>(
            () => pictures.TargetFor(map, _folder.File("") + name, PictureKind.Overlay, []));

        Assert.Equal(PictureFailure.UnknownFormat, e.Failure);
        Assert.Contains(name, e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
        Assert.EndsWith(
            "a.cat.cam.png", pictures.TargetFor(map, _folder.File("v1.0"), PictureKind.Overlay, []).Choose(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_sheet_is_its_maps_in_any_version_of_their_photos_and_one_of_ranks_in_any_class()
    {
        PictureMark[] maps = [.. Maps().Take(3).Select(static map => PictureMark.Of(PictureKind.Overlay, map))];
        PictureMark sheet = PictureMark.OfSheet(maps, CamSheetColumn.Class), ranks = PictureMark.OfSheet(maps, CamSheetColumn.Rank);

        Assert.True(
            sheet.IsOfSamePictureAs(
                Changed(static mark => mark with { PhotoLength = 7, PhotoWritten = "later", PhotoHash = "AB", Probability = 0.1 }),
                anyFolder: true));
        Assert.False(sheet.IsOfSamePictureAs(Changed(static mark => mark with { PhotoFolder = "01234567" }), anyFolder: true));
        Assert.False(sheet.IsOfSamePictureAs(Changed(static mark => mark with { Photo = "other.jpg" }), anyFolder: true));
        Assert.False(
            sheet.IsOfSamePictureAs(
                Changed(static mark => mark with { Question = mark.Question! with { Fit = InputFit.Stretch } }), anyFolder: true));
        Assert.False(sheet.IsOfSamePictureAs(PictureMark.OfSheet(maps[..2], CamSheetColumn.Class), anyFolder: true));

        static PictureMark OfClass7(PictureMark mark) => mark with { Question = mark.Question! with { ClassIndex = 7, WordNetId = "n7" } };
        Assert.False(sheet.IsOfSamePictureAs(Changed(OfClass7), anyFolder: true));
        Assert.True(ranks.IsOfSamePictureAs(PictureMark.OfSheet([OfClass7(maps[0]), .. maps[1..]], CamSheetColumn.Rank), anyFolder: true));
        Assert.False(
            ranks.IsOfSamePictureAs(
                PictureMark.OfSheet([OfClass7(maps[0]) with { Rank = 2 }, .. maps[1..]], CamSheetColumn.Rank), anyFolder: true));

        PictureMark Changed(Func<PictureMark, PictureMark> change) => PictureMark.OfSheet(
            [change(maps[0]), .. maps[1..]], CamSheetColumn.Class);
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg, 100, 100)]
    [InlineData(PictureFormat.Png, 100, 100)]
    [InlineData(PictureFormat.Webp, 1, 1)]
    [InlineData(PictureFormat.Jpeg, 2000, 0)]
    public void A_sheet_tells_its_maps_as_far_as_metadata_hold_them(PictureFormat format, int count, int told)
    {
        PictureMark[] maps = [.. Maps().Take(1).Select(static map => PictureMark.Of(PictureKind.Overlay, map))];
        PictureMark[] many =
        [
            .. Enumerable.Range(0, count).Select(i => maps[0] with { Photo = $"<\"猫\"> {i}.png", Rank = i, Probability = 1.0 / (i + 3) })
        ];
        PictureMark sheet = PictureMark.OfSheet(many, CamSheetColumn.Rank);
        using var encoded = new MemoryStream();
        PhotoEncoder.Encode(new Photo(2, 2, new byte[16]), format, 90, encoded);

        using var written = new MemoryStream(PictureMarks.Write(encoded.ToArray(), sheet));
        PictureMark read = PictureMarks.Read(written)!;

        Assert.Equal(many[..told], read.Shown);
        Assert.Equal(sheet with { Shown = [] }, read with { Shown = [] });
        Assert.True(read.IsOfSamePictureAs(sheet, anyFolder: false));
    }

    [Fact]
    public void Four_processes_leave_one_picture_for_each_of_a_thousand_questions()
    {
        string destination = Path.Combine(_folder.Path, "processes");
        ClassActivationMap[] maps = [.. Maps(_folder.Path, classes: 51)];
        Assert.True(maps.Length >= 1000);

        Process[] processes =
        [
            .. Enumerable.Range(1, 4).Select(seed => ChildProgram.Start("write-pictures", _folder.Path, destination, $"{seed}"))
        ];
        Assert.All(processes.Select(ChildProgram.Finish).ToArray(), static end => Assert.Equal((0, ""), end));

        string[] files = Directory.GetFiles(destination);
        Assert.Equal(maps.Length, files.Length);
        Assert.Equal(
            maps.Select(Subject).Order(StringComparer.Ordinal),
            files.Select(static file => PictureMarks.TryRead(file)!)
                .Select(static mark => mark.PhotoFolder + mark.Photo + mark.Question!.ToKey()).Order(StringComparer.Ordinal));
    }

    /// <summary>What each of the processes does.</summary>
    internal static int WritePictures(string folder, string destination, int seed)
    {
        Write([.. Maps(folder, classes: 51)], folder, destination, keepsTree: false, seed);
        return 0;
    }

    private static ClassActivationMap CatIn(string photo) => TestMaps.Of(PhotoSource.FromFile(photo).Identify(), Cat);

    private static string Subject(ClassActivationMap map) =>
        PictureMark.FolderHash(map.Photo) + Path.GetFileName(map.Path) + map.Question.ToKey();

    private void Write(ClassActivationMap[] maps, string destination, bool keepsTree, int seed) =>
        Write(maps, _folder.Path, destination, keepsTree, seed);

    private static void Write(ClassActivationMap[] maps, string folder, string destination, bool keepsTree, int seed)
    {
        ClassActivationMap[] shuffled = [.. maps];
        new Random(seed).Shuffle(shuffled);
        var pictures = new MapPictures(
            keepsTree ? Path.Combine(folder, "photos") : null, PictureFormat.Png, force: false, noClobber: false);
        var pixels = new Photo(2, 2, new byte[16]);
        foreach (ClassActivationMap map in shuffled)
        {
            pictures.TargetFor(map, destination, PictureKind.Overlay, []).Write(pixels, PhotoSource.FromFile(map.Path), 90);
        }
    }

    // Photos of one name in several folders and formats; labels that are the same once they are part of a file's name.
    private IEnumerable<ClassActivationMap> Maps() => Maps(_folder.Path, classes: 6);

    private static IEnumerable<ClassActivationMap> Maps(string folder, int classes)
    {
        foreach (string name in (string[])["mon/a.jpg", "mon/a.png", "mon/a.webp", "wed/a.jpg", $"wed/{new string('x', 240)}.jpg", $"wed/{new string('x', 239)}y.jpg"])
        {
            string path = Path.Combine(folder, "photos", name);
            if (!File.Exists(path))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, name);
            }

            PhotoIdentity photo = PhotoSource.FromFile(path).Identify();
            (int, string)[] colliding =
            [
                (0, "b.c"), (1, "b_c"), (2, "b c"), (3, "b/c"), (4, new string('l', 300)), (5, new string('l', 301))
            ];
            foreach ((int index, string label)
                in colliding.Concat(Enumerable.Range(colliding.Length, classes - colliding.Length).Select(static i => (i, $"class {i}"))))
            {
                foreach (CamMethod method in (CamMethod[])[CamMethod.Cam, CamMethod.LayerCam])
                {
                    foreach (string hash in (string[])["", "0123456789ABCDEF"])
                    {
                        var question =
                            new CamQuestion
                            {
                                Model = "ResNet50",
                                ModelHash = hash,
                                ClassIndex = index,
                                Label = label,
                                SharesLabel = index is 1 or 2,
                                Method = method,
                            };
                        yield return TestMaps.Of(photo, question);
                    }
                }
            }
        }
    }
}
