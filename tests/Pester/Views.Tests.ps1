#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    $script:root = (Resolve-Path "$PSScriptRoot/../..").ProviderPath
    Import-Module "$root/out/ClassActivation/ClassActivation.psd1"
    $script:samples = "$root/samples"
    $script:photos = Get-ChildItem -LiteralPath $samples -File
    function Show([int] $Width = 80) { $input | Out-String -Width $Width }
}

Describe 'Tables' {
    It 'name columns as the properties are named' {
        $views = ([xml](Get-Content -LiteralPath "$root/ClassActivation.format.ps1xml" -Raw)).Configuration.ViewDefinitions.View
        $tables = $views | Where-Object TableControl
        $tables.Count | Should -BeGreaterThan 10
        foreach ($view in $tables) {
            $type = $view.ViewSelectedBy.TypeName[0] -as [type]
            $type | Should -Not -BeNullOrEmpty -Because "the view $($view.Name) is for a type"
            foreach ($label in $view.TableControl.TableHeaders.TableColumnHeader.Label) {
                $type.GetProperty($label) | Should -Not -BeNullOrEmpty -Because "$type has a column $label"
            }
        }
    }

    It 'are one for many photos' {
        $text = $photos | Get-Prediction -Top 1 | Show
        [regex]::Matches($text, 'Probability').Count | Should -Be 1
        foreach ($photo in $photos) { $text | Should -Match ([regex]::Escape($photo.Name)) }
    }

    It 'cut no label at 80 columns' {
        $label = 'Greater_Swiss_Mountain_dog'
        foreach ($rows in (Get-ClassActivationMap "$samples/chelsea.png" -Class $label, lynx -Method Cam, GradCamPlusPlus),
            (Get-ClassActivationMap "$samples/chelsea.png" -Class $label | Get-CamRegion),
            (Get-Prediction "$samples/chelsea.png" -Top 1000 | Where-Object Label -EQ $label)) {
            $text = ($rows | Show) -replace '\s', ''
            # A cell that is too narrow goes on in the next line.
            foreach ($part in 'Greater_', 'dog') { $text | Should -Match $part }
        }
    }

    It 'of networks and of trust fit into 80 columns, and cut nothing' {
        foreach ($text in (Get-CamModel | Show), (Get-ClassActivationMap "$samples/chelsea.png" -Resolution 96 | Test-CamTrust -Step 2 -Stage 0 | Show)) {
            $text | Should -Not -Match '…'
            $text | Should -Match 'ResNet50'
            ($text -split '\r?\n' | Where-Object { $_ })[1] | Should -Match '^-+ '
        }
    }

    It 'of pictures have room for their figures, and cut no name' {
        $maps = Get-ClassActivationMap "$samples/chelsea.png" -Class lynx -Contrast Egyptian_cat, tiger_cat, tabby
        $picture = $maps | Export-CamOverlay "$TestDrive/views"
        $lines = ($picture | Show) -split '\r?\n' | Where-Object { $_ }

        $lines[0] | Should -Match '^Name +Label +Probability +Width +Height +Length$'
        ($lines[2..9] | ForEach-Object { $_.Substring(0, [math]::Min($_.Length, $lines[0].IndexOf('Label'))).Trim() }) -join '' | Should -Be $picture.Name
        $lines[2] | Should -Match " $($picture.Width) +$($picture.Height) "
    }

    It 'of maps tell method, contrast and network' {
        $text = Get-ClassActivationMap "$samples/chelsea.png" -Method Cam, LayerCam -Contrast lynx | Show 120
        $text | Should -Match 'LayerCam'
        $text | Should -Match 'lynx'
        $text | Should -Match 'ResNet50'
        $text | Should -Not -Match '×'
    }
}
