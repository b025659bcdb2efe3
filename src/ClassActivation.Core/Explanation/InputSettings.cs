using ClassActivation.Imaging;

namespace ClassActivation.Explanation;

/// <summary>How a photo becomes the network's input.</summary>
/// <param name="Fit">What of the photo the network sees, and in which shape.</param>
/// <param name="Resolution">The side in pixels that the fit aims at: the input's shorter side, or both.</param>
/// <param name="Resampling">The filter that resizes the photo.</param>
public sealed record InputSettings(
    InputFit Fit = InputFit.FullFrame, int Resolution = 224, Resampling Resampling = Resampling.Bilinear);
