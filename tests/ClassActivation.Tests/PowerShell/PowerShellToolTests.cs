using System.Diagnostics;

namespace ClassActivation.Tests.PowerShell;

/// <summary>Runs tools/pwsh.cs as a process, as a user does who has no pwsh.</summary>
public sealed class PowerShellToolTests : IDisposable
{
    private const string Script = """
        param([Parameter(Mandatory)][string]$Task, [int]$Count = 1, [switch]$Quick, [string]$Then)
        "$Task|$Count|$Quick|$(Split-Path $PSCommandPath -Leaf)|$($PSScriptRoot -eq (Split-Path $PSCommandPath))"
        Write-Error 'goes on'
        switch ($Then) { 'exit' { exit 3 } 'throw' { throw 'ends here' } }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pwsh-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0, "it's $x|2|True", "-Task", "it's $x", "-Count:2", "-Quick")]
    [InlineData(3, "Demo|5|False", "Demo", "5", "-Quick:$false", "-Then", "exit")]
    [InlineData(1, "Demo|1|False", "Demo", "-Then", "throw")]
    public void Script_BindsArguments_ShowsAllOutput_AndItsExitCodeIsTheProcess(int exitCode, string bound, params string[] arguments)
    {
        Result result = Run([WriteScript("a script.ps1"), .. arguments]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains($"{bound}|a script.ps1|True", result.Output, StringComparison.Ordinal);
        Assert.Contains("goes on", result.Error, StringComparison.Ordinal);
        Assert.Equal(arguments.Contains("throw"), result.Error.Contains("ends here", StringComparison.Ordinal));
        Assert.DoesNotContain("\e", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Script_WithoutItsMandatoryParameter_FailsInsteadOfAsking()
    {
        Result result = Run(["-NoProfile", "-NonInteractive", "-File", WriteScript("asks.ps1")]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("missing mandatory parameters: Task", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-Item ./missing; 'fine'", 0)]
    [InlineData("'fine'; Get-Item ./missing", 1)]
    public void Command_FailsWithItsLastStatement(string command, int exitCode)
    {
        Result result = Run(["-Command", command]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal("fine", result.Output.Trim());
    }

    [Fact]
    public void Command_HasPowerShellsOwnCmdlets()
    {
        string photo = WriteScript("literal[1].ps1");

        Result result = Run(["-Command", $"Get-ChildItem -LiteralPath '{photo}' | Select-Object Name | ConvertTo-Json -Compress"]);

        Assert.Equal((0, """{"Name":"literal[1].ps1"}"""), (result.ExitCode, result.Output.Trim()));
    }

    [Theory]
    [InlineData(null, "1")]
    [InlineData("0", "0")]
    public void Telemetry_IsOffUnlessTheUserSaysOtherwise(string? set, string expected)
    {
        Result result = Run(["-Command", "$env:POWERSHELL_TELEMETRY_OPTOUT"], ("POWERSHELL_TELEMETRY_OPTOUT", set));

        Assert.Equal(expected, result.Output.Trim());
    }

    private string WriteScript(string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, Script);
        return path;
    }

    private static Result Run(string[] arguments, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", ["run", "tools/pwsh.cs", "--", .. arguments])
        {
            WorkingDirectory = Locations.Repository(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return new Result(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private sealed record Result(int ExitCode, string Output, string Error);
}
