#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = "$PSScriptRoot/../../samples"
    $script:map = Get-ClassActivationMap -LiteralPath "$samples/china.jpg"
    $script:escape = [char]27
}

Describe 'Show-ClassActivationMap' {
    BeforeEach { $rendering = $PSStyle.OutputRendering }
    AfterEach { $PSStyle.OutputRendering = $rendering }

    It 'writes a title and lines of text' {
        $lines = $map | Show-ClassActivationMap -Width 40 -Renderer HalfBlock

        $lines | Should -BeOfType string
        $lines[0] | Should -BeLike 'bell_cote (*) in china.jpg'
        # 640 × 427 pixels: 40 columns make 13 rows.
        $lines | Should -HaveCount 14
        foreach ($line in $lines | Select-Object -Skip 1) {
            ($line -replace "$escape\[[\d;]*m") | Should -BeExactly ('▀' * 40)
        }
    }

    It 'draws without colour when $PSStyle.OutputRendering is PlainText' {
        $PSStyle.OutputRendering = 'PlainText'

        $lines = $map | Show-ClassActivationMap -Width 40

        $lines | Select-Object -Skip 1 | Should -Match '^[ .:=+*#%@-]{40}$'
    }

    It 'draws in colour when $PSStyle.OutputRendering is Ansi' {
        $PSStyle.OutputRendering = 'Ansi'

        ($map | Show-ClassActivationMap -Width 40)[1] | Should -Match "$escape\[38;2;\d+;\d+;\d+m"
    }

    It 'draws without colour in a process <Name>' -ForEach @(
        @{ Name = 'with NO_COLOR'; Setup = '$env:NO_COLOR = 1' }
        @{ Name = 'whose output is redirected'; Setup = '$env:NO_COLOR = $null' }
    ) {
        $lines = & ([Environment]::ProcessPath) -NoProfile -Command "$Setup; Import-Module '$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1'; Get-ClassActivationMap -LiteralPath '$samples/china.jpg' | Show-ClassActivationMap -Width 40"

        $lines | Select-Object -Skip 1 | Should -Match '^[ .:=+*#%@-]{40}$'
    }

    It 'draws sixels in one string' {
        $lines = $map | Show-ClassActivationMap -Width 40 -Renderer Sixel

        $lines | Should -HaveCount 2
        $lines[1] | Should -Match "^$($escape)P0;1;0q.*$escape\\$"
        $lines[1] | Should -Not -Match "`n"
    }

    It 'takes every layout and completes closed lists' {
        foreach ($layout in 'Overlay', 'SideBySide', 'Heatmap') {
            $map | Show-ClassActivationMap -Width 40 -Layout $layout -Renderer Ascii | Select-Object -Last 1 | Should -HaveCount 1
        }

        $line = '$map | Show-ClassActivationMap -Colormap vir'
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText | Should -Be 'viridis'
    }

    It 'goes on after a photo that is gone' {
        Copy-Item -LiteralPath "$samples/china.jpg" -Destination 'TestDrive:/gone.jpg'
        $gone = Get-ClassActivationMap -LiteralPath 'TestDrive:/gone.jpg'
        Remove-Item -LiteralPath 'TestDrive:/gone.jpg'

        $lines = $gone, $map | Show-ClassActivationMap -Width 40 -Renderer Ascii -ErrorAction SilentlyContinue -ErrorVariable problems

        $lines | Should -HaveCount 14
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PhotoNotFound,*'
    }

    It 'refuses nonsense' {
        { $map | Show-ClassActivationMap -Width 1 } | Should -Throw
        { $map | Show-ClassActivationMap -Colormap rainbow } | Should -Throw '*viridis*'
        { $map | Show-ClassActivationMap -HeatmapOpacity 2 } | Should -Throw
    }
}

Describe 'The views' {
    It 'show the numbers of a map in its list' {
        $text = $map | Format-List | Out-String -Width 120

        $text | Should -Match 'Label\s+: bell_cote'
        $text | Should -Match ([regex]::Escape($map.Map[4][4].ToString('0.00')))
    }

    It 'keep the longest label of ImageNet whole in 80 columns' {
        $text = Get-Prediction -LiteralPath "$samples/chelsea.png" -Top 1000 | Out-String -Width 80

        # Broken at words where the column ends, and never inside one.
        $text | Should -Match '(?m)^ *\d+ American_ +.*\r?\n( +.*\r?\n)?( +Staffordshire_.*\r?\n)? +.*terrier'
        $text -split '\r?\n' | Where-Object Length -GT 80 | Should -BeNullOrEmpty
    }
}
