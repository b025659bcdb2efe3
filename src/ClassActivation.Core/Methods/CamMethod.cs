namespace ClassActivation.Methods;

/// <summary>
/// How a map is made from the feature maps <c>A_k</c> (h × w values each, <c>F_k</c> their means) of a network that ends
/// in global average pooling and one linear layer with the weights <c>w_k</c> and the bias <c>b</c> of what is explained
/// (a class, a concept, or a contrast), so that <c>logit = Σ_k F_k w_k + b</c>. There the gradient of the logit in
/// <c>A_k</c> is <c>w_k / (h·w)</c> everywhere, and every method has a closed form: none needs a backward pass, and each
/// gives what its gradients would give. At other layers, and behind other ends, G, the gradient of the logit in the values
/// of a layer, is computed, and the methods are those of their papers.
/// </summary>
public enum CamMethod
{
    /// <summary>
    /// <c>Σ_k w_k A_k</c>: contributions to the logit, <c>mean(map) + b = logit</c>. Zhou et al. 2016, "Learning Deep
    /// Features for Discriminative Localization". Only of the last feature maps in front of a linear end.
    /// </summary>
    Cam,

    /// <summary>
    /// <c>Σ_k mean(∂logit/∂A_k) A_k</c>, which is <see cref="Cam"/> / (h·w). No ReLU: cut at zero when drawing.
    /// Selvaraju et al. 2017, "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization".
    /// </summary>
    GradCam,

    /// <summary>
    /// <c>Σ_k ∂logit/∂A_k ⊙ A_k</c>, which is <see cref="Cam"/> / (h·w). Draelos and Carin 2020, "Use HiResCAM instead of
    /// Grad-CAM for Faithful Explanations of Convolutional Neural Networks".
    /// </summary>
    HiResCam,

    /// <summary>
    /// Gradients weighted by each place's share of the activation, which is <see cref="Cam"/> / (h·w). Fu et al. 2020,
    /// "Axiom-based Grad-CAM: Towards Accurate Visualization and Explanation of CNNs".
    /// </summary>
    XGradCam,

    /// <summary>
    /// <c>Σ_k max(w_k, 0) A_k / (h·w)</c>: only feature maps that speak for the class, so the map has no negative values.
    /// Jiang et al. 2021, "LayerCAM: Exploring Hierarchical Class Activation Maps for Localization".
    /// </summary>
    LayerCam,

    /// <summary>
    /// <c>Σ_k max(w_k, 0) / (2 + w_k F_k) · A_k</c>: of the feature maps that speak for the class, strong and wide ones
    /// count less. The paper's factor <c>exp(logit)</c>, common to all places, is left out. Chattopadhyay et al. 2018,
    /// "Grad-CAM++: Improved Visual Explanations for Deep Convolutional Networks".
    /// </summary>
    GradCamPlusPlus,

    /// <summary>
    /// <c>Σ_k w_k F_k / |logit| · A_k</c>: each feature map counts by the share of the logit that is lost without it. The
    /// paper divides by the logit; its absolute value keeps evidence for the class positive where the logit is negative.
    /// A logit of zero gives an empty map. Ramaswamy and Desai 2020, "Ablation-CAM: Visual Explanations for Deep
    /// Convolutional Network via Gradient-free Localization".
    /// </summary>
    AblationCam,

    /// <summary>
    /// The first principal component of the activations: each place's K activations, centred over the places, projected
    /// on the direction in which they vary most. It shows what stands out, whatever the class; the class only decides the
    /// sign, which is made to agree with <see cref="Cam"/>. Its mean is zero. Muhammad and Yeasin 2020, "Eigen-CAM: Class
    /// Activation Map using Principal Components"; the centring is pytorch-grad-cam's.
    /// </summary>
    EigenCam,

    /// <summary>
    /// <see cref="EigenCam"/> of the activations times their gradients, <c>w_k A_k / (h·w)</c>: the class counts. From
    /// pytorch-grad-cam (Gildenblat et al. 2021); there is no paper.
    /// </summary>
    EigenGradCam,

    /// <summary>
    /// <c>Σ_k p (w_k − Σ_j p_j w_k^j) A_k</c>, with <c>p_j</c> the probabilities of all classes and <c>p</c> the explained
    /// one's: the gradient of the probability instead of the logit, so that evidence which all likely classes share
    /// drops out. Its mean is the change of <c>p</c>, to first order, per relative change of the features.
    /// It fades as <c>p</c> nears 0 or 1. The softmax target of Grad-CAM's implementations.
    /// </summary>
    SoftmaxCam,

    /// <summary>
    /// The logit that each place alone would give, all other places of the feature maps being zero. It needs neither
    /// weights nor gradients, so that it goes with every network; where the head is linear it is <see cref="GradCam"/> plus
    /// the bias. Class tokens stay. Byun and Lee 2022,
    /// "Recipro-CAM: Fast Gradient-Free Visual Explanations for Convolutional Neural Network".
    /// </summary>
    ReciproCam,

    /// <summary>
    /// <c>max_c |∂logit/∂x_c|</c> at each pixel, <c>x</c> being the pixels as the network takes them: how much the score changes with
    /// the pixel, for or against. Simonyan et al. 2014, "Deep Inside Convolutional Networks: Visualising Image Classification
    /// Models and Saliency Maps".
    /// </summary>
    Saliency,

    /// <summary>
    /// <c>Σ_c x_c ∂logit/∂x_c</c> at each pixel; behind ReLU and linear layers sum + biases = logit. Shrikumar et al. 2016, "Not Just a
    /// Black Box: Learning Important Features Through Propagating Activation Differences".
    /// </summary>
    InputXGradient,

    /// <summary>
    /// <c>Σ_c x_c ∫ ∂logit(αx)/∂x_c dα</c> over α from 0 to 1 at each pixel, from a picture that is 0 to the network (its mean
    /// colour) on: sum + that picture's logit = logit. Steps are doubled from 8 on until that holds within 1%, up to a limit of 128 where
    /// no other is given. Sundararajan et al. 2017, "Axiomatic Attribution for Deep Networks".
    /// </summary>
    IntegratedGradients,

    /// <summary>
    /// The mean of <see cref="Saliency"/> over 16 pictures with noise of 15% of the range of their pixels, the same noise each time.
    /// Smilkov et al. 2017, "SmoothGrad: removing noise by adding noise".
    /// </summary>
    SmoothGrad,

    /// <summary>
    /// For vision transformers: <c>mean_l mean_heads mean_queries max(∂s^l/∂A^l, 0)</c> for each part of the photo that is attended to,
    /// with <c>A^l</c> the attention probabilities of block l and <c>s^l</c> the logit that the network's head makes of the mean of that
    /// block's tokens. Bousselham et al. 2024, "LeGrad: An Explainability Method for Vision Transformers via Feature Formation
    /// Sensitivity", as their program has it, without the scaling to 0 to 1.
    /// </summary>
    LeGrad,

    /// <summary>
    /// The mean of what the logit loses where a square over the pixel is covered, over all squares that cover it. It needs nothing
    /// of the network but its answers. Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks".
    /// </summary>
    Occlusion,

    /// <summary>
    /// <c>Σ_i p(x ⊙ m_i) m_i / (N E[m])</c> at each pixel, over N random masks of 7 × 7 cells, each seen or not with even odds: the
    /// mean probability where the pixel is seen. It needs nothing of the network but its answers. Petsiuk, Das and Saenko 2018,
    /// "RISE: Randomized Input Sampling for Explanation of Black-box Models".
    /// </summary>
    Rise,
}
