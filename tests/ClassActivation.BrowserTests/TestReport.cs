using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Report;

namespace ClassActivation.BrowserTests;

/// <summary>Pages to look at, in a folder that goes with them.</summary>
internal sealed class TestReport : IDisposable
{
    public static readonly string[] Labels = ["Egyptian_cat", "espresso", "alp", "daisy", "palace", "bell_cote", "tabby", "cup"];

    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "samples");

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ClassActivation-");

    public string File => Path.Combine(_folder.FullName, "report.html");

    /// <summary>Some photos whose classes and probabilities follow a rule: photo i shows class i mod 8 with (i mod 100 + 0.5) %.</summary>
    public static CamReport Regular(int count, RightLabels? rightLabels = null)
    {
        var report = new CamReport(rightLabels);
        string[] samples = Directory.GetFiles(Samples);
        for (int i = 0; i < count; i++)
        {
            string path = $"/photos/{Labels[(i / 3) % 8]}/photo-{i:00000}{Path.GetExtension(samples[i % samples.Length])}";
            report.Add(Map(path, Labels[i % 8], i % 8, ((i % 100) + 0.5) / 100, 600, 400, Values(i, 7, 10), 7));
            report.Add(
                new Prediction(
                    new PhotoIdentity { Path = path }, Question("runner-up", 9, "Test"))
                { Rank = 2, Probability = 0.01, Logit = 1 });
        }

        return report;
    }

    public static float[] Values(int seed, int rows, int columns)
    {
        var random = new Random(seed);
        double x = random.NextDouble() * columns, y = random.NextDouble() * rows;
        return
        [
            .. Enumerable.Range(0, rows * columns)
                .Select(i => (float)(9 * Math.Exp(-(Math.Pow((i % columns) - x, 2) + Math.Pow((i / columns) - y, 2)) / 5) - 1))
        ];
    }

    public static ClassActivationMap Map(
        string path, string label, int index, double probability, int width, int height, float[] values, int rows, string model = "Test") =>
        new(new PhotoIdentity { Path = path }, Question(label, index, model))
        {
            Rank = 1,
            Probability = probability,
            Logit = 5,
            Bias = 0.1,
            Rows = rows,
            Columns = values.Length / rows,
            Minimum = values.Min(),
            Maximum = values.Max(),
            InputWidth = 224,
            InputHeight = 224,
            PhotoWidth = width,
            PhotoHeight = height,
            Coverage = new PhotoRegion(0, 0, width, height),
            Values = values,
        };

    private static CamQuestion Question(string label, int index, string model) =>
        new() { Label = label, ClassIndex = index, Model = model };

    public static CamRegion Region(ClassActivationMap map) => RegionFinder.Find(map, new RegionOptions())[0];

    /// <summary>Writes a page; every photo gets the picture of one of the samples.</summary>
    public string Write(CamReport report, string title = "Report", int size = 256)
    {
        ReportPicture[] pictures = [.. Directory.GetFiles(Samples).Select(sample =>
        {
            Photo photo = PhotoDecoder.Decode(PhotoSource.FromFile(sample)).ShrinkToFit(size);
            using var content = new MemoryStream();
            PhotoEncoder.Encode(photo, PictureFormat.Webp, 70, content);
            return new ReportPicture(photo.Width, photo.Height, content.ToArray());
        })];
        using var page = new ReportPage(report, new ReportPageOptions { Title = title, Folder = _folder.FullName });
        Parallel.ForEach(report.Photos, photo => page.AddPicture(photo, pictures[photo.Number % pictures.Length]));
        using FileStream stream = System.IO.File.Create(File);
        page.Write(stream);
        return File;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
