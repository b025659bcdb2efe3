using ClassActivation.Photos.Formats;
using ImageMagick;

namespace ClassActivation.Formats;

/// <summary>Reads HEIC, AVIF and all kinds of TIFF with ImageMagick. Colours other than RGB become sRGB.</summary>
public sealed class MagickPictureReader : IPictureReader
{
    private const ulong MostMemory = 3UL << 30;

    static MagickPictureReader()
    {
        // What does not fit into memory is an error, and no file beside the others.
        ResourceLimits.Memory = MostMemory;
        ResourceLimits.Disk = 0;
        ResourceLimits.Thread = 1;
    }

    /// <inheritdoc/>
    public (int Width, int Height) ReadSize(byte[] file) => Guarded(() =>
    {
        using var picture = new MagickImage();
        picture.Ping(file, Settings(file));
        bool isTurned = IsTiff(file) && picture.Orientation >= Orientation.LeftTop;
        return isTurned ? ((int)picture.Height, (int)picture.Width) : ((int)picture.Width, (int)picture.Height);
    });

    /// <inheritdoc/>
    public DecodedPicture Read(byte[] file) => Guarded(() =>
    {
        using var picture = new MagickImage(file, Settings(file));
        if (IsTiff(file))
        {
            picture.AutoOrient();
        }

        ToRgb(picture);
        using IPixelCollection<byte> pixels = picture.GetPixels();
        byte[] rgba = pixels.ToByteArray(PixelMapping.RGBA) ?? throw new MagickCacheErrorException("There are no pixels.");
        return new DecodedPicture((int)picture.Width, (int)picture.Height, rgba);
    });

    // The format is named, so that no other reader is tried, and of several pictures the first is read.
    private static MagickReadSettings Settings(byte[] file) => new()
    {
        Format = IsTiff(file) ? MagickFormat.Tiff : PictureBrands.IsAvif(file) ? MagickFormat.Avif : MagickFormat.Heic,
        FrameIndex = 0,
        FrameCount = 1,
    };

    private static void ToRgb(MagickImage picture)
    {
        if (picture.ColorSpace is ColorSpace.CMYK or ColorSpace.CMY)
        {
            // As Pillow does without a profile: the light that the inks leave.
            picture.RemoveProfile("icc");
            picture.ColorSpace = ColorSpace.sRGB;
        }
        else if (picture.ColorSpace is not (ColorSpace.sRGB or ColorSpace.RGB or ColorSpace.Gray))
        {
            picture.ColorSpace = ColorSpace.sRGB;
        }
    }

    // libheif turns a picture upright itself; an orientation in its EXIF data is not to be followed again.
    private static bool IsTiff(byte[] file) => file is [(byte)'I', (byte)'I', ..] or [(byte)'M', (byte)'M', ..];

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (MagickResourceLimitErrorException e)
        {
            throw new PictureReadException(
                PictureReadFailure.TooLarge, "takes more memory or time than it may; give a smaller copy of it", e);
        }
        catch (MagickException e)
        {
            throw new PictureReadException(
                PictureReadFailure.Damaged, $"is damaged and cannot be decoded ({FirstLine(e.Message)}); get another copy of it", e);
        }
    }

    private static string FirstLine(string message) => message.Split('\n', '@')[0].Trim().TrimEnd('.');
}
