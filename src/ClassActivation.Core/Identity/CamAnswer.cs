using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Identity;

/// <summary>What follows from a class activation map: it carries the map's whole question.</summary>
public abstract class CamAnswer : PhotoAnswer
{
    private protected CamAnswer(PhotoIdentity photo, CamQuestion question)
        : base(photo, question)
    {
    }

    /// <summary>The class's position in the network's predictions, from 0; -1 for a concept.</summary>
    public virtual int ClassIndex => Question.ClassIndex;

    /// <summary>The WordNet id of the class or concept, empty where it has none.</summary>
    public virtual string WordNetId => Question.WordNetId;

    /// <summary>The class's label, or the concept's name.</summary>
    public virtual string Label => Question.Label;

    /// <summary>How the map was made: the name of a <see cref="CamMethod"/>.</summary>
    public virtual string Method => Question.Method.ToString();

    /// <summary>The labels of the classes that this one is set against, empty where there are none.</summary>
    public virtual string Contrast => Question.Contrast;

    /// <summary>Whether the network has another class, or another concept, of that label.</summary>
    public bool SharesLabel => Question.SharesLabel;

    /// <summary>The layer whose feature maps the map is made of; null for the last.</summary>
    public string? Layer => Question.Layer;

    /// <summary>The most steps on the way of <see cref="CamMethod.IntegratedGradients"/>; 0 for other methods.</summary>
    public int MaxStep => Question.MaxStep;

    /// <summary>The full path of the photo whose likeness is explained; empty where a class or concept is.</summary>
    public string SimilarTo => Question.SimilarTo;

    /// <summary>The SHA-256 of that photo's bytes; empty where a class or concept is explained.</summary>
    public string SimilarToHash => Question.SimilarToHash;

    /// <summary>The indexes of the classes that this one is set against, such as <c>281,282</c>; empty where there are none.</summary>
    public string ContrastClass => Question.ContrastClass;

    /// <summary>How much these classes count; 0 where there are none.</summary>
    public double ContrastStrength => Question.ContrastStrength;

    /// <summary>Whether these classes were the most probable others, and not named.</summary>
    public bool ContrastAuto => Question.ContrastAuto;

    /// <summary>
    /// How parts of the photo were covered, such as <c>window 32 stride 16 Mean</c>; empty for methods that cover nothing.
    /// </summary>
    public string Masking => Question.Masking;

    /// <summary>
    /// The scales that the map is the average of, such as <c>1,2</c>. Probability, rank, logit and the size of the input
    /// are those of the first.
    /// </summary>
    public string Scale => Question.Scale;

    /// <summary>Whether the map is the average with that of the photo's mirror image.</summary>
    public bool Flip => Question.Flip;

    /// <summary>For the difference of two maps, the reference's question as a text; empty for a map.</summary>
    public string Reference => Question.Reference;

    /// <summary>Whether both are of one map: the same question about the same photo.</summary>
    internal bool IsOfSameMapAs(CamAnswer other) => ReferenceEquals(this, other) || (Photo == other.Photo && Question == other.Question);
}
