using System.Globalization;

namespace ClassActivation.Batch;

/// <summary>The shard that an engine which runs arrays of jobs gives this process.</summary>
internal static class EngineShard
{
    // The variable of each engine, and the number that its first task has.
    private static readonly (string Variable, int First)[] Engines =
    [
        ("SLURM_ARRAY_TASK_ID", 0),
        ("AWS_BATCH_JOB_ARRAY_INDEX", 0),
        ("JOB_COMPLETION_INDEX", 0),
        ("PBS_ARRAY_INDEX", 0),
        ("SGE_TASK_ID", 1),
    ];

    /// <summary>The shard's number, and the variable that gives it; null where no engine does.</summary>
    /// <param name="valueOf">The value of an environment variable.</param>
    public static (int Shard, string Variable)? Find(Func<string, string?> valueOf)
    {
        foreach ((string variable, int first) in Engines)
        {
            // Grid Engine says "undefined" to a job that is no array.
            if (int.TryParse(valueOf(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return (number - first, variable);
            }
        }

        return null;
    }
}
