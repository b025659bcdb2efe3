using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Identity;

/// <summary>How a photo becomes the network's input.</summary>
/// <param name="Fit">What of the photo the network sees, and in which shape.</param>
/// <param name="Resolution">The side in pixels that the fit aims at: the input's shorter side, or both.</param>
/// <param name="Resampling">The filter that resizes the photo.</param>
public sealed record InputSettings(
    InputFit Fit = InputFit.FullFrame, int Resolution = 224, Resampling Resampling = Resampling.Bilinear)
{
    /// <summary>How the photo's file becomes pixels.</summary>
    public PhotoDecoding Decoding { get; init; } = PhotoDecoding.Exact;

    /// <summary>What becomes of the orientation and the transparency that the photo's file states.</summary>
    public PhotoReading Reading { get; init; } = PhotoReading.Upright;

    /// <summary>
    /// The colour of the margin of <see cref="InputFit.Letterbox"/>; it is the network's own, and so no part of a question.
    /// </summary>
    public MarginColor Margin { get; init; } = MarginColor.ImageNetMean;

    /// <summary>
    /// The settings that a network can be shown photos with: one of a fixed size is shown its own squares. The whole photo
    /// is stretched to one, or fitted as the network's own program does it.
    /// </summary>
    /// <param name="network">The network.</param>
    public InputSettings For(CamModelInfo network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return !network.IsFixedSize ? this with { Margin = network.Margin } : this with
        {
            Margin = network.Margin,
            Resolution = network.Resolution,
            Fit = Fit == InputFit.FullFrame ? network.Fit ?? InputFit.Stretch : Fit,
        };
    }

    /// <summary>What a network sees of a photo.</summary>
    /// <param name="photo">The photo.</param>
    public NetworkInput Show(Photo photo) => NetworkInput.Create(photo, Fit, Resolution, Resampling, Margin);

    /// <summary>The same settings at another scale.</summary>
    /// <param name="scale">What the resolution is multiplied by, before it is rounded to whole pixels.</param>
    public InputSettings At(double scale) => this with { Resolution = (int)Math.Round(Math.Min(scale * Resolution, int.MaxValue)) };
}
