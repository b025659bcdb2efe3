#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $samples = "$PSScriptRoot/../../samples"
    $script:folder = Join-Path (Resolve-Path TestDrive:).ProviderPath 'größe [1] x'
    $null = [IO.Directory]::CreateDirectory($folder)
    Copy-Item -LiteralPath "$samples/flower.jpg" -Destination "$folder/fleur é [2].jpg"
    Copy-Item -LiteralPath "$samples/chelsea.png" -Destination "$folder/cat.png"
    $script:flower = Get-ClassActivationMap -LiteralPath "$folder/fleur é [2].jpg" -Class daisy -Resolution 288
    $script:cat = Get-ClassActivationMap -LiteralPath "$folder/cat.png" -Class tabby -Resolution 288
    $script:table = "$folder/böxes [3].csv"
    Set-Content -LiteralPath $table -Value 'file,label,xmin,ymin,xmax,ymax', 'fleur é [2].jpg,daisy,170,100,446,378', 'cat.png,tabby,0,0,400,300'

    function IdAndMore($Record) { "$($Record.FullyQualifiedErrorId) $($Record.CategoryInfo.Category) $($Record.TargetObject)" }
}

Describe 'Measure-CamLocalization' {
    It 'sums up the maps of a folder in one object' {
        $measured = Get-ChildItem -LiteralPath $folder -Exclude *.csv | Get-ClassActivationMap -Class daisy, tabby -Resolution 288 |
            Measure-CamLocalization $table -ErrorAction SilentlyContinue

        $measured | Should -HaveCount 1
        $measured.Count | Should -Be 2
        Split-Path -Leaf $measured.Photos.Path | Should -Be 'cat.png', 'fleur é [2].jpg'
        $measured.MaxBoxAccV2 | Should -Be (($measured.BoxAcc30 + $measured.BoxAcc50 + $measured.BoxAcc70) / 3)
        $measured.MaxBoxAcc | Should -Be $measured.BoxAcc50
        $measured.MeanIoU | Should -Be (($measured.Photos.IoU | Measure-Object -Average).Average)
        $measured.PointingGame | Should -Be (@($measured.Photos.IsHit).Where{ $_ }.Count / 2)
    }

    It 'measures the box of Get-CamRegion' {
        $region = $flower | Get-CamRegion 0.3
        $common = ([Math]::Min($region.Left + $region.Width, 446) - [Math]::Max($region.Left, 170)) *
            ([Math]::Min($region.Top + $region.Height, 378) - [Math]::Max($region.Top, 100))
        $expected = $common / ($region.Width * $region.Height + 276 * 278 - $common)

        $photo = ($flower | Measure-CamLocalization $table -Threshold 0.3).Photos[0]

        [Math]::Abs($photo.IoU - $expected) | Should -BeLessThan 1e-9
        $photo.BestIoU | Should -BeGreaterOrEqual $photo.IoU
        $photo.Label, $photo.BoxCount | Should -Be daisy, 1
    }

    It 'knows when a map is right and when it points elsewhere' {
        $region = $flower | Get-CamRegion -AsGiven
        $box = $region.Left, $region.Top, ($region.Left + $region.Width), ($region.Top + $region.Height) -join "`t"
        Set-Content -LiteralPath "$folder/right.tsv" -Value "file`txmin`tymin`txmax`tymax", "fleur é [2].jpg`t$box"
        Set-Content -LiteralPath "$folder/wrong.tsv" -Value "file`txmin`tymin`txmax`tymax", "fleur é [2].jpg`t0`t0`t12`t12"

        $right = $flower | Measure-CamLocalization "$folder/right.tsv"
        $wrong = $flower | Measure-CamLocalization "$folder/wrong.tsv"

        $right.MeanIoU, $right.MaxBoxAccV2, $right.PointingGame | Should -Be 1, 1, 1
        $wrong.MaxBoxAccV2, $wrong.PointingGame | Should -Be 0, 0
    }

    It 'names a photo without a true box and measures the others' {
        $lost = Get-ClassActivationMap -LiteralPath $cat.Path -Class daisy -Resolution 96

        $measured = $lost, $flower | Measure-CamLocalization $table -ErrorAction SilentlyContinue -ErrorVariable problems

        $measured.Count | Should -Be 1
        $problems | Should -HaveCount 1
        IdAndMore $problems[0] | Should -Be "GroundTruthLacksPhoto,ClassActivation.Commands.MeasureCamLocalizationCommand ObjectNotFound $($cat.Path)"
        "$($problems[0])" | Should -Match 'daisy'
        $lost | Measure-CamLocalization $table -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
    }

    It 'ends with one error for a table that <Case>' -ForEach @(
        @{ Case = 'is missing'; Lines = $null; Id = 'GroundTruthNotFound'; Category = 'ObjectNotFound' }
        @{ Case = 'lacks columns'; Lines = @('file,xmin'); Id = 'GroundTruthInvalid'; Category = 'InvalidData' }
        @{ Case = 'has a box inside out'; Lines = @('file,xmin,ymin,xmax,ymax', 'a.jpg,9,0,1,5'); Id = 'GroundTruthInvalid'; Category = 'InvalidData' }
        @{ Case = 'has words for numbers'; Lines = @('file,xmin,ymin,xmax,ymax', 'a.jpg,1,2,x,4'); Id = 'GroundTruthInvalid'; Category = 'InvalidData' }
    ) {
        $bad = Join-Path $folder "$([guid]::NewGuid()).csv"
        if ($Lines) { Set-Content -LiteralPath $bad -Value $Lines }

        $problem = { $flower, $cat | Measure-CamLocalization $bad } | Should -Throw -PassThru

        IdAndMore $problem | Should -Be "$Id,ClassActivation.Commands.MeasureCamLocalizationCommand $Category $bad"
        "$problem" | Should -Match ([regex]::Escape($bad))
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'takes maps after Export-Clixml, and its result survives it' {
        $live = $flower, $cat | Measure-CamLocalization $table
        $flower, $cat | Export-Clixml -LiteralPath TestDrive:/maps.xml
        Import-Clixml -LiteralPath TestDrive:/maps.xml | Measure-CamLocalization $table | Export-Clixml -LiteralPath TestDrive:/measured.xml
        $copy = Import-Clixml -LiteralPath TestDrive:/measured.xml

        $copy.MeanIoU | Should -Be $live.MeanIoU
        $copy.Photos.BestIoU | Should -Be $live.Photos.BestIoU
        $copy.Photos | Out-String | Should -BeExactly ($live.Photos | Out-String)
        ($live | ConvertTo-Json -WarningAction Stop | ConvertFrom-Json).Photos[1].Label | Should -Be tabby
    }

    It 'shows its photos as a table and itself as a list' {
        $measured = $flower | Measure-CamLocalization $table

        $measured | Out-String | Should -Match '(?m)^MaxBoxAccV2\s+: '
        $measured.Photos | Out-String | Should -Match 'Label\s+IoU\s+BestIoU\s+BestThreshold\s+IsHit\s+Path'
        $measured.Photos | Out-String | Should -Match 'daisy .*fleur é \[2\]\.jpg'
    }

    It 'refuses nonsense' {
        { $flower | Measure-CamLocalization $table -Threshold 2 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { $flower | Measure-CamLocalization $table -Tolerance -1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { 'text' | Measure-CamLocalization $table -ErrorAction Stop } | Should -Throw '*Get-ClassActivationMap belongs between*'
    }
}
