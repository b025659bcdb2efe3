using System.Collections;
using System.Management.Automation;
using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>A question whose class may be open: that of a rank, whatever it is in a photo.</summary>
internal sealed class QuestionPattern
{
    // They say how to work, and not what is asked.
    private static readonly HashSet<string> NoQuestion = new(
        ["ThrottleLimit", "MaxPixels", "IncludeActivation", "InStep", "Isolated", "Device"], StringComparer.OrdinalIgnoreCase);

    private readonly CamQuestion _question;
    private readonly int? _rank;
    private readonly bool _isAutoContrast;
    private readonly Func<IReadOnlyList<int>, string> _contrastAgainst;

    private QuestionPattern(CamQuestion question, int? rank, bool isAutoContrast, Func<IReadOnlyList<int>, string> contrastAgainst) =>
        (_question, _rank, _isAutoContrast, _contrastAgainst) = (PictureMark.Marked(question), rank, isAutoContrast, contrastAgainst);

    /// <summary>
    /// A network's file and classes, and what it explains by itself where some layers are named: which, and by what method.
    /// </summary>
    internal sealed record Network(CamModelInfo Info, ClassTable Classes)
    {
        public (string[] Layers, CamMethod Method) Explained(string[] layers)
        {
            string[] named = LayerMethods.WithoutTheLast(layers, Info);
            return (named, LayerMethods.Default(Info, () => NetworkLayers.Read(Info), named));
        }
    }

    /// <summary>The pattern of one question.</summary>
    public static QuestionPattern Of(CamQuestion question) => new(question, null, isAutoContrast: false, _ => question.ContrastClass);

    /// <summary>The patterns of what <c>Get-ClassActivationMap</c> computes with some parameters.</summary>
    /// <param name="parameters">The parameters' names and values.</param>
    /// <param name="readNetwork">Finds a network by what a user calls it.</param>
    /// <param name="resolveClasses">Finds classes by what a user calls them.</param>
    /// <param name="resolveConcepts">Finds concepts by what a user calls them.</param>
    /// <param name="resolvePhoto">Finds the full path of a photo.</param>
    /// <exception cref="PSArgumentException">There is no such parameter, or it cannot have such a value.</exception>
    public static IReadOnlyList<QuestionPattern> OfParameters(
        IDictionary parameters,
        Func<string, Network> readNetwork,
        Func<string[], Network, IReadOnlyList<int>> resolveClasses,
        Func<string[], Network, IReadOnlyList<Concept>> resolveConcepts,
        Func<string, string> resolvePhoto)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in parameters)
        {
            values[$"{entry.Key}"] = entry.Value;
        }

        Network network = readNetwork(Take("Model", CamModelStore.DefaultModelName));
        string[] contrast = Take<string[]>("Contrast", []);
        bool isAuto = contrast is [{ } only] && only.Equals(ContrastCompleter.Auto, StringComparison.OrdinalIgnoreCase);
        ILookup<bool, string> isConcept = contrast.ToLookup(network.Classes.NamesConcept);
        IReadOnlyList<int> others = isAuto ? [] : resolveClasses([.. isConcept[false]], network);
        IReadOnlyList<Concept> otherConcepts = isAuto ? [] : resolveConcepts([.. isConcept[true]], network);
        double strength = Take("ContrastStrength", ClassContrast.DefaultStrength);
        InputSettings settings = new InputSettings(
            Take("Fit", InputFit.FullFrame), Take("Resolution", 224), Take("Resampling", Resampling.Bilinear))
        {
            Decoding = Take("Decoding", PhotoDecoding.Exact),
            Reading = Take("Reading", PhotoReading.Upright),
        }.For(network.Info);
        (string[] layers, CamMethod method) = network.Explained(Take<string[]>("Layer", []));
        var shown = new CamQuestion
        {
            Model = network.Info.Name,
            ModelHash = network.Info.Hash,
            Fit = settings.Fit,
            Resolution = settings.Resolution,
            Resampling = settings.Resampling,
            Decoding = settings.Decoding,
            Reading = settings.Reading,
            Layer = layers.Length == 0 ? null : string.Join(',', layers),
            Scale = MapFusion.Describe(Take<double[]>("Scale", [1])),
            Flip = Take("Flip", false),
        };
        IReadOnlyList<int> classes = resolveClasses(Take<string[]>("Class", []), network);
        IReadOnlyList<Concept> concepts = resolveConcepts(Take<string[]>("Concept", []), network);
        int top = Take("Top", 1);
        CamMethod[] methods = Take<CamMethod[]>("Method", [method]);
        string? similarTo = Take<string?>("SimilarTo", null) is { } photo ? resolvePhoto(photo) : null;
        int mostSteps = Take("MaxStep", IntegratedGradientsMethod.DefaultMostSteps);
        var usual = new MaskingSettings();
        MaskingSettings masking = new()
        {
            Window = Take("Window", usual.Window),
            Stride = Take("Stride", usual.Stride),
            MaskCount = Take("MaskCount", usual.MaskCount),
            Baseline = Take("MaskBaseline", usual.Baseline),
        };
        if (values.Keys.FirstOrDefault(name => !NoQuestion.Contains(name)) is { } unknown)
        {
            throw new PSArgumentException(
                ShownText.Of($"-Question has '{unknown}', which is no parameter of Get-ClassActivationMap that says what is asked."));
        }

        var patterns = new List<QuestionPattern>();
        foreach (CamMethod asked in methods)
        {
            CamQuestion question =
                shown with
                {
                    Method = asked,
                    MaxStep = asked == CamMethod.IntegratedGradients ? mostSteps : 0,
                    Masking = masking.ToText(asked),
                };
            patterns.AddRange(
                classes.Select(
                    index => Against(question with { ClassIndex = index, WordNetId = network.Classes[index].WordNetId }, [index], null)));
            patterns.AddRange(
                concepts.Select(concept => Against(question with { WordNetId = concept.WordNetId }, concept.ClassIndexes, null)));
            if (similarTo is not null)
            {
                patterns.Add(Of(question with { SimilarTo = similarTo, SimilarToHash = PhotoSource.FromFile(similarTo).HashContent() }));
            }
            else if (classes.Count == 0 && concepts.Count == 0)
            {
                patterns.AddRange(Enumerable.Range(1, top).Select(rank => Against(question, [], rank)));
            }
        }

        return patterns;

        QuestionPattern Against(CamQuestion question, IReadOnlyList<int> members, int? rank)
        {
            string contrast = ContrastAgainst(members);
            return new QuestionPattern(
                question with
                {
                    ContrastClass = contrast,
                    ContrastStrength = contrast.Length > 0 || isAuto ? strength : 0,
                }, rank, isAuto, ContrastAgainst);
        }

        // A class is not set against itself.
        string ContrastAgainst(IReadOnlyList<int> members) =>
            string.Join(',', others.Except(members).Select(static index => $"{index}").Concat(
            otherConcepts.Where(concept => concept.ClassIndexes.Except(members).Any()).Select(static concept => concept.WordNetId)));

        T Take<T>(string name, T absent)
        {
            if (!values.Remove(name, out object? value))
            {
                return absent;
            }

            try
            {
                return LanguagePrimitives.ConvertTo<T>(value);
            }
            catch (PSInvalidCastException e)
            {
                throw new PSArgumentException(ShownText.Of($"-Question has '{value}' for {name}: {e.Message}"), e);
            }
        }
    }

    /// <summary>Whether one of a photo's pictures answers the question.</summary>
    public bool IsAnsweredBy(IEnumerable<PictureMark> marks) => marks.Any(IsAnsweredBy);

    private bool IsAnsweredBy(PictureMark mark)
    {
        if (mark.Question is not { } answered || (_rank is { } rank && (mark.Rank != rank || answered.IsConcept)))
        {
            return false;
        }

        CamQuestion question = _question;
        if (_rank is not null)
        {
            string contrast = _contrastAgainst([answered.ClassIndex]);
            question = PictureMark.Marked(question with
            {
                ClassIndex = answered.ClassIndex,
                WordNetId = answered.WordNetId,
                ContrastClass = contrast,
                ContrastStrength = contrast.Length > 0 || _isAutoContrast ? question.ContrastStrength : 0,
            });
        }

        if (_isAutoContrast && answered.ContrastAuto)
        {
            // Which classes these were follows from the photo; where none were left, nor is a strength.
            question = question with
            {
                ContrastClass = answered.ContrastClass,
                ContrastStrength = answered.ContrastClass.Length == 0 ? 0 : question.ContrastStrength,
            };
        }

        return question == answered;
    }
}
