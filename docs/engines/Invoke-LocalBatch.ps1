<#
.SYNOPSIS
    Computes a batch with several processes of this machine.
.DESCRIPTION
    Each process takes shards that nobody is at until none is left. One that dies, for want of memory or by a damaged
    driver, takes its shard with it and no more: it is started again until all shards are done.
.PARAMETER Path
    The folder of the batch, which New-CamBatch made.
.PARAMETER Workers
    How many processes work at once.
.PARAMETER Attempts
    How often a process is started again, in all.
.PARAMETER Module
    The module, by name or path.
.EXAMPLE
    ./Invoke-LocalBatch.ps1 job -Workers 4
#>
param(
    [Parameter(Mandatory)] [string] $Path,
    [int] $Workers = [Environment]::ProcessorCount,
    [int] $Attempts = 10,
    [string] $Module = 'ClassActivation'
)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$Path = (Resolve-Path -LiteralPath $Path).ProviderPath
$quoted = { "'" + $args[0].Replace("'", "''") + "'" }
$work = "`$ErrorActionPreference = 'Stop'; Import-Module $(& $quoted $Module); `$null = Invoke-CamBatch $(& $quoted $Path) -ThrottleLimit 1"

# How this PowerShell is started again; one that is a .NET tool is run by dotnet.
$engine = @([Environment]::ProcessPath)
if ([IO.Path]::GetFileNameWithoutExtension($engine[0]) -eq 'dotnet') { $engine += [Environment]::GetCommandLineArgs()[0] }
function Start-Worker {
    $start = [Diagnostics.ProcessStartInfo]::new($engine[0])
    foreach ($argument in @($engine | Select-Object -Skip 1) + '-NoProfile', '-NonInteractive', '-Command', $work) { $start.ArgumentList.Add($argument) }
    [Diagnostics.Process]::Start($start)
}

$running = @(1..$Workers | ForEach-Object { Start-Worker })
try {
    while ($running) {
        Start-Sleep -Milliseconds 200
        $ended = @($running | Where-Object HasExited)
        $running = @($running | Where-Object { -not $_.HasExited })
        foreach ($process in $ended | Where-Object ExitCode -ne 0) {
            if ($Attempts-- -gt 0) { $running += Start-Worker }
        }

        # The last process may have left when another still had a shard, and died of it afterwards.
        if (-not $running -and -not (Get-CamBatch $Path).IsComplete -and $Attempts-- -gt 0) { $running += Start-Worker }
    }
}
finally {
    $running | Where-Object { -not $_.HasExited } | ForEach-Object Kill
}

Get-CamBatch $Path
