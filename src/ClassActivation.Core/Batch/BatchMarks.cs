using ClassActivation.Drawing;
using ClassActivation.Identity;

namespace ClassActivation.Batch;

/// <summary>
/// What a batch answered, as the marks that a picture of each answer would have: whoever knows pictures by them knows a batch's
/// photos.
/// </summary>
/// <param name="batch">The batch.</param>
internal sealed class BatchMarks(BatchFolder batch)
{
    private readonly BatchReader _reader = new(batch);

    // Very many photos are asked few questions.
    private readonly Dictionary<CamQuestion, CamQuestion> _questions = [];
    private readonly Dictionary<string, string> _folders = [];

    /// <summary>The marks of a shard's answers.</summary>
    /// <exception cref="BatchException">A file is damaged or cannot be read.</exception>
    public IEnumerable<PictureMark> OfShard(int shard) =>
        from row in _reader.Rows(shard)
        where row.Map is not null
        select new PictureMark
        {
            Kind = PictureKind.Overlay,
            Photo = Path.GetFileName(row.Photo.Path),
            PhotoFrame = row.Photo.Frame,
            PhotoLength = row.Photo.Length,
            PhotoWritten = row.Photo.Written,
            PhotoFolder = Shared(_folders, PictureMark.FolderHash(row.Photo)),
            Rank = row.Map!.Rank,
            Probability = row.Map.Probability,
            ModuleVersion = PictureMark.Version,
            Question = Shared(_questions, PictureMark.Marked(row.Map.Question)),
        };

    private static T Shared<T>(Dictionary<T, T> known, T value)
        where T : notnull => known.TryGetValue(value, out T? first) ? first : known[value] = value;
}
