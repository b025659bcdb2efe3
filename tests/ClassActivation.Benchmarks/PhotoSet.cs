using ClassActivation.Drawing;
using ClassActivation.Photos;

namespace ClassActivation.Benchmarks;

/// <summary>The photos that are worked on, and a temporary folder for everything the benchmark writes.</summary>
internal sealed class PhotoSet : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ClassActivation-");

    /// <summary>Takes as many photos as asked for; where a folder has fewer, copies make up for the rest.</summary>
    /// <exception cref="BenchmarkException">The folder is missing or has no photo that can be read.</exception>
    public PhotoSet(string folder, int count)
    {
        if (!Directory.Exists(folder))
        {
            throw new BenchmarkException($"There is no folder '{folder}'.");
        }

        string[] found = [.. Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Where(CanBeRead).Take(count)];
        if (found.Length == 0)
        {
            throw new BenchmarkException($"The folder '{folder}' has no photo that can be read.");
        }

        Distinct = found.Length;
        Paths =
        [
            .. Enumerable.Range(0, count).Select(index => index < found.Length ? found[index] : Copy(found[index % found.Length], index))
        ];
        List = WriteList("photos.txt", Paths);
    }

    /// <summary>How many different photos there are.</summary>
    public int Distinct { get; }

    /// <summary>The photos of one pass, each a file of its own.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>A file that names the photos of one pass.</summary>
    public string List { get; }

    /// <summary>A folder for pictures, which need not exist.</summary>
    public string PictureFolder(string name) => Path.Combine(_folder.FullName, "pictures", name);

    /// <summary>A file that names one JPEG of 4000×3000 pixels, with the detail of a photo.</summary>
    public string LargePhoto()
    {
        const int columns = 4, rows = 4, tileWidth = 1000, tileHeight = 750;
        Photo tile = Resampler.Resize(PhotoDecoder.Decode(PhotoSource.FromFile(Paths[0])), tileWidth, tileHeight, Resampling.Bicubic);
        var pixels = new byte[columns * tileWidth * rows * tileHeight * 4];
        for (int at = 0; at < pixels.Length; at += tileWidth * 4)
        {
            int row = at / (columns * tileWidth * 4) % tileHeight;
            tile.Pixels.AsSpan(row * tileWidth * 4, tileWidth * 4).CopyTo(pixels.AsSpan(at));
        }

        string path = Path.Combine(_folder.FullName, "large.jpg");
        using (FileStream file = File.Create(path))
        {
            PhotoEncoder.Encode(new Photo(columns * tileWidth, rows * tileHeight, pixels), PictureFormat.Jpeg, 90, file);
        }

        return WriteList("large.txt", [path]);
    }

    /// <summary>Removes what the benchmark wrote.</summary>
    public void Dispose() => _folder.Delete(recursive: true);

    private static bool CanBeRead(string path)
    {
        try
        {
            PhotoDecoder.Decode(PhotoSource.FromFile(path));
            return true;
        }
        catch (PhotoException)
        {
            return false;
        }
    }

    private string Copy(string photo, int index)
    {
        string copy = Path.Combine(_folder.FullName, $"{Path.GetFileNameWithoutExtension(photo)}-{index}{Path.GetExtension(photo)}");
        File.Copy(photo, copy);
        return copy;
    }

    private string WriteList(string name, IEnumerable<string> paths)
    {
        string list = Path.Combine(_folder.FullName, name);
        File.WriteAllLines(list, paths);
        return list;
    }
}
