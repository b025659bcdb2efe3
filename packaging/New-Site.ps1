<#
.SYNOPSIS
    Makes the site: the repository's Markdown as pages that need nothing but a browser, and llms.txt for assistants.
.DESCRIPTION
    Pages lie as their sources do, so that links between them hold. The reference of a cmdlet is its page of docs/help under
    the synopsis and syntax that Get-Help gives; the pictures of the first page are made by the module.
.PARAMETER ManifestPath
    The manifest of the built module.
.PARAMETER Destination
    The folder to make; what it held is removed.
.PARAMETER NoPicture
    Leaves out the pictures that the module makes.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $ManifestPath,

    [Parameter(Mandatory)]
    [string] $Destination,

    [switch] $NoPicture
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

$root = [IO.Path]::GetDirectoryName($PSScriptRoot)
$Destination = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($Destination)
Import-Module $ManifestPath
$template = [IO.File]::ReadAllText([IO.Path]::Combine($PSScriptRoot, 'site', 'page.html'))

# What each part of the navigation holds: sources, from the repository's root.
$parts = [ordered]@{
    'Start'     = @('docs/guide/getting-started.md', 'docs/guide/tasks.md', 'docs/guide/reading-a-map.md', 'docs/guide/limits.md')
    'Reference' = @((Get-Command -Module ClassActivation).Name | Sort-Object | ForEach-Object { "docs/help/$_.md" })
    'Inside'    = @(
        'docs/truth.md', 'docs/gradients.md', 'docs/gradients-operators.md', 'docs/architecture.md', 'CONTRIBUTING.md'
        foreach ($seam in 'methods', 'gradient-rules', 'weights', 'formats', 'rows', 'workers') { "docs/seams/$seam.md" }
        'SECURITY.md', 'CHANGELOG.md', 'THIRD-PARTY-NOTICES.md'
    )
}

# Where a source's page is, from the site's root.
function Get-PageName([string] $Source) { $Source -eq 'README.md' ? 'index.html' : [IO.Path]::ChangeExtension($Source, '.html') }

function Get-Title([string] $Source) {
    $name = [IO.Path]::GetFileNameWithoutExtension($Source)
    if ($Source -like 'docs/help/*') { return $name }
    $heading = [regex]::Match([IO.File]::ReadAllText([IO.Path]::Combine($root, $Source)), '(?m)^# (.+?)\s*$')
    $heading.Success ? $heading.Groups[1].Value : $name
}

# The way from a page's folder to the site's root.
function Get-WayToRoot([string] $Source) { '../' * ($Source.Split('/').Count - 1) }

function ConvertTo-HtmlText([string] $Text) { [Net.WebUtility]::HtmlEncode($Text) }

function Get-Navigation([string] $Current) {
    $way = Get-WayToRoot $Current
    foreach ($part in $parts.Keys) {
        "<h2>$(ConvertTo-HtmlText $part)</h2>", '<ul>'
        foreach ($source in $parts[$part]) {
            $mark = $source -eq $Current ? ' aria-current="page"' : ''
            "<li><a href=`"$way$(Get-PageName $source)`"$mark>$(ConvertTo-HtmlText (Get-Title $source))</a></li>"
        }
        '</ul>'
    }
}

# A cmdlet's page: what is written by hand, under what the code says.
function Get-Reference([string] $Name) {
    $help = Get-Help $Name -Full
    "# $Name", '', $help.Synopsis.Trim(), '', '```powershell', (($help.syntax | Out-String -Width 4096).Trim() -replace '(\r?\n)+', "`n"), '```', ''
    [IO.File]::ReadAllText([IO.Path]::Combine($root, 'docs', 'help', "$Name.md")) -replace '(?m)^(```powershell) not run:.*$', '$1'
    '', '## Parameters', '', '| parameter | type | |', '| --- | --- | --- |'
    foreach ($parameter in $help.parameters.parameter) {
        $text = (($parameter.description | ForEach-Object Text) -join ' ').Replace('|', '\|') -replace '\s+', ' '
        "| ``-$($parameter.name)`` | ``$($parameter.type.name)`` | $text |"
    }
}

function Get-Pictures {
    $folder = [IO.Path]::Combine($Destination, 'pictures')
    $samples = [IO.Path]::Combine($root, 'samples')
    $maps = Get-ChildItem -LiteralPath $samples -Include *.jpg, *.png -File | Get-ClassActivationMap
    '<div class="pictures">'
    foreach ($picture in $maps | Export-CamOverlay $folder -MaxSize 480) {
        $alternative = "Where $($picture.Model) sees $($picture.Label) in $($picture.PhotoName)"
        "<figure><img src=`"pictures/$([Uri]::EscapeDataString([IO.Path]::GetFileName($picture.FullName)))`" alt=`"$(ConvertTo-HtmlText $alternative)`">"
        "<figcaption>$(ConvertTo-HtmlText $picture.Label), $($picture.Probability.ToString('P0', [cultureinfo]::InvariantCulture))</figcaption></figure>"
    }
    '</div>'
}

function Write-Page([string] $Source, [string] $Markdown, [string] $Below) {
    # Links to other sources become links to their pages.
    $content = (ConvertFrom-Markdown -InputObject $Markdown).Html
    $content = [regex]::Replace($content, '(?<=href=")(?![a-z]+:)(?<path>[^"#]*?)(?<name>[^"#/]+)\.md(?=["#])', {
            param($link)
            $link.Groups['path'].Value + ($link.Groups['name'].Value -eq 'README' ? 'index' : $link.Groups['name'].Value) + '.html'
        })
    $page = $template.Replace('{{title}}', (ConvertTo-HtmlText (Get-Title $Source))).Replace('{{root}}', (Get-WayToRoot $Source)).
        Replace('{{navigation}}', ((Get-Navigation $Source) -join "`n")).Replace('{{content}}', $content + $Below)
    $file = [IO.Path]::Combine($Destination, (Get-PageName $Source))
    $null = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($file))
    [IO.File]::WriteAllText($file, $page)
}

if ([IO.Directory]::Exists($Destination)) { [IO.Directory]::Delete($Destination, $true) }
$null = [IO.Directory]::CreateDirectory([IO.Path]::Combine($Destination, 'docs', 'images'))
[IO.File]::Copy([IO.Path]::Combine($PSScriptRoot, 'site', 'style.css'), [IO.Path]::Combine($Destination, 'style.css'))
foreach ($image in [IO.Directory]::GetFiles([IO.Path]::Combine($root, 'docs', 'images'))) {
    [IO.File]::Copy($image, [IO.Path]::Combine($Destination, 'docs', 'images', [IO.Path]::GetFileName($image)))
}

[IO.File]::Copy([IO.Path]::Combine($root, 'LICENSE'), [IO.Path]::Combine($Destination, 'LICENSE'))
$pictures = $NoPicture ? '' : ((Get-Pictures) -join "`n")
Write-Page README.md ([IO.File]::ReadAllText([IO.Path]::Combine($root, 'README.md'))) $pictures
$assistants = [Collections.Generic.List[string]]@('# ClassActivation', '', '> A PowerShell module that shows what an image classifier sees in a photo, and where: class activation maps as objects, pictures, boxes, pages.', '')
foreach ($part in $parts.Keys) {
    $assistants.AddRange([string[]]("## $part", ''))
    foreach ($source in $parts[$part]) {
        $text = [IO.File]::ReadAllText([IO.Path]::Combine($root, $source))
        $summary = if ($source -like 'docs/help/*') { (Get-Help (Get-Title $source)).Synopsis.Trim() }
        else { [regex]::Match($text, '(?sm)^(?![#|<`!\[\s-]).+?(?=\.\s|\n\n)').Value -replace '\s+', ' ' -replace '\*\*' }
        Write-Page $source ($source -like 'docs/help/*' ? ((Get-Reference (Get-Title $source)) -join "`n") : $text) ''
        $assistants.Add("- [$(Get-Title $source)]($(Get-PageName $source)): $($summary.TrimEnd('.')).")
    }
    $assistants.Add('')
}

[IO.File]::WriteAllLines([IO.Path]::Combine($Destination, 'llms.txt'), $assistants)
