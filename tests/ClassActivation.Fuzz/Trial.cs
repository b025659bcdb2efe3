using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Fuzz;

/// <summary>A photo's whole way through the module but for the network: decoding, the network's input, drawing, encoding.</summary>
internal static class Trial
{
    private const int MapSide = 7;

    private static readonly float[] Values = [.. Enumerable.Range(0, MapSide * MapSide).Select(static i => MathF.Sin(i) * 20)];

    /// <summary>Puts one photo through.</summary>
    /// <param name="source">The photo.</param>
    /// <param name="random">What decides how it is decoded and drawn.</param>
    /// <returns>"decoded", or why the photo was refused.</returns>
    /// <exception cref="Exception">A finding: whatever is no <see cref="PhotoException"/>, or contradicts itself.</exception>
    public static string Run(PhotoSource source, Random random)
    {
        try
        {
            int resolution = 32 * random.Next(1, 4);
            source = source.WithReading((PhotoReading)random.Next(2)).WithFrame(random.Next(4) == 0 ? random.Next(1, 6) : 1);
            Photo photo = PhotoDecoder.Decode(source, shorterSideAtLeast: 2 * resolution);
            (int, int) size = (photo.FullWidth, photo.FullHeight);
            Check(PhotoDecoder.ReadSize(source) == size, "The header's size is not the decoded photo's.");
            NetworkInput seen = NetworkInput.Create(photo, (InputFit)random.Next(5), resolution, (Resampling)random.Next(4));
            _ = random.Next(4) == 0 ? seen.Flip() : seen;
            Draw(source, photo, random);
            return "decoded";
        }
        catch (PhotoException e)
        {
            Check(
                e.Message.StartsWith($"'{source.DisplayPath}' ", StringComparison.Ordinal) && e.Message.EndsWith('.'),
                $"The message is no sentence: {e.Message}");
            return e.Failure.ToString();
        }
    }

    private static void Draw(PhotoSource source, Photo reduced, Random random)
    {
        (int width, int height) = (reduced.FullWidth, reduced.FullHeight);
        ClassActivationMap map = Map(width, height);
        var normalization = (HeatmapNormalization)random.Next(4);
        var options = new OverlayOptions
        {
            Colormap = Colormap.Get(Colormap.Names[random.Next(Colormap.Names.Count)]),
            Layout = (OverlayLayout)random.Next(3),
            Normalization = normalization,
            Upsampling = (Upsampling)random.Next(2),
            Threshold = random.Next(3) == 0 ? random.NextDouble() : null,
            Contour = random.Next(2) == 0 ? random.NextDouble() : null,
            Boxes = random.Next(3) == 0 ? [new PhotoRegion(width / 4, height / 4, width / 2, height / 2)] : [],
        };
        Photo picture = random.Next(4) == 0
            ? CamOverlay.Draw(map, source, options, random.Next(1, 200), random.Next(1, 200))
            : CamOverlay.Draw(map, source, options, random.Next(2) == 0 ? random.Next(16, 200) : null);
        if (random.Next(2) == 0)
        {
            picture = LegendPainter.Append(picture, CamLegend.For(map, options));
        }

        var format = (PictureFormat)random.Next(3);
        if (Math.Max(picture.Width, picture.Height) <= PhotoEncoder.LongestSide(format))
        {
            using var encoded = new MemoryStream();
            PhotoEncoder.Encode(picture, format, random.Next(101), encoded);
            byte[] marked = PictureMarks.Write(encoded.ToArray(), PictureMark.Of(PictureKind.Overlay, map), source.ReadProfile());
            Check(marked.Length > encoded.Length, "The picture was not marked.");
        }
    }

    private static ClassActivationMap Map(int width, int height) => new(
        new PhotoIdentity { Path = "photo" }, new CamQuestion { ClassIndex = 0, Label = "a_label", Model = "none" })
    {
        Rank = 1,
        Probability = 0.5,
        Logit = 1,
        Bias = 0,
        Rows = MapSide,
        Columns = MapSide,
        Minimum = Values.Min(),
        Maximum = Values.Max(),
        InputWidth = 224,
        InputHeight = 224,
        PhotoWidth = width,
        PhotoHeight = height,
        Coverage = new PhotoRegion(0, 0, width, height),
        Values = Values,
    };

    private static void Check(bool isRight, string complaint)
    {
        if (!isRight)
        {
            throw new InvalidOperationException(complaint);
        }
    }
}
