using System.Diagnostics;
using Xunit;

namespace ClassActivation.Tests.Host;

/// <summary>Runs tools/pwsh.cs as a process, as a user does who has no pwsh.</summary>
public sealed class ConsoleHostTests : IDisposable
{
    private const string Script = """
        param([Parameter(Mandatory)][string]$Task, [int]$Count = 1, [switch]$Quick, [string]$Then)
        "$Task|$Count|$Quick|$(Split-Path $PSCommandPath -Leaf)|$($PSScriptRoot -eq (Split-Path $PSCommandPath))"
        [pscustomobject]@{ Held = 'back' }
        Write-Error 'goes on'
        switch ($Then) { 'exit' { exit 3 } 'throw' { throw 'ends here' } }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("console-host-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(0, "it's $x|2|True", "-Task", "it's $x", "-Count:2", "-Quick")]
    [InlineData(3, "Demo|5|False", "Demo", "5", "-Quick:$false", "-Then", "exit")]
    [InlineData(1, "Demo|1|False", "Demo", "-Then", "throw")]
    public void Script_BindsArguments_ShowsAllOutput_AndItsExitCodeIsTheProcess(int exitCode, string bound, params string[] arguments)
    {
        Result result = Run(null, [WriteScript("a script.ps1"), .. arguments]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains($"{bound}|a script.ps1|True", result.Output, StringComparison.Ordinal);
        Assert.Contains("back", result.Output, StringComparison.Ordinal);
        Assert.Contains("a script.ps1:4", result.Error, StringComparison.Ordinal);
        Assert.Contains("goes on", result.Error, StringComparison.Ordinal);
        Assert.Equal(arguments.Contains("throw"), result.Error.Contains("ends here", StringComparison.Ordinal));
        Assert.DoesNotContain("\e", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Script_WithoutItsMandatoryParameter_FailsInsteadOfAsking()
    {
        Result result = Run("", ["-NoProfile", "-NonInteractive", "-File", WriteScript("asks.ps1")]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("missing mandatory parameters: Task", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Get-Item ./missing; 'fine'", 0)]
    [InlineData("'fine'; Get-Item ./missing", 1)]
    public void Command_FailsWithItsLastStatement(string command, int exitCode)
    {
        Result result = Run(null, ["-Command", command]);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal("fine", result.Output.Trim());
    }

    [Fact]
    public void StandardInput_IsRunAsAScript()
    {
        Result result = Run("foreach ($i in 1..3) {\n  $i * 2\n}\nexit 4\n", []);

        Assert.Equal(4, result.ExitCode);
        Assert.Equal(["2", "4", "6"], result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void GetChildItem_KnowsWildcardsAndLiteralPaths_AndGoesOnAfterABadOne()
    {
        foreach (string name in (string[])["literal[1].txt", "literal1.txt", "other.jpg"])
        {
            File.WriteAllText(Path.Combine(_folder.FullName, name), name);
        }

        Result result = Run(null, ["-Command", $$"""
            Set-Location -LiteralPath '{{_folder.FullName}}'
            "wild: $(Get-ChildItem 'literal[1].txt' -Name)"
            "literal: $(Get-ChildItem -LiteralPath 'literal[1].txt' -Name)"
            "filter: $(Get-ChildItem -Filter *.txt -File | Sort-Object Name | ForEach-Object Name)"
            "piped: $('missing', 'other.jpg' | Get-ChildItem | Get-Item | ForEach-Object Length)"
            """]);

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            ["wild: literal1.txt", "literal: literal[1].txt", "filter: literal[1].txt literal1.txt", "piped: 9"],
            result.Output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("missing", result.Error, StringComparison.Ordinal);
    }

    private string WriteScript(string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, Script);
        return path;
    }

    private static Result Run(string? input, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("dotnet", ["run", "tools/pwsh.cs", "--", .. arguments])
        {
            WorkingDirectory = Locations.Repository(),
            RedirectStandardInput = input is not null,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }

        process.WaitForExit();
        return new Result(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    private sealed record Result(int ExitCode, string Output, string Error);
}
