#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    $script:module = (Resolve-Path "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1").ProviderPath
    Import-Module $module
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
}

Describe 'Get-Prediction' {
    It 'takes the name <_> as it is' -ForEach 'photo[1].png', 'two words.png', 'Größe-猫-🐈.png', '-leading.png', "quote's.png" {
        $path = Join-Path $TestDrive $_
        Copy-Item -LiteralPath "$samples/chelsea.png" -Destination $path

        $prediction = Get-Prediction -LiteralPath $path -Top 1

        $prediction.Label | Should -BeExactly Egyptian_cat
        $prediction.Path | Should -BeExactly $path
        (Get-Item -LiteralPath $path | Get-Prediction -Top 1).Path | Should -BeExactly $path
    }

    It 'takes a folder from Get-ChildItem, best class first' {
        $predictions = Get-ChildItem -LiteralPath $samples -File -Include *.png, *.jpg -Recurse | Get-Prediction -Top 2

        $predictions | Should -HaveCount 10
        ($predictions | Where-Object Rank -EQ 1).Path | Select-Object -Unique | Should -HaveCount 5
        foreach ($photo in $predictions | Group-Object Path) {
            $photo.Group[0].Probability | Should -BeGreaterOrEqual $photo.Group[1].Probability
        }
    }

    It 'starts relative paths and wildcards from the location' {
        Push-Location -LiteralPath $samples
        try {
            (Get-Prediction ./china.jpg -Top 1).Label | Should -Be bell_cote
            ('china.jpg' | Get-Prediction -Top 1).Label | Should -Be bell_cote
            (Get-Prediction c*.png -Top 1).Label | Should -Be Egyptian_cat, espresso
        }
        finally { Pop-Location }
    }

    It 'takes paths of a drive of the session' {
        $null = New-PSDrive -Name Photos -PSProvider FileSystem -Root $samples
        try {
            (Get-Prediction Photos:/china.jpg -Top 1).Path | Should -Be (Join-Path $samples china.jpg)
            (Get-ChildItem Photos:/chelsea.png | Get-Prediction -Top 1).Label | Should -Be Egyptian_cat
        }
        finally { Remove-PSDrive Photos }
    }

    It 'takes bytes and streams' {
        $bytes = [IO.File]::ReadAllBytes("$samples/chelsea.png")

        (Get-Prediction -InputObject $bytes -Name webcam -Top 1 | ForEach-Object { "$($_.Path) $($_.Label)" }) | Should -BeExactly 'webcam Egyptian_cat'
        (Get-Prediction -InputStream ([IO.MemoryStream]::new($bytes)) -Top 1).Label | Should -Be Egyptian_cat
    }

    It 'goes on after a bad photo, and says which it was' {
        $bad = Join-Path $TestDrive bad.jpg
        Set-Content -LiteralPath $bad -Value 'no photo at all'

        $good = Get-Prediction -LiteralPath $bad, "$samples/china.jpg" -Top 1 -ErrorAction SilentlyContinue -ErrorVariable problems
        $succeeded = $?

        $succeeded | Should -BeFalse
        $good.Label | Should -Be bell_cote
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeExactly 'PhotoNotAPhoto,ClassActivation.Commands.GetPredictionCommand'
        $problems[0].CategoryInfo.Category | Should -Be InvalidData
        $problems[0].TargetObject | Should -BeExactly $bad
        $problems[0].ErrorDetails.Message | Should -BeLike "*$bad*"
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'reports <Path> as <Id>' -ForEach @(
        @{ Path = 'missing.jpg'; Id = 'PhotoNotFound'; Category = 'ObjectNotFound' }
        @{ Path = '.'; Id = 'PhotoIsDirectory'; Category = 'InvalidArgument' }
        @{ Path = 'Env:/PATH'; Id = 'PathIsNotAFile'; Category = 'InvalidArgument' }
        @{ Path = 'NoSuchDrive:/a.jpg'; Id = 'PathInvalid'; Category = 'InvalidArgument' }
    ) {
        Get-Prediction $Path -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty

        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $problems[0].CategoryInfo.Category | Should -Be $Category
    }

    It 'stops at the first bad photo with -ErrorAction Stop' {
        { Get-Prediction -LiteralPath "$TestDrive/none.jpg", "$samples/china.jpg" -ErrorAction Stop } |
            Should -Throw -ErrorId 'PhotoNotFound,ClassActivation.Commands.GetPredictionCommand'
    }

    It 'ends a process with <Code> after <Command>' -ForEach @(
        @{ Code = 0; Command = 'Get-Prediction china.jpg' }
        @{ Code = 1; Command = 'Get-Prediction none.jpg -ErrorAction Stop' }
    ) {
        $null = & ([Environment]::ProcessPath) -NoProfile -Command "Import-Module '$module'; Set-Location -LiteralPath '$samples'; $Command" 2>&1

        $LASTEXITCODE | Should -Be $Code
    }

    It 'refuses nonsense with what is allowed' {
        { Get-Prediction "$samples/china.jpg" -Top 0 } | Should -Throw '*minimum allowed range of 1*'
        { Get-Prediction "$samples/china.jpg" -Resolution 3 } | Should -Throw '*minimum allowed range of 32*'
        { Get-Prediction "$samples/china.jpg" -Fit Zoom } | Should -Throw '*FullFrame, Stretch, CenterCrop*'
        { Get-Prediction "$samples/china.jpg" -Model ResNet51 } | Should -Throw '*Known are *ResNet50*' -ErrorId 'ModelNotFound,*'
        { Get-Prediction "$samples/china.jpg" -Concept vehicel } | Should -Throw '*Did you mean vehicle?' -ErrorId 'ConceptNotFound,*'
    }

    It 'completes networks, concepts and fits' {
        $complete = { (TabExpansion2 $args[0] $args[0].Length).CompletionMatches }

        $model = & $complete 'Get-Prediction x.jpg -Model ResNet50-'
        $model.CompletionText | Should -Be ResNet50-Int8
        $model.ToolTip | Should -BeLike '*1,000 classes, int8*'
        $concept = @(& $complete "Get-Prediction x.jpg -Concept 'domestic d")[0]
        $concept.CompletionText | Should -Be dog
        $concept.ToolTip | Should -BeLike 'n02084071 dog, domestic dog*118 classes*'
        (& $complete 'Get-Prediction x.jpg -Fit ').CompletionText | Should -Be CenterCrop, CenterSquare, FullFrame, Letterbox, Stretch
    }

    It 'is shown in one table with bars' {
        $text = Get-Prediction "$samples/china.jpg", "$samples/chelsea.png" -Top 1 | Out-String -Width 120

        [regex]::Matches($text, '(?m) \S*/(china\.jpg|chelsea\.png)\r?$') | Should -HaveCount 2
        $text | Should -Match '1 bell_cote +\d+\.\d % █+'
    }
}

Describe 'Doubt' {
    It 'is the same for all classes of a photo, and largest for the photo that the network hardly knows' {
        $predictions = Get-ChildItem -LiteralPath $samples -File | Get-Prediction -Top 3

        foreach ($photo in $predictions | Group-Object Path) { @($photo.Group.Doubt | Select-Object -Unique) | Should -HaveCount 1 }
        $predictions.Doubt | Should -BeLessOrEqual 1
        $predictions.Doubt | Should -BeGreaterOrEqual 0
        $sorted = $predictions | Where-Object Rank -EQ 1 | Sort-Object Doubt
        Split-Path -Leaf $sorted[0].Path | Should -Be coffee.png
        Split-Path -Leaf $sorted[-1].Path | Should -Be flower.jpg
    }

    It 'has a margin that is the lead over the next class' {
        $predictions = Get-Prediction "$samples/chelsea.png" -Top 3

        $predictions[0].Margin | Should -BeGreaterThan 0
        [Math]::Abs($predictions[0].Margin - $predictions[0].Probability + $predictions[1].Probability) | Should -BeLessThan 1e-6
        (Get-Prediction "$samples/chelsea.png" -Concept animal).Margin | Should -BeNullOrEmpty
    }

    It 'comes back from CSV, which Get-ClassActivationMap takes' {
        Get-Prediction "$samples/chelsea.png" -Top 1 -Expected tabby | Export-Csv -LiteralPath TestDrive:/p.csv
        $rows = Import-Csv -LiteralPath TestDrive:/p.csv

        $rows.IsExpected | Should -Be False, True
        ($rows | Get-ClassActivationMap).Label | Should -Be Egyptian_cat, tabby
    }
}

Describe 'What photos should show' {
    BeforeAll {
        $script:sorted = Join-Path (Resolve-Path TestDrive:).ProviderPath 'sorted [1]'
        foreach ($label in 'Egyptian_cat', 'espresso', 'no such thing', 'domestic cat') {
            $null = [IO.Directory]::CreateDirectory("$sorted/$label")
            Copy-Item -LiteralPath "$samples/chelsea.png" -Destination "$sorted/$label"
        }
    }

    It 'is given where it is not among the best, with its own rank' {
        $predictions = Get-Prediction "$samples/china.jpg" -Top 1 -Expected palace

        $predictions.Label | Should -Be bell_cote, palace
        $predictions.IsExpected | Should -Be $false, $true
        $predictions[1].Rank | Should -BeGreaterThan 1
        $all = Get-Prediction "$samples/china.jpg" -Top 1000 | Where-Object Label -EQ palace
        $predictions[1].Rank | Should -Be $all.Rank
        $predictions[1].Probability | Should -Be $all.Probability
        $predictions[1].Margin | Should -Be $all.Margin
    }

    It 'follows from the folder, a concept among them, and what is none is one error' {
        $predictions = Get-ChildItem -LiteralPath $sorted -Recurse -File | Get-Prediction -Top 1 -ExpectedFromFolder -ErrorVariable problems -ErrorAction SilentlyContinue

        $predictions | ForEach-Object { "$($_.Label) $($_.Expected) $($_.IsExpected)" } | Sort-Object |
            Should -BeExactly (@('Egyptian_cat domestic_cat True', 'Egyptian_cat Egyptian_cat True', 'Egyptian_cat espresso False', 'espresso espresso True') | Sort-Object)
        $problems.FullyQualifiedErrorId | Should -Be 'ClassNotFound,ClassActivation.Commands.GetPredictionCommand'
    }

    It 'follows from a table; a photo that it lacks is one error, and the others go on' {
        Set-Content -LiteralPath TestDrive:/right.csv -Value 'file,label', 'chelsea.png,tabby'
        $predictions = Get-ChildItem "$samples/c*.png" | Get-Prediction -Top 1 -ExpectedPath TestDrive:/right.csv -ErrorVariable problems -ErrorAction SilentlyContinue

        $predictions.Label | Should -Be Egyptian_cat, tabby
        $problems.FullyQualifiedErrorId | Should -Be 'NothingExpected,ClassActivation.Commands.GetPredictionCommand'
    }

    It 'is said once, of a class that there is' {
        { Get-Prediction "$samples/chelsea.png" -Expected tabby -ExpectedFromFolder } | Should -Throw -ErrorId 'ExpectedAmbiguous*'
        { Get-Prediction "$samples/chelsea.png" -Expected nothing_at_all } | Should -Throw -ErrorId 'ClassNotFound*'
        { Get-Prediction "$samples/chelsea.png" -Expected tabby -Concept animal } | Should -Throw -ErrorId 'ExpectedWithConcept*'
        { Get-Prediction "$samples/chelsea.png" -ExpectedPath TestDrive:/none.csv } | Should -Throw -ErrorId 'RightLabelsNotFound*'
    }

    It 'is what the map of a wrong answer is set against, to the whole difference' {
        $map = Get-ClassActivationMap "$samples/china.jpg" -Expected palace
        $predictions = Get-Prediction "$samples/china.jpg" -Top 1 -Expected palace

        "$($map.Label) $($map.Contrast) $($map.ContrastStrength)" | Should -Be 'bell_cote palace 1'
        [Math]::Abs($map.Logit - $predictions[0].Logit + $predictions[1].Logit) | Should -BeLessThan 1e-3
        (Get-ClassActivationMap "$samples/china.jpg" -Expected bell_cote).Contrast | Should -BeNullOrEmpty
        ($predictions[0] | Get-ClassActivationMap -Expected palace).Contrast | Should -Be palace
        { Get-ClassActivationMap "$samples/china.jpg" -Expected palace -Contrast Auto } | Should -Throw -ErrorId 'ExpectedWithContrast*'
        { Get-ClassActivationMap "$samples/china.jpg" -Expected palace -Method SoftmaxCam } | Should -Throw -ErrorId 'ContrastNotApplicable*'
    }
}
