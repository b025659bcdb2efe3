using System.Diagnostics.CodeAnalysis;
using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>A picture that was written.</summary>
public sealed class CamPicture
{
    /// <summary>Makes the description of a picture.</summary>
    /// <param name="mark">What its file says.</param>
    internal CamPicture(PictureMark mark) => Mark = mark;

    /// <summary>The picture's full path.</summary>
    public required string FullName { get; init; }

    /// <summary>
    /// The picture's path as PowerShell's own cmdlets take it from the pipeline: as it is. They would take a Path for a
    /// pattern, and miss a name with brackets.
    /// </summary>
    public string PSPath => PhotoSources.FileSystemPrefix + FullName;

    /// <summary>The picture's file name.</summary>
    public string Name => Path.GetFileName(FullName);

    /// <summary>The photo that was drawn over; null where the picture shows several.</summary>
    public string? PhotoPath { get; init; }

    /// <summary>The label of the class that the picture explains; null where it explains several.</summary>
    public string? Label => Question?.Label;

    /// <summary>The probability of that class, 0 to 1; null where the picture explains several.</summary>
    public double? Probability => Question is null ? null : Mark.Probability;

    /// <summary>The picture's width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>The picture's height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>The file's size in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>What kind of picture it is: Overlay, Sheet or Crop.</summary>
    public string Kind => Mark.Kind.ToString();

    /// <summary>The photo's name without its folder; null where the picture shows several.</summary>
    public string? PhotoName => Question is null ? null : Mark.Photo;

    /// <summary>The number of the photo's encoded bytes; null where the picture shows several.</summary>
    public long? PhotoLength => Question is null ? null : Mark.PhotoLength;

    /// <summary>When the photo was last written, in UTC; null where the picture shows several.</summary>
    public string? PhotoWritten => Question is null ? null : Mark.PhotoWritten;

    /// <summary>The SHA-256 of the photo's bytes; null where the picture shows several.</summary>
    public string? PhotoHash => Question is null ? null : Mark.PhotoHash;

    /// <summary>Which picture of the photo's file it is, 1 for the first; null where the picture shows several.</summary>
    public int? PhotoFrame => Question is null ? null : Mark.PhotoFrame;

    /// <summary>The rank of the class among the predictions; null where the picture explains several.</summary>
    public int? Rank => Question is null ? null : Mark.Rank;

    /// <summary>The number of the region that was cut out; 0 for other pictures.</summary>
    public int Region => Mark.Region;

    /// <summary>How the picture is drawn or cut otherwise than by default, in words; empty for the plain one, and for a sheet.</summary>
    public string Look => Mark.Look;

    /// <summary>How many maps the picture shows.</summary>
    public int MapCount => Mark.MapCount;

    /// <summary>The version of the module that wrote the picture.</summary>
    public string ModuleVersion => Mark.ModuleVersion;

    /// <summary>The network's name; null where the picture explains several.</summary>
    public string? Model => Question?.Model;

    /// <summary>The network's hash; null where the picture explains several.</summary>
    public string? ModelHash => Question?.ModelHash;

    /// <summary>What of the photo the network saw; null where the picture explains several.</summary>
    public string? Fit => Question?.Fit.ToString();

    /// <summary>The side in pixels that the network's input was resized to; null where the picture explains several.</summary>
    public int? Resolution => Question?.Resolution;

    /// <summary>The filter that resized the photo for the network; null where the picture explains several.</summary>
    public string? Resampling => Question?.Resampling.ToString();

    /// <summary>How the photo's file became pixels; null where the picture explains several.</summary>
    public string? Decoding => Question?.Decoding.ToString();

    /// <summary>
    /// What became of the orientation and the transparency that the photo's file states; null where the picture explains
    /// several.
    /// </summary>
    public string? Reading => Question?.Reading.ToString();

    /// <summary>
    /// The class's position in the network's predictions, from 0; -1 for a concept; null where the picture explains several.
    /// </summary>
    public int? ClassIndex => Question?.ClassIndex;

    /// <summary>The WordNet id of the class or concept; null where the picture explains several.</summary>
    public string? WordNetId => Question?.WordNetId;

    /// <summary>
    /// Whether the network has another class, or another concept, of that label; null where the picture explains several.
    /// </summary>
    public bool? SharesLabel => Question?.SharesLabel;

    /// <summary>How the map was made; null where the picture explains several.</summary>
    public string? Method => Question?.Method.ToString();

    /// <summary>The layer whose feature maps the map is made of, null for the last; null where the picture explains several.</summary>
    public string? Layer => Question?.Layer;

    /// <summary>The most steps of integrated gradients, 0 for other methods; null where the picture explains several.</summary>
    public int? MaxStep => Question?.MaxStep;

    /// <summary>The path of the photo whose likeness is explained, empty for a class; null where the picture explains several.</summary>
    public string? SimilarTo => Question?.SimilarTo;

    /// <summary>The SHA-256 of that photo's bytes, empty for a class; null where the picture explains several.</summary>
    public string? SimilarToHash => Question?.SimilarToHash;

    /// <summary>The labels of the classes that this one is set against; null where the picture explains several.</summary>
    public string? Contrast => Question?.Contrast;

    /// <summary>The indexes of these classes; null where the picture explains several.</summary>
    public string? ContrastClass => Question?.ContrastClass;

    /// <summary>How much these classes count; null where the picture explains several.</summary>
    public double? ContrastStrength => Question?.ContrastStrength;

    /// <summary>Whether these classes were the most probable others; null where the picture explains several.</summary>
    public bool? ContrastAuto => Question?.ContrastAuto;

    /// <summary>How parts of the photo were covered; null where the picture explains several.</summary>
    public string? Masking => Question?.Masking;

    /// <summary>The scales that the map is the average of; null where the picture explains several.</summary>
    public string? Scale => Question?.Scale;

    /// <summary>Whether the map is the average with that of the mirror image; null where the picture explains several.</summary>
    public bool? Flip => Question?.Flip;

    /// <summary>For the difference of two maps, the reference's question as a text; null where the picture explains several.</summary>
    public string? Reference => Question?.Reference;

    /// <summary>Digits that tell which maps of which photos a sheet shows; empty for other pictures.</summary>
    public string MapsHash => Mark.MapsHash;

    /// <summary>
    /// The maps that the picture shows, with their photos' names: questions with their answers, without the maps' values. None
    /// for a sheet of more maps than its file's metadata can hold.
    /// </summary>
    [SuppressMessage(
        "Design", "CA1024", Justification = "As a property it would be a nested object in CSV and JSON, beside the flat ones.")]
    public IReadOnlyList<Prediction> GetMaps() =>
        [.. (Mark.Question is null ? Mark.Shown : [Mark]).Where(static mark => mark.Question is not null).Select(
        static mark =>
            new Prediction(
                new PhotoIdentity { Path = mark.Photo, Length = mark.PhotoLength, Written = mark.PhotoWritten, Hash = mark.PhotoHash },
                mark.Question!)
        {
            Rank = mark.Rank,
            Probability = mark.Probability,
            Logit = double.NaN,
            IsWholeQuestion = true,
        })];

    /// <summary>What the picture's file says.</summary>
    internal PictureMark Mark { get; }

    /// <summary>What was asked; null where the picture explains several maps.</summary>
    internal CamQuestion? Question => Mark.Question;

    /// <summary>The picture's full path.</summary>
    public override string ToString() => FullName;
}
