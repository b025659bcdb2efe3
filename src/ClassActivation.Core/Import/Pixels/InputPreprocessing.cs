namespace ClassActivation.Import.Pixels;

/// <summary>
/// What a network expects its pixels to be; the names are those of Keras'
/// <c>imagenet_utils.preprocess_input</c>. The converted model holds it, and takes RGB bytes.
/// </summary>
public enum InputPreprocessing
{
    /// <summary>RGB, 0 to 255, as they are.</summary>
    None,

    /// <summary>BGR, minus the ImageNet means (103.939, 116.779, 123.68), not scaled: ResNet, VGG.</summary>
    Caffe,

    /// <summary>RGB from −1 to 1: MobileNet, Inception, Xception.</summary>
    TensorFlow,

    /// <summary>RGB from 0 to 1, minus the ImageNet means, divided by the standard deviations: DenseNet, PyTorch's networks.</summary>
    Torch,

    /// <summary>RGB from 0 to 1.</summary>
    Scale01,
}
