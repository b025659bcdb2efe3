namespace ClassActivation.Networks;

/// <summary>What a network's file has for the module to use it: the names of its values, and the keys of its metadata.</summary>
internal static class NetworkContract
{
    /// <summary>The input: uint8, 1 × height × width × 3, RGB. What the network wants of its pixels is part of its graph.</summary>
    public const string Image = "image";

    /// <summary>The output of the last feature maps: float32, 1 × K × rows × columns.</summary>
    public const string Activations = "activations";

    /// <summary>The output of the answers, from 0 to 1: float32, 1 × C.</summary>
    public const string Predictions = "predictions";

    /// <summary>The value that the answers are made of: float32, 1 × C. It is an output where the head is a general one.</summary>
    public const string Logits = "logits";

    /// <summary>The initializer of the classifier's weights, K × C.</summary>
    public const string ClassifierWeight = "classifier.weight";

    /// <summary>The initializer of the classifier's biases, C.</summary>
    public const string ClassifierBias = "classifier.bias";

    /// <summary>The version that this module writes.</summary>
    public const int Version = 2;

    /// <summary>The labels that stand for ImageNet's 1,000 classes.</summary>
    public const string ImageNetLabels = "imagenet";

    /// <summary>The head of a network that computes its logits of its feature maps in another way than by means and weights.</summary>
    public const string GeneralHead = "general";

    /// <summary>
    /// The head of a network without feature maps that all answers depend on: all of it is head, and its input is what it
    /// takes.
    /// </summary>
    public const string OpaqueHead = "opaque";

    /// <summary>All names of values that the contract gives a meaning to.</summary>
    public static IReadOnlyList<string> ValueNames { get; } =
        [Image, Activations, Predictions, Logits, ClassifierWeight, ClassifierBias];

    /// <summary>The keys of the metadata.</summary>
    public static class Keys
    {
        /// <summary>The version of this contract; files without it are of version 1.</summary>
        public const string Version = "contract_version";

        /// <summary>The network's own name.</summary>
        public const string Name = "name";

        /// <summary>Where the weights come from, in words.</summary>
        public const string Source = "source";

        /// <summary>The labels, one a line, or <see cref="ImageNetLabels"/>.</summary>
        public const string Labels = "labels";

        /// <summary>What the network does with its pixels, in words.</summary>
        public const string Preprocessing = "preprocessing";

        /// <summary>The layer of the feature maps.</summary>
        public const string ActivationLayer = "activation_layer";

        /// <summary>The layer that pools them.</summary>
        public const string PoolingLayer = "pooling_layer";

        /// <summary>The layer of the logits.</summary>
        public const string ClassifierLayer = "classifier_layer";

        /// <summary>What makes answers of logits: <c>softmax</c>, or <c>sigmoid</c> where each class is a question of its own.</summary>
        public const string ClassifierActivation = "classifier_activation";

        /// <summary><see cref="GeneralHead"/> where the end of the network is not linear, and its classifier no initializers.</summary>
        public const string Head = "head";

        /// <summary>The side in pixels of the photos that the network was trained on.</summary>
        public const string Resolution = "resolution";

        /// <summary><c>fixed</c> where the network takes photos of its resolution alone.</summary>
        public const string InputSize = "input_size";

        /// <summary>How the network's own program fits photos to its input: a name of <c>InputFit</c>.</summary>
        public const string InputFit = "input_fit";

        /// <summary>The colour around a photo that does not fill the input: red, green and blue, with commas between.</summary>
        public const string InputMargin = "input_margin";

        /// <summary>The table of layers, as JSON.</summary>
        public const string Layers = "layers";

        /// <summary>The numbers that convolutions compute with: <c>float32</c> or <c>int8</c>.</summary>
        public const string Precision = "precision";

        /// <summary>The bits of a convolution's weight.</summary>
        public const string WeightBits = "weight_bits";

        /// <summary>On how many photos held back from calibration an 8-bit copy gives the network's answer: those, a slash, all.</summary>
        public const string Agreement = "agreement";
    }
}
