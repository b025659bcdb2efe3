#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery { $script:unix = -not $IsWindows }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'A photo whose name has escape sequences' -Skip:(-not $unix) {
    BeforeAll {
        # Pester's own drive cannot remove such names.
        $script:folder = [IO.Directory]::CreateTempSubdirectory('ClassActivation Tests ').FullName
        # Sets the window's title, clears the screen, and turns the direction of writing.
        $photo = Join-Path $folder "`e]0;owned`a`e[2Jcat$([char] 0x202E)gnp.png"
        [IO.File]::Copy("$samples/chelsea.png", $photo)
        $map = Get-ClassActivationMap -LiteralPath $photo
        $script:objects = @{
            Prediction = Get-Prediction -LiteralPath $photo -Top 1
            Map        = $map
            Feature    = Get-FeatureMap -LiteralPath $photo -Index 0
            Region     = $map | Get-CamRegion
            Comparison = $map | Compare-ClassActivationMap $map
            Picture    = $map | Export-CamOverlay (Join-Path $folder 'pictures') -MaxSize 64
        }
    }

    AfterAll { [IO.Directory]::Delete($folder, $true) }

    It 'shows <Kind> with none in <View>' -ForEach @(
        foreach ($kind in 'Prediction', 'Map', 'Feature', 'Region', 'Comparison', 'Picture') {
            foreach ($view in 'Out-String', 'Format-List', 'Format-Table') { @{ Kind = $kind; View = $view } }
        }
    ) {
        $text = $objects[$Kind] | & $View | Out-String -Width 300
        $copy = [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($objects[$Kind])) | & $View | Out-String -Width 300

        foreach ($shown in $text, $copy) {
            $shown | Should -Match 'gnp'
            $shown | Should -Not -Match '[\x00-\x09\x0B\x0C\x0E-\x1F\x7F-\x9F\u202A-\u202E]'
        }
    }

    It 'is an error without them in every view of errors' -ForEach 'ConciseView', 'NormalView', 'CategoryView' {
        $bad = Join-Path $folder "`e]0;owned`a`e[2Jbad.png"
        [IO.File]::WriteAllText($bad, 'no photo')
        $ErrorView = $_

        $null = Get-Prediction -LiteralPath $bad -ErrorVariable problem -ErrorAction SilentlyContinue

        $shown = $problem[0] | Out-String -Width 500
        $shown | Should -Match 'bad.png'
        $shown | Should -Not -Match '[\x00-\x09\x0B\x0C\x0E-\x1F\x7F-\x9F]'
    }
}
