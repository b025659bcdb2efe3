<#
.SYNOPSIS
    Computes a batch on other machines, over SSH.
.DESCRIPTION
    Every machine has PowerShell, the module, and "Subsystem powershell /usr/bin/pwsh -sshs -NoLogo" in its sshd_config, and
    sees the photos and the batch under the same paths. Each takes shards that nobody is at until none is left. Where a
    connection or a machine is lost it is asked again, until all shards are done.
.PARAMETER Path
    The folder of the batch, which New-CamBatch made.
.PARAMETER HostName
    The machines, as ssh knows them; one that is named twice gets two workers.
.PARAMETER Attempts
    How often a machine is asked again, in all.
.PARAMETER Module
    The module there, by name or path.
.EXAMPLE
    ./Invoke-RemoteBatch.ps1 /shared/job -HostName node1, node2, node2
#>
param(
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string[]] $HostName,
    [int] $Attempts = 10,
    [string] $Module = 'ClassActivation',
    [hashtable] $ConnectionOption = @{}
)

$ErrorActionPreference = 'Stop'
Import-Module $Module
$work = {
    param($module, $path)
    Import-Module $module
    Invoke-CamBatch $path -ThrottleLimit 1 -ErrorAction Stop
}

$start = { Invoke-Command -HostName $args[0] -AsJob -ScriptBlock $work -ArgumentList $Module, $Path @ConnectionOption }
$running = @($HostName | ForEach-Object { & $start $_ })
while ($running) {
    $null = Wait-Job $running -Any -Timeout 1
    foreach ($job in @($running | Where-Object State -notin 'NotStarted', 'Running')) {
        $running = @($running | Where-Object Id -ne $job.Id)
        Receive-Job $job -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem | ForEach-Object { Write-Warning "$($job.Location): $_" }
        if (($job.State -ne 'Completed' -or -not $running) -and -not (Get-CamBatch $Path).IsComplete -and $Attempts-- -gt 0) { $running += & $start $job.Location }
        Remove-Job $job -Force
    }
}

Get-CamBatch $Path
