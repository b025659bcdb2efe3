namespace ClassActivation;

/// <summary>
/// Runs each task on a thread of its own, which ends with it. Inference must not run on threads that run other people's
/// code, before or after: where the 8-bit network's kernels use a processor's matrix tiles (AMX), a thread's signal frames
/// outgrow the signal stack that .NET gives it, and a null reference on it, caught or not, ends the process.
/// </summary>
internal sealed class OwnThreads : TaskScheduler
{
    public static readonly OwnThreads Instance = new();

    private OwnThreads()
    {
    }

    protected override void QueueTask(Task task) =>
        new Thread(() => TryExecuteTask(task)) { IsBackground = true, Name = "ClassActivation" }.Start();

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
