<#
.SYNOPSIS
    Measures the figures of README and help again: each with its photos, their number and a 95% interval.
.DESCRIPTION
    What is measured depends on what a folder holds.

    boxes.tsv             boxes: how well those of Get-CamRegion fit, with nothing set
    names as n02124075_*  right answers of both networks, their agreement, doubt, sufficient parts, faithfulness; the name
                          begins with the WordNet id of what the photo shows

    Intervals of shares are Wilson's, those of means are the normal distribution's, and those of areas under ROC curves come
    from 1,000 resamples of the photos.
.PARAMETER PhotoFolder
    The folders.
.PARAMETER Destination
    The Markdown file to write.
.PARAMETER FaithfulnessCount
    Of how many photos faithfulness and the parts that suffice are measured, which takes the longest: evenly spread ones of
    those that the folder holds.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string[]] $PhotoFolder,

    [Parameter(Mandatory)]
    [string] $Destination,

    [ValidateRange(2, 1000)]
    [int] $FaithfulnessCount = 60
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

$script:rows = [Collections.Generic.List[string]]::new()
$thousandth = '0.000'
$percent = '0.0%'

function Add-Row([string] $Figure, [double] $Value, [double] $Lower, [double] $Upper, [string] $Photos, [string] $Format) {
    $culture = [cultureinfo]::InvariantCulture
    $script:rows.Add("| $Figure | $($Value.ToString($Format, $culture)) | $($Lower.ToString($Format, $culture)) to $($Upper.ToString($Format, $culture)) | $Photos |")
}

function Add-Share([string] $Figure, [int] $Count, [int] $Total, [string] $Photos) {
    $share = $Count / $Total
    $square = 1.96 * 1.96 / $Total
    $middle = ($share + $square / 2) / (1 + $square)
    $half = 1.96 * [Math]::Sqrt($share * (1 - $share) / $Total + $square / 4 / $Total) / (1 + $square)
    Add-Row $Figure $share ($middle - $half) ($middle + $half) $Photos $percent
}

function Add-Mean([string] $Figure, [double[]] $Values, [string] $Photos, [string] $Format = $thousandth) {
    $measured = $Values | Measure-Object -Average -StandardDeviation
    $half = 1.96 * $measured.StandardDeviation / [Math]::Sqrt($Values.Count)
    Add-Row $Figure $measured.Average ($measured.Average - $half) ($measured.Average + $half) $Photos $Format
}

# The share of the pairs of a wrong and a right answer in which the wrong one scores higher; ties count half.
function Get-AreaUnderCurve([object[]] $Answers, [string] $Score) {
    $right = [double[]]@(foreach ($answer in $Answers) { if (-not $answer.IsWrong) { $answer.$Score } })
    [Array]::Sort($right)
    $pairs = 0.0
    $wrong = 0
    foreach ($answer in $Answers) {
        if (-not $answer.IsWrong) { continue }
        $wrong++
        $low = [Array]::BinarySearch($right, $answer.$Score)
        if ($low -lt 0) {
            $pairs += -bnot $low
            continue
        }

        $high = $low
        while ($low -gt 0 -and $right[$low - 1] -eq $answer.$Score) { $low-- }
        while ($high -lt $right.Count -and $right[$high] -eq $answer.$Score) { $high++ }
        $pairs += ($low + $high) / 2
    }

    if ($wrong -eq 0 -or $right.Count -eq 0) { return [double]::NaN }
    $pairs / $wrong / $right.Count
}

function Add-DoubtRow([object[]] $Answers, [string] $Photos) {
    $doubt = Get-AreaUnderCurve $Answers Doubt
    if ([double]::IsNaN($doubt)) { return }
    $random = [Random]::new(1)
    $resampled = foreach ($turn in 1..1000) {
        $drawn = foreach ($i in 1..$Answers.Count) { $Answers[$random.Next($Answers.Count)] }
        [pscustomobject]@{ Doubt = Get-AreaUnderCurve $drawn Doubt; Unlikely = Get-AreaUnderCurve $drawn Unlikely }
    }

    $resampled = @($resampled | Where-Object { -not [double]::IsNaN($_.Doubt) })
    foreach ($score in 'Doubt', 'Unlikely') {
        $sorted = @($resampled.$score | Sort-Object)
        $name = if ($score -eq 'Doubt') { 'area under the ROC curve for wrong answers of `Doubt`' } else { 'that of 1 − probability' }
        Add-Row $name (Get-AreaUnderCurve $Answers $score) $sorted[[int](0.025 * $sorted.Count)] $sorted[[int](0.975 * $sorted.Count) - 1] $Photos $thousandth
    }

    $gains = @($resampled | ForEach-Object { $_.Doubt - $_.Unlikely } | Sort-Object)
    Add-Row 'their difference' ($doubt - (Get-AreaUnderCurve $Answers Unlikely)) $gains[[int](0.025 * $gains.Count)] $gains[[int](0.975 * $gains.Count) - 1] $Photos $thousandth
}

function Measure-Box([string] $Folder, [string] $Photos) {
    $boxes = Join-Path $Folder boxes.tsv
    $fits = foreach ($row in Import-Csv -LiteralPath $boxes -Delimiter "`t") {
        $subject = if ($row.PSObject.Properties['concept']) { @{ Concept = $row.concept } } else { @{ Class = $row.classIndex } }
        $map = Get-ClassActivationMap -LiteralPath (Join-Path $Folder $row.file) @subject
        $region = $map | Get-CamRegion
        $iou = 0.0
        if ($region) {
            $width = [Math]::Min($region.Left + $region.Width, [double]$row.xmax) - [Math]::Max($region.Left, [double]$row.xmin)
            $height = [Math]::Min($region.Top + $region.Height, [double]$row.ymax) - [Math]::Max($region.Top, [double]$row.ymin)
            if ($width -gt 0 -and $height -gt 0) {
                $shared = $width * $height
                $iou = $shared / ($region.Width * $region.Height + ($row.xmax - $row.xmin) * ($row.ymax - $row.ymin) - $shared)
            }
        }

        [pscustomobject]@{ File = $row.file; Iou = $iou; Fit = if ($region) { [double]$region.FitProbability } else { 0.0 } }
    }

    # Of several true boxes of a photo the one that fits best.
    $fits = @($fits | Group-Object File | ForEach-Object { $_.Group | Sort-Object Iou -Descending | Select-Object -First 1 })
    $about = "$Photos, $($fits.Count) photos"
    Add-Share 'boxes with an IoU of 0.5 or more' @($fits | Where-Object Iou -GE 0.5).Count $fits.Count $about
    Add-Mean 'mean of the shares at IoU 0.3, 0.5 and 0.7' ($fits | ForEach-Object { (@(0.3, 0.5, 0.7) -le $_.Iou).Count / 3 }) $about $percent
    Add-Mean 'IoU of the boxes' $fits.Iou $about
    Add-Mean 'probability that the box fits, as it is given' $fits.Fit $about
}

function Measure-Answer([IO.FileInfo[]] $Files, [string] $Photos) {
    $about = "$Photos, $($Files.Count) photos"
    $maps = @{}
    foreach ($network in 'ResNet50', 'ResNet50-Int8') {
        $answers = @($Files | Get-Prediction -Model $network -Top 1 | ForEach-Object {
                [pscustomobject]@{
                    IsWrong = $_.WordNetId -ne (Split-Path -Leaf $_.Path).Substring(0, 9)
                    Doubt = $_.Doubt
                    Unlikely = 1 - $_.Probability
                }
            })
        Add-Share "right answers of ``$network``" @($answers | Where-Object IsWrong -EQ $false).Count $answers.Count $about
        if ($network -eq 'ResNet50') { Add-DoubtRow $answers $about }
        $maps[$network] = @($Files | Get-ClassActivationMap -Model $network)
    }

    Add-Share 'answers of both networks that are the same' @(0..($Files.Count - 1) | Where-Object { $maps['ResNet50'][$_].ClassIndex -eq $maps['ResNet50-Int8'][$_].ClassIndex }).Count $Files.Count $about
    $alike = foreach ($map in $maps['ResNet50']) {
        $other = Get-ClassActivationMap -LiteralPath $map.Path -Class $map.ClassIndex -Model ResNet50-Int8
        (Compare-ClassActivationMap $map $other -WarningAction SilentlyContinue).Correlation
    }
    Add-Mean 'correlation of their maps' $alike $about '0.0000'
}

function Measure-SufficientPart([IO.FileInfo[]] $Files, [string] $Photos) {
    $parts = @($Files | Get-ClassActivationMap | Get-CamRegion -Sufficient -ErrorAction SilentlyContinue)
    $about = "$Photos, $($parts.Count) photos of $($Files.Count) that have one"
    Add-Mean 'share of the photo that suffices' ($parts | ForEach-Object { $_.Area / $_.ActivationMap.PhotoWidth / $_.ActivationMap.PhotoHeight }) $about $percent
    Add-Mean 'passes of the search for it' $parts.Passes $about '0.0'
}

function Measure-Faithfulness([IO.FileInfo[]] $Files, [string] $Photos) {
    $measured = @($Files | Get-ClassActivationMap -Method Cam, LayerCam | Measure-CamFaithfulness)
    foreach ($measure in 'Deletion', 'Insertion', 'AverageDrop', 'Road') {
        foreach ($map in $measured | Group-Object Map) {
            Add-Mean "$measure of $($map.Name)" $map.Group.$measure "$Photos, $($Files.Count) photos"
        }
    }
}

function Select-Evenly([IO.FileInfo[]] $Files, [int] $Count) {
    $step = [Math]::Max(1, [Math]::Floor($Files.Count / $Count))
    0..($Files.Count - 1) | Where-Object { $_ % $step -eq 0 } | Select-Object -First $Count | ForEach-Object { $Files[$_] }
}

foreach ($folder in $PhotoFolder) {
    $name = Split-Path -Leaf $folder
    if (Test-Path -LiteralPath (Join-Path $folder boxes.tsv)) {
        Write-Host "Boxes of $name ..."
        Measure-Box $folder $name
    }

    $labelled = @(Get-ChildItem -LiteralPath $folder -File | Where-Object Name -Match '^n\d{8}_')
    if ($labelled) {
        Write-Host "Answers of $name ..."
        Measure-Answer $labelled $name
        $some = @(Select-Evenly $labelled $FaithfulnessCount)
        Write-Host "Parts of $name that suffice ..."
        Measure-SufficientPart $some $name
        Write-Host "Faithfulness of $name ..."
        Measure-Faithfulness $some $name
    }
}

if ($script:rows.Count -eq 0) { throw 'None of the folders has a file boxes.tsv, or photos whose names begin with a WordNet id.' }

@(
    '# Figures'
    ''
    "ClassActivation $((Get-Module ClassActivation).Version), measured on $([DateTime]::UtcNow.ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture))."
    ''
    '| figure | value | 95% interval | photos |'
    '| --- | ---: | ---: | --- |'
    $script:rows
) | Set-Content -LiteralPath $Destination
