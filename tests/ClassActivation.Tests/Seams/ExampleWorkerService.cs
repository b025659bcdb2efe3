using ClassActivation.Isolation;

namespace ClassActivation.Tests.Seams;

/// <summary>Adds numbers, in a process whose death is one exception here.</summary>
internal sealed class ExampleWorkerService : IWorkerService
{
    public string Name => "sum";

    public void Handle(BinaryReader request, BinaryWriter reply)
    {
        long sum = 0;
        for (int count = request.ReadInt32(); count > 0; count--)
        {
            sum += request.ReadInt32();
        }

        reply.Write(sum);
    }
}
