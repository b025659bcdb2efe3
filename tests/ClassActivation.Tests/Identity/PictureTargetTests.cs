using ClassActivation.Commands;
using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Identity;

/// <summary>Many questions with colliding names, from one worker and from four at once in different orders: each has its one picture.</summary>
public sealed class PictureTargetTests : IDisposable
{
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
                files.Select(static file => PictureMarks.TryRead(file)!).Select(static mark => mark.PhotoFolder + mark.Photo + mark.Question!.ToKey()).Order(StringComparer.Ordinal));
        }

        if (keepsTree)
        {
            Assert.Equal(Names(one), Names(four));
        }

        static string[] Names(string folder) =>
            [.. Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(StringComparer.Ordinal)];
    }

    private static string Subject(ClassActivationMap map) => PictureMark.FolderHash(map.Photo) + Path.GetFileName(map.Path) + map.Question.ToKey();

    private void Write(ClassActivationMap[] maps, string destination, bool keepsTree, int seed)
    {
        ClassActivationMap[] shuffled = [.. maps];
        new Random(seed).Shuffle(shuffled);
        var pictures = new MapPictures(keepsTree ? Path.Combine(_folder.Path, "photos") : null, PictureFormat.Png, force: false, noClobber: false);
        var pixels = new Photo(2, 2, new byte[16]);
        foreach (ClassActivationMap map in shuffled)
        {
            pictures.TargetFor(map, destination, PictureKind.Overlay).Write(pixels, PhotoSource.FromFile(map.Path), 90);
        }
    }

    // Photos of one name in several folders and formats; labels that are the same once they are part of a file's name.
    private IEnumerable<ClassActivationMap> Maps()
    {
        foreach (string name in (string[])["mon/a.jpg", "mon/a.png", "wed/a.jpg", $"wed/{new string('x', 240)}.jpg", $"wed/{new string('x', 239)}y.jpg"])
        {
            string path = Path.Combine(_folder.Path, "photos", name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, name);
            PhotoIdentity photo = PhotoSource.FromFile(path).Identify();
            foreach ((int index, string label) in ((int, string)[])[(0, "b.c"), (1, "b_c"), (2, "b c"), (3, "b/c"), (4, new string('l', 300)), (5, new string('l', 301))])
            {
                foreach (CamMethod method in (CamMethod[])[CamMethod.Cam, CamMethod.LayerCam])
                {
                    foreach (string hash in (string[])["", "0123456789ABCDEF"])
                    {
                        var question = new CamQuestion { Model = "ResNet50", ModelHash = hash, ClassIndex = index, Label = label, SharesLabel = index is 1 or 2, Method = method };
                        yield return new ClassActivationMap(photo, question)
                        {
                            Rank = 1,
                            Probability = 1,
                            Logit = 1,
                            Bias = 0,
                            Rows = 1,
                            Columns = 1,
                            Minimum = 0,
                            Maximum = 0,
                            InputWidth = 1,
                            InputHeight = 1,
                            PhotoWidth = 1,
                            PhotoHeight = 1,
                            Coverage = default,
                        };
                    }
                }
            }
        }
    }
}
