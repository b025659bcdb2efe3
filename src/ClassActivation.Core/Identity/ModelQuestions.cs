using ClassActivation.Inference;
using ClassActivation.Networks;

namespace ClassActivation.Identity;

/// <summary>The questions that are asked of a network.</summary>
internal static class ModelQuestions
{
    /// <summary>The question about a class or concept in a photo that is shown in a certain way.</summary>
    public static CamQuestion Ask(
        this CamModel model, InputSettings settings, int classIndex, string wordNetId, string label) => model.Ask(settings) with
        {
            ClassIndex = classIndex,
            WordNetId = wordNetId,
            Label = label,
            SharesLabel = classIndex == Concept.NoClassIndex
                ? model.Classes.Concepts.Find(label).Count > 1
                : model.Classes.SharesLabel(classIndex),
        };

    /// <summary>The question what the network sees in a photo that is shown in a certain way.</summary>
    public static CamQuestion Ask(this CamModel model, InputSettings settings) => new()
    {
        Model = model.Name,
        ModelHash = model.Hash,
        Fit = settings.Fit,
        Resolution = settings.Resolution,
        Resampling = settings.Resampling,
        Decoding = settings.Decoding,
        Reading = settings.Reading,
    };
}
