<#
.SYNOPSIS
    Writes what the built module contains that others made: sbom.cdx.json (CycloneDX 1.6), and notices/<package> with
    the licences and notices that the packages bring.
.PARAMETER ModuleFolder
    The folder of the built module.
.PARAMETER Assets
    The project.assets.json of the module's restore, which says where the packages are.
.PARAMETER Recipe
    The recipe of the network, which names its package and integrity.
.PARAMETER Version
    The version of the module.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $ModuleFolder,
    [Parameter(Mandatory)] [string] $Assets,
    [Parameter(Mandatory)] [string] $Recipe,
    [Parameter(Mandatory)] [string] $Version
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

function Get-Sha512([string] $Integrity) {
    if (-not $Integrity.StartsWith('sha512-', 'Ordinal')) { throw "'$Integrity' is not a sha512 integrity." }
    [ordered]@{ alg = 'SHA-512'; content = [Convert]::ToHexString([Convert]::FromBase64String($Integrity.Substring(7))).ToLowerInvariant() }
}

function Get-Sha256([string] $File) {
    [ordered]@{ alg = 'SHA-256'; content = (Get-FileHash -LiteralPath $File -Algorithm SHA256).Hash.ToLowerInvariant() }
}

# The licence as SPDX names it: the package's own expression, or the one its licence file was found to be.
function Get-PackageLicence([string] $Folder) {
    $nuspec = [Xml.XmlDocument]::new()
    $nuspec.Load([IO.Directory]::GetFiles($Folder, '*.nuspec')[0])
    $licence = $nuspec.GetElementsByTagName('license')[0]
    if (-not $licence) {
        # Some packages name an address only.
        $address = $nuspec.GetElementsByTagName('licenseUrl')[0]
        if ($address -and $address.InnerText -eq 'https://github.com/MiloszKrajewski/K4os.Compression.LZ4/blob/master/LICENSE?raw=true') { return 'MIT' }
        throw "The licence of the package in '$Folder' is not known: add it here and to THIRD-PARTY-NOTICES.md."
    }

    if ($licence.GetAttribute('type') -eq 'expression') { return $licence.InnerText }
    $text = [IO.File]::ReadAllText([IO.Path]::Combine($Folder, $licence.InnerText))
    if ($text.Contains('MIT License')) { return 'MIT' }
    throw "The licence of the package in '$Folder' is not known: add it here and to THIRD-PARTY-NOTICES.md."
}

function Copy-Notices([string] $Folder, [string] $Name) {
    $notices = @([IO.Directory]::GetFiles($Folder) | Where-Object { [IO.Path]::GetFileName($_) -match '^(LICENSE|THIRD-?PARTY-?NOTICES)' })
    if ($notices.Count -eq 0) { return }
    $target = [IO.Path]::Combine($ModuleFolder, 'notices', $Name)
    $null = [IO.Directory]::CreateDirectory($target)
    foreach ($file in $notices) { [IO.File]::Copy($file, [IO.Path]::Combine($target, [IO.Path]::GetFileName($file)), $true) }
}

$components = [Collections.Generic.List[object]]::new()
$packageFolders = @([Text.Json.Nodes.JsonNode]::Parse([IO.File]::ReadAllText($Assets))['packageFolders'].AsObject() | ForEach-Object Key)
$libraries = [Text.Json.Nodes.JsonNode]::Parse([IO.File]::ReadAllText([IO.Path]::Combine($ModuleFolder, 'bin', 'ClassActivation.Commands.deps.json')))['libraries'].AsObject()
foreach ($library in $libraries) {
    if ([string]$library.Value['type'] -ne 'package') { continue }
    $name, $packageVersion = $library.Key.Split('/')
    $path = [string]$library.Value['path']
    $folder = $packageFolders | ForEach-Object { [IO.Path]::Combine($_, $path) } | Where-Object { [IO.Directory]::Exists($_) } | Select-Object -First 1
    $components.Add([ordered]@{
        type = 'library'; 'bom-ref' = "pkg:nuget/$name@$packageVersion"; name = $name; version = $packageVersion
        hashes = @(, (Get-Sha512 ([string]$library.Value['sha512'])))
        licenses = @(, [ordered]@{ expression = Get-PackageLicence $folder })
        purl = "pkg:nuget/$name@$packageVersion"
    })
    Copy-Notices $folder $name
}

# What the packages' native libraries were linked with, which no package lists: a test reads it from the libraries.
$natives = [Text.Json.Nodes.JsonNode]::Parse([IO.File]::ReadAllText([IO.Path]::Combine($PSScriptRoot, '..', 'packaging', 'native-components.json')))
foreach ($native in $natives['components'].AsArray()) {
    $component = [ordered]@{ type = 'library'; 'bom-ref' = "native:$($native['name'])"; name = [string]$native['name'] }
    if ($native['version']) { $component['version'] = [string]$native['version'] }
    $component['description'] = "Inside the native libraries of $($native['in'])" + $(if (-not $native['version']) { ', which do not state its version' })
    $component['licenses'] = @(, [ordered]@{ expression = [string]$native['license'] })
    $components.Add($component)
}

$network = [Text.Json.Nodes.JsonNode]::Parse([IO.File]::ReadAllText($Recipe))
$package = [string]$network['package']
$packageVersion = [string]$network['version']
$components.Add([ordered]@{
    type = 'machine-learning-model'; 'bom-ref' = "pkg:npm/$package@$packageVersion"; name = $package; version = $packageVersion
    description = 'The weights that the networks in models are made from'
    hashes = @(, (Get-Sha512 ([string]$network['integrity'])))
    licenses = @(, [ordered]@{ expression = 'MIT' })
    purl = "pkg:npm/$package@$packageVersion"
})
foreach ($file in [IO.Directory]::GetFiles([IO.Path]::Combine($ModuleFolder, 'models'), '*.onnx*') | Sort-Object) {
    $name = [IO.Path]::GetFileName($file)
    $components.Add([ordered]@{
        type = 'machine-learning-model'; 'bom-ref' = "file:models/$name"; name = $name; version = $Version
        hashes = @(, (Get-Sha256 $file))
        licenses = @(, [ordered]@{ expression = 'MIT' })
    })
}

$components.Add([ordered]@{ type = 'data'; 'bom-ref' = 'wordnet'; name = 'WordNet'; version = '3.0'; licenses = @(, [ordered]@{ license = [ordered]@{ name = 'WordNet 3.0 license' } }) })
$components.Add([ordered]@{ type = 'data'; 'bom-ref' = 'matplotlib-colormaps'; name = 'matplotlib colour maps'; licenses = @(, [ordered]@{ license = [ordered]@{ name = 'Matplotlib license; CC0-1.0; Apache-2.0' } }) })
$components.Add([ordered]@{ type = 'data'; 'bom-ref' = 'inter'; name = 'Inter Medium'; version = '3.019'; licenses = @(, [ordered]@{ expression = 'OFL-1.1' }) })

$references = @($components | ForEach-Object { $_['bom-ref'] })
$document = [ordered]@{
    bomFormat = 'CycloneDX'
    specVersion = '1.6'
    version = 1
    metadata = [ordered]@{ component = [ordered]@{ type = 'library'; 'bom-ref' = 'ClassActivation'; name = 'ClassActivation'; version = $Version; licenses = @(, [ordered]@{ expression = 'MIT' }) } }
    components = $components.ToArray()
    dependencies = @(, [ordered]@{ ref = 'ClassActivation'; dependsOn = $references })
}
[IO.File]::WriteAllText([IO.Path]::Combine($ModuleFolder, 'sbom.cdx.json'), (ConvertTo-Json $document -Depth 10) + "`n")
