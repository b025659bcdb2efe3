namespace ClassActivation.Drawing;

/// <summary>Whole looks of drawn maps; <see cref="OverlayOptions.Of"/> says what each is made of.</summary>
public enum OverlayStyle
{
    /// <summary>The notebook's figure: the whole map in jet over a photo that is paler.</summary>
    Notebook,

    /// <summary>Only what speaks for the class, in turbo over the photo at full strength, from a threshold on that a line marks.</summary>
    Highlight,

    /// <summary>The photo as it is, and the line around what speaks for the class: hides nothing.</summary>
    Outline,

    /// <summary>As Highlight, in viridis and without a threshold: for colour-blind readers, and for print in grey.</summary>
    Accessible,
}
