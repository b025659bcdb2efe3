using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Report;

/// <summary>All that a report knows of one photo.</summary>
public sealed class ReportPhoto
{
    private readonly List<Prediction> _predictions = [];
    private readonly List<ClassActivationMap> _maps = [];
    private readonly List<ReportRegion> _regions = [];
    private readonly List<ReportFigures> _figures = [];

    internal ReportPhoto(int number, string path, string? rightLabel)
    {
        Number = number;
        Path = path;
        RightLabel = rightLabel;
    }

    /// <summary>The photo's place in the report, from 0.</summary>
    public int Number { get; }

    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public string Path { get; }

    /// <summary>The photo's file name.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>What the photo shows in truth: a label or a WordNet id; null where that is not known.</summary>
    public string? RightLabel { get; }

    /// <summary>The classes, the most probable first.</summary>
    public IReadOnlyList<Prediction> Predictions => _predictions;

    /// <summary>The maps, in the order in which they came.</summary>
    public IReadOnlyList<ClassActivationMap> Maps => _maps;

    /// <summary>The regions, in the order in which they came.</summary>
    public IReadOnlyList<ReportRegion> Regions => _regions;

    /// <summary>Measured values.</summary>
    public IReadOnlyList<ReportFigures> Figures => _figures;

    /// <summary>The most probable class; null where none is known.</summary>
    public Prediction? Best => _predictions.Count == 0 ? null : _predictions[0];

    /// <summary>Whether the most probable class is the right one; null where one of them is not known.</summary>
    public bool? IsRight => RightLabel is { } right && Best is { } best ? IsNamed(best, right) : null;

    /// <summary>Where the photo's bytes are.</summary>
    internal PhotoSource? Source { get; set; }

    /// <summary>How it was shown to the network.</summary>
    internal PhotoReading Reading => _maps.Count > 0 ? _maps[0].Question.Reading : Best?.Question.Reading ?? PhotoReading.Upright;

    /// <summary>Which photo it is, in which version.</summary>
    internal PhotoIdentity Identity => _maps.Count > 0 ? _maps[0].Photo : Best?.Photo ?? new PhotoIdentity { Path = Path };

    /// <summary>Whether a name means a class, by its label or its WordNet id.</summary>
    internal static bool IsNamed(Prediction prediction, string name) =>
        ClassTable.Key(prediction.Label) == ClassTable.Key(name)
        || (prediction.WordNetId.Length > 0 && prediction.WordNetId.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The first map that explains a class; null where there is none.</summary>
    internal ClassActivationMap? MapOf(Prediction prediction) => _maps.Find(map => IsOf(prediction, map.ClassIndex, map.Label, map.Model));

    internal void Add(Prediction prediction)
    {
        if (_predictions.Exists(known => IsOf(known, prediction.ClassIndex, prediction.Label, prediction.Model)))
        {
            return;
        }

        int place = _predictions.FindIndex(known => known.Rank > prediction.Rank);
        _predictions.Insert(place < 0 ? _predictions.Count : place, prediction);
    }

    internal int Add(ClassActivationMap map)
    {
        int known = _maps.FindIndex(other => ReferenceEquals(other, map) || AreSame(other, map));
        if (known >= 0)
        {
            return known;
        }

        _maps.Add(map);

        // A difference of two maps explains no class by itself.
        if (map.DefaultNormalization != HeatmapNormalization.Symmetric)
        {
            Add(new Prediction(map.Photo, map.Question)
            {
                Rank = map.Rank,
                Probability = map.Probability,
                Logit = map.Logit,
                Source = map.Source,
            });
        }

        return _maps.Count - 1;
    }

    internal void Add(CamRegion region) => _regions.Add(new ReportRegion(region, Add(region.ActivationMap)));

    internal void Add(ReportFigures figures) => _figures.Add(figures);

    private static bool IsOf(Prediction prediction, int classIndex, string label, string model) =>
        prediction.ClassIndex == classIndex && prediction.Label == label && prediction.Model == model;

    private static bool AreSame(ClassActivationMap one, ClassActivationMap other) =>
        one.ClassIndex == other.ClassIndex && one.Label == other.Label && one.Model == other.Model && one.Method == other.Method
        && one.Values.AsSpan().SequenceEqual(other.Values);
}
