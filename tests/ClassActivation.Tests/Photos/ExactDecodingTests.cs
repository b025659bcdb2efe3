using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Photos;

/// <summary>The network sees the pixels of a full decode: a JPEG and the same pixels as PNG give the same input, at every size.</summary>
public sealed class ExactDecodingTests
{
    public static TheoryData<int, int, InputFit, Resampling> Cases()
    {
        var cases = new TheoryData<int, int, InputFit, Resampling>();
        foreach ((int width, int height) in new[] { (448, 520), (515, 449), (700, 513), (1030, 777), (1801, 897), (903, 1802) })
        {
            foreach (InputFit fit in Enum.GetValues<InputFit>())
            {
                foreach (Resampling resampling in Enum.GetValues<Resampling>())
                {
                    cases.Add(width, height, fit, resampling);
                }
            }
        }

        return cases;
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void A_jpeg_gives_the_input_of_its_own_pixels(int width, int height, InputFit fit, Resampling resampling)
    {
        (byte[] jpeg, byte[] png) = Photos(width, height);
        var explainer = new PhotoExplainer(SampleNetwork.Model, new InputSettings(fit, 224, resampling));

        byte[] ofJpeg = explainer.ReadInput(PhotoSource.FromMemory("photo.jpg", jpeg)).Pixels;
        byte[] ofPng = explainer.ReadInput(PhotoSource.FromMemory("photo.png", png)).Pixels;

        Assert.Equal(ofPng, ofJpeg);
    }

    [SkippableFact]
    public void Fast_decoding_is_another_question()
    {
        (byte[] jpeg, _) = Photos(1801, 897);
        PhotoSource photo = PhotoSource.FromMemory("photo.jpg", jpeg);
        var exact = new PhotoExplainer(SampleNetwork.Model, new InputSettings(Resampling: Resampling.Nearest));
        var fast = new PhotoExplainer(
            SampleNetwork.Model, new InputSettings(Resampling: Resampling.Nearest) { Decoding = PhotoDecoding.Fast });

        Assert.NotEqual(exact.ReadInput(photo).Pixels, fast.ReadInput(photo).Pixels);
        Assert.NotEqual(exact.Predict(photo, 1)[0].Question, fast.Predict(photo, 1)[0].Question);
        Assert.Equal("Fast", fast.Predict(photo, 1)[0].Decoding);
    }

    // Noise over waves: a reduced scale shows in every pixel.
    private static (byte[] Jpeg, byte[] Png) Photos(int width, int height)
    {
        var random = new Random(width);
        var pixels = new byte[width * height * 4];
        for (int i = 0; i < width * height; i++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                pixels[(4 * i) + channel] = (byte)Math.Clamp(
                    128 + (60 * Math.Sin(i % width / (9.0 + channel))) + (40 * Math.Cos(i / width / 7.0)) + random.Next(-25, 26), 0, 255);
            }

            pixels[(4 * i) + 3] = 255;
        }

        byte[] jpeg = Encode(new Photo(width, height, pixels), PictureFormat.Jpeg);
        return (jpeg, Encode(PhotoDecoder.Decode(PhotoSource.FromMemory("photo.jpg", jpeg)), PictureFormat.Png));
    }

    private static byte[] Encode(Photo photo, PictureFormat format)
    {
        using var stream = new MemoryStream();
        PhotoEncoder.Encode(photo, format, 92, stream);
        return stream.ToArray();
    }
}
