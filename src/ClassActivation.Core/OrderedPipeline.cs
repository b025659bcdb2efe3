using System.Threading.Tasks.Dataflow;

namespace ClassActivation;

/// <summary>
/// Works on several items at once and hands the results back in the order of the items, on the thread that calls:
/// cmdlets may write objects from the pipeline's thread only. Holds a bounded number of items.
/// </summary>
internal sealed class OrderedPipeline<TInput, TOutput>
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly TransformBlock<TInput, TOutput> _block;
    private readonly CancellationToken _cancellationToken;
    private int _pending;

    /// <summary>Makes a pipeline.</summary>
    /// <param name="work">What to do with an item; must not throw but for cancellation.</param>
    /// <param name="throttleLimit">How many items are worked on at once.</param>
    /// <param name="scheduler">Where the work is done.</param>
    /// <param name="cancellationToken">Ends the waiting; what is under way ends by itself.</param>
    public OrderedPipeline(Func<TInput, TOutput> work, int throttleLimit, TaskScheduler scheduler, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _block = new TransformBlock<TInput, TOutput>(work, new ExecutionDataflowBlockOptions
        {
            MaxDegreeOfParallelism = throttleLimit,
            BoundedCapacity = 2 * throttleLimit,
            CancellationToken = cancellationToken,
            TaskScheduler = scheduler,
        });
    }

    /// <summary>What to do on the calling thread now and then, while it waits; null for nothing.</summary>
    public Action? WhileWaiting { get; init; }

    /// <summary>Takes an item, and gives the results that are ready; waits for one only when the pipeline is full.</summary>
    public void Post(TInput item, Action<TOutput> emit)
    {
        while (!_block.Post(item))
        {
            emit(Receive());
        }

        _pending++;
        while (_block.TryReceive(out TOutput? ready))
        {
            _pending--;
            emit(ready);
        }
    }

    /// <summary>Waits for all results that are still to come, and gives them; more items may follow.</summary>
    public void Drain(Action<TOutput> emit)
    {
        while (_pending > 0)
        {
            emit(Receive());
        }
    }

    /// <summary>Gives all results that are still to come, after which no item may follow.</summary>
    public void Complete(Action<TOutput> emit)
    {
        _block.Complete();
        Drain(emit);
    }

    /// <summary>Waits until work under way has ended, but not for long.</summary>
    public void WaitForWorkers(TimeSpan limit)
    {
        _block.Complete();
        try
        {
            _block.Completion.Wait(limit, CancellationToken.None);
        }
        catch (AggregateException)
        {
            // Cancelled: nothing is under way any more.
        }
    }

    private TOutput Receive()
    {
        while (WhileWaiting is not null && !_block.OutputAvailableAsync(_cancellationToken).Wait(BetweenLooks, _cancellationToken))
        {
            WhileWaiting();
        }

        TOutput result = _block.Receive(_cancellationToken);
        _pending--;
        return result;
    }
}
