namespace ClassActivation.Import.Pixels;

/// <summary>A preprocessing as <c>(pixel − mean) · scale</c> for each of R, G and B, then perhaps in BGR order.</summary>
internal sealed record PixelTransform(bool SwapChannels, double[] Mean, double[] Scale)
{
    public bool IsScaled => Scale.Any(value => value != 1);

    public bool IsShifted => Mean.Any(value => value != 0);

    /// <summary>Which of R, G, B the network's input channel is.</summary>
    public int Source(int channel) => SwapChannels ? 2 - channel : channel;

    public static PixelTransform For(InputPreprocessing preprocessing) => preprocessing switch
    {
        InputPreprocessing.None => new(false, [0, 0, 0], [1, 1, 1]),
        InputPreprocessing.Caffe => new(true, [123.68, 116.779, 103.939], [1, 1, 1]),
        InputPreprocessing.TensorFlow => new(false, [127.5, 127.5, 127.5], [1 / 127.5, 1 / 127.5, 1 / 127.5]),
        InputPreprocessing.Torch => new(
            false,
            [255 * 0.485, 255 * 0.456, 255 * 0.406],
            [1 / (255 * 0.229), 1 / (255 * 0.224), 1 / (255 * 0.225)]),
        InputPreprocessing.Scale01 => new(false, [0, 0, 0], [1.0 / 255, 1.0 / 255, 1.0 / 255]),
        _ => throw new ArgumentOutOfRangeException(nameof(preprocessing), preprocessing, null),
    };
}
