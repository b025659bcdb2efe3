using System.Diagnostics.CodeAnalysis;
using ClassActivation.Photos;

namespace ClassActivation.Identity;

/// <summary>What a network says of a photo. The photo and the question are values that compare, and flat properties that travel.</summary>
public abstract class PhotoAnswer
{
    private protected PhotoAnswer(PhotoIdentity photo, CamQuestion question)
    {
        ArgumentNullException.ThrowIfNull(photo);
        ArgumentNullException.ThrowIfNull(question);
        (Photo, Question) = (photo, question);
    }

    /// <summary>The photo's full path, or the name given to a photo from memory.</summary>
    public virtual string Path => Photo.Path;

    /// <summary>The network's name.</summary>
    public virtual string Model => Question.Model;

    /// <summary>The network's hash: of its file, and of samples of the file of its weights.</summary>
    public string ModelHash => Question.ModelHash;

    /// <summary>What of the photo the network saw.</summary>
    public string Fit => Question.Fit.ToString();

    /// <summary>The side in pixels that the network's input was resized to.</summary>
    public int Resolution => Question.Resolution;

    /// <summary>The filter that resized the photo for the network.</summary>
    public string Resampling => Question.Resampling.ToString();

    /// <summary>How the photo's file became pixels.</summary>
    public string Decoding => Question.Decoding.ToString();

    /// <summary>What became of the orientation and the transparency that the photo's file states.</summary>
    public string Reading => Question.Reading.ToString();

    /// <summary>Which picture of the photo's file it is, 1 for the first.</summary>
    public int PhotoFrame => Photo.Frame;

    /// <summary>The number of the photo's encoded bytes; 0 where it is not known.</summary>
    public long PhotoLength => Photo.Length;

    /// <summary>When the photo's file was last written, in UTC; empty for a photo from memory.</summary>
    public string PhotoWritten => Photo.Written;

    /// <summary>The SHA-256 of a photo from memory; empty for a file.</summary>
    public string PhotoHash => Photo.Hash;

    /// <summary>Which photo it is.</summary>
    internal PhotoIdentity Photo { get; }

    /// <summary>What was asked.</summary>
    internal CamQuestion Question { get; }

    /// <summary>Which photo the answer is of, in which version.</summary>
    [SuppressMessage(
        "Design", "CA1024", Justification = "As a property it would be a nested object in CSV and JSON, beside the flat ones.")]
    public PhotoIdentity GetPhoto() => Photo;

    /// <summary>What was asked.</summary>
    [SuppressMessage(
        "Design", "CA1024", Justification = "As a property it would be a nested object in CSV and JSON, beside the flat ones.")]
    public CamQuestion GetQuestion() => Question;
}
