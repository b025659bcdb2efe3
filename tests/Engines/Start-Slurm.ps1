<#
.SYNOPSIS
    Starts Slurm on this machine as one node, without systemd, in a folder of its own; stops it with -Stop.
#>
param([Parameter(Mandatory)] [string] $Folder, [switch] $Stop)

$ErrorActionPreference = 'Stop'
function Stop-Daemon([string] $PidFile) {
    if (Test-Path -LiteralPath $PidFile) { & /bin/kill -TERM (Get-Content -LiteralPath $PidFile -TotalCount 1) }
}

if ($Stop) {
    'slurmctld.pid', 'slurmd.pid', 'munged.pid' | ForEach-Object { Stop-Daemon (Join-Path $Folder $_) }
    return
}

if (-not (Get-Command slurmctld, slurmd, sbatch, munged -ErrorAction Ignore | Select-Object -Skip 3)) {
    $env:DEBIAN_FRONTEND = 'noninteractive'
    & apt-get update -qq
    & apt-get install -y -q --no-install-recommends slurmctld slurmd slurm-client munge | Out-Host
}

$null = New-Item -ItemType Directory -Force $Folder, "$Folder/state", "$Folder/spool"
$node = [Net.Dns]::GetHostName()
# A key of our own, readable by nobody else, and a socket in the folder.
$key = [byte[]]::new(1024)
[Security.Cryptography.RandomNumberGenerator]::Fill($key)
[IO.File]::WriteAllBytes("$Folder/munge.key", $key)
& chmod 0700 $Folder
& chmod 0400 "$Folder/munge.key"
& munged --key-file="$Folder/munge.key" --socket="$Folder/munge.socket" --pid-file="$Folder/munged.pid" --log-file="$Folder/munged.log" --seed-file="$Folder/munged.seed" --force
if ($LASTEXITCODE -ne 0) { throw 'munged did not start.' }

@"
ClusterName=cam
SlurmctldHost=$node
AuthType=auth/munge
AuthInfo=socket=$Folder/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation=$Folder/state
SlurmdSpoolDir=$Folder/spool
SlurmctldPidFile=$Folder/slurmctld.pid
SlurmdPidFile=$Folder/slurmd.pid
SlurmctldLogFile=$Folder/slurmctld.log
SlurmdLogFile=$Folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
ReturnToService=2
MpiDefault=none
NodeName=$node CPUs=$([Environment]::ProcessorCount) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"@ | Set-Content -LiteralPath "$Folder/slurm.conf"
$env:SLURM_CONF = "$Folder/slurm.conf"
& slurmctld
& slurmd
foreach ($attempt in 1..60) {
    if ((& sinfo --noheader --format=%T 2>$null) -match '^(idle|mixed|allocated)') { return }
    Start-Sleep -Milliseconds 500
}

throw "Slurm has no node that is up; see the logs in $Folder."
