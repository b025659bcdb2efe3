#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $site = "$TestDrive/site"
    & "$root/packaging/New-Site.ps1" -ManifestPath "$root/out/ClassActivation/ClassActivation.psd1" -Destination $site -NoPicture
}

Describe 'The site' {
    It 'has a page for each cmdlet' {
        foreach ($name in (Get-Command -Module ClassActivation).Name) { "$site/docs/help/$name.html" | Should -Exist }
    }

    It 'has no link that leads nowhere' {
        $broken = foreach ($page in Get-ChildItem $site -Recurse -Filter *.html) {
            $html = [IO.File]::ReadAllText($page.FullName)
            foreach ($link in [regex]::Matches($html, '(?:href|src)="(?![a-z]+:)(?<path>[^"#]*)(?:#(?<anchor>[^"]*))?"')) {
                $target = $link.Groups['path'].Length -eq 0 ? $page.FullName :
                    [IO.Path]::Combine($page.DirectoryName, [Uri]::UnescapeDataString($link.Groups['path'].Value))
                if (-not [IO.File]::Exists($target)) { "$($page.Name): $($link.Value)"; continue }
                $anchor = $link.Groups['anchor'].Value
                if ($anchor -and [IO.File]::ReadAllText($target) -notmatch "id=`"$([regex]::Escape($anchor))`"") { "$($page.Name): $($link.Value)" }
            }
        }
        $broken | Should -BeNullOrEmpty
    }

    It 'asks nothing of another host' {
        Get-ChildItem $site -Recurse -Include *.html, *.css | Select-String '(?:src|<link[^>]+href)="https?:|url\(' | Should -BeNullOrEmpty
    }

    It 'tells assistants of every page' {
        $pages = Get-ChildItem $site -Recurse -Filter *.html | Where-Object Name -ne index.html
        $told = Select-String -Path "$site/llms.txt" -Pattern '^- \[[^\]]+\]\((?<page>[^)]+)\): \S.+\.$'
        $told.Count | Should -Be $pages.Count
        foreach ($match in $told) { "$site/$($match.Matches[0].Groups['page'].Value)" | Should -Exist }
    }
}
