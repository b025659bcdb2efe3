#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
}

Describe 'ConvertTo-CamModel of other files' {
    It 'says how <name> becomes ONNX' -ForEach @(
        @{ name = 'keras_model.h5'; bytes = 0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A; advice = '*keras.saving.load_model*' }
        @{ name = 'model.pt'; bytes = 0x80, 0x02, 0x8A, 0x0A; advice = '*torch.onnx.export*' }
        @{ name = 'model.tflite'; bytes = 0x1C, 0, 0, 0, 0x54, 0x46, 0x4C, 0x33, 0; advice = '*tf2onnx*' }
    ) {
        $file = Join-Path $TestDrive $name
        [IO.File]::WriteAllBytes($file, [byte[]] $bytes)
        { ConvertTo-CamModel $file (Join-Path $TestDrive 'out.onnx') } | Should -Throw $advice
        Join-Path $TestDrive 'out.onnx' | Should -Not -Exist
    }

    It 'refuses bytes that are no network' {
        $file = Join-Path $TestDrive 'noise.onnx'
        [IO.File]::WriteAllBytes($file, [byte[]] (1..200))
        { ConvertTo-CamModel $file (Join-Path $TestDrive 'out.onnx') } | Should -Throw '*noise.onnx*not an ONNX model*'
    }
}
