#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:cups = (Resolve-Path "$PSScriptRoot/../ClassActivation.Tests/Figures/networks/teachable").ProviderPath
    $script:data = $env:XDG_DATA_HOME
}

# Elsewhere the system's folder for a user's data cannot be another one for a test.
Describe 'Import-CamModel' -Skip:(-not $IsLinux) {
    BeforeAll {
        $env:XDG_DATA_HOME = Join-Path $TestDrive 'data [1]'
        $script:model = ConvertTo-CamModel (Join-Path $cups keras_model.h5) (Join-Path $TestDrive cups.onnx)
        $script:folder = Join-Path $env:XDG_DATA_HOME ClassActivation models
    }

    AfterAll {
        $env:XDG_DATA_HOME = $data
    }

    It 'lets the name find the network from then on, the same to whoever has its hash' {
        $mine = $model | Import-CamModel
        $mine.Name | Should -Be cups
        $mine.Path | Should -BeExactly (Join-Path $folder cups.onnx)
        $mine.Hash | Should -Be $model.Hash
        (Get-Prediction -LiteralPath "$samples/coffee.png" -Top 1 -Model cups).ModelHash | Should -Be $model.Hash
        @(Get-ChildItem -LiteralPath $folder -Force).Name | Should -Be @(Get-ChildItem $TestDrive -File -Filter cups.onnx*).Name
    }

    It 'gives it another name' {
        (Import-CamModel $model.Path -Name 'Tassen 杯').Name | Should -Be 'Tassen 杯'
        (Get-Prediction -LiteralPath "$samples/coffee.png" -Top 1 -Model 'Tassen 杯').Probability |
            Should -Be (Get-Prediction -LiteralPath "$samples/coffee.png" -Top 1 -Model $model.Path).Probability
    }

    It 'takes no name twice without -Force, and none that hides another' {
        $null = Import-CamModel $model.Path -Name twice
        { Import-CamModel $model.Path -Name TWICE -ErrorAction Stop } | Should -Throw -ErrorId 'ModelExists,*'
        { Import-CamModel $model.Path -Name ResNet50 -ErrorAction Stop } | Should -Throw -ErrorId 'ModelExists,*'
        (Import-CamModel $model.Path -Name twice -Force).Name | Should -Be twice
    }

    It 'refuses <name>' -ForEach @(
        @{ name = '../outside' }
        @{ name = ' ' }
        @{ name = '..' }
    ) {
        { Import-CamModel $model.Path -Name $name -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidModelName,*'
    }

    It 'refuses files that are no networks of the module' {
        Set-Content (Join-Path $TestDrive text.onnx) 'no network'
        { Import-CamModel (Join-Path $TestDrive text.onnx) -ErrorAction Stop } | Should -Throw -ErrorId 'ModelUnreadable,*'
        { Import-CamModel (Join-Path $TestDrive none.onnx) -ErrorAction Stop } | Should -Throw -ErrorId 'ModelNotFound,*'
    }

    It 'writes nothing with -WhatIf' {
        Import-CamModel $model.Path -Name unwritten -WhatIf | Should -BeNullOrEmpty
        Join-Path $folder unwritten.onnx | Should -Not -Exist
    }
}

Describe 'Get-CamModel of folders and defaults' {
    It 'lists the networks of a folder, and says where there is none' {
        $place = New-Item -ItemType Directory (Join-Path $TestDrive 'nets [2]')
        $null = ConvertTo-CamModel (Join-Path $cups keras_model.h5) (Join-Path $place 'a.onnx')
        Set-Content -LiteralPath (Join-Path $place 'b.onnx') 'no network'
        (Get-CamModel -Path $place).Name | Should -Be a
        { Get-CamModel -Path (Join-Path $TestDrive nowhere) -ErrorAction Stop } | Should -Throw -ErrorId 'ModelFolderNotFound,*'
    }

    It 'marks the network that is asked by default' {
        (Get-CamModel ResNet50*).Where{ $_.IsDefault }.Name | Should -Be ResNet50
        $global:PSDefaultParameterValues['Get-*:Model'] = 'resnet50-int8'
        try {
            (Get-CamModel ResNet50*).Where{ $_.IsDefault }.Name | Should -Be ResNet50-Int8
        }
        finally {
            $global:PSDefaultParameterValues.Remove('Get-*:Model')
        }
    }
}

Describe 'ConvertTo-CamModel -ProbePhoto' {
    It 'ranks the ways by the probability of the class, and converts nothing' {
        $before = @(Get-ChildItem $TestDrive -Force).Count
        $probes = ConvertTo-CamModel (Join-Path $cups keras_model.h5) -ProbePhoto "$samples/coffee.png" -ProbeClass Cup
        $probes | ForEach-Object Rank | Should -Be 1, 2, 3, 4, 5
        $probes.Preprocessing | Sort-Object | Should -HaveCount 5
        $probes.Probability | Should -Be ($probes.Probability | Sort-Object -Descending)
        $probes.Label | Sort-Object -Unique | Should -Be Cup
        @(Get-ChildItem $TestDrive -Force).Count | Should -Be $before

        $best = ConvertTo-CamModel (Join-Path $cups keras_model.h5) (Join-Path $TestDrive best.onnx) -Preprocessing $probes[0].Preprocessing
        $asked = Get-Prediction -LiteralPath "$samples/coffee.png" -Top 3 -Model $best.Path | Where-Object Label -EQ Cup
        $asked.Probability | Should -Be $probes[0].Probability
    }

    It 'says so where there is no such class' {
        { ConvertTo-CamModel (Join-Path $cups keras_model.h5) -ProbePhoto "$samples/coffee.png" -ProbeClass teapot } | Should -Throw -ErrorId 'ProbeClassNotFound,*'
        { ConvertTo-CamModel (Join-Path $cups keras_model.h5) -ProbePhoto "$samples/coffee.png" -ProbeClass 3 } | Should -Throw -ErrorId 'ProbeClassNotFound,*'
    }

    It 'says so where a constant is no number' {
        { ConvertTo-CamModel (Join-Path $cups keras_model.h5) x.onnx -InputConstant @{ age = 'old' } } | Should -Throw -ErrorId 'InvalidInputConstant,*'
    }
}

Describe 'Get-ClassActivationMap by covering parts' {
    It 'says the number of passes before, and asks the same again from a table' {
        $log = Join-Path $TestDrive verbose.txt
        $map = Get-ClassActivationMap -LiteralPath "$samples/chelsea.png" -Resolution 64 -Fit Stretch -Class 285 -Method Occlusion -Window 24 -Stride 20 -Verbose 4> $log
        Get-Content $log -Raw | Should -BeLike '*Occlusion: at least 9 forward passes*'
        $map.Masking | Should -Be 'window 24 stride 20 Mean'
        $map.Rows | Should -Be 64
        $again = $map | Select-Object * -ExcludeProperty Map | ConvertTo-Csv | ConvertFrom-Csv | Get-ClassActivationMap
        $again.Masking | Should -Be $map.Masking
        $again.Maximum | Should -Be $map.Maximum
    }

    It 'names pictures by settings that are not the usual ones' {
        $rise = Get-ClassActivationMap -LiteralPath "$samples/chelsea.png" -Resolution 64 -Fit Stretch -Class 285 -Method Rise -MaskCount 10
        ($rise | Export-CamOverlay (Join-Path $TestDrive maps)).Name | Should -BeLike '*.Rise.*.10-masks-Mean.*'
    }
}
