using System.Globalization;
using System.Text;

namespace ClassActivation.Tests.Hostile;

/// <summary>Has a fuzz run in processes of its own: one that dies is counted, and another goes on behind the input it died of.</summary>
internal static class Supervisor
{
    // What is no longer a matter of chance.
    private const int MostDeaths = 20;

    /// <summary>Runs a fuzz to its end.</summary>
    /// <param name="program">What <see cref="ChildProgram"/> calls it.</param>
    /// <param name="folder">A folder for its files.</param>
    /// <param name="seed">The number of the first input.</param>
    /// <param name="count">How many inputs there are.</param>
    public static Result Run(string program, string folder, int seed, int count)
    {
        var output = new StringBuilder();
        List<Death> deaths = [];
        int exitCode = 0, end = seed + count;
        for (int next = seed; next < end && deaths.Count < MostDeaths;)
        {
            (int code, string text) = ChildProgram.Run(program, folder, Text(next), Text(end - next));
            output.AppendLine(text.Trim());
            if (code is 0 or 1)
            {
                exitCode |= code;
                break;
            }

            int last = int.Parse(File.ReadAllText(Path.Combine(folder, "last")), CultureInfo.InvariantCulture);
            deaths.Add(new Death(last, code));
            next = last + 1;
        }

        return new Result(exitCode, deaths, output.ToString());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>An input that ended its process.</summary>
    public sealed record Death(int Input, int ExitCode);

    /// <summary>What came of a fuzz: whether an input did what none may, which ended their processes, and what was written.</summary>
    public sealed record Result(int ExitCode, IReadOnlyList<Death> Deaths, string Output);
}
