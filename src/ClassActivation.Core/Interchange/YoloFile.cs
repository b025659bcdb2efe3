using System.Globalization;
using System.Text;

namespace ClassActivation.Interchange;

/// <summary>
/// Boxes as of YOLO (Redmon et al. 2016, "You Only Look Once"): a text file for each photo in the folder <c>labels</c>,
/// its lines the class's number and the box's centre, width and height as shares of the photo's; and the classes'
/// names, a line each, in <c>classes.txt</c>. A further file <c>class-indexes.txt</c> has the network's numbers of them.
/// </summary>
internal static class YoloFile
{
    private const string ClassFile = "classes.txt";
    private const string ClassIndexFile = "class-indexes.txt";
    private const string LabelFolder = "labels";

    // A share has 16 digits, so that a whole number of pixels comes back within far less than this.
    private const double Rounding = 1e-6;

    /// <param name="annotations">The boxes.</param>
    /// <param name="withScore">Whether to write how sure each is.</param>
    /// <param name="known">The classes that boxes of other photos in the folder have already: their numbers stay.</param>
    public static IEnumerable<AnnotationFile> Write(
        IReadOnlyList<CamAnnotation> annotations, bool withScore, IReadOnlyList<(int Index, string Label)> known)
    {
        var photos = AnnotationFiles.ByPhoto(annotations).ToList();
        AnnotationFiles.CheckNamesDiffer(photos);
        List<(int Index, string Label)> classes = [.. known.Union(AnnotationFiles.Classes(annotations))];
        foreach (IGrouping<string, CamAnnotation> photo in photos)
        {
            (int width, int height) = AnnotationFiles.SizeOf(photo);
            var lines = new StringBuilder();
            foreach (CamAnnotation box in photo)
            {
                lines.Append(CultureInfo.InvariantCulture, $"{classes.IndexOf((box.ClassIndex, box.Label))}")
                    .Append(
                        CultureInfo.InvariantCulture,
                        $" {(box.Left + (box.Width / 2)) / width:R} {(box.Top + (box.Height / 2)) / height:R}")
                    .Append(CultureInfo.InvariantCulture, $" {box.Width / width:R} {box.Height / height:R}");
                if (withScore && box.Score is { } score)
                {
                    lines.Append(CultureInfo.InvariantCulture, $" {score:R}");
                }

                lines.Append('\n');
            }

            yield return new AnnotationFile(
                $"{LabelFolder}/{Path.GetFileNameWithoutExtension(photo.Key)}.txt", Encoding.UTF8.GetBytes(lines.ToString()));
        }

        yield return new AnnotationFile(
            ClassFile, Encoding.UTF8.GetBytes(string.Concat(classes.Select(static c => ShownText.Of(c.Label) + "\n"))));
        yield return new AnnotationFile(
            ClassIndexFile,
            Encoding.UTF8.GetBytes(string.Concat(classes.Select(static c => c.Index.ToString(CultureInfo.InvariantCulture) + "\n"))));
    }

    /// <summary>The classes of a folder that this module wrote; none of another one.</summary>
    public static IReadOnlyList<(int Index, string Label)> ClassesOf(string folder)
    {
        WrittenFiles written = WrittenFiles.In(folder);
        return written.IsAsWritten(ClassFile) && written.IsAsWritten(ClassIndexFile)
            ?
            [
                .. ReadLines(Path.Combine(folder, ClassIndexFile)).Select(static line => int.Parse(line, CultureInfo.InvariantCulture))
                    .Zip(ReadLines(Path.Combine(folder, ClassFile)))
            ]
            : [];
    }

    /// <summary>Whether a file has the names of the classes, without which the boxes' numbers mean nothing.</summary>
    public static bool IsOfClasses(string name) => name is ClassFile or ClassIndexFile;

    /// <summary>Where the photos lie by convention: <c>images</c> beside <c>labels</c>, or else with their boxes.</summary>
    public static string PhotoFolderOf(string folder)
    {
        string root = RootOf(folder);
        string images = Path.Combine(root, "images");
        return Directory.Exists(images) ? images : LabelFolderOf(folder);
    }

    public static IReadOnlyList<Box> Read(string folder)
    {
        string root = RootOf(folder);
        string classFile = Path.Combine(root, ClassFile);
        if (!File.Exists(classFile))
        {
            throw new InvalidDataException(
                $"'{folder}' has no files of Pascal VOC (.xml), and as a folder of YOLO it lacks the names of the classes, '{ClassFile}'.");
        }

        string[] labels = ReadLines(classFile);
        string indexFile = Path.Combine(root, ClassIndexFile);
        int[] indexes = File.Exists(indexFile)
            ? Array.ConvertAll(ReadLines(indexFile), line => int.TryParse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index)
                ? index
                : throw new InvalidDataException($"'{indexFile}' has the line '{line}', which is not a whole number."))
            : Array.ConvertAll(labels, static _ => -1);
        if (indexes.Length != labels.Length)
        {
            throw new InvalidDataException($"'{indexFile}' has {indexes.Length} lines, and '{classFile}' {labels.Length}.");
        }

        return
        [
            .. Directory.GetFiles(LabelFolderOf(folder), "*.txt").Order(StringComparer.Ordinal)
                .Where(static file => Path.GetFileName(file) is not (ClassFile or ClassIndexFile))
                .SelectMany(file => ReadLines(file).Select((line, i) => Parse(file, i + 1, line, labels, indexes))),
        ];
    }

    private static Box Parse(string file, int number, string line, string[] labels, int[] indexes)
    {
        double[] values = Array.ConvertAll(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), static field =>
            double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
                ? value
                : double.NaN);
        bool isBox = values.Length is 5 or 6 && !Array.Exists(values, double.IsNaN) && values[3] > 0 && values[4] > 0;
        if (!isBox || values[0] != Math.Floor(values[0]))
        {
            throw new InvalidDataException(
                $"'{file}' has no box in line {number}: it needs a class's number, and centre, width and height as shares of the photo's.");
        }

        return values[0] >= 0 && values[0] < labels.Length
            ? new Box(
                Path.GetFileNameWithoutExtension(file), labels[(int)values[0]], indexes[(int)values[0]],
                values[1], values[2], values[3], values[4], values.Length == 6 ? values[5] : null)
            : throw new InvalidDataException(
                $"'{file}' has the class {values[0]} in line {number}, where the classes are 0 to {labels.Length - 1}.");
    }

    private static string[] ReadLines(string file) =>
        [.. FileStatus.ReadAllLines(file).Select(static line => line.Trim()).Where(static line => line.Length > 0)];

    private static string LabelFolderOf(string folder) =>
        Directory.Exists(Path.Combine(folder, LabelFolder)) ? Path.Combine(folder, LabelFolder) : folder;

    private static string RootOf(string folder) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)) == LabelFolder && !File.Exists(Path.Combine(folder, ClassFile))
            ? Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder)) ?? folder
            : folder;

    /// <summary>A box as shares of its photo's size.</summary>
    public sealed record Box(
        string Name, string Label, int ClassIndex, double CenterX, double CenterY, double Width, double Height, double? Score)
    {
        /// <summary>The box in pixels of its photo.</summary>
        public CamAnnotation InPixels((string Path, int Width, int Height) photo) => new()
        {
            Path = photo.Path,
            Label = Label,
            ClassIndex = ClassIndex,
            Left = Pixels((CenterX - (Width / 2)) * photo.Width),
            Top = Pixels((CenterY - (Height / 2)) * photo.Height),
            Width = Pixels(Width * photo.Width),
            Height = Pixels(Height * photo.Height),
            PhotoWidth = photo.Width,
            PhotoHeight = photo.Height,
            Score = Score,
        };

        private static double Pixels(double length) => Math.Abs(length - Math.Round(length)) < Rounding ? Math.Round(length) : length;
    }
}
