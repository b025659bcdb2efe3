using ClassActivation.Import;
using ClassActivation.Inference;
using ClassActivation.Isolation;

namespace ClassActivation.Workers;

/// <summary>The inside of a process that does work for another one, and may die of it: which kinds of work there are.</summary>
public static class WorkerProgram
{
    /// <summary>
    /// Does what the process that started this one asks for, until it wants no more or is gone; then this process ends.
    /// </summary>
    /// <exception cref="InvalidOperationException">This process was not started for it.</exception>
    public static void Run() => WorkerHost.Run([new NetworkService(), new ImportService(), new PictureService()]);
}
