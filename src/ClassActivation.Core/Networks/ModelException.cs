namespace ClassActivation.Networks;

/// <summary>A network could not be found, read or used; the message says which one and what to do.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ModelException(ModelFailure failure, string message, Exception? innerException = null)
        : base(ShownText.Of(message), innerException) => Failure = failure;

    /// <summary>What went wrong.</summary>
    public ModelFailure Failure { get; }
}

/// <summary>Why a network cannot be used.</summary>
public enum ModelFailure
{
    /// <summary>No file or known network has that name.</summary>
    NotFound,

    /// <summary>The file cannot be read, or is no ONNX network.</summary>
    Unreadable,

    /// <summary>The user may not read the file, or the file of its weights.</summary>
    AccessDenied,

    /// <summary>The network lacks the two outputs or the classifier weights that a class activation map needs.</summary>
    NotDualOutput,

    /// <summary>The network does not end in global average pooling, one linear layer and softmax.</summary>
    NotLinearHead,

    /// <summary>An operator between a layer and the scores has no gradient.</summary>
    NoGradient,

    /// <summary>The network has no attention among all tokens of a photo.</summary>
    NoAttention,

    /// <summary>The network has no layer of that name, or none that maps can be made of.</summary>
    NoSuchLayer,

    /// <summary>The file has more or fewer labels than classes.</summary>
    WrongLabels,

    /// <summary>The network gave values that are not finite numbers.</summary>
    NotFinite,

    /// <summary>The runtime could not run the network on this input.</summary>
    RunFailed,

    /// <summary>The runtime offers no device of that name.</summary>
    NoSuchDevice,

    /// <summary>The device, its driver or a library that it needs is not there.</summary>
    DeviceNotStarted,

    /// <summary>The part of the network that a map needs, or its gradient, could not be made or run, whatever the input.</summary>
    PartFailed,

    /// <summary>The network ended the process of its own that it ran in, or was ended with it for want of time or memory.</summary>
    ProcessEnded,
}
