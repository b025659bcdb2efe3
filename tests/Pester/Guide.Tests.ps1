#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'The guide <_>' -ForEach (Get-ChildItem "$PSScriptRoot/../../docs/guide" -Filter *.md).BaseName {
    It 'has examples that run' {
        $examples = & "$PSScriptRoot/../Run-HelpExamples.ps1" -Document "$PSScriptRoot/../../docs/guide/$_.md"

        $examples | Where-Object State -eq 'Failed' | ForEach-Object { "$($_.Title): $($_.Message)" } | Should -BeNullOrEmpty
    }
}

Describe 'The ten tasks' {
    It 'are ten, each with an example that runs' {
        $tasks = Get-Content "$PSScriptRoot/../../docs/guide/tasks.md" -Raw

        ([regex]::Matches($tasks, '(?ms)^## \d+\. [^\n]+\n\n```powershell\n')).Count | Should -Be 10
    }
}
