using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Report;

/// <summary>Results of whatever kind, gathered photo by photo in the order in which the photos came first.</summary>
public sealed class CamReport
{
    private readonly Dictionary<string, ReportPhoto> _photosByKey = new(StringComparer.Ordinal);
    private readonly List<ReportPhoto> _photos = [];
    private readonly List<ReportProblem> _problems = [];
    private readonly RightLabels? _rightLabels;

    /// <summary>Starts an empty report.</summary>
    /// <param name="rightLabels">What the photos show in truth; null where nobody knows.</param>
    public CamReport(RightLabels? rightLabels = null) => _rightLabels = rightLabels;

    /// <summary>The photos that something is known of.</summary>
    public IReadOnlyList<ReportPhoto> Photos => _photos;

    /// <summary>The photos that could not be read, or not worked on.</summary>
    public IReadOnlyList<ReportProblem> Problems => _problems;

    /// <summary>Adds a class of a photo.</summary>
    public void Add(Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        Photo(prediction.Photo, prediction.Source).Add(prediction);
    }

    /// <summary>Adds a map of a photo, and the class that it explains.</summary>
    public void Add(ClassActivationMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Photo(map.Photo, map.Source).Add(map);
    }

    /// <summary>Adds a region of a photo, and the map that it was found in.</summary>
    public void Add(CamRegion region)
    {
        ArgumentNullException.ThrowIfNull(region);
        Photo(region.Photo, region.ActivationMap.Source).Add(region);
    }

    /// <summary>Adds measured values of a photo.</summary>
    /// <param name="path">The photo's full path, or the name given to a photo from memory.</param>
    /// <param name="figures">The values.</param>
    public void Add(string path, ReportFigures figures)
    {
        ArgumentNullException.ThrowIfNull(figures);
        Photo(new PhotoIdentity { Path = path }, null).Add(figures);
    }

    /// <summary>Adds a photo that could not be read, or not worked on.</summary>
    public void Add(ReportProblem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        _problems.Add(problem);
    }

    private ReportPhoto Photo(PhotoIdentity identity, PhotoSource? source)
    {
        // Photos from memory may share a name.
        string key = identity.IsFromMemory ? $"{identity.Path}\0{identity.Hash}" : identity.Path;
        key = identity.Frame == 1 ? key : $"{key}\0{identity.Frame}";
        if (!_photosByKey.TryGetValue(key, out ReportPhoto? photo))
        {
            photo = new ReportPhoto(_photos.Count, identity.Path, _rightLabels?.Of(identity.Path));
            _photosByKey.Add(key, photo);
            _photos.Add(photo);
        }

        photo.Source ??= source;
        return photo;
    }
}
