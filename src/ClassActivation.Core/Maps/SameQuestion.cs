using System.Globalization;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Maps;

/// <summary>What a map was asked for, to ask it again of another input, scale or network.</summary>
internal static class SameQuestion
{
    /// <summary>
    /// The request for the same class or concept by the same method, at one scale; null where the network has none, and for
    /// the difference of two maps.
    /// </summary>
    public static MapRequest? Of(CamQuestion question, CamModel model)
    {
        if (question.Reference.Length > 0 || LayersOf(question, model) is not { } layers)
        {
            return null;
        }

        MapRequest request = new()
        {
            Methods = [question.Method],
            Layers = layers,
            MaxStep = MaxStepOf(question),
            Contrast = ContrastOf(question, model),
            Masking = MaskingSettings.Parse(question.Masking),
        };
        if (question.IsLikeness)
        {
            return SimilarToOf(question) is { } photo ? request with { SimilarTo = photo } : null;
        }

        if (!question.IsConcept)
        {
            return question.ClassIndex < model.Classes.Count && model.Classes[question.ClassIndex].Label == question.Label
                ? request with { ClassIndexes = [question.ClassIndex] }
                : null;
        }

        return model.Classes.Concepts.Find(question.WordNetId) is { Count: 1 } concepts ? request with { Concepts = concepts } : null;
    }

    /// <summary>
    /// Whether a network has the class that a question is about, under its label, and the classes of its contrast. What comes out of
    /// a table may have been changed there.
    /// </summary>
    public static bool IsOfClassesOf(CamQuestion question, CamModel model)
    {
        bool isOfContrast = question.ContrastClass.Split(',', StringSplitOptions.RemoveEmptyEntries).All(part =>
            !char.IsAsciiDigit(part[0]) || (int.TryParse(part, CultureInfo.InvariantCulture, out int index) && index < model.Classes.Count));
        return isOfContrast && (question.IsLikeness || question.IsConcept
            || (question.ClassIndex >= 0 && question.ClassIndex < model.Classes.Count
                && model.Classes[question.ClassIndex].Label == question.Label));
    }

    /// <summary>The photo whose likeness a question is about; null where it is not at hand, or was replaced.</summary>
    public static PhotoSource? SimilarToOf(CamQuestion question)
    {
        if (!Path.IsPathFullyQualified(question.SimilarTo))
        {
            return null;
        }

        try
        {
            PhotoSource photo = PhotoSource.FromFile(question.SimilarTo);
            return photo.HashContent() == question.SimilarToHash ? photo : null;
        }
        catch (PhotoException)
        {
            return null;
        }
    }

    /// <summary>The most steps that a question allows; the usual ones where its method takes none.</summary>
    public static int MaxStepOf(CamQuestion question) =>
        question.MaxStep > 0 ? question.MaxStep : IntegratedGradientsMethod.DefaultMostSteps;

    /// <summary>The layers that a question is about; null where the network has not all of them.</summary>
    public static IReadOnlyList<string>? LayersOf(CamQuestion question, CamModel model)
    {
        if (question.Layer is null)
        {
            return [];
        }

        // A layer may have a comma in its name.
        string[] layers = model.Layers.Has(question.Layer) ? [question.Layer] : question.Layer.Split(',');
        return Array.TrueForAll(layers, model.Layers.Has) ? layers : null;
    }

    /// <summary>The classes and concepts that a question sets its target against; null where there are none.</summary>
    public static ClassContrast? ContrastOf(CamQuestion question, CamModel model)
    {
        if (question.ContrastAuto)
        {
            return new ClassContrast([], question.ContrastStrength);
        }

        if (question.ContrastClass.Length == 0)
        {
            return null;
        }

        string[] parts = question.ContrastClass.Split(',');
        return new ClassContrast(
            [.. parts.Where(IsIndex).Select(static part => int.Parse(part, CultureInfo.InvariantCulture))], question.ContrastStrength)
        {
            Concepts = [.. parts.Where(static part => !IsIndex(part)).SelectMany(part => model.Classes.Concepts.Find(part))],
        };

        static bool IsIndex(string part) => char.IsAsciiDigit(part[0]);
    }

    /// <summary>How the photo became the network's input, at the first scale; null where the map's sizes say something else.</summary>
    public static InputSettings? SettingsOf(ClassActivationMap map)
    {
        InputSettings settings = map.Question.Input;
        if (settings.Resolution is < InputGeometry.MinResolution or > InputGeometry.MaxResolution)
        {
            return null;
        }

        InputGeometry geometry = InputGeometry.Compute(map.PhotoWidth, map.PhotoHeight, settings.Fit, settings.Resolution);
        return geometry.InputWidth == map.InputWidth && geometry.InputHeight == map.InputHeight ? settings : null;
    }
}
