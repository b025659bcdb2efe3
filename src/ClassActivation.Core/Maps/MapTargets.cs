using System.Globalization;
using ClassActivation.Inference;
using ClassActivation.Methods;
using ClassActivation.Networks;

namespace ClassActivation.Maps;

/// <summary>Decides from a photo's first forward pass what its maps explain.</summary>
internal static class MapTargets
{
    /// <summary>
    /// The targets of a request: the likeness to another photo, or its classes, then its concepts; the most probable classes where
    /// it names none of them.
    /// </summary>
    public static IReadOnlyList<MapTarget> Of(MapRequest request, CamModel model, ForwardPass pass)
    {
        if (request.Likeness is { } likeness)
        {
            return [likeness.TargetOf(pass)];
        }

        float[] features = pass.PooledFeatures();
        float[] logits = pass.Logits();
        bool isOpen = request.ClassIndexes.Count == 0 && request.Concepts.Count == 0;
        IReadOnlyList<int> classes = isOpen ? ClassRanking.Top(pass.Probabilities, request.Top) : request.ClassIndexes;
        var targets = new List<MapTarget>();
        foreach (int classIndex in classes)
        {
            targets.Add(OfClass(classIndex, model, pass, features, logits));
        }

        IReadOnlyList<ConceptScore> scores = ConceptScore.Of(request.Concepts, pass);
        foreach (ConceptScore score in scores)
        {
            int rank = 1 + scores.Count(other => other.Probability > score.Probability);
            targets.Add(OfConcept(score, rank, model, features));
        }

        if (request.Contrast is { } contrast)
        {
            for (int i = 0; i < targets.Count; i++)
            {
                targets[i] = Against(targets[i], contrast, model, pass);
            }
        }

        return targets;
    }

    private static MapTarget OfClass(int classIndex, CamModel model, ForwardPass pass, float[] features, float[] logits)
    {
        ImageClass imageClass = model.Classes[classIndex];
        float[] weights = model.Info.IsLinear ? model.Classifier.WeightsOfClass(classIndex) : [];
        float bias = model.Info.IsLinear ? model.Classifier.Bias(classIndex) : 0;
        var shares = new float[logits.Length];
        shares[classIndex] = 1;
        return new MapTarget
        {
            ClassIndex = classIndex,
            WordNetId = imageClass.WordNetId,
            Label = imageClass.Label,
            Members = [classIndex],
            Rank = ClassRanking.RankOf(pass.Probabilities, classIndex),
            Probability = pass.Probabilities[classIndex],
            Logit = model.Info.IsLinear ? FloatSpans.Dot(features, weights) + bias : logits[classIndex],
            Shares = shares,
            Weights = weights,
            Bias = bias,
        };
    }

    private static MapTarget OfConcept(ConceptScore score, int rank, CamModel model, float[] features)
    {
        float[] weights = model.Info.IsLinear ? model.Classifier.WeightsOf(score.Posterior) : [];
        return new MapTarget
        {
            ClassIndex = Concept.NoClassIndex,
            WordNetId = score.Concept.WordNetId,
            Label = score.Concept.Name,
            Members = score.Concept.ClassIndexes,
            Rank = rank,
            Probability = score.Probability,
            Logit = score.Logit,
            Shares = score.Posterior,
            Weights = weights,
            Bias = model.Info.IsLinear ? score.Logit - FloatSpans.Dot(features, weights) : 0,
        };
    }

    private static MapTarget Against(MapTarget target, ClassContrast contrast, CamModel model, ForwardPass pass)
    {
        if (target.Members.Any(contrast.Exempt.Contains))
        {
            return target;
        }

        float[] features = pass.PooledFeatures();
        float[] logits = pass.Logits();
        MapTarget[] others =
        [
            .. OtherClasses(target, contrast, pass).Select(other => OfClass(other, model, pass, features, logits)),
            .. ConceptScore.Of([.. contrast.Concepts.Select(c => Without(target.Members, c)).OfType<Concept>()], pass)
                .Select(score => OfConcept(score, 1, model, features)),
        ];
        if (others.Length == 0)
        {
            return target;
        }

        float share = (float)(contrast.Strength / others.Length);
        float[] weights = [.. target.Weights];
        float bias = target.Bias, logit = target.Logit;
        float[] shares = [.. target.Shares];
        foreach (MapTarget other in others)
        {
            bias -= share * other.Bias;
            logit -= share * other.Logit;
            FloatSpans.AddMultiple(other.Shares, -share, shares);
            if (model.Info.IsLinear)
            {
                FloatSpans.AddMultiple(other.Weights, -share, weights);
            }
        }

        return target with
        {
            Shares = shares,
            Weights = weights,
            Bias = bias,
            Logit = logit,
            ContrastClasses = [.. others.Select(static other =>
                other.ClassIndex == Concept.NoClassIndex ? other.WordNetId : other.ClassIndex.ToString(CultureInfo.InvariantCulture))],
            Contrast = string.Join(", ", others.Select(static other => other.Label)),
        };
    }

    private static IEnumerable<int> OtherClasses(MapTarget target, ClassContrast contrast, ForwardPass pass)
    {
        if (contrast.ClassIndexes.Count > 0 || contrast.Concepts.Count > 0)
        {
            return contrast.ClassIndexes.Except(target.Members);
        }

        return ClassRanking.Top(pass.Probabilities, target.Members.Count + ClassContrast.RunnerUps)
            .Except(target.Members).Take(ClassContrast.RunnerUps);
    }

    private static Concept? Without(IReadOnlyList<int> members, Concept concept)
    {
        int[] rest = [.. concept.ClassIndexes.Except(members)];
        return rest.Length == 0 ? null : new Concept
        {
            WordNetId = concept.WordNetId,
            Name = concept.Name,
            Synonyms = concept.Synonyms,
            Gloss = concept.Gloss,
            Depth = concept.Depth,
            Parents = concept.Parents,
            ClassIndexes = rest,
        };
    }
}
