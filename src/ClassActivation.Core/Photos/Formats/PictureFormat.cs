namespace ClassActivation.Photos.Formats;

/// <summary>Who reads the pictures of a format.</summary>
internal enum FormatSupport
{
    /// <summary>The reader of TIFF files, and the companion module what that one does not know.</summary>
    Tiff,

    /// <summary>The companion module.</summary>
    Companion,

    /// <summary>Nobody.</summary>
    None,
}

/// <summary>A format of files that is none of those that every version of the module reads.</summary>
/// <param name="Name">What a file of it is, with its article.</param>
/// <param name="Support">Who reads it.</param>
/// <param name="Advice">What to do about a file of it, as an imperative with <c>{0}</c> for the file's name.</param>
internal sealed record PictureFormat(string Name, FormatSupport Support, string Advice);
