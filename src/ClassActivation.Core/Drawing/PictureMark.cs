using System.Security.Cryptography;
using System.Text;
using ClassActivation.Identity;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Drawing;

/// <summary>What kind of picture it is.</summary>
public enum PictureKind
{
    /// <summary>A map over its photo.</summary>
    Overlay,

    /// <summary>Several maps in one picture.</summary>
    Sheet,

    /// <summary>A part of a photo: a photo like any other.</summary>
    Crop,

    /// <summary>A photo made small, of a report.</summary>
    Thumbnail,
}

/// <summary>
/// What a picture that the module wrote shows, as its file's metadata say. It names neither the photo's folder nor its
/// owner, nor when it was written: the same picture is the same file.
/// </summary>
internal sealed record PictureMark
{
    private const int LongestList = 16_000;

    /// <summary>What kind of picture it is.</summary>
    public PictureKind Kind { get; init; }

    /// <summary>The photo's name without its folder; empty for several photos.</summary>
    public string Photo { get; init; } = "";

    /// <summary>The number of the photo's encoded bytes.</summary>
    public long PhotoLength { get; init; }

    /// <summary>When the photo was last written.</summary>
    public string PhotoWritten { get; init; } = "";

    /// <summary>The SHA-256 of the photo's bytes.</summary>
    public string PhotoHash { get; init; } = "";

    /// <summary>Which picture of the photo's file it is, 1 for the first.</summary>
    public int PhotoFrame { get; init; } = 1;

    /// <summary>Eight digits that tell the photo's folder from others, and do not tell which it is.</summary>
    public string PhotoFolder { get; init; } = "";

    /// <summary>The rank of the class among the predictions.</summary>
    public int Rank { get; init; }

    /// <summary>The probability of the class.</summary>
    public double Probability { get; init; }

    /// <summary>The number of the region that was cut out; 0 for other pictures.</summary>
    public int Region { get; init; }

    /// <summary>How the picture is drawn or cut otherwise than by default, in words; empty for the plain one.</summary>
    public string Look { get; init; } = "";

    /// <summary>How many maps the picture shows.</summary>
    public int MapCount { get; init; } = 1;

    /// <summary>Digits that tell which maps of which photos a sheet shows; empty for other pictures.</summary>
    public string MapsHash { get; init; } = "";

    /// <summary>Digits that tell which maps all pages of a sheet show together; empty for other pictures.</summary>
    public string SheetHash { get; init; } = "";

    /// <summary>The version of the module that wrote it.</summary>
    public string ModuleVersion { get; init; } = "";

    /// <summary>What was asked; null where the picture shows several maps.</summary>
    public CamQuestion? Question { get; init; }

    /// <summary>
    /// The marks of the maps that a sheet shows; none for other pictures, and where they are more than metadata can hold.
    /// </summary>
    public IReadOnlyList<PictureMark> Shown { get; init; } = [];

    /// <summary>The version that this module marks pictures with.</summary>
    public static string Version { get; } = typeof(PictureMark).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <summary>The mark of a picture of one map.</summary>
    /// <param name="kind">What kind of picture it is.</param>
    /// <param name="map">The map.</param>
    /// <param name="region">The number of the region that is cut out.</param>
    /// <param name="look">How it is drawn or cut otherwise than by default.</param>
    public static PictureMark Of(PictureKind kind, ClassActivationMap map, int region = 0, string look = "") => new()
    {
        Kind = kind,
        Photo = Path.GetFileName(map.Path),
        PhotoLength = map.Photo.Length,
        PhotoWritten = map.Photo.Written,
        PhotoHash = map.Photo.Hash,
        PhotoFrame = map.Photo.Frame,
        PhotoFolder = FolderHash(map.Photo),
        Rank = map.Rank,
        Probability = map.Probability,
        Region = region,
        Look = look,
        ModuleVersion = Version,
        Question = Marked(map.Question),
    };

    /// <summary>The mark of a sheet, or of one of its pages.</summary>
    /// <param name="maps">The marks of its maps, as they stand on it.</param>
    /// <param name="columnBy">
    /// What its columns have in common. One of ranks is the same sheet whatever classes its photos, in another version, have there.
    /// </param>
    /// <param name="sheetHash">The hash of the maps of all pages; null where there is one page.</param>
    public static PictureMark OfSheet(IReadOnlyList<PictureMark> maps, CamSheetColumn columnBy, string? sheetHash = null) => new()
    {
        Kind = PictureKind.Sheet,
        MapCount = maps.Count,
        MapsHash = HashOfMaps(maps, columnBy),
        SheetHash = sheetHash ?? HashOfMaps(maps, columnBy),
        ModuleVersion = Version,
        Shown = maps,
    };

    /// <summary>Digits that tell which maps of which photos some are.</summary>
    /// <param name="maps">Their marks.</param>
    /// <param name="columnBy">What the columns of their sheet have in common.</param>
    public static string HashOfMaps(IEnumerable<PictureMark> maps, CamSheetColumn columnBy) =>
        HashOf(string.Join('\n', maps.Select(map => map.Subject(columnBy == CamSheetColumn.Rank))), 32);

    /// <summary>A question as marks hold it: a list of very many classes only by its hash, so that every format can hold it.</summary>
    public static CamQuestion Marked(CamQuestion question) => question with
    {
        Contrast = question.Contrast.Length <= LongestList ? question.Contrast : question.Contrast[..200] + " …",
        ContrastClass = question.ContrastClass.Length <= LongestList ? question.ContrastClass : "#" + HashOf(question.ContrastClass, 32),
    };

    /// <summary>Digits that tell the folder of a photo from others: of the path, or of the bytes of a photo from memory.</summary>
    public static string FolderHash(PhotoIdentity photo) =>
        photo.IsFromMemory ? photo.Hash[..8].ToLowerInvariant() : HashOf(Path.GetDirectoryName(photo.Path) ?? "", 8);

    /// <summary>The first digits of a text's SHA-256.</summary>
    public static string HashOf(string text, int digits) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..digits].ToLowerInvariant();

    /// <summary>Whether both mark a picture of the same photo, in whatever version, and the same question.</summary>
    /// <param name="other">The other mark.</param>
    /// <param name="anyFolder">Whether photos of one name are one photo, since their pictures lie as the photos do.</param>
    public bool IsOfSamePictureAs(PictureMark other, bool anyFolder) =>
        Kind == other.Kind
            && Photo == other.Photo
            && PhotoFrame == other.PhotoFrame
            && Region == other.Region
            && Equals(Question, other.Question)
        && (MapsHash == other.MapsHash || IsOfSameSheetAs(other))
        && (anyFolder || PhotoFolder == other.PhotoFolder);

    /// <summary>Whether both mark pages of one sheet, however its photos are spread over its pages.</summary>
    public bool IsOfSameSheetAs(PictureMark other) => Kind == PictureKind.Sheet && SheetHash.Length > 0 && SheetHash == other.SheetHash;

    /// <summary>Whether both mark pictures of one photo, in whatever version.</summary>
    public bool IsOfSamePhotoAs(PictureMark other) => Photo == other.Photo && PhotoFolder == other.PhotoFolder;

    // Which photo, in whatever version, and what is asked about it: a class, or whatever class has a rank.
    private string Subject(bool ofRank)
    {
        CamQuestion question = !ofRank || Question!.IsConcept ? Question! : Question with
        {
            ClassIndex = -Rank,
            WordNetId = "",
            ContrastClass = Question.ContrastAuto ? "" : Question.ContrastClass,
        };
        return $"{PhotoFolder};{Uri.EscapeDataString(Photo)};{question.ToKey()}";
    }
}
