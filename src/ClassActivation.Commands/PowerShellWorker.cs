using System.Management.Automation;
using ClassActivation.Isolation;

namespace ClassActivation.Commands;

/// <summary>
/// Starts PowerShell as a process that does the module's work and nothing else: it is on every computer that has the module.
/// </summary>
internal static class PowerShellWorker
{
    // The module's first assembly makes the others be found, as it does when the module is imported. The module itself,
    // with its cmdlets, views and help, is not needed there.
    private const string InitAssembly = "ClassActivation.Init";
    private const string AssemblyVariable = "CLASSACTIVATION_INIT";
    private const string Script =
        "$ErrorActionPreference = 'Stop'; "
        + "$null = [System.Reflection.Assembly]::LoadFrom($env:" + AssemblyVariable + "); "
        + "$null = [ClassActivation.Init.ModuleLoader]::Load(); "
        + "$core = [System.Reflection.Assembly]::Load('ClassActivation.Core'); "
        + "$core.GetType('ClassActivation.Workers.WorkerProgram').GetMethod('Run').Invoke($null, @())";

    private static readonly string Program = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";

    /// <summary>How to start one; null where there is no PowerShell to start.</summary>
    public static IsolationOptions? Options() => FindProgram() is not { } program ? null : new IsolationOptions
    {
        FileName = program,
        Arguments = ["-NoProfile", "-NonInteractive", "-NoLogo", "-Command", Script],
        Environment = new Dictionary<string, string?>
        {
            [AssemblyVariable] = InitPath(),
            ["POWERSHELL_UPDATECHECK"] = "Off",
            ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
        },
    };

    // The engine may run inside another program, which is no PowerShell to start; then one that the user could start will do.
    private static string? FindProgram()
    {
        string home = Path.GetDirectoryName(typeof(PSObject).Assembly.Location) ?? "";
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator).Where(Path.IsPathFullyQualified).Prepend(home);
        return folders.Select(static folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);
    }

    private static string InitPath() =>
        AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(static assembly => assembly.GetName().Name == InitAssembly)?.Location
        ?? Path.Combine(Path.GetDirectoryName(typeof(PowerShellWorker).Assembly.Location)!, InitAssembly + ".dll");
}
