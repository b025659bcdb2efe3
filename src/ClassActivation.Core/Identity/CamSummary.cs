namespace ClassActivation.Identity;

/// <summary>
/// What is said of many maps together. It carries what their questions have in common, in flat properties that are null where the
/// maps differ.
/// </summary>
public abstract class CamSummary
{
    private protected CamSummary()
    {
    }

    /// <summary>The network's name; null where the maps differ.</summary>
    public string? Model => Shared.Text(nameof(Model), static question => question.Model);

    /// <summary>The network's hash: of its file, and of samples of the file of its weights; null where the maps differ.</summary>
    public string? ModelHash => Shared.Text(nameof(ModelHash), static question => question.ModelHash);

    /// <summary>How the maps were made: the name of a <see cref="Methods.CamMethod"/>; null where the maps differ.</summary>
    public string? Method => Shared.Text(nameof(Method), static question => question.Method.ToString());

    /// <summary>The layer whose feature maps the maps are made of; null for the last, and where the maps differ.</summary>
    public string? Layer => Shared.Text(nameof(Layer), static question => question.Layer);

    /// <summary>The most steps on the way of integrated gradients; 0 for other methods; null where the maps differ.</summary>
    public int? MaxStep => Shared.Value(nameof(MaxStep), static question => question.MaxStep);

    /// <summary>
    /// The labels of the classes that each map's class is set against; empty where there are none, and where they are the most
    /// probable others; null where the maps differ.
    /// </summary>
    public string? Contrast => Shared.Text(nameof(Contrast), static question => question.Contrast);

    /// <summary>The indexes of these classes; null where the maps differ.</summary>
    public string? ContrastClass => Shared.Text(nameof(ContrastClass), static question => question.ContrastClass);

    /// <summary>How much these classes count; 0 where there are none; null where the maps differ.</summary>
    public double? ContrastStrength => Shared.Value(nameof(ContrastStrength), static question => question.ContrastStrength);

    /// <summary>Whether these classes are the most probable others in each photo, and not named; null where the maps differ.</summary>
    public bool? ContrastAuto => Shared.Value(nameof(ContrastAuto), static question => question.ContrastAuto);

    /// <summary>How parts of the photos were covered; empty for methods that cover nothing; null where the maps differ.</summary>
    public string? Masking => Shared.Text(nameof(Masking), static question => question.Masking);

    /// <summary>The scales that the maps are the average of; null where the maps differ.</summary>
    public string? Scale => Shared.Text(nameof(Scale), static question => question.Scale);

    /// <summary>Whether the maps are the average with those of the photos' mirror images; null where the maps differ.</summary>
    public bool? Flip => Shared.Value(nameof(Flip), static question => question.Flip);

    /// <summary>What of the photos the network saw; null where the maps differ.</summary>
    public string? Fit => Shared.Text(nameof(Fit), static question => question.Fit.ToString());

    /// <summary>The side in pixels that the network's input was resized to; null where the maps differ.</summary>
    public int? Resolution => Shared.Value(nameof(Resolution), static question => question.Resolution);

    /// <summary>The filter that resized the photos for the network; null where the maps differ.</summary>
    public string? Resampling => Shared.Text(nameof(Resampling), static question => question.Resampling.ToString());

    /// <summary>How the photos' files became pixels; null where the maps differ.</summary>
    public string? Decoding => Shared.Text(nameof(Decoding), static question => question.Decoding.ToString());

    /// <summary>What became of the orientation and the transparency that the photos' files state; null where the maps differ.</summary>
    public string? Reading => Shared.Text(nameof(Reading), static question => question.Reading.ToString());

    /// <summary>What the questions of the maps have in common.</summary>
    internal SharedQuestion Shared { get; init; } = new(new CamQuestion());
}
