# Commands that the PowerShell engine's package lacks, for tools/pwsh.cs: the usual parameters only.

function Write-Verbose { [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)][AllowEmptyString()][string]$Message) process { $PSCmdlet.WriteVerbose($Message) } }
function Write-Debug { [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)][AllowEmptyString()][string]$Message) process { $PSCmdlet.WriteDebug($Message) } }
function Write-Warning { [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)][AllowEmptyString()][string]$Message) process { $PSCmdlet.WriteWarning($Message) } }

function Write-Information {
    [CmdletBinding()]
    param([Parameter(Mandatory, ValueFromPipeline)][Alias('Message')][object]$MessageData, [string[]]$Tags = @())
    process { $PSCmdlet.WriteInformation($MessageData, $Tags) }
}

function Write-Host {
    [CmdletBinding(PositionalBinding = $false)]
    param(
        [Parameter(Position = 0, ValueFromPipeline, ValueFromRemainingArguments)][object]$Object,
        [switch]$NoNewline, [object]$Separator = ' ',
        [ConsoleColor]$ForegroundColor = $Host.UI.RawUI.ForegroundColor, [ConsoleColor]$BackgroundColor = $Host.UI.RawUI.BackgroundColor)
    process {
        $message = [Management.Automation.HostInformationMessage]@{
            Message = @($Object) -join $Separator; NoNewLine = $NoNewline; ForegroundColor = $ForegroundColor; BackgroundColor = $BackgroundColor }
        $PSCmdlet.WriteInformation($message, [string[]]'PSHOST')
    }
}

function Write-Output {
    [CmdletBinding(PositionalBinding = $false)]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ValueFromRemainingArguments)][AllowNull()][AllowEmptyCollection()][object]$InputObject,
        [switch]$NoEnumerate)
    process { $PSCmdlet.WriteObject($InputObject, -not $NoEnumerate) }
}

function Write-Error {
    [CmdletBinding(DefaultParameterSetName = 'Message')]
    param(
        [Parameter(Mandatory, Position = 0, ValueFromPipeline, ParameterSetName = 'Message')][Parameter(ParameterSetName = 'Exception')][string]$Message,
        [Parameter(Mandatory, ParameterSetName = 'Exception')][Exception]$Exception,
        [Parameter(Mandatory, ParameterSetName = 'ErrorRecord')][Management.Automation.ErrorRecord]$ErrorRecord,
        [Management.Automation.ErrorCategory]$Category = 'NotSpecified', [string]$ErrorId = 'WriteError', [object]$TargetObject)
    process {
        if (-not $ErrorRecord) {
            if (-not $Exception) { $Exception = [Exception]::new($Message) }
            $ErrorRecord = [Management.Automation.ErrorRecord]::new($Exception, $ErrorId, $Category, $TargetObject)
        }
        $PSCmdlet.WriteError($ErrorRecord)
    }
}

function Write-Progress {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)][string]$Activity, [string]$Status = ' ', [int]$Id = 0, [ValidateRange(-1, 100)][int]$PercentComplete = -1,
        [int]$SecondsRemaining = -1, [string]$CurrentOperation = '', [int]$ParentId = -1, [switch]$Completed)
    $record = [Management.Automation.ProgressRecord]::new($Id, $Activity, $Status)
    $record.PercentComplete = $PercentComplete
    $record.SecondsRemaining = $SecondsRemaining
    $record.CurrentOperation = $CurrentOperation
    $record.ParentActivityId = $ParentId
    if ($Completed) { $record.RecordType = 'Completed' }
    $PSCmdlet.WriteProgress($record)
}

function Read-Host { param([string]$Prompt) if ($Prompt) { $Host.UI.Write("${Prompt}: ") }; $Host.UI.ReadLine() }

# Runs $Action for each path; $_ is the path, with wildcards escaped if it is a literal one. A bad path is an error, and the rest goes on.
function Invoke-OnPath([Management.Automation.PSCmdlet]$Caller, [string[]]$Path, [string[]]$LiteralPath, [scriptblock]$Action) {
    foreach ($item in @($Path) + @($LiteralPath | Where-Object { $_ } | ForEach-Object { [WildcardPattern]::Escape($_) }) | Where-Object { $_ }) {
        try { $item | ForEach-Object $Action }
        catch [Management.Automation.PipelineStoppedException] { throw }
        catch {
            $inner = $_.Exception.GetBaseException()
            $Caller.WriteError($(if ($inner -is [Management.Automation.IContainsErrorRecord]) { [Management.Automation.ErrorRecord]::new($inner.ErrorRecord, $inner) } else { $_ }))
        }
    }
}

function Get-ChildItem {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param(
        [Parameter(Position = 0, ParameterSetName = 'Path', ValueFromPipeline, ValueFromPipelineByPropertyName)][string[]]$Path = '.',
        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)][Alias('PSPath', 'LP')][string[]]$LiteralPath,
        [Parameter(Position = 1)][string]$Filter = '*', [string[]]$Include = '*', [string[]]$Exclude = @(),
        [switch]$Recurse, [switch]$Force, [switch]$File, [switch]$Directory, [switch]$Name)
    process {
        if ($LiteralPath) { $Path = @() }
        Invoke-OnPath $PSCmdlet $Path $LiteralPath {
            foreach ($child in $ExecutionContext.InvokeProvider.ChildItem.Get([string[]]$_, $Recurse, $Force, $false)) {
                $leaf = $child.PSChildName
                if ($child.PSIsContainer ? -not $File : -not $Directory) {
                    if ($leaf -like $Filter -and $Include.Where({ $leaf -like $_ }) -and -not $Exclude.Where({ $leaf -like $_ })) { $Name ? $leaf : $child }
                }
            }
        }
    }
}

function Get-Item {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Path', ValueFromPipeline, ValueFromPipelineByPropertyName)][string[]]$Path,
        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)][Alias('PSPath', 'LP')][string[]]$LiteralPath,
        [switch]$Force)
    process { Invoke-OnPath $PSCmdlet $Path $LiteralPath { $ExecutionContext.InvokeProvider.Item.Get([string[]]$_, $Force, $false) } }
}

function Test-Path {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Path', ValueFromPipeline)][string[]]$Path,
        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)][Alias('PSPath', 'LP')][string[]]$LiteralPath,
        [ValidateSet('Any', 'Container', 'Leaf')][string]$PathType = 'Any')
    process {
        Invoke-OnPath $PSCmdlet $Path $LiteralPath {
            $provider = $ExecutionContext.InvokeProvider.Item
            $provider.Exists($_, $true, $false) -and ($PathType -eq 'Any' -or -not $provider.Get([string[]]$_, $true, $false).Where({ $_.PSIsContainer -ne ($PathType -eq 'Container') }))
        }
    }
}

function Resolve-Path {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Path', ValueFromPipeline)][string[]]$Path,
        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)][Alias('PSPath', 'LP')][string[]]$LiteralPath)
    process { Invoke-OnPath $PSCmdlet $Path $LiteralPath { $ExecutionContext.SessionState.Path.GetResolvedPSPathFromPSPath($_) } }
}

function New-Item {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [Parameter(Mandatory, Position = 0)][string[]]$Path, [Alias('Type')][string]$ItemType = 'File',
        [Parameter(ValueFromPipeline)][object]$Value, [switch]$Force)
    process { foreach ($item in $Path) { if ($PSCmdlet.ShouldProcess($item)) { $ExecutionContext.InvokeProvider.Item.New([string[]]$item, '', $ItemType, $Value, $Force) } } }
}

function Remove-Item {
    [CmdletBinding(DefaultParameterSetName = 'Path', SupportsShouldProcess)]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Path', ValueFromPipeline)][string[]]$Path,
        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)][Alias('PSPath', 'LP')][string[]]$LiteralPath,
        [switch]$Recurse, [switch]$Force)
    process {
        Invoke-OnPath $PSCmdlet $Path $LiteralPath {
            if ($PSCmdlet.ShouldProcess($_)) { $ExecutionContext.InvokeProvider.Item.Remove([string[]]$_, $Recurse, $Force, $false) }
        }
    }
}

function Copy-Item {
    [CmdletBinding(DefaultParameterSetName = 'Path', SupportsShouldProcess)]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Path', ValueFromPipeline)][string[]]$Path,
        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)][Alias('PSPath', 'LP')][string[]]$LiteralPath,
        [Parameter(Position = 1)][string]$Destination = '.', [switch]$Recurse, [switch]$Force)
    process {
        Invoke-OnPath $PSCmdlet $Path $LiteralPath {
            if ($PSCmdlet.ShouldProcess("$_ to $Destination")) {
                $ExecutionContext.InvokeProvider.Item.Copy([string[]]$_, $Destination, $Recurse, 'CopyTargetContainer', $Force, $false)
            }
        }
    }
}

function Get-Content {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param(
        [Parameter(Mandatory, Position = 0, ParameterSetName = 'Path', ValueFromPipeline)][string[]]$Path,
        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)][Alias('PSPath', 'LP')][string[]]$LiteralPath,
        [switch]$Raw)
    process {
        Invoke-OnPath $PSCmdlet $Path $LiteralPath {
            foreach ($file in $ExecutionContext.SessionState.Path.GetResolvedPSPathFromPSPath($_)) {
                $Raw ? [IO.File]::ReadAllText($file.ProviderPath) : [IO.File]::ReadLines($file.ProviderPath)
            }
        }
    }
}

function Set-Content {
    param([Parameter(Mandatory)][Alias('LiteralPath')][string]$Path, [Parameter(Mandatory, ValueFromPipeline)][AllowNull()][AllowEmptyString()][object[]]$Value)
    begin { $lines = [Collections.Generic.List[string]]::new() }
    process { foreach ($line in $Value) { $lines.Add($line) } }
    end { [IO.File]::WriteAllLines($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path), $lines) }
}

function Set-Location {
    [CmdletBinding(DefaultParameterSetName = 'Path')]
    param(
        [Parameter(Position = 0, ParameterSetName = 'Path', ValueFromPipeline)][string]$Path = '~',
        [Parameter(Mandatory, ParameterSetName = 'LiteralPath', ValueFromPipelineByPropertyName)][Alias('PSPath', 'LP')][string]$LiteralPath)
    process { $null = $ExecutionContext.SessionState.Path.SetLocation($(if ($LiteralPath) { [WildcardPattern]::Escape($LiteralPath) } else { $Path })) }
}

function Get-Location { $ExecutionContext.SessionState.Path.CurrentLocation }
function Push-Location { param([string]$Path = '.') $ExecutionContext.SessionState.Path.PushCurrentLocation(''); Set-Location $Path }
function Pop-Location { $null = $ExecutionContext.SessionState.Path.PopLocation('') }

function Join-Path {
    param([Parameter(Mandatory)][string]$Path, [Parameter(Mandatory)][string]$ChildPath, [Parameter(ValueFromRemainingArguments)][string[]]$AdditionalChildPath)
    foreach ($part in @($ChildPath) + $AdditionalChildPath) { if ($part) { $Path = $ExecutionContext.SessionState.Path.Combine($Path, $part) } }
    $Path
}

function Split-Path {
    param([Parameter(Mandatory, ValueFromPipeline)][string]$Path, [switch]$Parent, [switch]$Leaf, [switch]$LeafBase, [switch]$Extension)
    process {
        if ($Leaf) { $ExecutionContext.SessionState.Path.ParseChildName($Path) }
        elseif ($LeafBase) { [IO.Path]::GetFileNameWithoutExtension($Path) }
        elseif ($Extension) { [IO.Path]::GetExtension($Path) }
        else { $ExecutionContext.SessionState.Path.ParseParent($Path, '') }
    }
}

function Measure-Object {
    param([Parameter(ValueFromPipeline)][object]$InputObject, [Parameter(Position = 0)][string]$Property, [switch]$Sum, [switch]$Average, [switch]$Minimum, [switch]$Maximum)
    begin { $count = 0; $numbers = [Collections.Generic.List[double]]::new() }
    process {
        if ($null -ne $InputObject) {
            $count++
            if ($Sum -or $Average -or $Minimum -or $Maximum) { $numbers.Add($(if ($Property) { $InputObject.$Property } else { $InputObject })) }
        }
    }
    end {
        [pscustomobject]@{
            Count = $count
            Average = if ($Average -and $numbers.Count) { [Linq.Enumerable]::Average($numbers) }
            Sum = if ($Sum) { [Linq.Enumerable]::Sum($numbers) }
            Maximum = if ($Maximum -and $numbers.Count) { [Linq.Enumerable]::Max($numbers) }
            Minimum = if ($Minimum -and $numbers.Count) { [Linq.Enumerable]::Min($numbers) }
        }
    }
}

function Group-Object {
    param([Parameter(ValueFromPipeline)][object]$InputObject, [Parameter(Mandatory, Position = 0)][object]$Property)
    begin { $groups = [ordered]@{} }
    process {
        $key = "$($InputObject | Select-Object -ExpandProperty $Property)"
        if (-not $groups.Contains($key)) { $groups[$key] = [Collections.Generic.List[object]]::new() }
        $groups[$key].Add($InputObject)
    }
    end { foreach ($entry in $groups.GetEnumerator()) { [pscustomobject]@{ Count = $entry.Value.Count; Name = $entry.Key; Group = $entry.Value } } }
}

function Get-Member {
    param([Parameter(ValueFromPipeline)][object]$InputObject)
    begin { $seen = @{} }
    process {
        $type = $InputObject.PSObject.TypeNames[0]
        if (-not $seen[$type]) {
            $seen[$type] = $true
            $InputObject.PSObject.Members.Where({ $_.Name -notmatch '^[gs]et_' }) | Sort-Object MemberType, Name |
                Select-Object Name, MemberType, @{ Name = 'Definition'; Expression = { "$_" } } | Format-Table -GroupBy @{ Name = 'TypeName'; Expression = { $type } }
        }
    }
}

function Export-Csv {
    param([Parameter(Mandatory, ValueFromPipeline)][object]$InputObject, [Parameter(Mandatory, Position = 0)][string]$Path)
    begin { $lines = [Collections.Generic.List[string]]::new() }
    process {
        $row = $InputObject | Select-Object *
        if (-not $lines.Count) { $names = @($row.PSObject.Properties.Name); $lines.Add(($names.ForEach({ '"' + $_.Replace('"', '""') + '"' }) -join ',')) }
        $lines.Add(($names.ForEach({ '"' + "$($row.$_)".Replace('"', '""') + '"' }) -join ','))
    }
    end { Set-Content $Path $lines }
}

function Measure-Command { param([Parameter(Mandatory)][scriptblock]$Expression) $watch = [Diagnostics.Stopwatch]::StartNew(); . $Expression | Out-Null; $watch.Elapsed }
function Start-Sleep {
    param([double]$Seconds, [Alias('ms')][int]$Milliseconds)
    # In short steps, so that Ctrl+C is heard.
    $watch = [Diagnostics.Stopwatch]::StartNew()
    while (($left = 1000 * $Seconds + $Milliseconds - $watch.ElapsedMilliseconds) -gt 0) { [Threading.Thread]::Sleep([Math]::Min($left, 50)) }
}
function Get-Date { [datetime]::Now }
function Get-Alias { param([string]$Name = '*') Get-Command -CommandType Alias -Name $Name }
function Get-Variable { param([string]$Name = '*', [switch]$ValueOnly) Get-Item "Variable:$Name" | ForEach-Object { if ($ValueOnly) { , $_.Value } else { $_ } } }
