using ClassActivation.Onnx;

namespace ClassActivation.Models;

/// <summary>What a dual-output network's file says of itself.</summary>
internal static class CamModelFile
{
    /// <summary>Reads the file's header and checks that it is a dual-output network.</summary>
    /// <exception cref="ModelException">The file is missing, unreadable, or not such a network.</exception>
    public static OnnxModelFile Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new ModelException(ModelFailure.NotFound, $"There is no network file '{path}'.");
        }

        OnnxModelFile file;
        try
        {
            file = OnnxModelFile.Read(path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw AccessDenied(path, e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new ModelException(ModelFailure.Unreadable, $"'{path}' cannot be read as an ONNX network.", e);
        }

        bool isDualOutput =
            file.Outputs.Contains(CamModel.ActivationsName) && file.Outputs.Contains(CamModel.PredictionsName) &&
            file.Initializers.Contains(CamModel.ClassifierWeightName) && file.Initializers.Contains(CamModel.ClassifierBiasName);
        return isDualOutput ? file : throw new ModelException(
            ModelFailure.NotDualOutput,
            $"'{path}' is an ONNX network without the outputs 'activations' and 'predictions' and the initializers 'classifier.weight' and 'classifier.bias'. Make it with ConvertTo-CamModel.");
    }

    /// <summary>The error for a network that may not be read.</summary>
    public static ModelException AccessDenied(string path, UnauthorizedAccessException cause) =>
        new(ModelFailure.AccessDenied, $"The network '{path}' may not be read: {cause.Message}", cause);

    /// <summary>The classes that the metadata names: ImageNet's, the network's own labels, or numbers.</summary>
    public static ClassTable ReadClasses(IReadOnlyDictionary<string, string> metadata, int classCount)
    {
        if (metadata.TryGetValue("labels", out string? labels) && labels.Length > 0)
        {
            ClassTable classes = labels == "imagenet" ? ClassTable.ImageNet : ClassTable.FromLabels(labels.Split('\n'));
            if (classes.Count == classCount)
            {
                return classes;
            }
        }

        return ClassTable.FromLabels(Enumerable.Range(0, classCount).Select(static index => $"class_{index}"));
    }
}
