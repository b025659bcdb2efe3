#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
}

Describe 'ConvertTo-CamModel of other files' {
    It 'says how <name> becomes ONNX' -ForEach @(
        @{ name = 'model.pt'; bytes = 0x80, 0x02, 0x8A, 0x0A; advice = '*torch.onnx.export*' }
        @{ name = 'model.tflite'; bytes = 0x1C, 0, 0, 0, 0x54, 0x46, 0x4C, 0x33, 0; advice = '*tf2onnx*' }
    ) {
        $file = Join-Path $TestDrive $name
        [IO.File]::WriteAllBytes($file, [byte[]] $bytes)
        { ConvertTo-CamModel $file (Join-Path $TestDrive 'out.onnx') } | Should -Throw $advice
        Join-Path $TestDrive 'out.onnx' | Should -Not -Exist
    }

    It 'says how a folder that is <name> becomes ONNX' -ForEach @(
        @{ name = 'saved [1]'; file = 'saved_model.pb'; advice = '*--saved-model*' }
        @{ name = 'net.mlpackage'; file = 'Manifest.json'; advice = '*Core ML*' }
    ) {
        $folder = (New-Item -ItemType Directory -Path (Join-Path $TestDrive $name)).FullName
        [IO.File]::WriteAllBytes("$folder/$file", [byte[]] (8, 1))
        { ConvertTo-CamModel $folder (Join-Path $TestDrive 'out.onnx') } | Should -Throw $advice -ErrorId 'ConversionFailed,*'
    }

    It 'refuses an HDF5 file of which only the beginning is there' {
        $file = Join-Path $TestDrive 'keras_model.h5'
        [IO.File]::WriteAllBytes($file, [byte[]] (0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A, 0))
        { ConvertTo-CamModel $file (Join-Path $TestDrive 'out.onnx') } | Should -Throw '*keras_model.h5*not a whole HDF5 file*' -ErrorId 'ConversionFailed,*'
        @(Get-ChildItem $TestDrive -Force -Filter '.*') | Should -BeNullOrEmpty
    }

    It 'refuses bytes that are no network' {
        $file = Join-Path $TestDrive 'noise.onnx'
        [IO.File]::WriteAllBytes($file, [byte[]] (1..200))
        { ConvertTo-CamModel $file (Join-Path $TestDrive 'out.onnx') } | Should -Throw '*noise.onnx*not an ONNX model*'
    }
}

Describe 'ConvertTo-CamModel of Teachable Machine' {
    BeforeAll {
        $script:cups = Join-Path $TestDrive 'Tassen [1]'
        Copy-Item "$PSScriptRoot/../ClassActivation.Tests/Figures/networks/teachable" $cups -Recurse
        $script:target = Join-Path $TestDrive 'cups.onnx'
        $script:model = ConvertTo-CamModel (Join-Path $cups keras_model.h5) $target
        $script:photo = (Resolve-Path "$PSScriptRoot/../../samples/coffee.png").ProviderPath
    }

    It 'brings labels, pixels and square' {
        $model.ClassCount | Should -Be 3
        $model.Fit | Should -Be CenterSquare
        $model.IsLinear | Should -BeFalse
        $model.Preprocessing | Should -BeLike '*-1, -1, -1*Teachable Machine*'
        (Get-CamClass -Model $target).Label | Should -Be 'Cup', 'Plant pot', 'Nothing'
    }

    It 'leaves the network alone in its folder' {
        (Get-ChildItem $TestDrive -Force -Exclude 'Tassen*').Name | Sort-Object -Unique | Should -BeIn 'cups.onnx', 'cups.onnx.data', 'saved [1]', 'net.mlpackage'
        Get-ChildItem $cups -Force | Should -HaveCount 2
    }

    It 'goes to the overlay' {
        $map = Get-ClassActivationMap $photo -Model $target -Method ReciproCam -Class 'Plant pot'
        $map.Fit | Should -Be CenterSquare
        $map.Resolution | Should -Be 32
        $map | Export-CamOverlay -DestinationPath (Join-Path $TestDrive out) | Should -Not -BeNullOrEmpty
        Get-ChildItem (Join-Path $TestDrive out) -File | Should -HaveCount 1
    }

    It 'takes the archive of Keras 3, too' {
        $archive = "$PSScriptRoot/../ClassActivation.Tests/Figures/networks/network.keras"
        $keras = ConvertTo-CamModel $archive (Join-Path $TestDrive keras.onnx) -Label a, b, c, d
        $keras.Preprocessing | Should -BeLike "*the network's first operators*"
        (Get-Prediction $photo -Model $keras.Path -Top 4 | Measure-Object Probability -Sum).Sum | Should -BeGreaterThan 0.9999
    }
}
