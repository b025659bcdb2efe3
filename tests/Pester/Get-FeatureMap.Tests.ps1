#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
}

Describe 'Get-FeatureMap' {
    It 'gives the maps asked for, in their order' {
        $maps = Get-FeatureMap "$samples/china.jpg" 30, 3

        $maps.Index | Should -Be 30, 3
        $maps[0].Map | Should -HaveCount $maps[0].Rows
        $maps[0].Map[0] | Should -HaveCount $maps[0].Columns
        ($maps[0].Map | ForEach-Object { $_ } | Measure-Object -Maximum).Maximum | Should -Be $maps[0].Maximum
    }

    It 'gives what a map of a class was computed from' {
        $activation = (Get-ClassActivationMap "$samples/china.jpg" -IncludeActivation).Activation[30]

        $map = (Get-FeatureMap "$samples/china.jpg" 30).Map

        for ($row = 0; $row -lt $map.Count; $row++) { $map[$row] | Should -Be $activation[$row] }
    }

    It 'takes file objects, relative paths and odd names' {
        Copy-Item -LiteralPath "$samples/chelsea.png" -Destination "$TestDrive/my 猫[1].png"
        Push-Location -LiteralPath $TestDrive
        try {
            $maps = @(Get-ChildItem | Get-FeatureMap -Index 5) + @(Get-FeatureMap -LiteralPath './my 猫[1].png' -Index 5)
        }
        finally { Pop-Location }

        $maps.Path | Should -BeExactly @((Join-Path $TestDrive 'my 猫[1].png'), (Join-Path $TestDrive 'my 猫[1].png'))
    }

    It 'goes on after a photo that is not there' {
        $maps = "$TestDrive/none.jpg", "$samples/china.jpg" | Get-FeatureMap -Index 0 -ErrorAction SilentlyContinue -ErrorVariable problems

        $maps.Path | Should -Be (Join-Path $samples china.jpg)
        $problems[0].FullyQualifiedErrorId | Should -Be 'PhotoNotFound,ClassActivation.Commands.GetFeatureMapCommand'
        $problems[0].TargetObject | Should -Be "$TestDrive/none.jpg"
    }

    It 'ends on a map that the network does not have' {
        { Get-FeatureMap "$samples/china.jpg" 2048 } | Should -Throw '*it has 2?048 maps, numbered from 0.' -ErrorId 'FeatureMapNotFound,*'
        { Get-FeatureMap "$samples/china.jpg" -1 } | Should -Throw '*minimum allowed range of 0*'
    }

    It 'is shown as a table of several and with its values' {
        $maps = Get-FeatureMap "$samples/china.jpg" 30, 3

        $maps | Format-List | Out-String -Width 120 | Should -Match ([regex]::Escape($maps[0].Map[4][4].ToString('0.00')))
        $maps | Format-Table Index, Rows, Columns | Out-String | Should -Match "(?m)^ +30 +$($maps[0].Rows) +$($maps[0].Columns)"
    }
}
