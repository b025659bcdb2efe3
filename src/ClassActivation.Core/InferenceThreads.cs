namespace ClassActivation;

/// <summary>
/// Runs each task on a thread of its own, which ends with it. Inference must not run on threads that run other people's
/// code, before or after: where the 8-bit network's kernels use a processor's matrix tiles (AMX), a thread's signal frames
/// outgrow the signal stack that .NET gives it, and a null reference on it, caught or not, ends the process.
/// </summary>
internal sealed class InferenceThreads : TaskScheduler
{
    [ThreadStatic]
    private static bool _isCurrent;

    private InferenceThreads()
    {
    }

    /// <summary>The scheduler for work with many inferences.</summary>
    public static InferenceThreads Instance { get; } = new();

    /// <summary>Does one piece of work on such a thread: this one, where it is one already.</summary>
    public static T Run<T>(Func<T> work) =>
        _isCurrent
            ? work()
            : Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, Instance).GetAwaiter().GetResult();

    /// <summary>Does work on this thread, which was begun for it and does nothing else.</summary>
    public static void RunHere(Action work)
    {
        _isCurrent = true;
        work();
    }

    /// <summary>Begins a piece of work that nobody waits for, on such a thread.</summary>
    public static void Start(Action work) => Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, Instance);

    protected override void QueueTask(Task task) => new Thread(() =>
    {
        _isCurrent = true;
        TryExecuteTask(task);
    })
    {
        IsBackground = true,
        Name = "ClassActivation",
    }.Start();

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
