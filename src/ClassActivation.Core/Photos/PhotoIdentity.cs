using System.Globalization;

namespace ClassActivation.Photos;

/// <summary>
/// Which photo it is, in which version: a file by its path, length and time of writing, a photo from memory by the hash
/// of its bytes, whatever it is called.
/// </summary>
public sealed record PhotoIdentity
{
    /// <summary>The file's full path, or the name given to a photo from memory.</summary>
    public string Path { get; init; } = "";

    /// <summary>The number of encoded bytes; 0 where it is not known.</summary>
    public long Length { get; init; }

    /// <summary>When the file was last written: ISO 8601 in UTC, to seven digits of a second; empty where it is not known.</summary>
    public string Written { get; init; } = "";

    /// <summary>The SHA-256 of a photo from memory, in 64 hexadecimal digits; empty for a file.</summary>
    public string Hash { get; init; } = "";

    /// <summary>Which picture of the file it is, 1 for the first.</summary>
    public int Frame { get; init; } = 1;

    /// <summary>Whether the photo came from memory.</summary>
    internal bool IsFromMemory => Hash.Length > 0;

    /// <summary>The file's version; null where it is not known.</summary>
    internal (DateTime Written, long Length)? Version =>
        DateTime.TryParse(
            Written, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind | DateTimeStyles.AllowWhiteSpaces, out DateTime time)
            ? (time.ToUniversalTime(), Length)
            : null;

    /// <summary>Whether both are one photo in the same version.</summary>
    public bool Equals(PhotoIdentity? other) =>
        other is not null && (IsFromMemory || other.IsFromMemory
            ? (Hash, Frame) == (other.Hash, other.Frame)
            : (Path, Length, Written, Frame) == (other.Path, other.Length, other.Written, other.Frame));

    /// <inheritdoc/>
    public override int GetHashCode() => IsFromMemory ? HashCode.Combine(Hash, Frame) : HashCode.Combine(Path, Length, Written, Frame);

    /// <summary>Whether both are one photo, perhaps in two versions.</summary>
    public bool IsSamePhotoAs(PhotoIdentity other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Frame == other.Frame && (IsFromMemory || other.IsFromMemory ? Hash == other.Hash : Path == other.Path);
    }

    /// <summary>A time as <see cref="Written"/> holds it.</summary>
    internal static string TimeText(DateTime time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
}
