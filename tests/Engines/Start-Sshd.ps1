<#
.SYNOPSIS
    Starts an OpenSSH server on loopback with PowerShell as a subsystem, in a folder of its own; gives its port. Stops it with -Stop.
#>
param([Parameter(Mandatory)] [string] $Folder, [string] $PowerShell = 'pwsh', [switch] $Stop)

$ErrorActionPreference = 'Stop'
if ($Stop) {
    if (Test-Path -LiteralPath "$Folder/sshd.pid") { & /bin/kill -TERM (Get-Content -LiteralPath "$Folder/sshd.pid" -TotalCount 1) }
    return
}

if (-not (Test-Path /usr/sbin/sshd)) {
    $env:DEBIAN_FRONTEND = 'noninteractive'
    & apt-get update -qq
    & apt-get install -y -q --no-install-recommends openssh-server openssh-client | Out-Host
}

$null = New-Item -ItemType Directory -Force $Folder, /run/sshd
& chmod 0700 $Folder
& ssh-keygen -q -t ed25519 -N '' -f "$Folder/host_key"
& ssh-keygen -q -t ed25519 -N '' -f "$Folder/key"
Copy-Item -LiteralPath "$Folder/key.pub" "$Folder/authorized_keys"
$listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
$listener.Start()
$port = $listener.LocalEndpoint.Port
$listener.Stop()
@"
Port $port
ListenAddress 127.0.0.1
HostKey $Folder/host_key
PidFile $Folder/sshd.pid
AuthorizedKeysFile $Folder/authorized_keys
PasswordAuthentication no
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
Subsystem powershell $PowerShell -sshs -NoLogo -NoProfile
"@ | Set-Content -LiteralPath "$Folder/sshd_config"
& /usr/sbin/sshd -f "$Folder/sshd_config" -E "$Folder/sshd.log"
if ($LASTEXITCODE -ne 0) { throw 'sshd did not start.' }
$port
