#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
}

Describe 'Get-CamModelLayer' {
    It 'lists the layers as the summary of Keras does' {
        $layers = Get-CamModelLayer

        $layers | Should -HaveCount 177
        $layers[0].Type | Should -Be InputLayer
        $layers[-1].Name | Should -Be predictions
        # Counted from the shapes: K*K*3*64 weights and 64 biases.
        ($layers | Where-Object Name -EQ conv1_conv).Parameters | Should -Be (7 * 7 * 3 * 64 + 64)
        ($layers | Measure-Object Parameters -Sum).Sum | Should -Be 25636712
    }

    It 'takes names and wildcards' {
        (Get-CamModelLayer conv1_conv, AVG_*).Name | Should -Be conv1_conv, avg_pool
        Get-CamModelLayer none* | Should -BeNullOrEmpty
    }

    It 'takes the network from a map' {
        (Get-ClassActivationMap "$samples/china.jpg" | Get-CamModelLayer avg_pool).OutputShape[-1] | Should -Be 2048
    }

    It 'goes on after a layer that is not there' {
        $layers = Get-CamModelLayer conv1_con, avg_pool -ErrorAction SilentlyContinue -ErrorVariable problems

        $layers.Name | Should -Be avg_pool
        $problems[0].FullyQualifiedErrorId | Should -Be 'LayerNotFound,ClassActivation.Commands.GetCamModelLayerCommand'
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $problems[0].TargetObject | Should -Be conv1_con
    }

    It 'ends on a network that is not there, and completes those that are' {
        { Get-CamModelLayer -Model ResNet51 } | Should -Throw '*ResNet51*' -ErrorId 'ModelNotFound,*'
        (TabExpansion2 'Get-CamModelLayer -Model ResNet50-' 34).CompletionMatches.CompletionText | Should -Be ResNet50-Int8
    }

    It 'is shown in a table' {
        Get-CamModelLayer conv1_conv | Out-String -Width 120 | Should -Match 'conv1_conv +Conv2D .*112.*64.* 9,472 +False +conv1_pad'
    }
}
