<#
.SYNOPSIS
    Runs the scripts of docs/engines for real, kills their workers and the scripts themselves at random moments, and compares
    the results with those of an undisturbed run, byte by byte.
.PARAMETER Engine
    Local, Slurm or Ssh. The last two install Debian's packages and start daemons of their own, without systemd; they need root.
.PARAMETER Kills
    How many workers are killed.
.PARAMETER DriverKills
    How many times the process that starts the workers is killed, and started again; under Slurm the whole array is cancelled.
#>
param(
    [Parameter(Mandatory)] [string] $Manifest,
    [ValidateSet('Local', 'Slurm', 'Ssh')] [string[]] $Engine = @('Local'),
    [int] $Kills = 3,
    [int] $DriverKills = 2,
    [int] $Copies = 24,
    [string] $Model = 'ResNet50-Int8',
    [string] $Photos = (Join-Path $PSScriptRoot ../../samples),
    [string] $WorkFolder = (Join-Path ([IO.Path]::GetTempPath()) "cam-engines-$PID")
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3
Import-Module $Manifest
$drivers = Join-Path $PSScriptRoot ../../docs/engines
$pwsh = @([Environment]::ProcessPath)
if ([IO.Path]::GetFileNameWithoutExtension($pwsh[0]) -eq 'dotnet') { $pwsh += [Environment]::GetCommandLineArgs()[0] }

$null = New-Item -ItemType Directory -Force $WorkFolder
$WorkFolder = (Resolve-Path -LiteralPath $WorkFolder).ProviderPath
$tree = Join-Path $WorkFolder photos
$sources = @(Get-ChildItem -LiteralPath $Photos -File | Where-Object Extension -in .jpg, .png)
foreach ($copy in 1..$Copies) {
    $folder = New-Item -ItemType Directory -Force (Join-Path $tree ('{0:000}' -f $copy))
    $sources | Copy-Item -Destination $folder
}

Set-Content -LiteralPath (Join-Path $tree 001/broken.jpg) 'no photo'
$setting = @{ Model = $Model; Recurse = $true; ShardSize = [Math]::Max(1, [int]($Copies * $sources.Count / 8)); Output = 'Maps, Pictures'; MaxSize = 128 }
$undisturbed = Join-Path $WorkFolder undisturbed
$null = New-CamBatch $tree $undisturbed @setting
Invoke-CamBatch $undisturbed | Out-Null
Write-Host "Undisturbed: $((Get-CamBatch $undisturbed).Photos) photos."

# Ends a worker of a batch with SIGKILL: one that has claimed a shard, as its claim says.
function Stop-Worker([string] $Batch) {
    $claim = @(Get-ChildItem -LiteralPath (Join-Path $Batch claims) -File -ErrorAction Ignore) | Get-Random -ErrorAction Ignore
    if (-not $claim) { return $false }
    # Opened by .NET, it would be found locked.
    try { $victim = [int] ((& /bin/cat $claim.FullName 2>$null).Trim().Split(' ')[-1]) }
    catch { return $false }
    # A claim that a killed worker left names a process that is gone, and its number may be another's by now.
    if (-not ((& /bin/ls -l "/proc/$victim/fd" 2>$null) -match [regex]::Escape($claim.FullName))) { return $false }
    & /bin/kill -9 $victim 2>$null
    $LASTEXITCODE -eq 0
}

# What a killed driver's workers still do is theirs: the same line is started beside them.
function Watch-Batch([string] $Batch, [string] $Line) {
    $killed = $killedDrivers = 0
    $driver = Start-Driver $Line
    while (-not $driver.HasExited) {
        Start-Sleep -Milliseconds (Get-Random -Minimum 50 -Maximum 1500)
        $isEarly = -not (Get-CamBatch $Batch).IsComplete
        if ($killedDrivers -lt $DriverKills -and $isEarly -and (Get-Random -Maximum 4) -eq 0) {
            $driver.Kill()
            $driver.WaitForExit()
            $killedDrivers++
            $driver = Start-Driver $Line
        }
        elseif ($killed -lt $Kills -and (Stop-Worker $Batch)) { $killed++ }
    }

    if ($driver.ExitCode -ne 0) { throw "The driver ended with $($driver.ExitCode)." }
    "$killed workers and $killedDrivers drivers killed"
}

function Start-Driver([string[]] $Arguments) {
    $start = [Diagnostics.ProcessStartInfo]::new($pwsh[0])
    foreach ($argument in @($pwsh | Select-Object -Skip 1) + '-NoProfile', '-NonInteractive', '-Command' + $Arguments) { $start.ArgumentList.Add($argument) }
    [Diagnostics.Process]::Start($start)
}

function Test-Local {
    $batch = Join-Path $WorkFolder local
    $null = New-CamBatch $tree $batch @setting
    $killed = Watch-Batch $batch "`$null = & '$(Join-Path $drivers Invoke-LocalBatch.ps1)' '$batch' -Workers 2 -Attempts $($Kills + 5) -Module '$Manifest'"
    & (Join-Path $PSScriptRoot Compare-Batch.ps1) $undisturbed $batch
    Write-Host "Local processes: $killed, the results are the same."
}

function Test-Slurm {
    & (Join-Path $PSScriptRoot Start-Slurm.ps1) -Folder (Join-Path $WorkFolder slurm-daemons)
    $env:SLURM_CONF = Join-Path $WorkFolder slurm-daemons slurm.conf
    $batch = Join-Path $WorkFolder slurm
    $null = New-CamBatch $tree $batch @setting
    $env:CAM_MODULE = $Manifest
    $env:CAM_PWSH = $pwsh -join ' '
    $killed = $cancelled = 0
    try {
        while (-not (Get-CamBatch $batch).IsComplete) {
            $missing = (Get-CamBatch $batch).Missing
            & sbatch --parsable --array=$missing --chdir=$WorkFolder --output="$WorkFolder/slurm-%A-%a.log" (Join-Path $drivers slurm.sh) $batch | Out-Null
            if ($LASTEXITCODE -ne 0) { throw 'sbatch failed.' }
            while (& squeue --noheader) {
                Start-Sleep -Milliseconds (Get-Random -Minimum 50 -Maximum 1500)
                if ($cancelled -lt $DriverKills -and (Get-Random -Maximum 4) -eq 0) {
                    & scancel --me --signal=KILL --full
                    & scancel --me
                    $cancelled++
                }
                elseif ($killed -lt $Kills -and (Stop-Worker $batch)) { $killed++ }
            }
        }
    }
    finally {
        & (Join-Path $PSScriptRoot Start-Slurm.ps1) -Folder (Join-Path $WorkFolder slurm-daemons) -Stop
    }

    & (Join-Path $PSScriptRoot Compare-Batch.ps1) $undisturbed $batch
    Write-Host "Slurm: $killed workers and $cancelled arrays killed, the results are the same."
}

function Test-Ssh {
    $daemon = Join-Path $WorkFolder sshd
    $port = & (Join-Path $PSScriptRoot Start-Sshd.ps1) -Folder $daemon -PowerShell ($pwsh -join ' ')
    $batch = Join-Path $WorkFolder ssh
    $null = New-CamBatch $tree $batch @setting
    try {
        $options = "@{ KeyFilePath = '$daemon/key'; Port = $port; Options = @{ StrictHostKeyChecking = 'no'; UserKnownHostsFile = '/dev/null'; LogLevel = 'ERROR' } }"
        $killed = Watch-Batch $batch "`$null = & '$(Join-Path $drivers Invoke-RemoteBatch.ps1)' '$batch' -HostName 127.0.0.1, localhost -Attempts $($Kills + 5) -Module '$Manifest' -ConnectionOption $options"
    }
    finally {
        & (Join-Path $PSScriptRoot Start-Sshd.ps1) -Folder $daemon -Stop
    }

    & (Join-Path $PSScriptRoot Compare-Batch.ps1) $undisturbed $batch
    Write-Host "PowerShell over SSH: $killed, the results are the same."
}

try {
    foreach ($name in $Engine) { & "Test-$name" }
}
finally {
    Remove-Item -LiteralPath $WorkFolder -Recurse -Force -ErrorAction Ignore
}
