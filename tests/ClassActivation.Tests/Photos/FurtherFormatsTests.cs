using System.Text;
using ClassActivation.Photos;

namespace ClassActivation.Tests.Photos;

/// <summary>Files of formats that are not read: each is named by its first bytes, with what to do about it.</summary>
public class FurtherFormatsTests
{
    private const string Companion =
        "run Install-PSResource ClassActivation.Formats, or convert it with: magick 'a photo''s.x' 'a photo''s.x.png'.";

    [Theory]
    [InlineData("heic", "mif1", "a HEIC (HEIF) picture")]
    [InlineData("heix", "heix", "a HEIC (HEIF) picture")]
    [InlineData("hevc", "msf1", "a HEIC (HEIF) picture")]
    [InlineData("hevx", "hevx", "a HEIC (HEIF) picture")]
    [InlineData("heim", "heim", "a HEIC (HEIF) picture")]
    [InlineData("heis", "heis", "a HEIC (HEIF) picture")]
    [InlineData("mif1", "heic", "a HEIC (HEIF) picture")]
    [InlineData("msf1", "hevc", "a HEIC (HEIF) picture")]
    [InlineData("mif1", "avif", "an AVIF picture")]
    [InlineData("avif", "mif1", "an AVIF picture")]
    [InlineData("avis", "msf1", "an AVIF picture")]
    public void Brands_of_HEIF_files_are_named_with_companion_and_command(string major, string compatible, string name)
    {
        string message = Refusal([0, 0, 0, 24, .. Latin("ftyp" + major), 0, 0, 0, 0, .. Latin("miaf" + compatible), .. new byte[40]]);

        Assert.Equal($"'a photo's.x' is {name}, which is read where the module ClassActivation.Formats is installed; {Companion}", message);
    }

    [Theory]
    [InlineData("\0\0\0\x18" + "ftypcrx \0\0\0\x01" + "crx isom", "(CR3)", "develop it")]
    [InlineData("II*\0\x10\0\0\0CR\x02\0", "(CR2)", "develop it")]
    [InlineData("IIRO\x08\0\0\0", "(ORF)", "develop it")]
    [InlineData("IIU\0\x08\0\0\0", "(RW2)", "develop it")]
    [InlineData("FUJIFILMCCD-RAW 0201", "(RAF)", "develop it")]
    [InlineData("\xFF\x0A\xFA\x7F", "a JPEG XL picture", "djxl 'a photo''s.x' 'a photo''s.x.png'")]
    [InlineData("\0\0\0\x0CJXL \r\n\x87\n", "a JPEG XL picture", "djxl")]
    [InlineData("\0\0\0\x0CjP  \r\n\x87\n", "a JPEG 2000 picture", "opj_decompress")]
    [InlineData("\xFF\x4F\xFF\x51\0", "a JPEG 2000 picture", "opj_decompress")]
    [InlineData("8BPS\0\x01", "a Photoshop document", "magick 'a photo''s.x[0]'")]
    [InlineData("%PDF-1.7\n", "a PDF document", "pdftoppm")]
    [InlineData("<svg xmlns='x'/>", "an SVG drawing", "rsvg-convert")]
    [InlineData("\xEF\xBB\xBF<?xml version='1.0'?>\n<!-- a --><svg/>", "an SVG drawing", "rsvg-convert")]
    [InlineData("<!DOCTYPE html><title>Not found</title>", "a web page and no picture", "save the picture itself")]
    [InlineData("\0\0\x01\0\x01\0", "an icon (ICO)", "magick")]
    [InlineData("\0\0\x02\0\x01\0\x20\x20\0\0", "a cursor (CUR)", "magick")]
    [InlineData("\0\0\x02\0\0\0\0\0\0\0\0\0\xC3\x01\x2C\x01\x18\x20", "a Targa picture (TGA)", "magick")]
    [InlineData("\0\0\x0A\0\0\0\0\0\0\0\0\0\xC3\x01\x2C\x01\x20\x28", "a Targa picture (TGA)", "magick")]
    [InlineData("\0\x01\x01\0\0\0\x01\x18\0\0\0\0\x10\0\x10\0\x08\0", "a Targa picture (TGA)", "magick")]
    [InlineData("\x0A\x05\x01\x08\0\0\0\0", "a Paintbrush picture (PCX)", "magick")]
    [InlineData("P6\n2 2\n255\n", "a Netpbm picture", "pnmtopng")]
    [InlineData("v/1\x01\x02\0", "an OpenEXR picture", "magick")]
    [InlineData("RIFF\x04\0\0\0WAVEfmt ", "a RIFF file of another kind", "give the picture itself")]
    [InlineData("RIFF\x04\0\0\0AVI LIST", "an AVI video", "ffmpeg")]
    [InlineData("\0\0\0\x18" + "ftypisom\0\0\0\x01" + "isommp42", "an MP4 video", "ffmpeg")]
    [InlineData("\0\0\0\x14" + "ftypqt  \0\0\0\0qt  ", "a QuickTime (MOV) video", "ffmpeg")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "a pointer to one that Git LFS keeps", "git lfs pull")]
    [InlineData("\0\x05\x16\x07\0\x02\0\0Mac OS X", "what macOS keeps beside one", "without the leading ._")]
    [InlineData("PK\x03\x04\x14\0", "a ZIP archive", "Expand-Archive")]
    public void What_nobody_reads_is_named_with_its_own_advice(string start, string name, string advice)
    {
        string message = Refusal([.. Latin(start), .. new byte[8]]);

        Assert.Contains(name, message);
        Assert.Contains(advice, message);
        Assert.Contains("which is not read", message);
    }

    [Theory]
    [InlineData("NIKON CORPORATION", 1, true, "(NEF)")]
    [InlineData("SONY", 1, true, "(ARW)")]
    [InlineData("Canon", 50706, false, "(CR2)")]
    [InlineData("Leica", 50706, false, "(DNG)")]
    public void Raw_pictures_in_the_form_of_TIFF_are_not_taken_for_their_previews(string make, int mark, bool isPreview, string name)
    {
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("II*\0"u8);
        writer.Write(8);
        writer.Write((short)5);
        Entry(256, 4, 1, 16);
        Entry(257, 4, 1, 16);
        Entry(271, 2, make.Length + 1, 200);
        if (isPreview)
        {
            Entry(254, 4, 1, mark);
            Entry(330, 4, 1, 8);
        }
        else
        {
            Entry(mark, 1, 4, 0x401);
            Entry(258, 3, 1, 8);
        }

        writer.Write(0);
        writer.Write(new byte[200 - file.Length]);
        writer.Write(Latin(make + "\0"));

        string message = Refusal(file.ToArray());

        Assert.Contains($"is a camera's raw picture {name}, which is not read; develop it", message);

        void Entry(int tag, short type, int count, int value)
        {
            writer.Write((ushort)tag);
            writer.Write(type);
            writer.Write(count);
            writer.Write(value);
        }
    }

    private static byte[] Latin(string text) => Encoding.Latin1.GetBytes(text);

    private static string Refusal(byte[] content)
    {
        var source = PhotoSource.FromMemory("a photo's.x", content);
        PhotoException e = Assert.Throws<PhotoException>(() => PhotoDecoder.Decode(source));
        Assert.Equal(PhotoFailure.OtherFormat, e.Failure);
        Assert.Equal(e.Message, Assert.Throws<PhotoException>(() => PhotoDecoder.ReadSize(source)).Message);
        return e.Message;
    }
}
