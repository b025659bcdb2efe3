#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:ranges = (Resolve-Path "$PSScriptRoot/../../models/ResNet50.ranges.tsv").ProviderPath
    $script:folder = Join-Path (Resolve-Path TestDrive:).ProviderPath 'größe [1] x'
    $null = [IO.Directory]::CreateDirectory($folder)
    $script:copy = [IO.Path]::Combine($folder, 'new', 'Klein ü.onnx')
    $script:model = ConvertTo-QuantizedCamModel ResNet50 $copy -RangePath $ranges

    function IdAndMore($Record) { "$($Record.FullyQualifiedErrorId) $($Record.CategoryInfo.Category) $($Record.TargetObject)" }
}

Describe 'ConvertTo-QuantizedCamModel' {
    It 'makes an 8-bit network of a quarter of the size from saved ranges, in a new folder' {
        $model.Name, $model.Path, $model.Precision, $model.WeightBits, $model.ClassCount | Should -Be 'Klein ü', $copy, int8, 8, 1000
        $model.Length | Should -Be (Get-ChildItem -LiteralPath "$folder/new" | Measure-Object -Property Length -Sum).Sum
        $model.Length | Should -BeLessThan ((Get-CamModel ResNet50).Length / 3)
        $model | Out-String | Should -Match 'Klein ü\s+False\s+int8\s+1000\s+2048\s+\d'
    }

    It 'makes a network that sees what the original sees' {
        $original = Get-ClassActivationMap -LiteralPath "$samples/chelsea.png" -Class tabby
        $quantized = Get-ClassActivationMap -LiteralPath "$samples/chelsea.png" -Class tabby -Model $copy

        (Get-Prediction -LiteralPath "$samples/chelsea.png" -Model $copy -Top 1).Label | Should -Be Egyptian_cat
        ($quantized | Compare-ClassActivationMap $original).Correlation | Should -BeGreaterThan 0.95
    }

    It 'calibrates on piped files, passes over a bad one and saves the ranges' {
        $photos = Join-Path $folder photos
        $null = [IO.Directory]::CreateDirectory($photos)
        Copy-Item -LiteralPath "$samples/chelsea.png" -Destination "$photos/cät [2].png"
        Set-Content -LiteralPath "$photos/bad [3].jpg" -Value 'no photo'

        $made = Get-ChildItem -LiteralPath $photos | ConvertTo-QuantizedCamModel ResNet50 "$folder/own.onnx" -Fit Stretch -Resolution 64 -WeightBits 7 `
            -SaveRangePath "$folder/own [4].tsv" -ErrorAction SilentlyContinue -ErrorVariable problems

        $made.WeightBits | Should -Be 7
        $problems | Should -HaveCount 1
        IdAndMore $problems[0] | Should -Be "PhotoNotAPhoto,ClassActivation.Commands.ConvertToQuantizedCamModelCommand InvalidData $(Join-Path $photos 'bad [3].jpg')"
        $again = ConvertTo-QuantizedCamModel ResNet50 "$folder/again.onnx" -RangePath "$folder/own [4].tsv" -WeightBits 7
        (Get-FileHash -LiteralPath "$($again.Path).data").Hash | Should -Be (Get-FileHash -LiteralPath "$($made.Path).data").Hash
    }

    It 'writes nothing with -WhatIf, not even a folder' {
        ConvertTo-QuantizedCamModel ResNet50 "$folder/never/x.onnx" -RangePath $ranges -WhatIf | Should -BeNullOrEmpty

        Test-Path -LiteralPath "$folder/never" | Should -BeFalse
    }

    It 'leaves an existing network with -NoClobber, and a write-protected one without -Force' {
        $there = Join-Path $folder there.onnx
        Set-Content -LiteralPath $there -Value mine
        $exists = { ConvertTo-QuantizedCamModel ResNet50 $there -RangePath $ranges -NoClobber } | Should -Throw -PassThru
        Set-ItemProperty -LiteralPath $there -Name IsReadOnly -Value $true
        $protected = { ConvertTo-QuantizedCamModel ResNet50 $there -RangePath $ranges } | Should -Throw -PassThru

        IdAndMore $exists | Should -Be "FileExists,ClassActivation.Commands.ConvertToQuantizedCamModelCommand ResourceExists $there"
        IdAndMore $protected | Should -Be "FileReadOnly,ClassActivation.Commands.ConvertToQuantizedCamModelCommand PermissionDenied $there"
        Get-Content -LiteralPath $there | Should -Be mine
        Test-Path -LiteralPath "$there.data" | Should -BeFalse

        (ConvertTo-QuantizedCamModel ResNet50 $there -RangePath $ranges -Force).Precision | Should -Be int8
    }

    It 'ends with one clear error for <Case>, and writes nothing' -ForEach @(
        @{ Case = 'an unknown network'; Id = 'ModelNotFound'; Category = 'ObjectNotFound'; Words = 'Nowhere'; Arguments = { @{ Model = 'Nowhere'; RangePath = $ranges } } }
        @{ Case = 'an 8-bit network'; Id = 'QuantizationFailed'; Category = 'InvalidData'; Words = '8-bit network already'; Arguments = { @{ Model = $copy; RangePath = $ranges } } }
        @{ Case = 'missing ranges'; Id = 'QuantizationFailed'; Category = 'InvalidData'; Words = 'missing.tsv'; Arguments = { @{ RangePath = "$folder/missing.tsv" } } }
        @{ Case = 'no ranges'; Id = 'QuantizationFailed'; Category = 'InvalidData'; Words = 'chelsea.png'; Arguments = { @{ RangePath = "$samples/chelsea.png" } } }
        @{ Case = 'no photo'; Id = 'PhotoNotFound'; Category = 'ObjectNotFound'; Words = '*.none'; Arguments = { @{ CalibrationPhoto = "$samples/*.none" } } }
        @{ Case = 'bits it has not'; Id = 'ParameterArgumentValidationError'; Category = 'InvalidData'; Words = '7,8'; Arguments = { @{ RangePath = $ranges; WeightBits = 4 } } }
    ) {
        $splat = & $Arguments

        $problem = { ConvertTo-QuantizedCamModel @splat -DestinationPath "$folder/failed/x.onnx" -ErrorAction Stop } | Should -Throw -PassThru

        $problem.FullyQualifiedErrorId | Should -Be "$Id,ClassActivation.Commands.ConvertToQuantizedCamModelCommand"
        $problem.CategoryInfo.Category | Should -Be $Category
        "$problem" | Should -Match ([regex]::Escape($Words))
        Test-Path -LiteralPath "$folder/failed" | Should -BeFalse
    }

    It 'does not replace the network that it is made from' {
        $built = (Get-CamModel ResNet50).Path
        $source = "$folder/source.onnx"
        # Its weights keep their name, which the network refers to.
        Copy-Item -LiteralPath $built -Destination $source
        Copy-Item -LiteralPath "$built.data" -Destination "$folder/ResNet50.onnx.data"

        { ConvertTo-QuantizedCamModel $source $source -RangePath $ranges } | Should -Throw -ErrorId 'QuantizationFailed,*'

        (Get-FileHash -LiteralPath $source).Hash | Should -Be (Get-FileHash -LiteralPath $built).Hash
        Test-Path -LiteralPath "$source.data" | Should -BeFalse
    }
}
