namespace ClassActivation.Import;

/// <summary>Turns the failures of reading a layer's configuration into one that names the layer.</summary>
internal static class Guard
{
    public static T Layer<T>(KerasLayer layer, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new ModelImportException(
                $"The description of the layer '{layer.Key}' ({layer.ClassName}) in model.json is incomplete or of an unknown form; export the model again.", e);
        }
    }
}
