using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ClassActivation.Drawing;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Photos;

public sealed class RecentPhotosTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Decode_GivesTheSamePixels_ToTheNextStage()
    {
        PhotoSource source = CopyOf("flower.jpg");
        using SharedPhoto.Use first = RecentPhotos.Decode(source, shorterSideAtLeast: 448);
        using SharedPhoto.Use second = RecentPhotos.Decode(source);

        Assert.Same(first.Photo, second.Photo);
        Assert.Equal(PhotoDecoder.Decode(source).Pixels, first.Photo.Pixels);
    }

    [Fact]
    public void Decode_ReadsAgain_WhenTheFileChanged()
    {
        PhotoSource source = CopyOf("flower.jpg");
        using SharedPhoto.Use first = RecentPhotos.Decode(source);
        File.Copy(Sample("china.jpg"), source.Path!, overwrite: true);
        File.SetLastWriteTimeUtc(source.Path!, DateTime.UtcNow.AddSeconds(2));
        AssertReadAgain(source, first);
    }

    [Fact]
    public void Decode_ReadsAgain_WhenAnotherFileOfTheSameTimeTookThePlace()
    {
        PhotoSource source = CopyOf("flower.jpg");
        DateTime written = File.GetLastWriteTimeUtc(source.Path!);
        using SharedPhoto.Use first = RecentPhotos.Decode(source);
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
        using SharedPhoto.Use full = RecentPhotos.Decode(source);
        using SharedPhoto.Use reduced = RecentPhotos.Decode(source, shorterSide, longerSide);

        Assert.True(reduced.Photo.Width < full.Photo.Width);
        Assert.Equal(PhotoDecoder.Decode(source, shorterSide, longerSide).Pixels, reduced.Photo.Pixels);
    }

    [Fact]
    public void Decode_LeavesAPhotoInUseAlone_HoweverManyFollow()
    {
        using SharedPhoto.Use used = RecentPhotos.Decode(CopyOf("flower.jpg"));
        byte[] before = [.. used.Photo.Pixels];
        long capacity = 4L * 1024 * 1024 * Environment.ProcessorCount;
        File.Copy(Sample("china.jpg"), Path.Combine(_folder.Path, "other.jpg"));
        for (long decoded = 0; decoded < 3 * capacity;)
        {
            using SharedPhoto.Use other = RecentPhotos.Decode(PhotoSource.FromFile(Path.Combine(_folder.Path, "other.jpg")));
            Assert.False(IsSameMemory(used.Photo, other.Photo));
            decoded += other.Photo.Pixels.Length;
        }

        Assert.Equal(before, used.Photo.Pixels);
    }

    [Fact]
    public void Decode_TakesTheMemoryOfThePhotoBefore()
    {
        PhotoSource source = CopyOf("flower.jpg");

        // Other tests take memory from the same pool, if seldom.
        Assert.Contains(Enumerable.Range(0, 20), _ => IsMemoryUsedAgain(source));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(700)]
    public void Decode_FindsTheWorkDone_WhereALargePhotoWasPrefetched(int? longerSide)
    {
        string path = Path.Combine(_folder.Path, "large.jpg");
        Photo large = Resampler.Resize(PhotoDecoder.Decode(PhotoSource.FromFile(Sample("flower.jpg"))), 3000, 2000, Resampling.Bicubic);
        using (FileStream file = File.Create(path))
        {
            PhotoEncoder.Encode(large, PictureFormat.Jpeg, 80, file);
        }

        PhotoSource source = PhotoSource.FromFile(path);
        RecentPhotos.Prefetch(source, shorterSideAtLeast: 448, longerSideAtLeast: null);
        RecentPhotos.Prefetch(source, shorterSideAtLeast: null, longerSide, isReadElsewhere: true, shorterSideElsewhere: 448);
        using SharedPhoto.Use forNetwork = RecentPhotos.Decode(source, shorterSideAtLeast: 448);
        using SharedPhoto.Use forDrawing = RecentPhotos.Decode(source, longerSideAtLeast: longerSide);

        Assert.Equal(PhotoDecoder.Decode(source, 448).Pixels, forNetwork.Photo.Pixels);
        Assert.Equal(PhotoDecoder.Decode(source, longerSideAtLeast: longerSide).Pixels, forDrawing.Photo.Pixels);
    }

    [Fact]
    public void Decode_SaysWhatIsWrong_WhereThePrefetchedPhotoIsDamaged()
    {
        string path = Path.Combine(_folder.Path, "damaged.jpg");
        File.WriteAllBytes(path, File.ReadAllBytes(Sample("flower.jpg"))[..2000]);
        PhotoSource source = PhotoSource.FromFile(path);
        RecentPhotos.Prefetch(source, shorterSideAtLeast: 100, longerSideAtLeast: null);

        Assert.Equal(PhotoFailure.Truncated, Assert.Throws<PhotoException>(() => RecentPhotos.Decode(source)).Failure);
    }

    private static void AssertReadAgain(PhotoSource source, SharedPhoto.Use first)
    {
        using SharedPhoto.Use second = RecentPhotos.Decode(source);

        Assert.NotEqual(first.Photo.Pixels, second.Photo.Pixels);
        Assert.Equal(PhotoDecoder.Decode(source).Pixels, second.Photo.Pixels);
    }

    private static bool IsMemoryUsedAgain(PhotoSource source)
    {
        SharedPhoto.Use first = RecentPhotos.Decode(source, shorterSideAtLeast: 100);
        Photo before = first.Photo;
        first.Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.Photo);
        using SharedPhoto.Use second = RecentPhotos.Decode(source, shorterSideAtLeast: 100);
        return IsSameMemory(before, second.Photo);
    }

    private static bool IsSameMemory(Photo one, Photo other) =>
        Unsafe.AreSame(ref MemoryMarshal.GetReference(one.Bytes), ref MemoryMarshal.GetReference(other.Bytes));

    private static string Sample(string name) => Path.Combine(Locations.Repository(), "samples", name);

    private PhotoSource CopyOf(string name)
    {
        string path = Path.Combine(_folder.Path, name);
        File.Copy(Sample(name), path);
        return PhotoSource.FromFile(path);
    }
}
