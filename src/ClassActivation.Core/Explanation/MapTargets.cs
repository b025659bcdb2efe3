using ClassActivation.Models;

namespace ClassActivation.Explanation;

/// <summary>Decides from a photo's first forward pass what its maps explain.</summary>
internal static class MapTargets
{
    /// <summary>The targets of a request: its classes, then its concepts; the most probable classes where it names neither.</summary>
    public static IReadOnlyList<MapTarget> Of(MapRequest request, CamModel model, ForwardPass pass)
    {
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
        IReadOnlyList<int> candidates = contrast.ClassIndexes.Count > 0
            ? contrast.ClassIndexes
            : ClassRanking.Top(pass.Probabilities, target.Members.Count + ClassContrast.RunnerUps);
        int[] others = [.. candidates.Except(target.Members)];
        if (contrast.ClassIndexes.Count == 0)
        {
            others = others[..Math.Min(ClassContrast.RunnerUps, others.Length)];
        }

        if (others.Length == 0)
        {
            return target;
        }

        float share = (float)(contrast.Strength / others.Length);
        float[] weights = [.. target.Weights];
        float bias = target.Bias, logit = target.Logit;
        float[] features = pass.PooledFeatures();
        float[] logits = pass.Logits();
        float[] shares = [.. target.Shares];
        foreach (int other in others)
        {
            shares[other] -= share;
            if (!model.Info.IsLinear)
            {
                logit -= share * logits[other];
                continue;
            }

            float[] against = model.Classifier.WeightsOfClass(other);
            bias -= share * model.Classifier.Bias(other);
            logit -= share * (FloatSpans.Dot(features, against) + model.Classifier.Bias(other));
            FloatSpans.AddMultiple(against, -share, weights);
        }

        return target with
        {
            Shares = shares,
            Weights = weights,
            Bias = bias,
            Logit = logit,
            Contrast = string.Join(", ", others.Select(other => model.Classes[other].Label)),
        };
    }
}
