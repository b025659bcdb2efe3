namespace ClassActivation.Commands;

/// <summary>Whose a file is that lies where one is to be written.</summary>
internal enum FileOwner
{
    /// <summary>There is none.</summary>
    Nobody,

    /// <summary>This module wrote it, for the same thing, perhaps in another version: it may be replaced.</summary>
    Same,

    /// <summary>This module wrote it, for something else.</summary>
    Other,

    /// <summary>This module did not write it.</summary>
    Stranger,
}
