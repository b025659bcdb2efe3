using ClassActivation.Isolation;
using ClassActivation.Photos.Formats;

namespace ClassActivation.Workers;

/// <summary>
/// Decodes pictures with a companion module for another process. The request is that of <see cref="IsolatedPictureReader"/>.
/// </summary>
internal sealed class PictureService : IWorkerService
{
    /// <summary>The name that requests for it bear.</summary>
    public const string ServiceName = "picture";

    /// <summary>What an answer begins with that is no failure.</summary>
    public const int Done = -1;

    public string Name => ServiceName;

    public void Handle(BinaryReader request, BinaryWriter reply)
    {
        string assembly = request.ReadString();
        bool wantsPixels = request.ReadBoolean();
        byte[] file = request.ReadBytes(request.ReadInt32());
        try
        {
            IPictureReader reader = CompanionModule.Load(assembly);
            (int width, int height) = wantsPixels ? (0, 0) : reader.ReadSize(file);
            DecodedPicture picture = wantsPixels ? reader.Read(file) : new DecodedPicture(width, height, []);
            reply.Write(Done);
            reply.Write(picture.Width);
            reply.Write(picture.Height);
            reply.Write(picture.Orientation);
            reply.Write(picture.Pixels);
        }
        catch (PictureReadException e)
        {
            reply.Write((int)e.Failure);
            reply.Write(e.Message);
        }
    }
}
