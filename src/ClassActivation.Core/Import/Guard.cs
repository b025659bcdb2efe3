using ClassActivation.Import.Keras;

namespace ClassActivation.Import;

/// <summary>Turns the failures of reading a description of an unknown form into one that says so.</summary>
internal static class Guard
{
    /// <summary>Reads a layer's configuration.</summary>
    public static T Layer<T>(KerasLayer layer, Func<T> action) =>
        Description(action, () => $"The description of the layer '{layer.Key}' ({layer.ClassName}) in model.json is incomplete or of an unknown form; export the model again.");

    /// <summary>Reads a layer's configuration.</summary>
    public static void Layer(KerasLayer layer, Action action) => Layer(layer, () =>
    {
        action();
        return true;
    });

    /// <summary>Reads a part of model.json.</summary>
    /// <param name="action">Reads it.</param>
    /// <param name="complaint">What is said where it cannot be read.</param>
    public static T Description<T>(Func<T> action, Func<string> complaint)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException
            or IndexOutOfRangeException or InvalidCastException or ArithmeticException)
        {
            throw new ModelImportException(complaint(), e);
        }
    }
}
