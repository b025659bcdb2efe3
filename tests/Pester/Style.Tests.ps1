#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# The rules of PSScriptAnalyzer that matter here, for machines that cannot have it.

BeforeDiscovery {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $scripts = @(git -C $root ls-files '*.ps1' '*.psm1' '*.psd1' 2>$null)
    if (-not $scripts) {
        $scripts = Get-ChildItem $root -Recurse -File -Include *.ps1, *.psm1, *.psd1 |
            ForEach-Object { [IO.Path]::GetRelativePath($root, $_.FullName).Replace('\', '/') } |
            Where-Object { $_ -notmatch '(^|/)(out|bin|obj)/' }
    }
}

Describe 'The script <_>' -ForEach $scripts {
    BeforeAll {
        $path = [IO.Path]::Combine((Resolve-Path "$PSScriptRoot/../..").Path, $_)
        $parseErrors = $null
        $ast = [Management.Automation.Language.Parser]::ParseFile($path, [ref] $null, [ref] $parseErrors)
        $commands = $ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)
    }

    It 'is PowerShell' { $parseErrors | ForEach-Object { "$($_.Extent.StartLineNumber): $($_.Message)" } | Should -BeNullOrEmpty }

    It 'calls commands by their names' {
        $commands | ForEach-Object { $_.GetCommandName() } | Where-Object { $_ -and (Test-Path "Alias:$([WildcardPattern]::Escape($_))") } | Should -BeNullOrEmpty
    }

    It 'names its functions with approved verbs' {
        $verbs = (Get-Verb).Verb
        $ast.FindAll({ $args[0] -is [Management.Automation.Language.FunctionDefinitionAst] }, $true).Name |
            Where-Object { $_ -match '-' -and $_.Split('-')[0] -notin $verbs } | Should -BeNullOrEmpty
    }

    It 'runs no text as code unless it made it' {
        $commands | Where-Object { $_.GetCommandName() -eq 'Invoke-Expression' } | Should -BeNullOrEmpty
    }

    It 'compares with null on the left' {
        $ast.FindAll({
                $args[0] -is [Management.Automation.Language.BinaryExpressionAst] -and $args[0].Operator -match '^I?(eq|ne)$' -and $args[0].Right.Extent.Text -eq '$null'
            }, $true) | ForEach-Object { "$($_.Extent.StartLineNumber): $($_.Extent.Text)" } | Should -BeNullOrEmpty
    }

    It 'has no tabs, and no blanks at the ends of lines' {
        $lines = [IO.File]::ReadAllLines($path)
        0..($lines.Count - 1) | Where-Object { $lines[$_] -match '\t|\s$' } | ForEach-Object { "line $($_ + 1)" } | Should -BeNullOrEmpty
    }
}

Describe 'The script <_> that people run' -ForEach ($scripts -match '^(build|tools/|packaging/).*ps1$') {
    It 'says what it is for' {
        [IO.File]::ReadAllText([IO.Path]::Combine((Resolve-Path "$PSScriptRoot/../..").Path, $_)) | Should -MatchExactly '(?s)^<#\r?\n\.SYNOPSIS'
    }
}
