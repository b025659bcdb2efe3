using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Maps;

/// <summary>Maps with chosen values, of a photo of one colour.</summary>
internal static class TestMaps
{
    public const int PhotoWidth = 100;
    public const int PhotoHeight = 50;

    public static (byte Red, byte Green, byte Blue) PhotoColor { get; } = (10, 200, 30);

    public static ClassActivationMap Map(
        int rows,
        float[] values,
        string label = "cat",
        string path = "photo.png",
        string model = "Net",
        CamMethod method = CamMethod.Cam,
        int rank = 1,
        PhotoRegion? coverage = null) => new(
            new PhotoIdentity { Path = path }, new CamQuestion { ClassIndex = 0, Label = label, Model = model, Method = method })
        {
            Rank = rank,
            Probability = 0.5,
            Logit = 1,
            Bias = 0,
            Rows = rows,
            Columns = values.Length / rows,
            Minimum = values.Min(),
            Maximum = values.Max(),
            InputWidth = 448,
            InputHeight = 224,
            PhotoWidth = PhotoWidth,
            PhotoHeight = PhotoHeight,
            Coverage = coverage ?? new PhotoRegion(0, 0, PhotoWidth, PhotoHeight),
            Values = values,
        };

    /// <summary>A map of a photo and a question, of one cell unless values are given.</summary>
    public static ClassActivationMap Of(PhotoIdentity photo, CamQuestion question, params float[] values) => new(photo, question)
    {
        Rank = 1,
        Probability = 1,
        Logit = 1,
        Bias = 0,
        Rows = 1,
        Columns = Math.Max(1, values.Length),
        Minimum = values.DefaultIfEmpty().Min(),
        Maximum = values.DefaultIfEmpty().Max(),
        InputWidth = 1,
        InputHeight = 1,
        PhotoWidth = 1,
        PhotoHeight = 1,
        Coverage = new PhotoRegion(0, 0, 1, 1),
        Values = values,
    };

    /// <summary>The values of a function on a grid whose outer cells lie on the edges of a part of the photo.</summary>
    public static float[] Sample(int rows, int columns, PhotoRegion part, Func<double, double, double> function) =>
        [.. from row in Enumerable.Range(0, rows)
            from column in Enumerable.Range(0, columns)
            select (float)function(part.Left + part.Width * column / (columns - 1), part.Top + part.Height * row / (rows - 1))];

    public static PhotoSource Photo()
    {
        var pixels = new byte[PhotoWidth * PhotoHeight * 4];
        for (int i = 0; i < pixels.Length; i += 4)
        {
            (pixels[i], pixels[i + 1], pixels[i + 2], pixels[i + 3]) = (PhotoColor.Red, PhotoColor.Green, PhotoColor.Blue, 255);
        }

        using var encoded = new MemoryStream();
        PhotoEncoder.Encode(new Photo(PhotoWidth, PhotoHeight, pixels), PictureFormat.Png, 100, encoded);
        return PhotoSource.FromMemory("photo.png", encoded.ToArray());
    }
}
