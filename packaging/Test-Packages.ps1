<#
.SYNOPSIS
    Publishes the packages to a folder, installs the module from there for a user who has nothing, and runs the README's line.
.DESCRIPTION
    It works in a temporary folder, which is the home of the user of the two processes that it starts.
.PARAMETER PackageFolder
    The folder that 'build.ps1 -Task Pack' has filled.
.PARAMETER PhotoFolder
    The folder of the photos.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $PackageFolder,
    [Parameter(Mandatory)] [string] $PhotoFolder
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

$packages = (Resolve-Path -LiteralPath $PackageFolder).ProviderPath
$photos = (Resolve-Path -LiteralPath $PhotoFolder).ProviderPath
$folder = [IO.Directory]::CreateTempSubdirectory('ClassActivation Packages ').FullName
$engine = @([Environment]::ProcessPath)
if ([IO.Path]::GetFileNameWithoutExtension($engine[0]) -eq 'dotnet') { $engine += [Environment]::GetCommandLineArgs()[0] }

function Invoke-AsNewUser([string] $Script) {
    $prelude = '$ErrorActionPreference = "Stop"; $ProgressPreference = "SilentlyContinue"; '
    $command = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($prelude + $Script))
    $all = @($engine | Select-Object -Skip 1) + '-NoProfile', '-NonInteractive', '-OutputFormat', 'Text', '-EncodedCommand', $command
    & $engine[0] @all
    if ($LASTEXITCODE -ne 0) { throw "The process ended with $LASTEXITCODE." }
}

$changed = @{}
function Set-UserVariable([string] $Name, [string] $Value) {
    $changed[$Name] = [Environment]::GetEnvironmentVariable($Name)
    [Environment]::SetEnvironmentVariable($Name, $Value)
}

try {
    $userHome = Join-Path $folder home
    $feed = Join-Path $folder feed
    $null = New-Item -ItemType Directory $userHome, $feed, (Join-Path $userHome .config), (Join-Path $userHome .local share)
    foreach ($name in 'HOME', 'USERPROFILE') { Set-UserVariable $name $userHome }
    foreach ($name in 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'LOCALAPPDATA', 'APPDATA', 'CLASSACTIVATION_MODELS', 'PSModulePath') { Set-UserVariable $name $null }

    Invoke-AsNewUser @"
Register-PSResourceRepository -Name Feed -Uri '$feed' -Trusted
foreach (`$package in (Get-ChildItem -LiteralPath '$packages' -Filter *.nupkg | Sort-Object { `$_.Name -notlike 'ClassActivation.ResNet50.*' })) { Publish-PSResource -NupkgPath `$package.FullName -Repository Feed }
Install-PSResource ClassActivation -Repository Feed
Get-PSResource ClassActivation* | ForEach-Object { "`$(`$_.Name) `$(`$_.Version)" }
"@
    # Nothing but the user's own modules is needed from here on.
    Remove-Item -LiteralPath $feed -Recurse
    Copy-Item -LiteralPath (Join-Path $photos alps.jpg) -Destination $folder
    Invoke-AsNewUser @"
Set-Location -LiteralPath '$folder'
Get-ChildItem *.jpg | Get-ClassActivationMap | Export-CamOverlay | ForEach-Object { Split-Path -Leaf `$_.Path }
"@
}
finally {
    foreach ($name in $changed.Keys) { [Environment]::SetEnvironmentVariable($name, $changed[$name]) }
    Remove-Item -LiteralPath $folder -Recurse -Force
}
