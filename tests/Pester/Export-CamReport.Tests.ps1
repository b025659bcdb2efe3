#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = "$PSScriptRoot/../../samples"
    $script:root = (Resolve-Path TestDrive:).ProviderPath
    $photos = Join-Path $root 'daisy [1]/daisy'
    $null = [IO.Directory]::CreateDirectory($photos)
    Copy-Item -LiteralPath "$samples/flower.jpg" -Destination "$photos/fleur é [2].jpg"
    Copy-Item -LiteralPath "$samples/chelsea.png" -Destination "$photos/cat.png"
    $script:maps = Get-ChildItem -LiteralPath $photos | Get-ClassActivationMap -Class daisy -Resolution 96
    function Read-Page($File) {
        $page = Get-Content -LiteralPath $File.FullName -Raw
        $null = $page -match '(?s)<script type="application/json" id="data">(.*?)</script>'
        $Matches[1] | ConvertFrom-Json
    }
}

Describe 'Export-CamReport and Export-CamWorkbook' {
    BeforeEach {
        $folder = Join-Path $root "out [$([guid]::NewGuid().ToString('n'))]"
        $page = Join-Path $folder 'new/Seite ü [3].html'
    }

    It 'gathers whatever there is of a photo into one page' {
        $file = & {
            $maps
            $maps | Get-CamRegion -AsGiven
            $maps[0] | Compare-ClassActivationMap $maps[0]
            $maps[0] | Measure-CamFaithfulness -Step 20
            Get-Prediction -LiteralPath $maps[0].Path -Top 3 -Resolution 96
        } | Export-CamReport $page -Title 'A & B' -RightLabelFromFolder

        $file | Should -BeOfType IO.FileInfo
        $file.FullName | Should -Be $page
        $data = Read-Page $file
        $data.title | Should -Be 'A & B'
        $data.photos.name | Should -Be 'cat.png', 'fleur é [2].jpg'
        $data.photos.right | Should -Be 'daisy', 'daisy'
        $data.photos[0].maps | Should -HaveCount 2
        $data.photos[0].regions | Should -HaveCount 1
        $data.photos[0].figures.title | Should -Contain 'Faithfulness of Cam: daisy'
        $data.photos[0].classes.rank | Should -Be ($data.photos[0].classes.rank | Sort-Object)
        [Math]::Max($data.photos[0].width, $data.photos[0].height) | Should -Be 256
        @(Get-ChildItem -LiteralPath $folder -Recurse -File) | Should -HaveCount 1
    }

    It 'lists errors that come with the results, and photos that are gone' {
        $gone = Join-Path $root gone.png
        Copy-Item -LiteralPath "$samples/chelsea.png" -Destination $gone
        $lost = Get-Prediction -LiteralPath $gone -Top 1 -Resolution 96
        Remove-Item -LiteralPath $gone
        'nonsense' | Set-Content (Join-Path $root bad.jpg)

        $file = & { $lost; $maps; Get-Prediction -LiteralPath (Join-Path $root bad.jpg) -ErrorAction Continue 2>&1 } |
            Export-CamReport $page -ErrorAction SilentlyContinue -ErrorVariable problems

        $data = Read-Page $file
        $data.photos | Should -HaveCount 3
        $data.problems.id | Should -Be 'PhotoNotAPhoto', 'PhotoNotFound'
        "$($problems.FullyQualifiedErrorId)" | Should -Be 'PhotoNotFound,ClassActivation.Commands.ExportCamReportCommand'
    }

    It 'takes objects after Export-Clixml as they were' {
        $all = & { $maps; $maps | Get-CamRegion -AsGiven; $maps[0] | Compare-ClassActivationMap $maps[0]; $maps[0] | Measure-CamFaithfulness -Step 20 }
        $all | Export-Clixml -LiteralPath TestDrive:/all.xml -Depth 5
        $live = Read-Page ($all | Export-CamReport $page)
        $copy = Read-Page (Import-Clixml -LiteralPath TestDrive:/all.xml | Export-CamReport $page)

        ($copy.photos | ConvertTo-Json -Depth 9) | Should -Be ($live.photos | ConvertTo-Json -Depth 9)
    }

    It 'puts pictures beside the page with -SeparatePictures' {
        $file = $maps | Export-CamReport $page -SeparatePictures -ThumbnailSize 64

        (Get-ChildItem -LiteralPath "$folder/new/Seite ü [3]_pictures").Name | Should -Be '000001.webp', '000002.webp'
        $before = (Get-FileHash -LiteralPath "$folder/new/Seite ü [3]_pictures/000001.webp").Hash
        $null = $maps[1] | Export-CamReport "$folder/new/Seite ü [3].htm" -SeparatePictures
        (Get-FileHash -LiteralPath "$folder/new/Seite ü [3]_pictures/000001.webp").Hash | Should -Be $before -Because 'the other page has a folder of its own'
        Get-Content -LiteralPath $file.FullName -Raw | Should -Match ([regex]::Escape('./Seite%20%C3%BC%20%5B3%5D_pictures/000001.webp'))
    }

    It 'writes nothing with -WhatIf, for nothing, or where a file must stay' {
        $maps | Export-CamReport $page -WhatIf | Should -BeNullOrEmpty
        @() | Export-CamReport $page | Should -BeNullOrEmpty
        Test-Path -LiteralPath $folder | Should -BeFalse
        $null = $maps | Export-CamReport $page
        { $maps | Export-CamReport $page -NoClobber } | Should -Throw -ErrorId 'FileExists,*'
    }

    It 'refuses nonsense with what is allowed' {
        { $maps | Export-CamReport report.pdf } | Should -Throw -ErrorId 'FileExtensionInvalid,*'
        { $maps | Export-CamWorkbook report.csv } | Should -Throw '*.xlsx*'
        { $maps | Export-CamReport $page -RightLabelPath (Join-Path $root no.csv) } | Should -Throw -ErrorId 'RightLabelsNotFound,*'
        42, $maps[0] | Export-CamReport $page -ErrorAction SilentlyContinue -ErrorVariable problems | Should -HaveCount 1
        $problems.FullyQualifiedErrorId | Should -Be 'ReportInputInvalid,ClassActivation.Commands.ExportCamReportCommand'
    }

    It 'writes a workbook that opens as a zip with a picture of photo and map' {
        $file = $maps | Export-CamWorkbook (Join-Path $folder result.xlsx) -ThumbnailSize 32
        $zip = [IO.Compression.ZipFile]::OpenRead($file.FullName)
        try { @($zip.Entries.FullName -like 'xl/media/*.png') | Should -HaveCount 4 } finally { $zip.Dispose() }
    }
}
