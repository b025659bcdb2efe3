<#
.SYNOPSIS
    Compares the results of two batches byte by byte; the shards' own figures, with times and hosts, are left out.
#>
param([Parameter(Mandatory)] [string] $Expected, [Parameter(Mandatory)] [string] $Actual)

function Read-Results([string] $Path) {
    $root = Join-Path $Path results
    foreach ($file in Get-ChildItem -LiteralPath $root -File -Recurse -Force | Where-Object { $_.Name -ne 'figures.json' -and $_.FullName -notmatch '[/\\]\.' } | Sort-Object FullName) {
        "$([IO.Path]::GetRelativePath($root, $file.FullName)) $((Get-FileHash -LiteralPath $file.FullName).Hash)"
    }
}

$difference = Compare-Object @(Read-Results $Expected) @(Read-Results $Actual)
if ($difference) { throw "The results differ:`n$($difference | Out-String)" }
