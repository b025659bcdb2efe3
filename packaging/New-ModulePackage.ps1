<#
.SYNOPSIS
    Makes the package of a module, as galleries take it, and gives its path.
.DESCRIPTION
    The description comes from the module's manifest. Galleries read dependencies from the package's description, and
    folders of packages from the RequiredModules of its manifest. PowerShell would look for such modules and import them
    each time that it imports this one, which then takes two thirds longer: the packed manifest names them only where it is
    read as data, since $PSScriptRoot is empty there.
.PARAMETER ModuleFolder
    The module: a folder with the manifest of its name.
.PARAMETER Destination
    The folder of the package.
.PARAMETER Dependency
    The least version of each module that is installed with it.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $ModuleFolder,
    [Parameter(Mandatory)] [string] $Destination,
    [Collections.IDictionary] $Dependency = @{}
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

$name = [IO.Path]::GetFileName($ModuleFolder.TrimEnd('/', '\'))
$manifest = Import-PowerShellDataFile -LiteralPath ([IO.Path]::Combine($ModuleFolder, "$name.psd1"))
$data = $manifest.PrivateData.PSData
$tags = @($data.Tags) + 'PSModule', 'PSEdition_Core' + @($manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })
if ($manifest.CmdletsToExport.Count -gt 0) { $tags += 'PSIncludes_Cmdlet' }

$text = [IO.StringWriter]::new()
$settings = [Xml.XmlWriterSettings]@{ Indent = $true; OmitXmlDeclaration = $true }
$writer = [Xml.XmlWriter]::Create($text, $settings)
$writer.WriteStartElement('package', 'http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd')
$writer.WriteStartElement('metadata')
foreach ($entry in @(
    , ('id', $name)
    , ('version', $manifest.ModuleVersion)
    , ('authors', $manifest.Author)
    , ('owners', $manifest.CompanyName)
    , ('requireLicenseAcceptance', 'false')
    , ('licenseUrl', $data.LicenseUri)
    , ('projectUrl', $data.ProjectUri)
    , ('iconUrl', $data.IconUri)
    , ('description', $manifest.Description)
    , ('releaseNotes', $data.ReleaseNotes)
    , ('copyright', $manifest.Copyright)
    , ('tags', ($tags -join ' '))
)) { $writer.WriteElementString($entry[0], $entry[1]) }

if ($Dependency.Count -gt 0) {
    $writer.WriteStartElement('dependencies')
    foreach ($module in $Dependency.Keys) {
        $writer.WriteStartElement('dependency')
        $writer.WriteAttributeString('id', $module)
        $writer.WriteAttributeString('version', $Dependency[$module])
        $writer.WriteEndElement()
    }

    $writer.WriteEndElement()
}

$writer.WriteEndElement()
$writer.WriteEndElement()
$writer.Dispose()

$package = [IO.Path]::Combine($Destination, "$name.$($manifest.ModuleVersion).nupkg")
$null = [IO.Directory]::CreateDirectory($Destination)
[IO.File]::Delete($package)
$files = @([IO.Directory]::GetFiles($ModuleFolder, '*', 'AllDirectories') | Sort-Object | ForEach-Object {
    [pscustomobject]@{ Path = $_; Part = [IO.Path]::GetRelativePath($ModuleFolder, $_).Replace('\', '/') }
})
$types = @(
    $files.Part | ForEach-Object { [IO.Path]::GetExtension($_).TrimStart('.') } | Where-Object { $_ } | Sort-Object -Unique |
        ForEach-Object { "<Default Extension=""$_"" ContentType=""application/octet"" />" }
    $files.Part | Where-Object { -not [IO.Path]::GetExtension($_) } |
        ForEach-Object { "<Override PartName=""/$_"" ContentType=""application/octet"" />" }
)
$parts = [ordered]@{
    "$name.nuspec" = $text.ToString()
    '_rels/.rels' = '<?xml version="1.0" encoding="utf-8"?>' +
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' +
        "<Relationship Type=""http://schemas.microsoft.com/packaging/2010/07/manifest"" Target=""/$name.nuspec"" Id=""R1"" />" +
        '</Relationships>'
    '[Content_Types].xml' = '<?xml version="1.0" encoding="utf-8"?>' +
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml" />' +
        '<Default Extension="nuspec" ContentType="application/octet" />' + (-join $types) + '</Types>'
}

$archive = [IO.Compression.ZipFile]::Open($package, 'Create')
try {
    foreach ($part in $parts.GetEnumerator()) {
        $stream = [IO.StreamWriter]::new($archive.CreateEntry($part.Key).Open())
        try { $stream.Write($part.Value) } finally { $stream.Dispose() }
    }

    foreach ($file in $files) {
        if ($file.Part -eq "$name.psd1" -and $Dependency.Count -gt 0) {
            $required = $Dependency.Keys | ForEach-Object { "@{ ModuleName = '$_'; ModuleVersion = '$($Dependency[$_])' }" }
            $line = "@{`n    RequiredModules        = @(if (-not `$PSScriptRoot) { $($required -join '; ') })`n"
            $stream = [IO.StreamWriter]::new($archive.CreateEntry($file.Part).Open())
            try { $stream.Write($line + ([IO.File]::ReadAllText($file.Path) -replace '^@\{\r?\n')) } finally { $stream.Dispose() }
            continue
        }

        $null = [IO.Compression.ZipFileExtensions]::CreateEntryFromFile($archive, $file.Path, $file.Part, 'SmallestSize')
    }
}
finally { $archive.Dispose() }

$package
