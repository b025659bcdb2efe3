#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    $script:module = (Resolve-Path "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1").ProviderPath
    Import-Module $module
    $script:photo = (Resolve-Path "$PSScriptRoot/../../samples/china.jpg").ProviderPath
    $script:map = Get-ClassActivationMap -LiteralPath $photo

    function Show($Map) { ($Map | Show-ClassActivationMap -Width 40 -Renderer HalfBlock) -join "`n" }

    function Copy-ThroughClixml($Object) {
        $Object | Export-Clixml -LiteralPath 'TestDrive:/object.xml'
        Import-Clixml -LiteralPath 'TestDrive:/object.xml'
    }
}

Describe 'A map' {
    It 'draws the same after Export-Clixml' {
        Show (Copy-ThroughClixml $map) | Should -BeExactly (Show $map)
    }

    It 'draws the same after Export-Clixml inside of a group' {
        Show (Copy-ThroughClixml ($map | Group-Object Label)).Group | Should -BeExactly (Show $map)
    }

    # Jobs run in the program pwsh itself.
    It 'draws and exports the same after a background job' -Skip:(-not (Test-Path (Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')))) {
        $copy = Start-Job { Import-Module $using:module; Get-ClassActivationMap -LiteralPath $using:photo } | Receive-Job -Wait -AutoRemoveJob

        $copy.PSTypeNames | Should -Contain 'Deserialized.ClassActivation.Maps.ClassActivationMap'
        Show $copy | Should -BeExactly (Show $map)
        $a = $map | Export-CamOverlay -DestinationPath TestDrive:/a
        $b = $copy | Export-CamOverlay -DestinationPath TestDrive:/b
        (Get-FileHash -LiteralPath $b.FullName).Hash | Should -Be (Get-FileHash -LiteralPath $a.FullName).Hash
    }

    It 'draws the same after a thread job' -Skip:(-not (Get-Command Start-ThreadJob -ErrorAction Ignore)) {
        Show (Start-ThreadJob { Import-Module $using:module; Get-ClassActivationMap -LiteralPath $using:photo } | Receive-Job -Wait -AutoRemoveJob) | Should -BeExactly (Show $map)
    }

    It 'is shown in the same views' {
        $copy = Copy-ThroughClixml $map

        $copy | Format-Table | Out-String | Should -BeExactly ($map | Format-Table | Out-String)
        $copy | Format-List | Out-String | Should -BeExactly ($map | Format-List | Out-String)
    }

    It 'is whole in JSON at the default depth' {
        $json = $map | ConvertTo-Json -WarningVariable warnings -WarningAction SilentlyContinue
        $back = $json | ConvertFrom-Json

        $warnings | Should -BeNullOrEmpty
        [float]$back.Map[4][4] | Should -Be $map.Map[4][4]
        $back.Coverage.Width | Should -Be 640
    }

    It 'has flat columns first in CSV' {
        $map | Export-Csv -LiteralPath TestDrive:/maps.csv
        $row = Import-Csv -LiteralPath TestDrive:/maps.csv

        $row.Label | Should -Be bell_cote
        [double]::Parse($row.Probability, [cultureinfo]::InvariantCulture) | Should -Be $map.Probability
        $row.PSObject.Properties.Name[0..4] | Should -Be Path, Rank, ClassIndex, WordNetId, Label
    }

    It 'keeps its feature maps' {
        $map = Get-ClassActivationMap -LiteralPath $photo -IncludeActivation

        $copy = Copy-ThroughClixml $map

        $copy.Activation.Count | Should -Be 2048
        $copy.Activation[30][5][6] | Should -Be $map.Activation[30][5][6]
    }
}

Describe 'Questions' {
    BeforeAll {
        $script:asked = Get-ClassActivationMap -LiteralPath $photo -Class palace -Method LayerCam -Contrast Auto -ContrastStrength 2 -Scale 1, 2 -Flip -Fit Stretch -Resampling Nearest
        $asked | Export-Csv -LiteralPath TestDrive:/asked.csv
    }

    It 'are the same after <Name>' -ForEach @(
        @{ Name = 'CSV'; Back = { Import-Csv -LiteralPath TestDrive:/asked.csv } }
        @{ Name = 'JSON at depth 1'; Back = { $asked | ConvertTo-Json -Depth 1 -WarningAction Ignore | ConvertFrom-Json } }
        @{ Name = 'CLIXML'; Back = { Copy-ThroughClixml $asked } }
        @{ Name = 'nothing at all'; Back = { $asked } }
    ) {
        $again = & $Back | Get-ClassActivationMap

        $again.GetQuestion() | Should -Be $asked.GetQuestion()
        $again.GetPhoto() | Should -Be $asked.GetPhoto()
        $again.Maximum | Should -Be $asked.Maximum
    }

    It 'take enumerations as names and numbers' {
        $row = Import-Csv -LiteralPath TestDrive:/asked.csv
        ($row.Method, $row.Fit, $row.Resampling) | Should -Be LayerCam, Stretch, Nearest
        $row.Method = [int][ClassActivation.Methods.CamMethod]::LayerCam
        ($row | Get-ClassActivationMap).Method | Should -Be LayerCam
    }

    It 'say why they cannot be asked: <Column>' -ForEach @(
        @{ Column = 'Fit'; Value = 'Elsewhere'; Message = "*Fit cannot be 'Elsewhere'*" }
        @{ Column = 'ModelHash'; Value = 'ABC'; Message = '*another network that is called ResNet50*' }
        @{ Column = 'PhotoLength'; Value = '1'; Message = '*may be another photo now*' }
    ) {
        $row = Import-Csv -LiteralPath TestDrive:/asked.csv
        $row.$Column = $Value
        $row | Get-ClassActivationMap -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$problems" | Should -BeLike $Message
    }

    It 'say that a map is not in a row' {
        Import-Csv -LiteralPath TestDrive:/asked.csv | Export-CamOverlay TestDrive:/o -ErrorVariable problems -ErrorAction SilentlyContinue
        "$problems" | Should -BeLike '*values of its map*'
    }

    It 'keep how the photo was shown' {
        $prediction = Get-Prediction -LiteralPath $photo -Top 1 -Fit Stretch
        ($prediction | Get-ClassActivationMap).Probability | Should -Be $prediction.Probability
    }
}

Describe 'Predictions' {
    It 'give the maps of their classes after CSV' {
        Get-Prediction -LiteralPath $photo -Top 3 | Export-Csv -LiteralPath TestDrive:/predictions.csv
        Import-Csv -LiteralPath TestDrive:/predictions.csv | Get-ClassActivationMap | ForEach-Object Rank | Should -Be 1, 2, 3
    }

    It 'give maps after Export-Clixml' {
        $maps = Copy-ThroughClixml (Get-Prediction -LiteralPath $photo -Top 2) | Get-ClassActivationMap

        $maps.Label | Should -Be bell_cote, palace
        Show $maps[0] | Should -BeExactly (Show $map)
    }

    It 'say what they lack where columns were left out, and are not taken for photos alone' {
        $rows = Get-Prediction -LiteralPath $photo -Top 3 | Select-Object Path, Rank, Label | ConvertTo-Csv | ConvertFrom-Csv
        $maps = $rows | Get-ClassActivationMap -ErrorAction SilentlyContinue -ErrorVariable problems
        $maps | Should -BeNullOrEmpty
        @($problems | Where-Object { "$_" -like '*lacks ClassIndex and Model*' }).Count | Should -Be 3
        ($rows | Select-Object Path | Get-ClassActivationMap).Count | Should -Be 3
    }
}

Describe 'A row that was changed in its table' {
    BeforeAll {
        $script:row = Get-ClassActivationMap -LiteralPath $photo | Select-Object * -ExcludeProperty Map | ConvertTo-Csv | ConvertFrom-Csv
    }

    It 'with the <Name> <Value> is one clear error, and the next goes on' -ForEach @(
        @{ Name = 'ClassIndex'; Value = '9999'; Id = 'PredictionChanged,*' }
        @{ Name = 'Label'; Value = 'tench'; Id = 'PredictionChanged,*' }
        @{ Name = 'ContrastClass'; Value = '99999'; Id = 'PredictionChanged,*' }
        @{ Name = 'Resolution'; Value = '0'; Id = 'ParameterArgumentTransformationError,*' }
        @{ Name = 'Scale'; Value = '0'; Id = 'ParameterArgumentTransformationError,*' }
        @{ Name = 'Scale'; Value = '1,x'; Id = 'ParameterArgumentTransformationError,*' }
        @{ Name = 'ContrastStrength'; Value = 'NaN'; Id = 'ParameterArgumentTransformationError,*' }
        @{ Name = 'Masking'; Value = 'foo'; Id = 'ParameterArgumentTransformationError,*' }
    ) {
        $changed = $row.psobject.Copy()
        $changed.$Name = $Value
        $maps = $changed, $row | Get-ClassActivationMap -ErrorAction SilentlyContinue -ErrorVariable problems
        $maps.Label | Should -Be bell_cote
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike $Id
        "$($problems[0])" | Should -Not -BeLike '*Report this*'
    }
}

Describe 'A written picture' {
    BeforeAll {
        $script:folder = Join-Path (Resolve-Path TestDrive:).ProviderPath 'with [brackets]'
        $null = [IO.Directory]::CreateDirectory($folder)
        Copy-Item -LiteralPath $photo -Destination 'TestDrive:/photo[1].jpg'
        $script:picture = Get-ClassActivationMap -LiteralPath 'TestDrive:/photo[1].jpg' | Export-CamOverlay -DestinationPath $folder
    }

    It 'pipes into <_>' -ForEach 'Get-Item', 'Resolve-Path', 'Get-FileHash', 'Get-ItemProperty' {
        $picture | & $_ -ErrorAction Stop | Should -HaveCount 1
    }

    It 'is copied and removed' {
        $picture | Copy-Item -Destination TestDrive:/copy.jpg
        'TestDrive:/copy.jpg' | Should -Exist
        $copy = Copy-ThroughClixml $picture
        $copy | Remove-Item -ErrorAction Stop
        Test-Path -LiteralPath $picture.FullName | Should -BeFalse
    }
}

Describe 'Tables in the language of whoever writes them' {
    It 'hold the same question with <Culture>' -ForEach @{ Culture = 'de-DE' }, @{ Culture = 'fr-FR' }, @{ Culture = 'en-US' } {
        $before = [cultureinfo]::CurrentCulture
        $table = Join-Path $TestDrive "$Culture.csv"
        $map = Get-ClassActivationMap "$PSScriptRoot/../../samples/chelsea.png" -Contrast tabby -ContrastStrength 1.25 -Resolution 96
        try {
            [cultureinfo]::CurrentCulture = $Culture
            $map | Export-Csv -LiteralPath $table -Delimiter ';'
            $there = Import-Csv -LiteralPath $table -Delimiter ';' | Get-ClassActivationMap
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
        $here = Import-Csv -LiteralPath $table -Delimiter ';' | Get-ClassActivationMap
        $there.ContrastStrength, $here.ContrastStrength | Should -Be 1.25, 1.25
        $there.Logit, $here.Logit | Should -Be $map.Logit, $map.Logit
    }
}

Describe 'Boxes of photos from memory' {
    It 'are of as many images as there are photos' {
        $maps = foreach ($name in 'chelsea.png', 'coffee.png', 'flower.jpg') { Get-ClassActivationMap -InputObject ([IO.File]::ReadAllBytes("$PSScriptRoot/../../samples/$name")) -Resolution 96 }
        $file = Join-Path $TestDrive 'memory.json'
        $null = $maps | Get-CamRegion | Export-CamAnnotation $file
        $coco = Get-Content -LiteralPath $file -Raw | ConvertFrom-Json
        $coco.images.file_name | Should -Be ($maps | ForEach-Object { "photo-$($_.PhotoHash.Substring(0, 8).ToLowerInvariant())" })
        $coco.annotations.image_id | Select-Object -Unique | Should -Be $coco.images.id
        foreach ($annotation in $coco.annotations) {
            $image = $coco.images | Where-Object id -EQ $annotation.image_id
            $annotation.bbox[0] + $annotation.bbox[2] | Should -BeLessOrEqual $image.width
            $annotation.bbox[1] + $annotation.bbox[3] | Should -BeLessOrEqual $image.height
        }
    }
}

Describe 'Maps' {
    It 'are the same after a CSV file of the culture <_>' -ForEach 'de-DE', 'sv-SE', 'ar-SA', 'fa-IR', 'tr-TR' {
        $map = Get-ClassActivationMap "$PSScriptRoot/../../samples/chelsea.png" -Concept cat -Contrast lynx -ContrastStrength 0.3 -Resolution 96
        $before = [Threading.Thread]::CurrentThread.CurrentCulture
        try {
            [Threading.Thread]::CurrentThread.CurrentCulture = $_
            $row = $map | ConvertTo-Csv | ConvertFrom-Csv
            $again = $row | Get-ClassActivationMap
        } finally {
            [Threading.Thread]::CurrentThread.CurrentCulture = $before
        }

        # In another one it is read, too.
        foreach ($other in $again, ($row | Get-ClassActivationMap)) {
            $other.GetQuestion() | Should -Be $map.GetQuestion()
            $other.ClassIndex | Should -Be -1
            $other.Probability | Should -Be $map.Probability
        }
    }
}
