using ClassActivation.Explanation;
using ClassActivation.Imaging;

namespace ClassActivation.Commands;

/// <summary>What is needed to write a picture made from a map: its folder and the end of its name.</summary>
internal static class MapPictures
{
    /// <summary>The folder that a user asked for, or else the photo's.</summary>
    /// <exception cref="PictureException">The photo came from memory, and no folder was asked for.</exception>
    public static string FolderFor(ClassActivationMap map, string? folder) =>
        folder ?? (Path.IsPathFullyQualified(map.Path) ? Path.GetDirectoryName(map.Path) : null)
            ?? throw new PictureException(
                PictureFailure.NoFolder, map.Path, $"The photo '{map.Path}' came from memory, so its picture needs a -DestinationPath.");

    /// <summary>The file name extension of a format.</summary>
    public static string ExtensionOf(PictureFormat format) => format switch
    {
        PictureFormat.Jpeg => "jpg",
        PictureFormat.Png => "png",
        _ => "webp",
    };
}
