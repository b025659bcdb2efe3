using ClassActivation.Imaging;

namespace ClassActivation.Tests.Imaging;

public sealed class RecentPhotosTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Decode_GivesTheSamePixels_ToTheNextStage()
    {
        PhotoSource source = CopyOf("flower.jpg");
        Photo first = RecentPhotos.Decode(source, shorterSideAtLeast: 448);

        Assert.Same(first, RecentPhotos.Decode(source));
        Assert.Equal(PhotoDecoder.Decode(source).Pixels, first.Pixels);
    }

    [Fact]
    public void Decode_ReadsAgain_WhenTheFileChanged()
    {
        PhotoSource source = CopyOf("flower.jpg");
        Photo first = RecentPhotos.Decode(source);
        File.Copy(Sample("china.jpg"), source.Path!, overwrite: true);
        File.SetLastWriteTimeUtc(source.Path!, DateTime.UtcNow.AddSeconds(2));
        AssertReadAgain(source, first);
    }

    [Fact]
    public void Decode_ReadsAgain_WhenAnotherFileOfTheSameTimeTookThePlace()
    {
        PhotoSource source = CopyOf("flower.jpg");
        DateTime written = File.GetLastWriteTimeUtc(source.Path!);
        Photo first = RecentPhotos.Decode(source);
        File.Copy(Sample("china.jpg"), source.Path!, overwrite: true);
        File.SetLastWriteTimeUtc(source.Path!, written);
        AssertReadAgain(source, first);
    }

    [Theory]
    [InlineData(100, null)]
    [InlineData(null, 300)]
    public void Decode_GivesTheReducedScale_EvenWhereTheFullOneIsKept(int? shorterSide, int? longerSide)
    {
        PhotoSource source = CopyOf("flower.jpg");
        Photo full = RecentPhotos.Decode(source);
        Photo reduced = RecentPhotos.Decode(source, shorterSide, longerSide);

        Assert.True(reduced.Width < full.Width);
        Assert.Equal(PhotoDecoder.Decode(source, shorterSide, longerSide).Pixels, reduced.Pixels);
    }

    private static void AssertReadAgain(PhotoSource source, Photo first)
    {
        Photo second = RecentPhotos.Decode(source);

        Assert.NotEqual(first.Pixels, second.Pixels);
        Assert.Equal(PhotoDecoder.Decode(source).Pixels, second.Pixels);
    }

    private static string Sample(string name) => Path.Combine(Locations.Repository(), "samples", name);

    private PhotoSource CopyOf(string name)
    {
        string path = Path.Combine(_folder.Path, name);
        File.Copy(Sample(name), path);
        return PhotoSource.FromFile(path);
    }
}
