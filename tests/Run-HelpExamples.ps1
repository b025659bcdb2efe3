<#
.SYNOPSIS
    Runs the examples of the cmdlets' help, or of other documents, each in a fresh folder with the sample photos and a tiny network.
.DESCRIPTION
    Gives an object for each example with its State:
      Passed  it ran without an error
      Failed  Message says why
      NotRun  it is marked so, or this machine lacks a command that it uses; Message says which
    Examples that are not run are checked too: their syntax, and the names of the module's cmdlets and parameters.
.PARAMETER Cmdlet
    The cmdlets whose examples to run; wildcards are allowed.
.PARAMETER Document
    The document whose examples to run, in place of the cmdlets' help.
#>
[CmdletBinding(DefaultParameterSetName = 'Cmdlet')]
param(
    [Parameter(ParameterSetName = 'Cmdlet')]
    [string] $Cmdlet = '*',

    [Parameter(ParameterSetName = 'Document', Mandatory)]
    [string] $Document
)

Set-StrictMode -Version 3
$root = [IO.Path]::GetDirectoryName($PSScriptRoot)
Import-Module ([IO.Path]::Combine($root, 'out', 'ClassActivation', 'ClassActivation.psd1'))
# Of Windows, of other modules, or programs that need not be installed.
$maybeLacking = 'New-ScheduledTaskAction', 'New-ScheduledTaskTrigger', 'Register-ScheduledTask', 'npm', 'pip', 'tensorflowjs_converter', 'Install-PSResource', 'Expand-Archive', 'Start-ThreadJob'

# A layers model with two convolutions and three classes, whose weights are the same numbers every time.
function New-TinyNetwork([string] $Folder) {
    $null = [IO.Directory]::CreateDirectory($Folder)
    [IO.File]::WriteAllText([IO.Path]::Combine($Folder, 'model.json'), @'
{
  "modelTopology": { "keras_version": "2.15.0", "backend": "tensorflow", "model_config": { "class_name": "Sequential", "config": { "name": "tiny", "layers": [
    { "class_name": "InputLayer", "config": { "name": "image", "batch_input_shape": [null, 64, 64, 3], "dtype": "float32" } },
    { "class_name": "Conv2D", "config": { "name": "conv", "filters": 4, "kernel_size": [16, 16], "strides": [16, 16], "padding": "valid", "dilation_rate": [1, 1], "activation": "relu", "use_bias": true } },
    { "class_name": "Conv2D", "config": { "name": "mix", "filters": 4, "kernel_size": [1, 1], "strides": [1, 1], "padding": "valid", "dilation_rate": [1, 1], "activation": "relu", "use_bias": true } },
    { "class_name": "GlobalAveragePooling2D", "config": { "name": "pool" } },
    { "class_name": "Dense", "config": { "name": "classifier", "units": 3, "activation": "softmax", "use_bias": true } }
  ] } } },
  "weightsManifest": [ { "paths": ["weights.bin"], "weights": [
    { "name": "conv/kernel", "shape": [16, 16, 3, 4], "dtype": "float32" },
    { "name": "conv/bias", "shape": [4], "dtype": "float32" },
    { "name": "mix/kernel", "shape": [1, 1, 4, 4], "dtype": "float32" },
    { "name": "mix/bias", "shape": [4], "dtype": "float32" },
    { "name": "classifier/kernel", "shape": [4, 3], "dtype": "float32" },
    { "name": "classifier/bias", "shape": [3], "dtype": "float32" }
  ] } ]
}
'@)
    $bytes = [IO.MemoryStream]::new()
    foreach ($i in 1..(16 * 16 * 3 * 4 + 4 + 4 * 4 + 4 + 4 * 3 + 3)) { $bytes.Write([BitConverter]::GetBytes([float]([Math]::Sin($i) / 50))) }
    [IO.File]::WriteAllBytes([IO.Path]::Combine($Folder, 'weights.bin'), $bytes.ToArray())
}

# Why an example cannot be right, or nothing.
function Find-Mistake([Management.Automation.Language.Ast] $Ast) {
    foreach ($call in $Ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
        $name = $call.GetCommandName()
        if (-not $name -or $name -in $maybeLacking) { continue }
        $command = $ExecutionContext.InvokeCommand.GetCommand($name, 'All')
        if (-not $command) { "there is no command $name"; continue }
        if ($command -isnot [Management.Automation.CmdletInfo] -or $command.ModuleName -notlike 'ClassActivation*') { continue }
        foreach ($parameter in $call.CommandElements.Where({ $_ -is [Management.Automation.Language.CommandParameterAst] })) {
            try { $null = $command.ResolveParameter($parameter.ParameterName) }
            catch { "$name has no parameter -$($parameter.ParameterName)" }
        }
    }
}

function Invoke-Example([string] $Code) {
    $folder = [IO.Directory]::CreateTempSubdirectory('ClassActivation Examples ').FullName
    $photos = [IO.Directory]::CreateDirectory([IO.Path]::Combine($folder, 'photos')).FullName
    foreach ($photo in [IO.Directory]::GetFiles([IO.Path]::Combine($root, 'samples'), '*.*g')) {
        [IO.File]::Copy($photo, [IO.Path]::Combine($photos, [IO.Path]::GetFileName($photo)))
    }

    New-TinyNetwork ([IO.Path]::Combine($folder, 'my-network'))
    $null = $ExecutionContext.SessionState.Path.PushCurrentLocation('examples')
    try {
        $null = $ExecutionContext.SessionState.Path.SetLocation([WildcardPattern]::Escape($folder))
        # A scope of its own, with what users have by default and not this script's strictness.
        & { param($Text) Set-StrictMode -Off; $ErrorActionPreference = 'Continue'; . ([scriptblock]::Create($Text)) } $Code 2>&1 |
            Where-Object { $_ -is [Management.Automation.ErrorRecord] } |
            ForEach-Object { "$($_.FullyQualifiedErrorId): $_" }
    }
    catch { "$($_.FullyQualifiedErrorId): $_" }
    finally {
        $null = $ExecutionContext.SessionState.Path.PopLocation('examples')
        # A network's file is still mapped by this process; Windows keeps it until the end.
        try { [IO.Directory]::Delete($folder, $true) } catch [IO.IOException] { } catch [UnauthorizedAccessException] { }
    }
}

# Every block of a text that is PowerShell, with the heading that it stands under.
function Test-Examples([string] $Name, [string] $File) {
    $text = [IO.File]::ReadAllText($File).Replace("`r", '')
    $title = ''
    foreach ($part in [regex]::Matches($text, '(?ms)^#{2,3} (?<title>[^\n]+)$|^```powershell ?(?<mark>[^\n]*)\n(?<code>.*?)\n```')) {
        if ($part.Groups['title'].Success) { $title = $part.Groups['title'].Value; continue }
        $parseErrors = $null
        $ast = [Management.Automation.Language.Parser]::ParseInput($part.Groups['code'].Value, [ref] $null, [ref] $parseErrors)
        $mark = $part.Groups['mark'].Value
        $lacking = @($ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true) |
            ForEach-Object { $_.GetCommandName() } |
            Where-Object { $_ -in $maybeLacking -and -not $ExecutionContext.InvokeCommand.GetCommand($_, 'All') })
        $mistakes = @($parseErrors | ForEach-Object { $_.Message }) + @(Find-Mistake $ast)
        $state, $message = if ($mistakes) { 'Failed', ($mistakes -join '; ') }
        elseif ($mark) { 'NotRun', ($mark -replace '^not run: ') }
        elseif ($lacking) { 'NotRun', "needs $($lacking -join ', ')" }
        elseif ($errors = @(Invoke-Example $part.Groups['code'].Value)) { 'Failed', ($errors -join '; ') }
        else { 'Passed', '' }
        [pscustomobject]@{ Cmdlet = $Name; State = $state; Title = $title; Message = $message }
    }
}

# What the examples import must not stay among the user's own networks.
$networks = [IO.Path]::Combine([Environment]::GetFolderPath('LocalApplicationData'), 'ClassActivation', 'models')
$kept = if ([IO.Directory]::Exists($networks)) { [IO.Directory]::GetFiles($networks) }
try {
    $files = if ($Document) { $Document } else { [IO.Directory]::GetFiles([IO.Path]::Combine($root, 'docs', 'help'), '*-*.md') | Sort-Object }
    foreach ($file in $files) {
        $name = [IO.Path]::GetFileNameWithoutExtension($file)
        # Help of a cmdlet that this version does not have.
        if (-not $Document -and ($name -notlike $Cmdlet -or -not $ExecutionContext.InvokeCommand.GetCommand($name, 'Cmdlet'))) { continue }
        Test-Examples $name $file
    }
}
finally {
    if ([IO.Directory]::Exists($networks)) {
        [IO.Directory]::GetFiles($networks) | Where-Object { $_ -notin $kept } | ForEach-Object { [IO.File]::Delete($_) }
    }
}
