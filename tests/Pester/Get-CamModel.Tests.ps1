#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:network = (Get-CamModel ResNet50).Path
}

Describe 'Get-CamModel' {
    It 'lists the networks with what they are' {
        $model = Get-CamModel | Where-Object Name -EQ ResNet50

        $model.ClassCount | Should -Be 1000
        $model.FeatureCount | Should -Be 2048
        $model.Precision | Should -Be float32
        $model.Path | Should -Exist
        $model.Length | Should -BeGreaterThan 100e6
    }

    It 'takes wildcards, names in any case, and the pipeline' {
        (Get-CamModel *int8).Name | Should -Be ResNet50-Int8
        ('resnet50', 'RESNET50-*' | Get-CamModel).Name | Should -Be ResNet50, ResNet50-Int8
        Get-CamModel none* | Should -BeNullOrEmpty
    }

    It 'takes the file of a network by relative path, drive and odd name' {
        $file = Join-Path $TestDrive 'mein 网络.onnx'
        Copy-Item -LiteralPath $network -Destination $file
        Copy-Item -LiteralPath "$network.data" -Destination $TestDrive
        $null = New-PSDrive -Name Nets -PSProvider FileSystem -Root $TestDrive
        Push-Location -LiteralPath $TestDrive
        try { $models = Get-CamModel $file, './mein 网络.onnx', 'mein 网络.onnx', 'Nets:/mein 网络.onnx' }
        finally { Pop-Location; Remove-PSDrive Nets }

        $models.Path | Should -BeExactly @($file, $file, $file, $file)
        $models[0].Name | Should -BeExactly 'mein 网络'
    }

    It 'says so where the data file of a network is missing' {
        $file = Join-Path $TestDrive 'alone.onnx'
        Copy-Item -LiteralPath $network -Destination $file
        Remove-Item -LiteralPath "$TestDrive/ResNet50.onnx.data" -ErrorAction Ignore

        Get-CamModel $file -ErrorAction SilentlyContinue -ErrorVariable failed

        $failed[0].FullyQualifiedErrorId | Should -BeLike 'ModelUnreadable,*'
        "$($failed[0])" | Should -BeLike '*both files belong together.'
    }

    It 'says that a network is loaded' {
        $null = Get-Prediction "$PSScriptRoot/../../samples/china.jpg"

        (Get-CamModel ResNet50).IsLoaded | Should -BeTrue
    }

    It 'reports <Name> as <Id> and goes on' -ForEach @(
        @{ Name = 'ResNet51'; Id = 'ModelNotFound'; Category = 'ObjectNotFound'; Message = '*Known are *ResNet50*' }
        @{ Name = './none.onnx'; Id = 'ModelNotFound'; Category = 'ObjectNotFound'; Message = '*none.onnx*' }
        @{ Name = './text.onnx'; Id = 'ModelUnreadable'; Category = 'InvalidData'; Message = '*text.onnx*is not an ONNX model.' }
    ) {
        Set-Content -LiteralPath "$TestDrive/text.onnx" -Value 'no network'
        Push-Location -LiteralPath $TestDrive
        try { $models = Get-CamModel $Name, ResNet50 -ErrorAction SilentlyContinue -ErrorVariable problems }
        finally { Pop-Location }

        $models.Name | Should -Be ResNet50
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be "$Id,ClassActivation.Commands.GetCamModelCommand"
        $problems[0].CategoryInfo.Category | Should -Be $Category
        $problems[0].TargetObject | Should -Be $Name
        $problems[0].ErrorDetails.Message | Should -BeLike $Message
    }

    It 'completes names with their source' {
        $completions = (TabExpansion2 'Get-CamModel res' 16).CompletionMatches

        $completions.CompletionText | Should -Contain ResNet50
        ($completions | Where-Object CompletionText -EQ ResNet50).ToolTip | Should -BeLike '*(1,000 classes, float32)'
    }

    It 'is shown in a table' {
        Get-CamModel ResNet50 | Out-String -Width 120 | Should -Match 'ResNet50 +True +float32 +1000 +2048 +\d{1,3}(.\d{3})+'
    }
}
