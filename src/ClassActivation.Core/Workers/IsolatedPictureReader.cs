using ClassActivation.Isolation;
using ClassActivation.Photos.Formats;

namespace ClassActivation.Workers;

/// <summary>
/// A companion module's reader in a process of its own, which may die of a picture, or be ended for its time or memory. Then that
/// picture fails, and the next starts another.
/// </summary>
/// <param name="assembly">The full path of the companion's assembly.</param>
/// <param name="options">How the process is started, and what it may use.</param>
public sealed class IsolatedPictureReader(string assembly, IsolationOptions options) : IPictureReader, IDisposable
{
    private readonly object _starting = new();
    private readonly object _asking = new();
    private WorkerProcess? _worker;

    /// <inheritdoc/>
    public (int Width, int Height) ReadSize(byte[] file)
    {
        DecodedPicture picture = Ask(file, wantsPixels: false);
        return (picture.Width, picture.Height);
    }

    /// <inheritdoc/>
    public DecodedPicture Read(byte[] file) => Ask(file, wantsPixels: true);

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        lock (_starting)
        {
            _worker?.Dispose();
            _worker = null;
        }
    }

    private DecodedPicture Ask(byte[] file, bool wantsPixels)
    {
        // One at a time: it is clear what a process died of, and how much memory it needs.
        lock (_asking)
        {
            try
            {
                using BinaryReader answer = CurrentWorker().Ask(PictureService.ServiceName, request =>
                {
                    request.Write(assembly);
                    request.Write(wantsPixels);
                    request.Write(file.Length);
                    request.Write(file);
                });
                return Open(answer, wantsPixels);
            }
            catch (WorkerEndedException e)
            {
                throw e.End is WorkerEnd.MemoryLimit or WorkerEnd.TimeLimit
                    ? new PictureReadException(
                        PictureReadFailure.TooLarge,
                        $"was too much for the process that decodes it, which {e.Message}; give a smaller copy of it",
                        e)
                    : e.End == WorkerEnd.NotStarted
                    ? new PictureReadException(PictureReadFailure.NoReader, $"is decoded in a process of its own, which {e.Message}", e)
                    : new PictureReadException(
                        PictureReadFailure.Damaged,
                        $"is damaged: the process that was to decode it {e.Message}; get another copy of it",
                        e);
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
            {
                throw new PictureReadException(PictureReadFailure.NoReader, $"cannot be decoded in a process of its own: {e.Message}", e);
            }
        }
    }

    private static DecodedPicture Open(BinaryReader answer, bool wantsPixels)
    {
        int failure = answer.ReadInt32();
        if (failure != PictureService.Done)
        {
            throw new PictureReadException((PictureReadFailure)failure, answer.ReadString());
        }

        (int width, int height, int orientation) = (answer.ReadInt32(), answer.ReadInt32(), answer.ReadInt32());
        long length = wantsPixels ? 4L * width * height : 0;
        // The process may be no longer what it was.
        return width > 0 && height > 0 && orientation is >= 1 and <= 8 && length == answer.BaseStream.Length - answer.BaseStream.Position
            ? new DecodedPicture(width, height, answer.ReadBytes((int)length), orientation)
            : throw new InvalidDataException("It answered with no picture");
    }

    private WorkerProcess CurrentWorker()
    {
        lock (_starting)
        {
            if (_worker is null or { HasEnded: true })
            {
                _worker?.Dispose();
                _worker = WorkerProcess.Start(options);
            }

            return _worker;
        }
    }
}
