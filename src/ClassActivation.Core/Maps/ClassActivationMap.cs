using ClassActivation.Identity;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>
/// Where in a photo a network sees a class or a concept: one raw value for each position of the last feature maps. For
/// the method <c>Cam</c> the values are contributions to the logit: <c>mean(map) + bias = logit</c> (Zhou et al. 2016,
/// "Learning Deep Features for Discriminative Localization"). A map of several scales, or of the photo and its mirror
/// image, holds an average in the range 0 to 1 instead, and that identity does not hold for it.
/// </summary>
public sealed class ClassActivationMap : CamAnswer
{
    private float[][]? _map;

    /// <summary>Makes a map.</summary>
    /// <param name="photo">The photo that it is of.</param>
    /// <param name="question">What it answers.</param>
    internal ClassActivationMap(PhotoIdentity photo, CamQuestion question)
        : base(photo, question)
    {
    }

    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public override string Path => base.Path;

    /// <summary>The class's rank among the predictions, 1 for the most probable; a concept's rank among those asked for.</summary>
    public required int Rank { get; init; }

    /// <summary>The class's position in the network's predictions, from 0; -1 for a concept.</summary>
    public override int ClassIndex => base.ClassIndex;

    /// <summary>The WordNet id of the class or concept, empty where it has none.</summary>
    public override string WordNetId => base.WordNetId;

    /// <summary>The class's label, or the concept's name.</summary>
    public override string Label => base.Label;

    /// <summary>The softmax probability, 0 to 1; for a concept the sum over its classes.</summary>
    public required double Probability { get; init; }

    /// <summary>
    /// The score before softmax: the class's, the logarithm of the summed exponentials for a concept, or, with
    /// <see cref="Contrast"/>, what is left after the share of the others is subtracted.
    /// </summary>
    public required double Logit { get; init; }

    /// <summary>
    /// The part of the logit that no place in the photo explains: for a class the classifier's bias, and behind other ends what all
    /// biases behind the layer add to it; 0 where that is not known.
    /// </summary>
    public required double Bias { get; init; }

    /// <summary>
    /// How far the map and the bias are from the logit, as a part of the largest of the three: rounding alone, some 1e-6, where
    /// the method promises that they are it (Cam: mean + bias; HiResCam: sum + bias, behind ReLU and linear layers; GradCam and
    /// XGradCam behind one linear layer). Of IntegratedGradients it is a part of the difference of the logits of photo and baseline.
    /// Null where nothing is promised.
    /// </summary>
    public double? Incompleteness { get; init; }

    /// <summary>How the map was made.</summary>
    public override string Method => base.Method;

    /// <summary>The labels of the classes that this one is set against, empty where there are none.</summary>
    public override string Contrast => base.Contrast;

    /// <summary>The network's name.</summary>
    public override string Model => base.Model;

    /// <summary>The rows of the map.</summary>
    public required int Rows { get; init; }

    /// <summary>The columns of the map.</summary>
    public required int Columns { get; init; }

    /// <summary>The smallest value of the map.</summary>
    public required float Minimum { get; init; }

    /// <summary>The largest value of the map.</summary>
    public required float Maximum { get; init; }

    /// <summary>The width in pixels of the network's input.</summary>
    public required int InputWidth { get; init; }

    /// <summary>The height in pixels of the network's input.</summary>
    public required int InputHeight { get; init; }

    /// <summary>The width in pixels of the upright photo.</summary>
    public required int PhotoWidth { get; init; }

    /// <summary>The height in pixels of the upright photo.</summary>
    public required int PhotoHeight { get; init; }

    /// <summary>How the map is drawn where nothing else is asked for; symmetric for the difference of two maps.</summary>
    public string Normalization => DefaultNormalization.ToString();

    /// <summary>The part of the upright photo that the map covers, in the photo's pixels.</summary>
    public required PhotoRegion Coverage { get; init; }

    /// <summary>The values, row by row: raw, or from 0 to 1 for several scales or with <see cref="CamAnswer.Flip"/>.</summary>
    public float[][] Map => _map ??= Grid.ToRows(Values, Columns);

    /// <summary>The last feature maps (K maps of rows × columns), where they were asked for.</summary>
    public float[][][]? Activation { get; init; }

    /// <summary>The values, rows × columns, row by row.</summary>
    internal float[] Values { get; init; } = [];

    /// <summary>How the map is drawn where nothing else is asked for.</summary>
    internal HeatmapNormalization DefaultNormalization { get; init; } = HeatmapNormalization.MinMax;

    /// <summary>Where the photo's bytes are.</summary>
    internal PhotoSource? Source { get; init; }

    /// <summary>The raw map at another size, row by row.</summary>
    /// <param name="width">The columns to give.</param>
    /// <param name="height">The rows to give.</param>
    /// <param name="upsampling">
    /// <c>AlignCorners</c> is <c>scipy.ndimage.zoom(order=1)</c>, the notebook's; <c>HalfPixel</c> is OpenCV's and PyTorch's default.
    /// </param>
    public float[][] Resize(int width, int height, Upsampling upsampling = Upsampling.AlignCorners)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        return Grid.ToRows(GridUpsampler.Upsample(Values, Rows, Columns, width, height, upsampling), width);
    }

    /// <summary>The map in the range 0 to 1, row by row.</summary>
    /// <param name="normalization">Which values become 0 and 1.</param>
    public float[][] Normalize(HeatmapNormalization normalization = HeatmapNormalization.MinMax) =>
        Grid.ToRows(Array.ConvertAll(HeatmapNormalizer.Normalize(Values, normalization), static value => (float)value), Columns);

    /// <summary>A photo that was read for this map, if it can be the one that the map explains.</summary>
    /// <exception cref="PhotoException">The photo has another size: its file was replaced.</exception>
    internal Photo Check(Photo photo, PhotoSource source)
    {
        if (photo.FullWidth != PhotoWidth || photo.FullHeight != PhotoHeight)
        {
            throw source.Failed(
                PhotoFailure.Changed,
                $"is another photo now: it has {photo.FullWidth}×{photo.FullHeight} pixels, and the map explains one of"
                + $" {PhotoWidth}×{PhotoHeight}");
        }

        // A map of an older version of the module does not know when its photo was written.
        return Photo.Version is not { } first || first == source.ReadVersion()
            ? photo
            : throw source.Failed(PhotoFailure.Changed, "was written again since its map was computed, and may be another photo now");
    }

    /// <summary>The label and the photo's name.</summary>
    public override string ToString() => ShownText.Of($"{Label} in {System.IO.Path.GetFileName(Path)}");
}
