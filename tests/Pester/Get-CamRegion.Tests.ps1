#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $samples = "$PSScriptRoot/../../samples"
    $script:folder = Join-Path (Resolve-Path TestDrive:).ProviderPath 'größe [1] x'
    $null = [IO.Directory]::CreateDirectory($folder)
    Copy-Item -LiteralPath "$samples/flower.jpg" -Destination "$folder/fleur é [2].jpg"
    Copy-Item -LiteralPath "$samples/china.jpg" -Destination "$folder/-china.jpg"
    $script:flower = Get-ClassActivationMap -LiteralPath "$folder/fleur é [2].jpg" -Class daisy -Resolution 192
    $script:china = Get-ClassActivationMap -LiteralPath "$folder/-china.jpg" -Class wallaby -Resolution 320
}

Describe 'Get-CamRegion' {
    It 'gives one box for each map of a folder, within its photo and around the peak' {
        $regions = Get-ChildItem -LiteralPath $folder | Get-ClassActivationMap -Class daisy, palace -Resolution 192 | Get-CamRegion

        $regions | Should -HaveCount 4
        $regions | ForEach-Object { "$(Split-Path -Leaf $_.Path) $($_.Label) $($_.Number)" } |
            Should -Be '-china.jpg daisy 1', '-china.jpg palace 1', 'fleur é [2].jpg daisy 1', 'fleur é [2].jpg palace 1'
        foreach ($region in $regions) {
            $region.Left, $region.Top | Should -BeGreaterOrEqual 0
            $region.Left + $region.Width | Should -BeLessOrEqual 640
            $region.Top + $region.Height | Should -BeLessOrEqual 427
            $region.PeakX | Should -BeIn ($region.Left..($region.Left + $region.Width - 1))
            $region.PeakY | Should -BeIn ($region.Top..($region.Top + $region.Height - 1))
            $region.Area | Should -BeLessOrEqual ($region.Width * $region.Height)
            $region.Share | Should -BeGreaterThan 0
            $region.Share | Should -BeLessOrEqual 1
            $region.Mean | Should -BeLessOrEqual $region.Peak
        }
    }

    It 'asks the network for a finer map, says so, carries it, and does not where that is forbidden' {
        $map = Get-ClassActivationMap -LiteralPath $flower.Path -Class daisy -Resolution 96
        $said = $map | Get-CamRegion -Verbose 4>&1
        $region = $said | Where-Object { $_ -isnot [Management.Automation.VerboseRecord] }

        "$($said | Where-Object { $_ -is [Management.Automation.VerboseRecord] })" | Should -Match 'again.*1, 2'
        $region.ActivationMap.Scale | Should -Be '1,2'
        $finer = Get-ClassActivationMap -LiteralPath $flower.Path -Class daisy -Resolution 96 -Scale 1, 2
        "$region" | Should -BeExactly "$($finer | Get-CamRegion)"
        $region.Threshold | Should -Be 0.22
        $region.FitProbability | Should -BeGreaterThan 0
        ($map | Get-CamRegion -AsGiven).ActivationMap.Scale | Should -Be '1'
        ($map | Get-CamRegion 0.3).ActivationMap.Scale | Should -Be '1'
        $map | Export-Clixml -LiteralPath TestDrive:/one.xml
        "$(Import-Clixml -LiteralPath TestDrive:/one.xml | Get-CamRegion)" | Should -BeExactly "$region"
    }

    It 'boxes a map as it is given, with a warning, where its photo is gone' {
        Copy-Item -LiteralPath $flower.Path -Destination TestDrive:/gone.jpg
        Get-ClassActivationMap TestDrive:/gone.jpg -Class daisy -Resolution 96 | Export-Clixml -LiteralPath TestDrive:/gone.xml
        Remove-Item -LiteralPath TestDrive:/gone.jpg
        $region = Import-Clixml -LiteralPath TestDrive:/gone.xml | Get-CamRegion -WarningVariable warnings -WarningAction SilentlyContinue

        $region.ActivationMap.Scale | Should -Be '1'
        "$warnings" | Should -Match 'gone\.jpg.*not at hand'
    }

    It 'finds all regions, the largest first, and leaves out small ones' {
        $all = $china | Get-CamRegion 0.3 -All

        $all.Count | Should -BeGreaterThan 1
        $all.Number | Should -Be (1..$all.Count)
        $all.Area | Should -Be ($all.Area | Sort-Object -Descending)
        ($china | Get-CamRegion 0.3).Area | Should -Be $all[0].Area
        ($china | Get-CamRegion 0.3 -All -MinArea $all[1].Area).Number | Should -Be (@($all).Where{ $_.Area -ge $all[1].Area }.Number)
        $china | Get-CamRegion -MinArea 1e9 | Should -BeNullOrEmpty
    }

    It 'makes smaller boxes of higher thresholds, and the whole photo of none' {
        ($flower | Get-CamRegion 0.5).Area | Should -BeLessThan ($flower | Get-CamRegion 0.2).Area
        $whole = $flower | Get-CamRegion 0 -Normalization MinMax
        $whole.Width, $whole.Height, $whole.Area, $whole.Share | Should -Be 640, 427, (640 * 427), 1
    }

    It 'takes maps after Export-Clixml and a comparison for its difference' {
        $flower | Export-Clixml -LiteralPath TestDrive:/map.xml

        "$(Import-Clixml -LiteralPath TestDrive:/map.xml | Get-CamRegion 0.3)" | Should -BeExactly "$($flower | Get-CamRegion 0.3)"
        (Get-ClassActivationMap -LiteralPath $flower.Path -Class bee -Resolution 192 | Compare-ClassActivationMap $flower | Get-CamRegion).Label |
            Should -Be 'bee minus daisy'
    }

    It 'refuses what is no map, and goes on with the next' {
        $regions = 'text', $flower | Get-CamRegion -ErrorAction SilentlyContinue -ErrorVariable problems

        $regions | Should -HaveCount 1
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'ParameterArgumentTransformationError,ClassActivation.Commands.GetCamRegionCommand'
        $problems[0].TargetObject | Should -Be 'text'
    }

    It 'refuses nonsense' {
        { $flower | Get-CamRegion 1.5 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { $flower | Get-CamRegion -MinArea -1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { $flower | Get-CamRegion -Normalization Some } | Should -Throw '*Positive*'
    }

    It 'is shown as a table with numbers and the photo''s name, after Export-Clixml too' {
        $region = $flower | Get-CamRegion
        $region | Export-Clixml -LiteralPath TestDrive:/region.xml
        $text = $region | Out-String -Width 80

        $text | Should -Match 'Label\s+Number\s+Left\s+Top\s+Width\s+Height\s+Area\s+Share\s+Path'
        $text | Should -Match "daisy\s+1\s+$($region.Left)\s+$($region.Top)\s.*leur é \[2\]\.jpg"
        $text -split '\r?\n' | Where-Object Length -GT 80 | Should -BeNullOrEmpty
        Import-Clixml -LiteralPath TestDrive:/region.xml | Out-String -Width 80 | Should -BeExactly $text
    }
}

Describe 'Get-CamRegion -Sufficient' {
    It 'gives a part of the photo, how often it asked, and the pixels of the input' {
        $map = Get-ClassActivationMap -LiteralPath "$PSScriptRoot/../../samples/coffee.png"
        $part = $map | Get-CamRegion -Sufficient -Replacement Mean

        $part | Should -HaveCount 1
        $part.Label | Should -Be espresso
        $part.Passes | Should -BeGreaterThan 3
        $part.Passes | Should -BeLessOrEqual 50
        $part.Area | Should -BeLessThan (0.5 * $map.PhotoWidth * $map.PhotoHeight)
        $mask = $part.GetMask()
        $mask.Count | Should -Be $map.InputHeight
        $mask[0].Count | Should -Be $map.InputWidth
        $part.FitProbability | Should -BeNullOrEmpty
        $part.Threshold | Should -BeGreaterOrEqual 0
        $part.Left + $part.Width | Should -BeLessOrEqual $map.PhotoWidth
        $part.Top + $part.Height | Should -BeLessOrEqual $map.PhotoHeight
    }

    It 'says so for a class that is not the best answer, and goes on' {
        $parts = Get-ClassActivationMap "$PSScriptRoot/../../samples/coffee.png" -Class daisy, espresso -Resolution 96 |
            Get-CamRegion -Sufficient -ErrorVariable problems -ErrorAction SilentlyContinue

        $parts.Label | Should -Be espresso
        $problems.FullyQualifiedErrorId | Should -Be 'ClassNotOnTop,ClassActivation.Commands.GetCamRegionCommand'
    }

    It 'goes on with what it says through CLIXML' {
        $part = Get-ClassActivationMap "$PSScriptRoot/../../samples/coffee.png" -Resolution 96 | Get-CamRegion -Sufficient
        $part | Export-Clixml -LiteralPath TestDrive:/part.xml -Depth 4
        $back = Import-Clixml -LiteralPath TestDrive:/part.xml

        $back.Passes | Should -Be $part.Passes
        $back.ProbabilityAlone | Should -Be $part.ProbabilityAlone
        $back | Export-CamOverlay -DestinationPath (Join-Path $TestDrive parts) | Should -Exist
    }

    It 'does not go with a threshold' {
        { Get-ClassActivationMap "$PSScriptRoot/../../samples/coffee.png" -Resolution 96 | Get-CamRegion -Sufficient -Threshold 0.3 } |
            Should -Throw -ErrorId 'AmbiguousParameterSet*'
    }
}

Describe 'Several maps of one photo' {
    It 'are made finer together, and give the boxes that they give alone, in their order' {
        $maps = Get-ClassActivationMap -LiteralPath $flower.Path -Class daisy, vase -Method Cam, LayerCam -Resolution 96
        $said = $maps | Get-CamRegion -Verbose 4>&1
        $together = $said | Where-Object { $_ -isnot [Management.Automation.VerboseRecord] }

        @($said | Where-Object { $_ -match 'again' }) | Should -HaveCount 1
        $alone = foreach ($map in $maps) { $map | Get-CamRegion }
        $together | ForEach-Object { "$_ $($_.Method) $($_.Peak)" } | Should -BeExactly ($alone | ForEach-Object { "$_ $($_.Method) $($_.Peak)" })
        $maps | Get-CamRegion -InStep | ForEach-Object { "$_" } | Should -BeExactly ($alone | ForEach-Object { "$_" })
    }
}
