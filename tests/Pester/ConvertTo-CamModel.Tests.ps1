#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:network = Join-Path $TestDrive '网络 [1]'
    $null = [IO.Directory]::CreateDirectory($network)
    Set-Content -LiteralPath "$network/model.json" -Value @'
{
  "modelTopology": { "keras_version": "2.15.0", "backend": "tensorflow", "model_config": { "class_name": "Sequential", "config": { "name": "tiny", "layers": [
    { "class_name": "InputLayer", "config": { "name": "image", "batch_input_shape": [null, 32, 32, 3], "dtype": "float32" } },
    { "class_name": "Conv2D", "config": { "name": "conv", "filters": 2, "kernel_size": [8, 8], "strides": [8, 8], "padding": "valid", "dilation_rate": [1, 1], "activation": "relu", "use_bias": true } },
    { "class_name": "GlobalAveragePooling2D", "config": { "name": "pool" } },
    { "class_name": "Dense", "config": { "name": "classifier", "units": 3, "activation": "softmax", "use_bias": true } }
  ] } } },
  "weightsManifest": [ { "paths": ["weights.bin"], "weights": [
    { "name": "conv/kernel", "shape": [8, 8, 3, 2], "dtype": "float32" },
    { "name": "conv/bias", "shape": [2], "dtype": "float32" },
    { "name": "classifier/kernel", "shape": [2, 3], "dtype": "float32" },
    { "name": "classifier/bias", "shape": [3], "dtype": "float32" }
  ] } ]
}
'@
    # Of the weights only the classifier's biases differ from 0, so its probabilities are softmax(1, 2, 3) for any photo.
    [float[]] $weights = [float[]]::new(8 * 8 * 3 * 2 + 2 + 2 * 3) + (1, 2, 3)
    $bytes = [byte[]]::new(4 * $weights.Count)
    [Buffer]::BlockCopy($weights, 0, $bytes, 0, $bytes.Count)
    [IO.File]::WriteAllBytes("$network/weights.bin", $bytes)
}

Describe 'ConvertTo-CamModel' {
    # A file of its own for each test: a loaded network stays open.
    BeforeEach { $script:target = Join-Path $TestDrive "$([guid]::NewGuid())" 'tiny [2].onnx' }

    It 'makes a network that predicts and maps' {
        $model = ConvertTo-CamModel "$network/model.json" $target -Preprocessing None -Label 'red fox', b, c -Resolution 32

        $model.Path | Should -BeExactly $target
        $model.Name, $model.ClassCount, $model.FeatureCount | Should -Be 'tiny [2]', 3, 2
        $predictions = Get-Prediction -LiteralPath "$samples/china.jpg" -Model $target -Resolution 32
        $predictions.Label | Should -Be c, b, 'red fox'
        $predictions[0].Probability | Should -BeGreaterThan 0.6652
        $predictions[0].Probability | Should -BeLessThan 0.6653
        (Get-ClassActivationMap -LiteralPath "$samples/china.jpg" -Class 'red fox' -Model $target).Maximum | Should -Be 0
    }

    It 'is seen by the cmdlets that list' {
        $null = ConvertTo-CamModel "$network/model.json" $target -Preprocessing None -Label 'red fox', b, c

        (Get-CamClass -Model $target).Label | Should -Be 'red fox', b, c
        (Get-CamModelLayer -Model $target).Name | Should -Be image, conv, pool, classifier
        (Get-CamModelLayer classifier -Model $target).Parameters | Should -Be (2 * 3 + 3)
        $line = "Get-CamClass -Model '$target' -Name re"
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be "'red fox'"
    }

    It 'takes relative paths and drives' {
        $null = New-PSDrive -Name Nets -PSProvider FileSystem -Root $TestDrive
        Push-Location -LiteralPath $network
        try {
            (ConvertTo-CamModel ./model.json ./here.onnx -Preprocessing None).Path | Should -BeExactly (Join-Path $network here.onnx)
            (ConvertTo-CamModel 'Nets:/网络 [1]/model.json' Nets:/sub/there.onnx -Preprocessing None).Path | Should -BeExactly ([IO.Path]::Combine($TestDrive, 'sub', 'there.onnx'))
        }
        finally { Pop-Location; Remove-PSDrive Nets }
    }

    It 'writes nothing with -WhatIf' {
        ConvertTo-CamModel "$network/model.json" $target -Preprocessing None -WhatIf | Should -BeNullOrEmpty

        Test-Path -LiteralPath $target | Should -BeFalse
    }

    It 'keeps a network with -NoClobber' {
        $null = ConvertTo-CamModel "$network/model.json" $target -Preprocessing None
        $hash = (Get-FileHash -LiteralPath $target).Hash

        { ConvertTo-CamModel "$network/model.json" $target -Preprocessing None -Label a, b, c -NoClobber } | Should -Throw -ErrorId 'FileExists,*'

        (Get-FileHash -LiteralPath $target).Hash | Should -Be $hash
    }

    It 'replaces a write-protected network only with -Force' {
        $null = ConvertTo-CamModel "$network/model.json" $target -Preprocessing None
        Set-ItemProperty -LiteralPath $target -Name IsReadOnly -Value $true

        { ConvertTo-CamModel "$network/model.json" $target -Preprocessing None -Label a, b, c } | Should -Throw '*write-protected*' -ErrorId 'FileReadOnly,*'
        $null = ConvertTo-CamModel "$network/model.json" $target -Preprocessing None -Label a, b, c -Force
        (Get-CamClass -Model $target).Label | Should -Be a, b, c
    }

    It 'refuses <Name> and leaves nothing' -ForEach @(
        @{ Name = 'a file that is no network'; Json = '{'; Label = @('a', 'b', 'c'); Message = '*is not a model.json*' }
        @{ Name = 'labels of another number'; Json = $null; Label = @('a', 'b'); Message = '*2 class labels given for a network of 3 classes*' }
    ) {
        $json = Join-Path $network model.json
        if ($null -ne $_.Json) { $json = Join-Path $TestDrive bad.json; Set-Content -LiteralPath $json -Value $_.Json }

        try { ConvertTo-CamModel $json $target -Preprocessing None -Label $Label; $problem = $null } catch { $problem = $_ }

        $problem.FullyQualifiedErrorId | Should -Be 'ConversionFailed,ClassActivation.Commands.ConvertToCamModelCommand'
        $problem.CategoryInfo.Category | Should -Be InvalidData
        $problem.TargetObject | Should -BeExactly $json
        $problem.ErrorDetails.Message | Should -BeLike $Message
        Get-ChildItem -LiteralPath (Split-Path $target) -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'completes preprocessings' {
        $completions = (TabExpansion2 'ConvertTo-CamModel a b -Preprocessing ' 38).CompletionMatches.CompletionText

        $completions | Should -Contain None
        $completions | Should -HaveCount ([Enum]::GetNames((Get-Command ConvertTo-CamModel).Parameters.Preprocessing.ParameterType).Count)
    }
}
