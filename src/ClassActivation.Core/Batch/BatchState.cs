using ClassActivation.Inference;

namespace ClassActivation.Batch;

/// <summary>How far a batch is.</summary>
public sealed class BatchState
{
    /// <summary>The version of this module.</summary>
    internal static string ModuleVersion => ComputedBy.ModuleVersion;

    private BatchState(BatchFolder batch) => (Path, Batch) = (batch.FullName, batch.Description);

    /// <summary>The batch's folder.</summary>
    public string Path { get; }

    /// <summary>The network's name, or the path of its file.</summary>
    public string Model => Batch.Model;

    /// <summary>The number of photos.</summary>
    public long Photos => Batch.PhotoCount;

    /// <summary>The number of photos whose shards are done.</summary>
    public long DonePhotos { get; private init; }

    /// <summary>How many of these were refused.</summary>
    public long Refused => Errors.Values.Sum();

    /// <summary>The number of shards, which are numbered from 0.</summary>
    public int Shards => Batch.ShardCount;

    /// <summary>The number of shards that are done.</summary>
    public int DoneShards { get; private init; }

    /// <summary>The numbers of the shards that are missing, such as <c>3,7-9</c>, as engines take them; empty where all are done.</summary>
    public string Missing { get; private init; } = "";

    /// <summary>
    /// The numbers of the shards whose figures cannot be read, in the same form; they are neither done nor missing. Empty where
    /// all can.
    /// </summary>
    public string Damaged { get; private init; } = "";

    /// <summary>The numbers of the shards that a process is at work on.</summary>
    public int[] Running { get; private init; } = [];

    /// <summary>Photos a second, over the time in which any shard was worked on; null before the first is done.</summary>
    public double? Rate { get; private init; }

    /// <summary>The time that is left at that rate; null where it is not known.</summary>
    public TimeSpan? TimeLeft { get; private init; }

    /// <summary>How many photos were refused for each error id.</summary>
    public SortedDictionary<string, long> Errors { get; private init; } = [];

    /// <summary>The machines that worked on it.</summary>
    public string[] Hosts { get; private init; } = [];

    /// <summary>The types of their processors. Of more than one, the last digits of figures may differ between shards.</summary>
    public string[] Processors { get; private init; } = [];

    /// <summary>The versions of the module and of ONNX Runtime that worked on it.</summary>
    public string[] Versions { get; private init; } = [];

    /// <summary>Whether all shards are done.</summary>
    public bool IsComplete => DoneShards == Shards;

    /// <summary>What is computed.</summary>
    public BatchDescription Batch { get; }

    /// <summary>Looks how far a batch is.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="report">Is told of each shard whose figures cannot be read.</param>
    public static BatchState Of(BatchFolder batch, Action<BatchException> report)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(batch);
        var errors = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var hosts = new SortedSet<string>(StringComparer.Ordinal);
        var processors = new SortedSet<string>(StringComparer.Ordinal);
        var versions = new SortedSet<string>(StringComparer.Ordinal);
        var times = new List<(DateTime Start, DateTime End)>();
        var damaged = new List<int>();
        long photos = 0;
        foreach (int number in batch.Done())
        {
            BatchShard shard;
            try
            {
                shard = batch.ReadFigures(number);
            }
            catch (BatchException e)
            {
                damaged.Add(number);
                report(e);
                continue;
            }

            photos += shard.Photos;
            times.Add((shard.Started, shard.Started.AddSeconds(shard.Seconds)));
            hosts.Add(shard.Host);
            processors.Add(shard.Processor);
            versions.Add($"{shard.ModuleVersion}, ONNX Runtime {shard.RuntimeVersion}");
            foreach ((string id, int count) in shard.Errors)
            {
                errors[id] = errors.GetValueOrDefault(id) + count;
            }
        }

        double busy = BusySeconds(times);
        double? rate = busy > 0 ? photos / busy : null;
        return new BatchState(batch)
        {
            DonePhotos = photos,
            DoneShards = times.Count,
            Missing = Ranges(batch.Missing()),
            Damaged = Ranges(damaged),
            Running = [.. batch.Missing().Where(batch.IsClaimed)],
            Rate = rate,
            TimeLeft = rate is > 0 ? TimeSpan.FromSeconds(Math.Ceiling((batch.Description.PhotoCount - photos) / rate.Value)) : null,
            Errors = errors,
            Hosts = [.. hosts],
            Processors = [.. processors],
            Versions = [.. versions],
        };
    }

    // The pauses of a batch that was stopped are no work.
    private static double BusySeconds(List<(DateTime Start, DateTime End)> times)
    {
        double seconds = 0;
        DateTime until = DateTime.MinValue;
        foreach ((DateTime start, DateTime end) in times.Order())
        {
            DateTime from = start > until ? start : until;
            if (end > from)
            {
                seconds += (end - from).TotalSeconds;
                until = end;
            }
        }

        return seconds;
    }

    private static string Ranges(IEnumerable<int> numbers)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (int number in numbers)
        {
            if (ranges.Count > 0 && ranges[^1].Last == number - 1)
            {
                ranges[^1] = (ranges[^1].First, number);
            }
            else
            {
                ranges.Add((number, number));
            }
        }

        return string.Join(
            ',', ranges.Select(static range => range.First == range.Last ? $"{range.First}" : $"{range.First}-{range.Last}"));
    }
}
