namespace ClassActivation.Commands;

/// <summary>How a picture is drawn in a terminal.</summary>
public enum TerminalRenderer
{
    /// <summary>Sixel where the terminal says it can, half blocks where there are colours, else characters.</summary>
    Auto,

    /// <summary>Two pixels in each character cell, in 24-bit colour.</summary>
    HalfBlock,

    /// <summary>The terminal's own pixels, with up to 256 colours.</summary>
    Sixel,

    /// <summary>Characters from light to dense, without colour.</summary>
    Ascii,
}
