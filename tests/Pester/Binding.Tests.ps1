#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:predictions = Get-Prediction "$samples/flower.jpg" -Top 2 -Fit Stretch -Resolution 96
    function Send($Objects, [string] $Way) {
        switch ($Way) {
            Csv { $Objects | ConvertTo-Csv | ConvertFrom-Csv }
            Json { $Objects | ConvertTo-Json -Depth 2 | ConvertFrom-Json }
            Clixml { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($Objects)) }
            default { $Objects }
        }
    }
    function Find-Problem([scriptblock] $Command) {
        $problems = $null
        try { $null = & $Command 2>&1 | ForEach-Object { if ($_ -is [Management.Automation.ErrorRecord]) { $_ } } -OutVariable problems } catch { return $_ }
        $problems
    }
}

Describe 'Predictions as they are, and from <_>' -ForEach 'memory', 'Csv', 'Json', 'Clixml' {
    BeforeAll {
        $script:sent = Send $predictions $_
    }

    It 'are asked again as they were by Get-Prediction' {
        $again = $sent | Get-Prediction -Top 2
        $again | Should -HaveCount 2
        $again.Label | Should -Be $predictions.Label
        $again.Fit | Should -Be Stretch, Stretch
        $again.Resolution | Should -Be 96, 96
        $again.ForEach{ $_.Probability.ToString('R') } | Should -Be $predictions.ForEach{ $_.Probability.ToString('R') }
        ($sent[0] | Get-Prediction -Top 1 -Fit FullFrame).Fit | Should -Be FullFrame
    }

    It 'are asked about something else by Get-ClassActivationMap' {
        # In the same input: another class, a concept, the best ones.
        $sent | Get-ClassActivationMap -Class lynx | ForEach-Object { $_.Label, $_.Fit, $_.Resolution } | Should -Be lynx, Stretch, 96
        ($sent | Get-ClassActivationMap -Concept n00017222 -Method LayerCam).Method | Should -Be LayerCam
        ($sent | Get-ClassActivationMap -Top 2).Probability.ForEach{ $_.ToString('R') } | Should -Be $predictions.Probability.ForEach{ $_.ToString('R') }
    }

    It 'make a report' {
        foreach ($export in { $sent | Export-CamReport "$TestDrive/p.html" }, { $sent | Export-CamWorkbook "$TestDrive/p.xlsx" }) { (& $export).Length | Should -BeGreaterThan 1000 }
        [IO.File]::ReadAllText("$TestDrive/p.html") | Should -BeLike "*$($predictions[0].Label)*"
    }

    It 'are asked again as they were by Get-FeatureMap' {
        $feature = $sent | Get-FeatureMap -Index 7
        $feature | Should -HaveCount 1
        $feature.Fit | Should -Be Stretch
        $plain = Get-FeatureMap "$samples/flower.jpg" 7 -Fit Stretch -Resolution 96
        "$($feature.Map)" | Should -Be "$($plain.Map)"
    }

    It 'are one error that says what belongs between, for <Name>' -ForEach @(
        @{ Name = 'Export-CamOverlay'; Between = 'Get-ClassActivationMap' }
        @{ Name = 'Export-CamSheet'; Between = 'Get-ClassActivationMap' }
        @{ Name = 'Export-CamMap'; Between = 'Get-ClassActivationMap' }
        @{ Name = 'Get-CamRegion'; Between = 'Get-ClassActivationMap' }
        @{ Name = 'Export-CamCrop'; Between = 'Get-CamRegion' }
        @{ Name = 'Export-CamAnnotation'; Between = 'Get-CamRegion' }
        @{ Name = 'Measure-CamFaithfulness'; Between = 'Get-ClassActivationMap' }
        @{ Name = 'Show-ClassActivationMap'; Between = 'Get-ClassActivationMap' }
    ) {
        $parameters = @{}
        if ($Name -in 'Export-CamSheet', 'Export-CamAnnotation') { $parameters.DestinationPath = Join-Path $TestDrive x.png }
        $problem = Find-Problem { $sent[0] | & $Name @parameters }
        $problem | Should -HaveCount 1
        "$problem" | Should -BeLike "*$Between belong*between*"
    }
}

Describe 'Results about a photo from memory' {
    BeforeAll {
        $script:map = , [IO.File]::ReadAllBytes("$samples/chelsea.png") | Get-ClassActivationMap -Resolution 96 -Fit Stretch -Name cat
        $script:results = @{ Prediction = $map | Get-Prediction -Top 1; Map = $map; Region = $map | Get-CamRegion -AsGiven; Comparison = Compare-ClassActivationMap $map ($map | Get-ClassActivationMap -Class lynx) }
    }

    It 'are its photo again: <_>' -ForEach 'Prediction', 'Map', 'Region', 'Comparison' {
        $again = $results[$_] | Get-ClassActivationMap -Class lynx, tabby
        $again.Label | Should -Be lynx, tabby
        $again.Fit | Should -Be Stretch, Stretch
        $again.PhotoHash | Should -Be ($map.PhotoHash, $map.PhotoHash)
        ($results[$_] | Get-ClassActivationMap -Top 2)[0].Label | Should -Be $map.Label
        ($results[$_] | Get-Prediction -Top 1).Label | Should -Be $map.Label
        ($results[$_] | Get-FeatureMap -Index 3).PhotoHash | Should -Be $map.PhotoHash
        # Several results of one photo that follow each other are asked once.
        $results[$_], $results[$_] | Get-ClassActivationMap -Class lynx | Should -HaveCount 1
    }

    It 'are no file, which <_> says' -ForEach 'New-CamBatch', 'Select-CamPhoto', 'ConvertTo-QuantizedCamModel' {
        $parameters = if ($_ -ne 'Select-CamPhoto') { @{ DestinationPath = Join-Path $TestDrive memory.onnx } } else { @{} }
        $problems = @(Find-Problem { $map | & $_ @parameters })
        "$($problems[0])" | Should -BeLike "*'cat' came from memory, and is no file. Save its bytes*"
    }
}

Describe 'What cannot be a photo or a map' {
    It '<Name> is one clear error' -ForEach @(
        @{ Name = 'a hashtable'; Thing = @{ a = 1 }; Says = '*not Hashtable*' }
        @{ Name = 'a date'; Thing = [datetime]::new(2020, 1, 1); Says = '*not DateTime*' }
        @{ Name = 'a script block'; Thing = { 1 }; Says = '*not ScriptBlock*' }
        @{ Name = 'a document'; Thing = , [xml]'<a/>'; Says = '*not XmlDocument*' }
        @{ Name = 'no bytes'; Thing = , [byte[]]::new(0); Says = '*empty*' }
    ) {
        $problem = Find-Problem { $Thing | Get-Prediction }
        $problem | Should -HaveCount 1
        "$problem" | Should -BeLike $Says
    }

    It 'no bytes by name are PhotoEmpty' {
        Get-Prediction -InputObject ([byte[]]::new(0)) -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems.FullyQualifiedErrorId | Should -BeLike 'PhotoEmpty,*'
    }

    It '<Name> is one clear error where maps are taken' -ForEach @(
        @{ Name = 'a hashtable'; Thing = @{ a = 1 } }
        @{ Name = 'a number'; Thing = 7 }
        @{ Name = 'a row of something else'; Thing = [pscustomobject]@{ Colour = 'red' } }
    ) {
        foreach ($cmdlet in 'Export-CamOverlay', 'Get-CamRegion', 'Export-CamCrop', 'Show-ClassActivationMap') {
            $problem = Find-Problem { $Thing | & $cmdlet }
            $problem | Should -HaveCount 1
            "$problem" | Should -BeLike '*is no *. *Get-C*' -Because $cmdlet
        }
    }

    It 'a table of a user''s own is still photos' {
        $row = [pscustomobject]@{ Path = "$samples/chelsea.png"; Label = 'mine'; Model = 'EOS 5D' }
        ($row | Get-Prediction -Top 1).Label | Should -Be Egyptian_cat
    }

    It 'a wildcard without a match is one error for <Name>' -ForEach @(
        @{ Name = 'Import-CamMap'; Says = "There is no file '*none[[]x*' to read a map from, and none whose name matches it." }
        @{ Name = 'Import-CamAnnotation'; Says = "There is no file '*none[[]x*' to read boxes from, and none whose name matches it." }
    ) {
        & $Name (Join-Path $TestDrive 'none[x]*.npy') -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems | Should -HaveCount 1
        $problems.FullyQualifiedErrorId | Should -BeLike 'FileNotFound,*'
        "$problems" | Should -BeLike $Says
    }

    It 'a question that is none has an id of its own' {
        { Select-CamPhoto $samples -NotIn $TestDrive -Question @{ Colour = 'red' } } | Should -Throw -ErrorId 'QuestionInvalid,*'
        { Select-CamPhoto $samples -NotIn $TestDrive -Question 7 } | Should -Throw -ErrorId 'QuestionInvalid,*'
    }
}
