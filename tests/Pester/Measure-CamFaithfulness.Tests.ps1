#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = "$PSScriptRoot/../../samples"
    $script:folder = Join-Path (Resolve-Path TestDrive:).ProviderPath 'größe [1] x'
    $null = [IO.Directory]::CreateDirectory($folder)
    Copy-Item -LiteralPath "$samples/chelsea.png" -Destination "$folder/cät [2].png"
    Copy-Item -LiteralPath "$samples/coffee.png" -Destination "$folder/coffee.png"
    $script:quick = @{ Step = 2; RandomCount = 1 }
    $script:cat = Get-ClassActivationMap -LiteralPath "$folder/cät [2].png" -Top 2 -Resolution 96
    $script:rows = $cat[0] | Measure-CamFaithfulness @quick
}

Describe 'Measure-CamFaithfulness' {
    It 'measures no map on a photo that took the place of its own' {
        $ErrorActionPreference = 'Continue'
        $path = Join-Path $folder replaced.png
        Copy-Item -LiteralPath "$samples/chelsea.png" $path
        $map = Get-ClassActivationMap -LiteralPath $path -Resolution 96
        Copy-Item -LiteralPath "$samples/coffee.png" $path -Force
        foreach ($test in { $map | Measure-CamFaithfulness @quick }, { $map | Test-CamTrust }, { $map | Export-CamOverlay $folder }, { $map | Export-CamSheet (Join-Path $folder s.png) }) {
            $null = & $test 2>&1 | ForEach-Object { $_ } -OutVariable output
            ($output | Where-Object { $_ -is [Management.Automation.ErrorRecord] } | Select-Object -First 1).FullyQualifiedErrorId | Should -BeLike 'PhotoChanged,*' -Because "$test"
            $output | Where-Object { $_ -is [ClassActivation.Faithfulness.CamFaithfulness] } | Should -BeNullOrEmpty
        }
    }

    It 'measures a map and its baselines' {
        $rows.Map | Should -Be Cam, Center, Random
        $rows.IsBaseline | Should -Be $false, $true, $true
        $rows | ForEach-Object { "$($_.Path) $($_.Label) $($_.Model)" } | Select-Object -Unique | Should -Be "$($cat[0].Path) $($cat[0].Label) ResNet50"
        foreach ($row in $rows) {
            $row.DeletionCurve | Should -HaveCount 3
            $row.InsertionCurve | Should -HaveCount 3
            # Nothing deleted and all inserted is the photo itself.
            $row.DeletionCurve[0], $row.InsertionCurve[-1] | Should -Be $row.Probability, $row.Probability
            [Math]::Abs($row.Deletion - ($row.DeletionCurve[0] / 2 + $row.DeletionCurve[1] + $row.DeletionCurve[2] / 2) / 2) | Should -BeLessThan 1e-6
            $row.AverageDrop | Should -BeGreaterOrEqual 0
            $row.AverageDrop | Should -BeLessOrEqual 1
            [Math]::Abs($row.Road - ($row.RoadLeastRelevantFirst - $row.RoadMostRelevantFirst) / 2) | Should -BeLessThan 1e-6
        }
    }

    It 'takes the maps of a folder, which share baselines where class and photo are the same' {
        $maps = Get-ChildItem -LiteralPath $folder -Filter c*t*.png | Get-ClassActivationMap -Class tabby -Method Cam, LayerCam -Resolution 96

        ($maps | Measure-CamFaithfulness @quick -Baseline Center).Map | Should -Be Cam, LayerCam, Center
        ($cat | Measure-CamFaithfulness @quick -Baseline None).Label | Should -Be $cat.Label
    }

    It 'sums up with -Summary' {
        $summary = $cat[0] | Measure-CamFaithfulness @quick -Summary

        $summary.Measure | Should -Be Deletion, Insertion, AverageDrop, IncreaseInConfidence, Road
        $summary.Better | Should -Be Lower, Higher, Lower, Higher, Higher
        $summary | ForEach-Object Count | Should -Be 1, 1, 1, 1, 1
        $summary[0].Mean, $summary[0].Center, $summary[0].Random | Should -Be $rows.Deletion
        $summary[0].BeatsRandom | Should -Be ([int]($rows[0].Deletion -lt $rows[2].Deletion))
        $summary[1].BeatsCenter | Should -Be ([int]($rows[0].Insertion -gt $rows[1].Insertion))
        @() | Measure-CamFaithfulness -Summary | Should -BeNullOrEmpty
    }

    It 'gives the same figures for the same seed, after Export-Clixml too' {
        $cat[0] | Export-Clixml -LiteralPath TestDrive:/map.xml

        $again = Import-Clixml -LiteralPath TestDrive:/map.xml | Measure-CamFaithfulness @quick
        $other = $cat[0] | Measure-CamFaithfulness @quick -Seed 7 -Baseline Random

        $again.Deletion | Should -Be $rows.Deletion
        $again.Road | Should -Be $rows.Road
        $other[1].Deletion | Should -Not -Be $rows[2].Deletion
    }

    It 'is shown as a table grouped by photo, after Export-Clixml too, and has flat columns in CSV' {
        $rows | Export-Clixml -LiteralPath TestDrive:/rows.xml
        $text = $rows | Out-String -Width 80

        $text | Should -Match "Photo: cät \[2\]\.png: $($cat[0].Label) "
        $text | Should -Match 'Map\s+Deletion\s+Insertion\s+AverageDrop\s+IncreaseInConfidence\s+Road'
        ([regex]::Matches($text, 'Photo: ')).Count | Should -Be 1
        Import-Clixml -LiteralPath TestDrive:/rows.xml | Out-String -Width 80 | Should -BeExactly $text
        $row = $rows[0] | ConvertTo-Csv | ConvertFrom-Csv
        [double]::Parse($row.Insertion, [cultureinfo]::InvariantCulture) | Should -Be $rows[0].Insertion
    }

    It 'goes on after a photo that is gone' {
        $gone = Join-Path $folder gone.png
        Copy-Item -LiteralPath "$folder/coffee.png" -Destination $gone
        $lost = Get-ClassActivationMap -LiteralPath $gone -Resolution 96
        Remove-Item -LiteralPath $gone

        $measured = $lost, $cat[0] | Measure-CamFaithfulness @quick -Baseline None -ErrorAction SilentlyContinue -ErrorVariable problems

        $measured.Path | Should -Be $cat[0].Path
        $problems | Should -HaveCount 1
        "$($problems[0].FullyQualifiedErrorId) $($problems[0].CategoryInfo.Category) $($problems[0].TargetObject)" |
            Should -Be "PhotoNotFound,ClassActivation.Commands.MeasureCamFaithfulnessCommand ObjectNotFound $gone"
    }

    It 'measures a photo from memory, and says so where it is lost' {
        $map = Get-ClassActivationMap -InputObject ([IO.File]::ReadAllBytes("$folder/coffee.png")) -Name 'cup' -Resolution 96
        $map | Export-Clixml -LiteralPath TestDrive:/memory.xml

        ($map | Measure-CamFaithfulness @quick -Baseline None).Path | Should -Be cup
        { Import-Clixml -LiteralPath TestDrive:/memory.xml | Measure-CamFaithfulness @quick -ErrorAction Stop } | Should -Throw -ErrorId 'PhotoGone,*'
    }

    It 'refuses an unknown network and nonsense' {
        $problem = { $cat | Measure-CamFaithfulness -Model Nowhere } | Should -Throw -ErrorId 'ModelNotFound,*' -PassThru
        $problem.CategoryInfo.Category, $problem.TargetObject | Should -Be ObjectNotFound, Nowhere
        { $cat | Measure-CamFaithfulness -Step 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { $cat | Measure-CamFaithfulness -Replacement Nothing } | Should -Throw '*Blur*'
    }
}
