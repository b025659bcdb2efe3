using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace ClassActivation.ModuleTests;

/// <summary>A PowerShell engine with the built module imported by its manifest, as a user has it.</summary>
internal sealed class Engine : IDisposable
{
    private readonly Runspace _runspace;

    public Engine(bool imports = true)
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
        if (imports)
        {
            Run($"Import-Module '{TestPaths.Manifest}'");
        }
    }

    /// <summary>The non-terminating errors of the last script.</summary>
    public IReadOnlyList<ErrorRecord> Errors { get; private set; } = [];

    /// <summary>The warnings of the last script.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>The verbose messages of the last script.</summary>
    public IReadOnlyList<string> Verbose { get; private set; } = [];

    /// <summary>The debug messages of the last script.</summary>
    public IReadOnlyList<string> Debug { get; private set; } = [];

    /// <summary>The progress records of the last script.</summary>
    public IReadOnlyList<ProgressRecord> Progress { get; private set; } = [];

    /// <summary>Runs a script with variables set; a terminating error is thrown.</summary>
    public IReadOnlyList<PSObject> Run(string script, params (string Name, object? Value)[] variables)
    {
        using PowerShell shell = Start(script, variables);
        try
        {
            return shell.Invoke();
        }
        finally
        {
            Errors = [.. shell.Streams.Error];
            Warnings = [.. shell.Streams.Warning.Select(static w => w.Message)];
            Verbose = [.. shell.Streams.Verbose.Select(static v => v.Message)];
            Debug = [.. shell.Streams.Debug.Select(static d => d.Message)];
            Progress = [.. shell.Streams.Progress];
        }
    }

    /// <summary>Runs a script whose only result is one value.</summary>
    public T Run<T>(string script, params (string Name, object? Value)[] variables) =>
        LanguagePrimitives.ConvertTo<T>(Run(script, variables).Single());

    /// <summary>The terminating error of a script; non-terminating ones do not count.</summary>
    public ErrorRecord RunToError(string script, params (string Name, object? Value)[] variables) =>
        Run($"try {{ $null = & {{ {script} }} }} catch {{ $_ }}", variables).SingleOrDefault()?.BaseObject as ErrorRecord
        ?? throw new InvalidOperationException("The script ended without a terminating error.");

    /// <summary>A shell with a script in it, to be invoked, stopped and disposed by the caller.</summary>
    public PowerShell Start(string script, params (string Name, object? Value)[] variables)
    {
        foreach ((string name, object? value) in variables)
        {
            _runspace.SessionStateProxy.SetVariable(name, value);
        }

        PowerShell shell = PowerShell.Create();
        shell.Runspace = _runspace;
        return shell.AddScript(script);
    }

    public void Dispose() => _runspace.Dispose();
}
