namespace ClassActivation.Faithfulness;

/// <summary>What stands in for pixels that are taken away from a photo.</summary>
public enum Replacement
{
    /// <summary>The mean colour of the photo.</summary>
    Mean,

    /// <summary>
    /// The photo blurred by a Gaussian whose standard deviation is 10 pixels where the shorter side has 224, and in
    /// proportion otherwise: so strong that hardly any class is still seen (Fong and Vedaldi 2017, "Interpretable
    /// Explanations of Black Boxes by Meaningful Perturbation").
    /// </summary>
    Blur,

    /// <summary>
    /// The noisy linear imputation of Rong et al. 2022: each pixel is the weighted mean of its neighbours, missing or not,
    /// plus noise, so that the shape of the gap gives little away.
    /// </summary>
    Imputation,
}
