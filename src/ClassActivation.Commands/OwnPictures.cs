using System.Management.Automation;
using ClassActivation.Drawing;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// Keeps the module from explaining its own overlays and sheets, which lie among photos. Where a user named the file
/// itself it is taken, with a warning; crops are photos like any other.
/// </summary>
/// <param name="cmdlet">The cmdlet that takes photos.</param>
internal sealed class OwnPictures(PSCmdlet cmdlet)
{
    private int _passedOver;

    /// <summary>Whether a photo is taken.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="isNamed">Whether the user named the file itself, and not a pattern or a listing that it is in.</param>
    public bool Takes(PhotoSource photo, bool isNamed)
    {
        if (photo.Path is null || PictureMarks.TryRead(photo.Path) is not { Kind: not PictureKind.Crop })
        {
            return true;
        }

        if (isNamed)
        {
            cmdlet.WriteWarning(ShownText.Of($"'{photo.Path}' is a picture that this module drew, and no photo."));
            return true;
        }

        _passedOver++;
        return false;
    }

    /// <summary>Says how many were passed over, if any.</summary>
    public void Report()
    {
        if (_passedOver > 0)
        {
            cmdlet.WriteWarning(_passedOver == 1
                ? "One picture that this module drew was passed over: it is no photo."
                : $"{_passedOver:N0} pictures that this module drew were passed over: they are no photos.");
        }
    }
}
