using System.Diagnostics;

namespace ClassActivation.ModuleTests;

/// <summary>An engine with the module in a process of its own, which may be killed, starved, or run as somebody else.</summary>
internal static class ChildEngine
{
    /// <summary>Starts a script.</summary>
    /// <param name="script">
    /// The script; its objects become lines of output, its errors lines of <c>kind id category target: message</c>.
    /// </param>
    /// <param name="environment">Variables to set; a null value takes one away.</param>
    /// <param name="through">A command that runs the process, in front of its own command line.</param>
    public static Process Start(string script, (string Name, string? Value)[]? environment = null, string[]? through = null)
    {
        string[] command = [.. through ?? [], "dotnet", Path.Combine(AppContext.BaseDirectory, "ClassActivation.ModuleTests.dll"), script];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    /// <summary>Runs a script to its end.</summary>
    public static async Task<Result> Run(string script, (string Name, string? Value)[]? environment = null, string[]? through = null)
    {
        using Process process = Start(script, environment, through);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Result(process.ExitCode, Lines(output), Lines(await errors));
    }

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>What came of a script.</summary>
    public sealed record Result(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors);
}
