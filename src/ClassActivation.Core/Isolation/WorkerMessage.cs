using ClassActivation.Networks;

namespace ClassActivation.Isolation;

/// <summary>
/// What goes through the pipe between two processes: the length in bytes, the number of the request, and a name or a status
/// with what belongs to it.
/// </summary>
internal static class WorkerMessage
{
    private enum Status : byte
    {
        Done,
        ModelFailed,
        OutOfMemory,
        Failed,
    }

    /// <summary>Reads the next message; null where the other side has gone.</summary>
    public static byte[]? Read(Stream pipe)
    {
        var prefix = new byte[sizeof(int)];
        try
        {
            pipe.ReadExactly(prefix);
            int length = BitConverter.ToInt32(prefix);
            if (length < 0)
            {
                return null;
            }

            var message = new byte[length];
            pipe.ReadExactly(message);
            return message;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    /// <summary>Makes a message, with its length in front.</summary>
    public static byte[] Make(long number, Action<BinaryWriter> content)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(0);
        writer.Write(number);
        content(writer);
        writer.Flush();
        byte[] message = stream.ToArray();
        BitConverter.TryWriteBytes(message, message.Length - sizeof(int));
        return message;
    }

    /// <summary>Makes the answer to a request of what it leads to.</summary>
    public static byte[] Answer(long number, Action<BinaryWriter> work)
    {
        try
        {
            return Make(number, reply =>
            {
                reply.Write((byte)Status.Done);
                work(reply);
            });
        }
        catch (ModelException e)
        {
            return Make(number, reply =>
            {
                reply.Write((byte)Status.ModelFailed);
                reply.Write((int)e.Failure);
                reply.Write(e.Message);
            });
        }
        catch (Exception e)
        {
            return Make(number, reply =>
            {
                reply.Write((byte)(e is OutOfMemoryException ? Status.OutOfMemory : Status.Failed));
                reply.Write(e is OutOfMemoryException ? e.Message : $"{e.GetType().Name}: {e.Message}");
            });
        }
    }

    /// <summary>What a request's answer holds, at its beginning; an exception is thrown here as it was there.</summary>
    /// <exception cref="ModelException">It was thrown there.</exception>
    /// <exception cref="InsufficientMemoryException">There was not enough memory there.</exception>
    /// <exception cref="InvalidDataException">Another exception was thrown there.</exception>
    public static BinaryReader Open(byte[] answer)
    {
        var reader = new BinaryReader(new MemoryStream(answer, writable: false));
        reader.ReadInt64();
        switch ((Status)reader.ReadByte())
        {
            case Status.Done:
                return reader;
            case Status.ModelFailed:
                throw new ModelException((ModelFailure)reader.ReadInt32(), reader.ReadString());
            case Status.OutOfMemory:
                throw new InsufficientMemoryException(ShownText.Of(reader.ReadString()));
            default:
                throw new InvalidDataException(ShownText.Of(reader.ReadString()));
        }
    }
}
