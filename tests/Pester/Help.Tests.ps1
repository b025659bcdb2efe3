#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $cmdlets = (Get-Command -Module ClassActivation).Name
}

Describe 'The help of <_>' -ForEach $cmdlets {
    It 'is shown by Get-Help' {
        $text = Get-Help $_ -Full | Out-String -Width 120

        foreach ($heading in 'SYNOPSIS', 'SYNTAX', 'DESCRIPTION', 'PARAMETERS', 'INPUTS', 'OUTPUTS', 'NOTES', 'RELATED LINKS') {
            $text | Should -MatchExactly "(?m)^$heading"
        }
        $text | Should -Match 'Example 5: '
    }

    It 'has examples that run' {
        $examples = & "$PSScriptRoot/../Run-HelpExamples.ps1" -Cmdlet $_

        @($examples).Count | Should -BeGreaterOrEqual 5
        $examples | Where-Object State -eq 'Failed' | ForEach-Object { "$($_.Title): $($_.Message)" } | Should -BeNullOrEmpty
    }
}

Describe 'The topic <_>' -ForEach 'about_ClassActivation', 'about_ClassActivation_Batch', 'about_ClassActivation_Devices', 'about_ClassActivation_Models', 'about_ClassActivation_Parity' {
    It 'is shown by Get-Help' {
        Get-Help $_ | Out-String | Should -MatchExactly "(?s)^\s*TOPIC\s+$_\s+SHORT DESCRIPTION"
    }
}
