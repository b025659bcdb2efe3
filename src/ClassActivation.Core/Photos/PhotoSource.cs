using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ClassActivation.Photos.Containers;
using SkiaSharp;

namespace ClassActivation.Photos;

/// <summary>Where the bytes of a photo come from: a file or memory.</summary>
public sealed class PhotoSource
{
    /// <summary>
    /// The most pixels that a photo may have where nothing else is asked for: 268,435,456, a square of 16,384. Their
    /// bytes take 1 GiB, which a photo from a camera of 200 megapixels stays below.
    /// </summary>
    public const long DefaultMaxPixels = 16_384L * 16_384;

    private readonly byte[]? _content;
    private string? _contentHash;

    private PhotoSource(string name, string? path, byte[]? content)
    {
        Name = name;
        Path = path;
        _content = content;
    }

    private PhotoSource(PhotoSource other)
        : this(other.Name, other.Path, other._content)
    {
        (_contentHash, FirstVersion, MaxPixels, Reading, Frame) = (
            other._contentHash, other.FirstVersion, other.MaxPixels, other.Reading, other.Frame);
    }

    /// <summary>The file's name without its directory, or the name given to the content in memory.</summary>
    public string Name { get; }

    /// <summary>The file's full path; null for content in memory.</summary>
    public string? Path { get; }

    /// <summary>
    /// The most pixels, width times height, that the photo may have. One with more is refused before memory is taken for
    /// them, at reduced scale too.
    /// </summary>
    public long MaxPixels { get; private init; } = DefaultMaxPixels;

    /// <summary>What becomes of the orientation and the transparency that the file states.</summary>
    public PhotoReading Reading { get; private init; } = PhotoReading.Upright;

    /// <summary>
    /// Which picture of the file it is, 1 for the first; animated GIF and WebP files and TIFF files of several pages have
    /// others.
    /// </summary>
    public int Frame { get; private init; } = 1;

    /// <summary>The path, or for a photo in memory its name.</summary>
    public string DisplayPath => Path ?? Name;

    /// <summary>The file when it was first read; null before, and for content in memory.</summary>
    internal (DateTime Written, long Length)? FirstVersion { get; set; }

    /// <summary>How many pictures the file has; known once one was decoded.</summary>
    internal int FrameCount { get; private set; } = 1;

    /// <summary>Whether the file lacks its end, which holds no pixels; known once it was decoded.</summary>
    internal bool LacksEnd { get; set; }

    /// <summary>A photo in a file. The file is not touched before it is read.</summary>
    /// <param name="fullPath">The full path of the file.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    public static PhotoSource FromFile(string fullPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(fullPath);
        return new PhotoSource(System.IO.Path.GetFileName(fullPath), fullPath, null);
    }

    /// <summary>A photo in memory, in the same formats as a file.</summary>
    /// <param name="name">The name that messages and results show.</param>
    /// <param name="content">The bytes of the encoded picture; not copied.</param>
    public static PhotoSource FromMemory(string name, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(content);
        return new PhotoSource(name, null, content);
    }

    /// <summary>The same photo with another limit.</summary>
    /// <param name="maxPixels">The most pixels that it may have, 1 or more.</param>
    public PhotoSource WithMaxPixels(long maxPixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxPixels);
        return maxPixels == MaxPixels ? this : new PhotoSource(this) { MaxPixels = maxPixels };
    }

    /// <summary>The same photo read in another way.</summary>
    /// <param name="reading">What becomes of the orientation and the transparency that the file states.</param>
    public PhotoSource WithReading(PhotoReading reading) => reading == Reading ? this : new PhotoSource(this) { Reading = reading };

    /// <summary>Another picture of the same file.</summary>
    /// <param name="frame">Which, 1 for the first. Whether there is one is found out when it is decoded.</param>
    public PhotoSource WithFrame(int frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frame);
        return frame == Frame ? this : new PhotoSource(this) { Frame = frame };
    }

    /// <summary>Opens the encoded bytes for reading; the caller disposes the stream.</summary>
    /// <exception cref="PhotoException">The file is missing, a directory, empty, or may not be read.</exception>
    public Stream Open()
    {
        if (Path is not null && FileStatus.IsPipeOrDevice(Path))
        {
            // Only Linux tells them from empty files.
            throw OperatingSystem.IsLinux()
                ? Failed(PhotoFailure.NotAFile, "is no file but a pipe or a device; save the picture to a file first")
                : Failed(PhotoFailure.Empty, "is empty, or no file but a pipe or a device; give a file that holds a picture");
        }

        Stream stream = _content is not null
            ? new MemoryStream(_content, writable: false)
            : Read(() => new FileStream(Path!, FileMode.Open, FileAccess.Read, FileShare.Read));
        if (stream.Length == 0)
        {
            stream.Dispose();
            throw Failed(PhotoFailure.Empty, "is empty; give a file that holds a picture");
        }

        return stream;
    }

    /// <summary>
    /// What tells the file from another one that takes its place; null for content in memory, and where there is no file.
    /// </summary>
    internal (DateTime Written, long Length)? ReadVersion()
    {
        // The time alone would not do: file systems count in ticks of milliseconds, and copying keeps the time of the original.
        return Path is not null && new FileInfo(Path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : null;
    }

    /// <summary>The photo of an identity, in that version where its file is still there.</summary>
    internal static PhotoSource FromIdentity(PhotoIdentity photo)
    {
        PhotoSource source = FromFile(photo.Path).WithFrame(photo.Frame);
        source.FirstVersion = photo.Version;
        return source;
    }

    /// <summary>Which photo it is, in the version that was read first.</summary>
    internal PhotoIdentity Identify()
    {
        if (_content is not null)
        {
            _contentHash ??= Convert.ToHexString(SHA256.HashData(_content));
            return new PhotoIdentity { Path = DisplayPath, Length = _content.Length, Hash = _contentHash, Frame = Frame };
        }

        FirstVersion ??= ReadVersion();
        return FirstVersion is { } version
            ? new PhotoIdentity
            {
                Path = DisplayPath,
                Length = version.Length,
                Written = PhotoIdentity.TimeText(version.Written),
                Frame = Frame,
            }
            : new PhotoIdentity { Path = DisplayPath, Frame = Frame };
    }

    /// <summary>The SHA-256 of the encoded bytes, in 64 hexadecimal digits.</summary>
    /// <exception cref="PhotoException">The file cannot be read.</exception>
    internal string HashContent()
    {
        if (_contentHash is null)
        {
            using Stream stream = Open();
            _contentHash = Read(() => Convert.ToHexString(SHA256.HashData(stream)));
        }

        return _contentHash;
    }

    /// <summary>The colour profile that the file's RGB pixels are meant in; null where it has none.</summary>
    /// <exception cref="PhotoException">The file cannot be read.</exception>
    internal byte[]? ReadProfile()
    {
        using Stream stream = Open();
        byte[]? profile = Read(() => PictureContainers.Read(stream, PictureParts.Icc).Icc);
        return profile is not null && ColorProfile.IsOfRgb(profile) ? profile : null;
    }

    /// <summary>Refuses a file that was written again since it was first read.</summary>
    /// <exception cref="PhotoException">It was.</exception>
    internal void CheckUnchanged()
    {
        // A file that is gone is found out when it is read.
        if (FirstVersion is { } first && ReadVersion() is { } now && first != now)
        {
            throw Failed(PhotoFailure.Changed, "was written again since it was read first, and may be another photo now");
        }
    }

    /// <summary>Sets how many pictures the file has.</summary>
    /// <exception cref="PhotoException">The wanted one is not among them.</exception>
    internal void SetFrameCount(int count)
    {
        FrameCount = count;
        if (Frame > count)
        {
            throw Failed(
                PhotoFailure.NoSuchFrame,
                count == 1 ? $"has one frame and no frame {Frame}" : $"has {count:N0} frames and no frame {Frame}");
        }
    }

    /// <summary>The first bytes of the opened photo, fewer where it is shorter; the stream stays at its start.</summary>
    /// <exception cref="PhotoException">The file could not be read.</exception>
    internal byte[] ReadStart(Stream stream, int length) => Read(() =>
    {
        var start = new byte[length];
        int read = stream.ReadAtLeast(start, length, throwOnEndOfStream: false);
        stream.Position = 0;
        return start[..read];
    });

    /// <summary>Reads all encoded bytes into native memory; the caller disposes them.</summary>
    /// <param name="stream">The opened photo, at its start and not longer than 2 GB.</param>
    /// <exception cref="PhotoException">The file could not be read.</exception>
    /// <exception cref="OutOfMemoryException">There is not enough memory for the file.</exception>
    /// <exception cref="NativeLibraryException">The library that decodes photos cannot be loaded.</exception>
    internal unsafe SKData ReadAll(Stream stream)
    {
        // Not Skia's own memory: where there is none left, Skia ends the process.
        int length = (int)stream.Length;
        void* content = NativeMemory.Alloc((nuint)length);
        try
        {
            Read(() =>
            {
                stream.ReadExactly(new Span<byte>(content, length));
                return true;
            });
            return SKData.Create((nint)content, length, static (address, _) => NativeMemory.Free((void*)address));
        }
        catch (Exception e)
        {
            NativeMemory.Free(content);
            NativeLibraryException.ThrowIfCauseOf(e);
            throw;
        }
    }

    /// <summary>Makes the error for this photo, as one sentence.</summary>
    /// <param name="failure">Why the photo cannot be used.</param>
    /// <param name="rest">What follows the photo's name in the sentence, without the full stop.</param>
    /// <param name="cause">The cause, where there is one.</param>
    internal PhotoException Failed(PhotoFailure failure, string rest, Exception? cause = null) =>
        new(failure, $"'{DisplayPath}' {rest}.", cause);

    /// <summary>Does what reads from the opened photo.</summary>
    /// <exception cref="PhotoException">The file could not be read.</exception>
    internal T ReadFrom<T>(Func<T> read) => Read(read);

    private T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Failed(PhotoFailure.NotFound, "does not exist; check the path", exception);
        }
        catch (UnauthorizedAccessException exception) when (Directory.Exists(Path))
        {
            throw Failed(PhotoFailure.IsDirectory, "is a directory; give the files in it", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Failed(PhotoFailure.AccessDenied, "may not be read; check the file's permissions", exception);
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException)
        {
            throw Failed(
                PhotoFailure.Unreadable,
                "could not be read; check that the drive is available and that no other program holds the file open",
                exception);
        }
    }
}
