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
            "$problem" | Should -BeLike '*is none of these: *Get-Cam*' -Because $cmdlet
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
