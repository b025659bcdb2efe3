BeforeAll {
    $root = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
    $folder = Join-Path $root out ClassActivation
    $manifest = Join-Path $folder ClassActivation.psd1
    Import-Module $manifest
}

Describe 'The manifest' {
    It 'is valid' {
        (Test-ModuleManifest $manifest -ErrorAction Stop).Name | Should -Be 'ClassActivation'
    }

    It 'can be updated' {
        $copy = New-Item -ItemType Directory (Join-Path $TestDrive ClassActivation)
        Get-ChildItem -LiteralPath $folder -File | Copy-Item -Destination $copy
        Copy-Item -LiteralPath (Join-Path $folder bin) -Filter ClassActivation.*.dll -Destination $copy -Recurse
        $updated = Join-Path $copy ClassActivation.psd1
        Update-ModuleManifest $updated -Prerelease beta1 -ErrorAction Stop
        (Test-ModuleManifest $updated).PrivateData.PSData.Prerelease | Should -Be 'beta1'
    }

    It 'has what a gallery shows' {
        $data = (Import-PowerShellDataFile $manifest).PrivateData.PSData
        $data.ProjectUri, $data.LicenseUri, $data.IconUri, $data.ReleaseNotes | Should -Match '^https://'
        $data.Tags | Should -Contain 'Linux'
        $data.Keys | Should -Not -Contain 'ExternalModuleDependencies'
    }
}

Describe 'The module' {
    It 'imports from a folder with brackets in its name' {
        $brackets = New-Item -ItemType Directory (Join-Path $TestDrive 'a[b]c')
        $null = New-Item -ItemType SymbolicLink (Join-Path $brackets ClassActivation) -Target ([WildcardPattern]::Escape($folder))
        $script = "`$env:PSModulePath = '$brackets'; (Get-CamClass 285).Label"
        & ([Environment]::ProcessPath) -NoProfile -Command $script | Should -Be 'Egyptian_cat'
    }

    It 'has a page in the repository for each cmdlet, which Get-Help -Online opens' {
        foreach ($command in Get-Command -Module ClassActivation) {
            $command.HelpUri | Should -Be "https://github.com/ClassActivation/ClassActivation/blob/main/docs/help/$($command.Name).md"
            Join-Path $root docs help "$($command.Name).md" | Should -Exist
        }
    }

    It 'gives its cmdlets its own name as their source' {
        (Get-Command -Module ClassActivation).Source | Select-Object -Unique | Should -Be 'ClassActivation'
    }
}
