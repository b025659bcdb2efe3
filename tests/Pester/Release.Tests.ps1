BeforeAll {
    $root = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
    $version = (Import-PowerShellDataFile (Join-Path $root ClassActivation.psd1)).ModuleVersion
}

Describe 'The version' {
    It 'is that of the changelog' {
        $heading = Get-Content (Join-Path $root CHANGELOG.md) | Where-Object { $_ -match '^## \[?\d' } | Select-Object -First 1
        $heading | Should -Match "^## \[?$([regex]::Escape($version))\b"
    }

    It 'is that of the built module and its assemblies' {
        Import-Module (Join-Path $root out ClassActivation ClassActivation.psd1)
        (Get-Module ClassActivation).Version | Should -Be $version
        foreach ($type in [ClassActivation.Maps.Prediction], [ClassActivation.Commands.GetPredictionCommand], [ClassActivation.Init.ModuleLoader]) {
            $type.Assembly.GetName().Version.ToString(3) | Should -Be $version
        }
    }

    It 'is that of the tag, where there is one' {
        $tags = @(git -C $root tag --points-at HEAD 2>$null) -like 'v[0-9]*'
        if (-not $tags) { Set-ItResult -Skipped -Because 'this commit has no tag of a version'; return }
        $tags | Should -Contain "v$version"
    }

    It 'is that of the packages, where they are made' {
        $packages = @(Get-ChildItem (Join-Path $root out packages) -Filter ClassActivation*.nupkg -ErrorAction Ignore | Where-Object Name -NotLike ClassActivation.Formats*)
        if (-not $packages) { Set-ItResult -Skipped -Because "'build.ps1 -Task Pack' has not been run"; return }
        $packages.Name | Should -Contain "ClassActivation.$version.nupkg"
        $networks = (Import-PowerShellDataFile (Join-Path $root packaging ClassActivation.ResNet50.psd1)).ModuleVersion
        $packages.Name | Should -Contain "ClassActivation.ResNet50.$networks.nupkg"
        ($packages | Where-Object Name -Like 'ClassActivation.[0-9]*').Length | Should -BeLessOrEqual 85MB
        (Get-ChildItem (Join-Path $root out packages) -Filter *.zip).Length | ForEach-Object { $_ | Should -BeLessOrEqual 50MB }
    }
}
