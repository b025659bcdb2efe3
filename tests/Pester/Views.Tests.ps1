#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    $script:root = (Resolve-Path "$PSScriptRoot/../..").ProviderPath
    Import-Module "$root/out/ClassActivation/ClassActivation.psd1"
    $script:samples = "$root/samples"
    $script:photos = Get-ChildItem -LiteralPath $samples -File
    $map = Get-ClassActivationMap "$samples/chelsea.png" -Resolution 96
    $trust = $map | Test-CamTrust -Step 1 -Stage 0
    $script:shown = (Get-Prediction "$samples/chelsea.png" -Top 2), $map, ($map | Get-CamRegion -AsGiven), $trust, $trust.Photos, ($map | Measure-CamFaithfulness -Step 1 -RandomCount 1),
        ($map | Measure-CamFaithfulness -Step 1 -RandomCount 1 -Summary), ($map | Export-CamOverlay "$TestDrive/whole"), (Get-CamModel), (Get-CamModelLayer conv5*), (Get-CamClass *cat), (Get-CamConcept *cat*)
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

        $lines[0] | Should -Match '^Label +Probability +Width +Height +Length +Name$'
        ($lines[2..9] | ForEach-Object { $_.Substring([math]::Min($_.Length, $lines[0].IndexOf('Name'))).Trim() }) -join '' | Should -Be $picture.Name
        $lines[2] | Should -Match " $($picture.Width) +$($picture.Height) "
    }

    It 'have whole columns at <_> columns' -ForEach 39, 40, 79, 80, 120, 160 {
        $width = $_
        foreach ($rows in $shown) {
            $lines = ($rows | Show $width) -split '\r?\n' | Where-Object { $_ -and $_ -notmatch '^ *(Photo|Map): ' }
            $type = @($rows)[0].GetType().Name
            $rule = @($lines -match '^ *-+( +-+)* *$')[0]
            # No column is too narrow to be read: what does not fit is left out.
            foreach ($column in $rule.Trim() -split ' +') { $column.Length | Should -BeGreaterThan 2 -Because "$type at $width columns: $rule" }
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width -Because $type
            if ($width -ge 79 -and $type -ne 'LayerSummary') { $lines.IndexOf($rule) | Should -BeLessOrEqual 2 -Because "$type has its names in one line, or two, at $width columns" }
        }
    }

    It 'break names at words' {
        $prediction = Get-Prediction "$samples/chelsea.png" -Top 1000 | Where-Object Label -In Greater_Swiss_Mountain_dog, 'black-and-tan_coonhound'
        foreach ($width in 40, 80) {
            $text = $prediction | Show $width
            foreach ($part in 'Greater_Swiss_', 'Mountain_dog', 'black-and-tan_', 'coonhound') { $text | Should -Match ([regex]::Escape($part)) }
        }
    }

    It 'show of a path as much as the window has room for' {
        $text = [ClassActivation.Commands.CellText]
        # Without a window there are 80 columns, of which PowerShell leaves the last free.
        $path = '/a/' + 'b' * 100 + '/photo.jpg'
        $room = $text::Room($Host, 51)
        $text::PathEnd($path, $Host, 51) | Should -Be ('…' + $path.Substring($path.Length - [math]::Min($room, $path.Length) + 1)) -Because "there is room for $room"
        $text::PathEnd('/a/photo.jpg', $Host, 51) | Should -Be '/a/photo.jpg'
        $text::PathEnd($path, $Host, 10000) | Should -Be '…/photo.jpg'
    }

    It 'of maps tell method, contrast and network' {
        $text = Get-ClassActivationMap "$samples/chelsea.png" -Method Cam, LayerCam -Contrast lynx | Show 120
        $text | Should -Match 'LayerCam'
        $text | Should -Match 'lynx'
        $text | Should -Match 'ResNet50'
        $text | Should -Not -Match '×'
    }
}
