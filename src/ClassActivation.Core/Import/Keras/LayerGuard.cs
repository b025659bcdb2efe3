namespace ClassActivation.Import.Keras;

/// <summary>Reads layers' configurations, and says of which layer it was where that fails.</summary>
internal static class LayerGuard
{
    /// <summary>Reads a layer's configuration.</summary>
    public static T Layer<T>(KerasLayer layer, Func<T> action) => Guard.Description(
        action,
        () => $"The description of the layer '{layer.Key}' ({layer.ClassName}) is incomplete or of an unknown"
            + " form; export the model again.");

    /// <summary>Reads a layer's configuration.</summary>
    public static void Layer(KerasLayer layer, Action action) => Layer(layer, () =>
    {
        action();
        return true;
    });
}
