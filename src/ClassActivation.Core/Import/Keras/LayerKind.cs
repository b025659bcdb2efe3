namespace ClassActivation.Import.Keras;

/// <summary>Groups of layer types that are treated alike.</summary>
internal static class LayerKind
{
    /// <summary>Whether a layer hands its input on unchanged when a network is used and not trained.</summary>
    public static bool IsIdentity(KerasLayer layer) => layer.ClassName switch
    {
        "Dropout" or "SpatialDropout1D" or "SpatialDropout2D" or "AlphaDropout"
            or "GaussianNoise" or "GaussianDropout" or "ActivityRegularization"
            or "RandomFlip" or "RandomRotation" or "RandomZoom" or "RandomTranslation"
            or "RandomContrast" or "RandomBrightness" => true,
        "Activation" => layer.Text("activation", "linear") == "linear",
        _ => false,
    };

    public static bool IsReshape(KerasLayer layer) => layer.ClassName is "Reshape" or "Flatten";

    /// <summary>Whether a layer pools every map to one value: height and width are gone, or 1.</summary>
    public static bool IsGlobalPooling(KerasLayer layer) =>
        layer.ClassName is "GlobalAveragePooling2D" or "GlobalMaxPooling2D";
}
