#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    $script:module = (Resolve-Path "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1").ProviderPath
    Import-Module $module
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:photos = (Get-ChildItem -LiteralPath $samples -File).FullName | Where-Object { $_ -match '\.(png|jpg)$' } | Sort-Object
    $script:expected = Get-ClassActivationMap -LiteralPath $photos

    function Get-Value($Maps) { $Maps | Sort-Object Path | ForEach-Object { "$($_.Path) $($_.Label) $($_.Probability) $($_.Minimum) $($_.Maximum)" } }
}

Describe 'Get-ClassActivationMap' {
    It 'maps the most probable class, in the order of the photos' {
        $expected.Path | Should -Be $photos
        $map = $expected | Where-Object Path -Like '*chelsea.png'
        $map.Label | Should -Be Egyptian_cat
        $map.Rank | Should -Be 1
        $map.Map | Should -HaveCount $map.Rows
        ($map.Map | ForEach-Object { $_ } | Measure-Object -Maximum).Maximum | Should -Be $map.Maximum
    }

    It 'takes file objects, wildcards, drives and odd names alike' {
        Copy-Item -LiteralPath "$samples/chelsea.png" -Destination "$TestDrive/猫 [1].png"
        $null = New-PSDrive -Name Maps -PSProvider FileSystem -Root $TestDrive
        Push-Location Maps:/
        try {
            $maps = @(
                Get-ChildItem -File | Get-ClassActivationMap
                Get-ClassActivationMap *.png
                Get-ClassActivationMap -LiteralPath './猫 [1].png'
                Get-ClassActivationMap 'Maps:/猫 `[1`].png'
            )
        }
        finally { Pop-Location; Remove-PSDrive Maps }

        $maps | Should -HaveCount 4
        $maps.Path | Select-Object -Unique | Should -BeExactly (Join-Path $TestDrive '猫 [1].png')
        $maps.Label | Select-Object -Unique | Should -Be Egyptian_cat
    }

    It 'takes a class by <_>' -ForEach 'tabby', 'Tabby Cat', 'tabby_cat', 'n02123045', '281' {
        (Get-ClassActivationMap "$samples/chelsea.png" $_).ClassIndex | Should -Be 281
    }

    It 'ends on a class that is not there or means several' {
        $wrong = { Get-ClassActivationMap $photos tabbby }
        $wrong | Should -Throw '*Did you mean tabby?' -ErrorId 'ClassNotFound,*'
        try { & $wrong } catch { $_.TargetObject | Should -Be tabbby; $_.CategoryInfo.Category | Should -Be ObjectNotFound }

        { Get-ClassActivationMap $photos crane } | Should -Throw '*134 (n02012849: *517 (n03126707: *' -ErrorId 'ClassAmbiguous,*'
    }

    It 'completes the class <Word> with its meaning' -ForEach @(
        @{ Word = 'egyptian'; Text = 'Egyptian_cat'; ToolTip = '285 n02124075 Egyptian cat: a domestic cat of Egypt' }
        @{ Word = "'egyptian c"; Text = 'Egyptian_cat'; ToolTip = '285 *' }
        @{ Word = 'n02124075'; Text = 'Egyptian_cat'; ToolTip = '285 *' }
        @{ Word = '281'; Text = 'tabby'; ToolTip = '281 n02123045 tabby, tabby cat: *' }
        @{ Word = 'crane'; Text = 'n02012849'; ToolTip = '134 n02012849 crane: *wading bird*' }
    ) {
        $line = "Get-ClassActivationMap x.jpg -Class $Word"
        $completion = @([System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches)[0]

        $completion.CompletionText | Should -BeExactly $Text
        $completion.ToolTip | Should -BeLike $ToolTip
    }

    It 'gives good photos'' maps and bad photos'' errors' {
        Set-Content -LiteralPath "$TestDrive/empty.jpg" -Value $null -NoNewline
        $paths = (Join-Path $TestDrive empty.jpg), $photos[0], (Join-Path $TestDrive none.jpg), $photos[1]

        $maps = Get-ClassActivationMap -LiteralPath $paths -ErrorAction SilentlyContinue -ErrorVariable problems
        $succeeded = $?

        $succeeded | Should -BeFalse
        $maps.Path | Should -Be $photos[0, 1]
        $problems.FullyQualifiedErrorId -replace ',.*' | Should -Be PhotoEmpty, PhotoNotFound
        $problems.TargetObject | Should -Be $paths[0, 2]
        { Get-ClassActivationMap -LiteralPath $paths -ErrorAction Stop } | Should -Throw -ErrorId 'PhotoEmpty,*'
    }

    It 'maps piped predictions of classes and concepts' {
        $predictions = @(Get-Prediction "$samples/chelsea.png" -Top 3) + @(Get-Prediction "$samples/chelsea.png" -Concept animal)

        $maps = $predictions | Get-ClassActivationMap

        $maps.Label | Should -Be $predictions.Label
        $maps.Probability | Should -Be $predictions.Probability
    }

    It 'gives the same maps in ForEach-Object -Parallel' {
        $maps = $photos | ForEach-Object -ThrottleLimit 3 -Parallel { Import-Module $using:module; Get-ClassActivationMap -LiteralPath $_ }

        Get-Value $maps | Should -BeExactly (Get-Value $expected)
    }

    It 'gives the same maps in thread jobs' -Skip:(-not (Get-Command Start-ThreadJob -ErrorAction Ignore)) {
        $jobs = foreach ($photo in $photos[0, 1]) { Start-ThreadJob { Import-Module $using:module; Get-ClassActivationMap -LiteralPath $using:photo } }

        Get-Value ($jobs | Receive-Job -Wait -AutoRemoveJob) | Should -BeExactly (Get-Value ($expected | Select-Object -First 2))
    }

    It 'has a table and a list' {
        $map = $expected | Where-Object Path -Like '*china.jpg'

        $map | Out-String -Width 120 | Should -Match "bell_cote +\d+\.\d ?% +Cam +ResNet50 +\S*china\.jpg"
        $map | Format-List | Out-String -Width 120 | Should -Match '(?m)^Label +: bell_cote\r?$'
    }
}
