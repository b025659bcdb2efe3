using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ClassActivation.Commands;

/// <summary>What the terminal says about itself.</summary>
/// <param name="HasSixel">Whether it draws sixels.</param>
/// <param name="CellWidth">The width of a character cell in pixels.</param>
/// <param name="CellHeight">The height of a character cell in pixels.</param>
internal sealed partial record TerminalReply(bool HasSixel, int CellWidth, int CellHeight)
{
    // The cell of the VT340, and of Windows Terminal whatever its font.
    private static readonly TerminalReply Silence = new(false, 10, 20);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private static readonly object Asking = new();

    private static TerminalReply? s_answer;

    /// <summary>
    /// Asks the terminal once in a process. It is not asked where its answer could be mistaken for typing: over a slow
    /// line it may come after we stopped waiting, and keys that wait already belong to the next prompt.
    /// </summary>
    public static TerminalReply Ask()
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected || Environment.GetEnvironmentVariable("SSH_CONNECTION") is not null)
        {
            return Silence;
        }

        lock (Asking)
        {
            if (s_answer is null && !Console.KeyAvailable)
            {
                // Every terminal answers the second question, so that its answer ends the reading.
                Console.Out.Write("\e[16t\e[c");
                Console.Out.Flush();
                s_answer = Parse(Read());
            }

            return s_answer ?? Silence;
        }
    }

    private static string Read()
    {
        var answer = new StringBuilder();
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Patience;)
        {
            if (!Console.KeyAvailable)
            {
                Thread.Sleep(1);
                continue;
            }

            char key = Console.ReadKey(intercept: true).KeyChar;
            answer.Append(key);
            if (key == 'c')
            {
                break;
            }
        }

        return answer.ToString();
    }

    private static TerminalReply Parse(string answer)
    {
        bool hasSixel = Attributes().Match(answer).Groups[1].Value.Split(';').Contains("4");
        Match cell = CellSize().Match(answer);
        return cell.Success
            ? new TerminalReply(hasSixel, Number(cell.Groups[2]), Number(cell.Groups[1]))
            : Silence with { HasSixel = hasSixel };
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\e\[\?([\d;]+)c")]
    private static partial Regex Attributes();

    [GeneratedRegex(@"\e\[6;([1-9]\d{0,2});([1-9]\d{0,2})t")]
    private static partial Regex CellSize();
}
