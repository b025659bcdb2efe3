namespace ClassActivation.Methods;

/// <summary>Where in a network a method makes its maps.</summary>
internal enum MapPlace
{
    /// <summary>At the layers that are named, or the network's last.</summary>
    Layers,

    /// <summary>At the pixels, as the network takes them.</summary>
    Pixels,

    /// <summary>At the tokens that the first block of a transformer takes.</summary>
    Tokens,

    /// <summary>On the photo, of which parts are covered.</summary>
    Photo,
}
