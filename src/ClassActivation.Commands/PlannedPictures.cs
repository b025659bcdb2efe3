using System.Collections.Concurrent;
using ClassActivation.Drawing;

namespace ClassActivation.Commands;

/// <summary>The pictures of one run that have a name and are not written yet, so that no two are promised the same.</summary>
internal sealed class PlannedPictures
{
    private readonly ConcurrentDictionary<string, PictureMark> _marks = new(FilePaths.Comparer);

    /// <summary>Keeps a name for a picture.</summary>
    public void Add(string path, PictureMark mark) => _marks[path] = mark;

    /// <summary>Forgets a picture that is written: its file says whose it is.</summary>
    public void Remove(string path) => _marks.TryRemove(path, out _);

    /// <summary>Whether a name is kept for another picture.</summary>
    public bool IsOfOther(string path, Func<PictureMark, bool> isSame) => _marks.TryGetValue(path, out PictureMark? mark) && !isSame(mark);
}
