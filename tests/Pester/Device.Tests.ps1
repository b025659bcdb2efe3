#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $script:hasProgram = (Test-Path (Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh'))) -or (Get-Command pwsh -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    $script:manifest = (Resolve-Path "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1").ProviderPath
    Import-Module $manifest
    $script:photo = (Resolve-Path "$PSScriptRoot/../../samples/chelsea.png").ProviderPath
    # Which build is loaded is settled once in a process.
    function Invoke-WithRuntime([string] $Runtime, [string] $Script) {
        $program = if (Test-Path (Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh'))) { Join-Path $PSHOME pwsh } else { 'pwsh' }
        $env:CLASSACTIVATION_ONNXRUNTIME = $Runtime
        try { & $program -NoProfile -Command "Import-Module '$manifest'; `$photo = '$photo'; $Script" }
        finally { $env:CLASSACTIVATION_ONNXRUNTIME = $null }
    }
}

Describe '-Device' {
    It 'gives the same with Cpu, in any case' {
        $here = Get-Prediction $photo -Top 3
        $there = Get-Prediction $photo -Top 3 -Device CPU
        Compare-Object $here $there -Property Rank, Label, Probability, Logit | Should -BeNullOrEmpty
        (Get-Prediction $photo -Top 1 -Device cpu -Isolated).Probability | Should -Be $here[0].Probability
    }

    It 'says which devices there are: <_>' -ForEach 'Abacus', 'Cuda:x', 'Cpu:1' {
        { Get-ClassActivationMap $photo -Device $_ -ErrorAction Stop } | Should -Throw -ErrorId 'ModelNoSuchDevice,*' -ExpectedMessage "There is no device '$_' here: the ONNX Runtime that is loaded offers Cpu*"
    }

    It 'does not go with -Isolated' {
        { Get-Prediction $photo -Device Cuda -Isolated -ErrorAction Stop } | Should -Throw -ErrorId 'DeviceWithIsolated,*'
    }

    It 'is completed' {
        (TabExpansion2 'Get-Prediction x.jpg -Device C').CompletionMatches[0].CompletionText | Should -Be Cpu
    }
}

Describe 'CLASSACTIVATION_ONNXRUNTIME' -Skip:(-not $hasProgram) {
    It 'takes another build, by its folder or its file' {
        $library = Get-ChildItem (Join-Path (Split-Path $manifest) bin/runtimes) -Recurse -File |
            Where-Object { $_.Name -in 'onnxruntime.dll', 'libonnxruntime.so', 'libonnxruntime.dylib' -and $_.Directory.Parent.Name -eq ($IsWindows ? 'win' : $IsMacOS ? 'osx' : 'linux') + "-$([Runtime.InteropServices.RuntimeInformation]::ProcessArchitecture)".ToLowerInvariant() }
        $library | Should -HaveCount 1
        $copy = Copy-Item -LiteralPath $library.FullName (Join-Path TestDrive: $library.Name) -PassThru
        $expected = (Get-Prediction $photo -Top 1).Probability
        foreach ($build in $copy.DirectoryName, $copy.FullName) {
            [double] (Invoke-WithRuntime $build '(Get-Prediction $photo -Top 1).Probability.ToString("r", [cultureinfo]::InvariantCulture)') | Should -Be $expected
        }
    }

    It 'says what is wrong with <What>' -ForEach @(
        @{ What = 'a folder without it'; Runtime = { (Resolve-Path TestDrive:/).ProviderPath + 'empty' }; Message = "*CLASSACTIVATION_ONNXRUNTIME is '*empty', and there is no *onnxruntime*" }
        @{ What = 'another file'; Runtime = { $photo }; Message = '*chelsea.png*is no ONNX Runtime for this system*' }
    ) {
        $null = New-Item -ItemType Directory -Force TestDrive:/empty
        $said = Invoke-WithRuntime (& $Runtime) 'try { Get-Prediction $photo -ErrorAction Stop } catch { "$($_.FullyQualifiedErrorId) $_" }'
        $said -join ' ' | Should -BeLike "NativeLibraryNotLoaded,* The native library 'onnxruntime' cannot be loaded: $Message"
    }
}
