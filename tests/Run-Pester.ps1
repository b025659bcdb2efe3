<#
.SYNOPSIS
    Runs the Pester tests and writes how many passed, failed and were skipped into a file.
.PARAMETER PesterPath
    Pester's manifest.
.PARAMETER CountFile
    The file for the three numbers, one a line.
.PARAMETER Filter
    A part of the names of the files to run, or where no file has such a name, of the names of the tests.
#>
param(
    [Parameter(Mandatory)] [string] $PesterPath,
    [Parameter(Mandatory)] [string] $CountFile,
    [string] $Filter
)

$ErrorActionPreference = 'Stop'
Import-Module (Resolve-Path -LiteralPath $PesterPath).ProviderPath
$configuration = New-PesterConfiguration
$configuration.Run.Path = Join-Path $PSScriptRoot Pester
$configuration.Run.PassThru = $true
$configuration.Output.CIFormat = 'None'
if ($Filter) {
    $files = @(Get-ChildItem -LiteralPath (Join-Path $PSScriptRoot Pester) -Filter "*$Filter*.Tests.ps1")
    if ($files) { $configuration.Run.Path = $files.FullName } else { $configuration.Filter.FullName = "*$Filter*" }
}

$run = Invoke-Pester -Configuration $configuration
Set-Content -LiteralPath $CountFile $run.PassedCount, ($run.FailedCount + $run.FailedBlocksCount + $run.FailedContainersCount), $run.SkippedCount
