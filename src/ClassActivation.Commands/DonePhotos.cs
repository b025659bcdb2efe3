using System.Collections.Concurrent;
using ClassActivation.Batch;
using ClassActivation.Drawing;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>The photos that are answered: by pictures, which their marks say, or by batches.</summary>
/// <param name="questions">What must be answered of a photo together; anything does where there are none.</param>
internal sealed class DonePhotos(IReadOnlyList<QuestionPattern> questions)
{
    private readonly ConcurrentDictionary<(string Name, long Length), ConcurrentBag<PictureMark>> _marks = new();

    /// <summary>How many answers were found.</summary>
    public int Count => _marks.Values.Sum(static marks => marks.Count);

    /// <summary>Adds the pictures among files.</summary>
    public void Add(IEnumerable<string> files, CancellationToken cancellationToken) =>
        Parallel.ForEach(files, new ParallelOptions { CancellationToken = cancellationToken }, file =>
        {
            if (PictureMarks.TryRead(file) is { Kind: PictureKind.Overlay } mark)
            {
                Add(mark);
            }
        });

    /// <summary>Adds the answers of a batch.</summary>
    /// <exception cref="BatchException">A file of the batch is damaged or cannot be read.</exception>
    public void Add(BatchFolder batch, CancellationToken cancellationToken)
    {
        var marks = new BatchMarks(batch);
        foreach (PictureMark mark in batch.Done().SelectMany(marks.OfShard))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Add(mark);
        }
    }

    private void Add(PictureMark mark) => _marks.GetOrAdd((mark.Photo, mark.PhotoLength), static _ => []).Add(mark);

    /// <summary>Whether a photo's pictures answer all that is asked.</summary>
    public bool Contains(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || !_marks.TryGetValue((file.Name, file.Length), out ConcurrentBag<PictureMark>? marks))
        {
            return false;
        }

        string written = PhotoIdentity.TimeText(file.LastWriteTimeUtc);
        string folder = PictureMark.FolderHash(new PhotoIdentity { Path = path });
        string? hash = null;
        PictureMark[] own = [.. marks.Where(mark =>
            (mark.PhotoWritten == written && mark.PhotoFolder == folder)
            || (mark.PhotoHash.Length > 0 && mark.PhotoHash == (hash ??= HashOf(path))))];
        return own.Length > 0 && questions.All(question => question.IsAnsweredBy(own));
    }

    // A photo of that name and length in another folder, or of another time, may be a copy or another photo: its bytes decide.
    private static string HashOf(string path)
    {
        try
        {
            return PhotoSource.FromFile(path).HashContent();
        }
        catch (PhotoException)
        {
            return "";
        }
    }
}
