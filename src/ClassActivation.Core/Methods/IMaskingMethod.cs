namespace ClassActivation.Methods;

/// <summary>
/// A method that asks the network about the photo with parts covered, and needs to know nothing of it but its answers.
/// <see cref="MaskingMethods"/> lists them.
/// </summary>
internal interface IMaskingMethod
{
    /// <summary>The method's name.</summary>
    CamMethod Method { get; }

    /// <summary>How many masks there are for an input.</summary>
    int Count(int width, int height, MaskingSettings settings);

    /// <summary>How much of each pixel stays, from 0 to 1, row by row.</summary>
    float[] Mask(int index, int width, int height, MaskingSettings settings);

    /// <summary>Makes the map of the answers.</summary>
    /// <returns>A value for each pixel of the input, row by row.</returns>
    float[] Map(MaskedAnswers answers, MapTarget target);
}
