BeforeAll {
    $root = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
    $folder = Join-Path $root out ClassActivation
    $manifest = Join-Path $folder ClassActivation.psd1
    Import-Module $manifest

    function Invoke-Fresh([string] $Script) {
        # A PowerShell that is a .NET tool is run by dotnet.
        $engine = @([Environment]::ProcessPath)
        if ([IO.Path]::GetFileNameWithoutExtension($engine[0]) -eq 'dotnet') { $engine += [Environment]::GetCommandLineArgs()[0] }
        $all = @($engine | Select-Object -Skip 1) + '-NoProfile', '-Command', $Script
        & $engine[0] @all
    }
}

Describe 'The manifest' {
    It 'is valid' {
        (Test-ModuleManifest $manifest -ErrorAction Stop).Name | Should -Be 'ClassActivation'
    }

    It 'can be updated' -Skip:(-not (Get-Command Update-ModuleManifest -ErrorAction Ignore)) {
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
        Invoke-Fresh $script | Should -Be 'Egyptian_cat'
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

Describe 'The copies that were compiled ahead of time' {
    BeforeAll {
        $copy = Join-Path $TestDrive ClassActivation
        $null = New-Item -ItemType Directory $copy
        Get-ChildItem -LiteralPath $folder -File | Copy-Item -Destination $copy
        Get-ChildItem -LiteralPath $folder -Recurse -File -Include *.dll, *.json, *.tsv | Where-Object FullName -NotMatch '[\\/](runtimes|models)[\\/]' | ForEach-Object {
            $target = Join-Path $copy ([IO.Path]::GetRelativePath($folder, $_.FullName))
            $null = New-Item -ItemType Directory -Force (Split-Path $target)
            Copy-Item -LiteralPath $_.FullName -Destination $target
        }

        $core = Join-Path $copy bin ClassActivation.Core.dll
        $isPrecompiled = Test-Path (Join-Path $copy bin precompiled ([Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier) record.tsv)

        # Where the types come from in a fresh process, or the error.
        function Get-Origin {
            $script = "try { Import-Module '$copy/ClassActivation.psd1' -ErrorAction Stop; [ClassActivation.Maps.Prediction].Assembly.Location } catch { 'ERROR ' + `$_.Exception.Message }"
            Invoke-Fresh $script
        }
    }

    It 'are used where they belong to the assemblies' {
        if (-not $isPrecompiled -or [Environment]::Version.Major -lt 10) { Set-ItResult -Skipped -Because 'there are none for this platform and runtime'; return }
        Get-Origin | Should -BeLike '*precompiled*ClassActivation.Core.dll'
    }

    It 'are left alone where an assembly is another' {
        $bytes = [IO.File]::ReadAllBytes($core)
        try {
            [IO.File]::WriteAllBytes($core, $bytes + [byte]0)
            Get-Origin | Should -Be $core
        }
        finally { [IO.File]::WriteAllBytes($core, $bytes) }
    }

    It 'are left alone where one of them is another' {
        $other = Get-ChildItem (Join-Path $copy bin precompiled) -Recurse -Filter ClassActivation.Core.dll
        if (-not $other) { Set-ItResult -Skipped -Because 'there are none for this platform'; return }
        $bytes = [IO.File]::ReadAllBytes($other.FullName)
        try {
            [IO.File]::WriteAllBytes($other.FullName, $bytes + [byte]0)
            Get-Origin | Should -Be $core
        }
        finally { [IO.File]::WriteAllBytes($other.FullName, $bytes) }
    }

    It 'do not stand in for an assembly that is none' {
        $bytes = [IO.File]::ReadAllBytes($core)
        try {
            [IO.File]::WriteAllText($core, 'text')
            @(Get-Origin)[0] | Should -BeLike 'ERROR*'
        }
        finally { [IO.File]::WriteAllBytes($core, $bytes) }
    }
}
