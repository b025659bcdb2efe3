#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = "$PSScriptRoot/../../samples"
    $script:root = (Resolve-Path TestDrive:).ProviderPath
    $photos = Join-Path $root 'größe [1] x'
    $null = [IO.Directory]::CreateDirectory($photos)
    Copy-Item -LiteralPath "$samples/flower.jpg" -Destination "$photos/fleur é [2].jpg"
    Copy-Item -LiteralPath "$samples/chelsea.png" -Destination "$photos/cat.png"
    $script:maps = Get-ChildItem -LiteralPath $photos | Get-ClassActivationMap -Class daisy, tabby -Resolution 96
}

Describe 'Export-CamSheet' {
    BeforeEach {
        $folder = Join-Path $root "out [$([guid]::NewGuid().ToString('n'))]"
        $null = [IO.Directory]::CreateDirectory($folder)
        $sheet = Join-Path $folder 'Blatt ü [3].png'
    }

    It 'draws all maps into one picture that pipes on' {
        $picture = $maps | Export-CamSheet $sheet -CellSize 64

        $picture | Should -HaveCount 1
        $picture.FullName | Should -Be $sheet
        $picture.Length | Should -Be ($picture | Get-Item).Length
        $picture.PhotoPath, $picture.Label, $picture.Probability | Should -Be $null, $null, $null
        $picture | Out-String | Should -Match " $($picture.Width) +$($picture.Height) "
        (Get-Prediction -LiteralPath $picture.FullName -Top 1 -WarningAction SilentlyContinue).Label | Should -Not -BeNullOrEmpty
    }

    It 'grows by a column with -IncludePhoto and by rows with photos' {
        $small = $maps[0..1] | Export-CamSheet (Join-Path $folder a.png) -CellSize 160
        $wide = $maps[0..1] | Export-CamSheet (Join-Path $folder b.png) -CellSize 160 -IncludePhoto
        $high = $maps | Export-CamSheet (Join-Path $folder c.png) -CellSize 160

        $wide.Width | Should -BeGreaterOrEqual ($small.Width + 160)
        $wide.Height | Should -Be $small.Height
        $high.Height | Should -BeGreaterThan ($small.Height + 100)
    }

    It 'draws <Format> by the extension into a new folder' -ForEach @(
        @{ Format = 'JPEG'; Name = 'sheet.JPG'; Start = 'FFD8FF' }
        @{ Format = 'PNG'; Name = 'sheet.png'; Start = '89504E47' }
        @{ Format = 'WebP'; Name = 'sheet.webp'; Start = '52494646' }
    ) {
        $picture = $maps | Export-CamSheet (Join-Path $folder "new/$Name") -CellSize 64

        [Convert]::ToHexString([IO.File]::ReadAllBytes($picture.FullName)) | Should -BeLike "$Start*"
    }

    It 'draws maps and comparisons after Export-Clixml the same' {
        $comparison = $maps[1] | Compare-ClassActivationMap $maps[0]
        $maps, $comparison | Export-Clixml -LiteralPath TestDrive:/objects.xml
        $copies, $comparisonCopy = Import-Clixml -LiteralPath TestDrive:/objects.xml

        foreach ($pair in @{ Live = $maps; Copy = $copies }, @{ Live = $comparison; Copy = $comparisonCopy }) {
            $a = $pair.Live | Export-CamSheet (Join-Path $folder a.png) -CellSize 64 -Force | Get-FileHash
            $b = $pair.Copy | Export-CamSheet (Join-Path $folder b.png) -CellSize 64 -Force | Get-FileHash
            $b.Hash | Should -Be $a.Hash
        }
    }

    It 'writes nothing with -WhatIf, and nothing for no maps' {
        $maps | Export-CamSheet (Join-Path $folder 'new/sheet.png') -WhatIf | Should -BeNullOrEmpty
        @() | Export-CamSheet $sheet | Should -BeNullOrEmpty

        Get-ChildItem -LiteralPath $folder | Should -BeNullOrEmpty
    }

    It 'leaves an existing sheet with -NoClobber, and a write-protected one without -Force' {
        Set-Content -LiteralPath $sheet -Value mine
        $exists = { $maps | Export-CamSheet $sheet -NoClobber } | Should -Throw -PassThru
        Set-ItemProperty -LiteralPath $sheet -Name IsReadOnly -Value $true
        $protected = { $maps | Export-CamSheet $sheet } | Should -Throw -PassThru

        "$($exists.FullyQualifiedErrorId) $($exists.CategoryInfo.Category) $($exists.TargetObject)" |
            Should -Be "FileExists,ClassActivation.Commands.ExportCamSheetCommand ResourceExists $sheet"
        "$($protected.FullyQualifiedErrorId) $($protected.CategoryInfo.Category) $($protected.TargetObject)" |
            Should -Be "FileReadOnly,ClassActivation.Commands.ExportCamSheetCommand PermissionDenied $sheet"
        Get-Content -LiteralPath $sheet | Should -Be mine

        ($maps | Export-CamSheet $sheet -CellSize 64 -Force).Length | Should -BeGreaterThan 1000
    }

    It 'replaces a sheet by its new version, and one of other photos or maps with -Force only' {
        $first = $maps | Export-CamSheet $sheet -CellSize 64
        $again = $maps | Export-CamSheet $sheet -CellSize 64 -Style Highlight
        $again.MapsHash | Should -Be $first.MapsHash

        $others = @(
            @{ Maps = $maps[0..1]; Why = 'fewer maps' }
            @{ Maps = $maps[2, 3, 0, 1]; Why = 'another order' }
            @{ Maps = Get-ClassActivationMap -LiteralPath $maps.Path[0], $maps.Path[2] -Class daisy, lynx -Resolution 96; Why = 'another class' }
            @{ Maps = Get-ClassActivationMap "$samples/coffee.png" -Resolution 96; Why = 'another photo' }
        )
        $hash = (Get-FileHash -LiteralPath $sheet).Hash
        foreach ($other in $others) {
            { $other.Maps | Export-CamSheet $sheet -CellSize 64 } | Should -Throw -ErrorId 'PictureOfOtherQuestion,*' -Because $other.Why
            (Get-FileHash -LiteralPath $sheet).Hash | Should -Be $hash
        }

        ($others[3].Maps | Export-CamSheet $sheet -CellSize 64 -Force).MapsHash | Should -Not -Be $first.MapsHash
    }

    It 'replaces no page of a sheet of other photos' {
        $null = $maps | Export-CamSheet $sheet -CellSize 64 -PhotosPerPage 1
        { $maps[2, 3, 0, 1] | Export-CamSheet $sheet -CellSize 64 -PhotosPerPage 1 } | Should -Throw -ErrorId 'PictureOfOtherQuestion,*'
        $maps | Export-CamSheet $sheet -CellSize 64 -PhotosPerPage 1 | Should -HaveCount 2
    }

    It 'tells its maps: <_>' -ForEach 'jpg', 'png', 'webp' {
        $path = [IO.Path]::ChangeExtension($sheet, $_)
        $null = $maps | Export-CamSheet $path -CellSize 64

        $picture = Get-CamPicture -LiteralPath $path
        $told = $picture.GetMaps()

        $picture.Kind, $picture.MapCount | Should -Be Sheet, 4
        $told.Path | Should -Be ($maps.Path | Split-Path -Leaf)
        $told.Label | Should -Be $maps.Label
        $told.Probability | Should -Be $maps.Probability
        $told.PhotoHash | Should -Be (Get-FileHash -LiteralPath $maps.Path).Hash
        $told.Resolution | Should -Be (, 96 * 4)
        [Text.Encoding]::UTF8.GetString([IO.File]::ReadAllBytes($path)) | Should -Not -Match 'Pester|gr%C3%B6|größe'
    }

    It 'goes on after a photo that is gone, and writes nothing where all are' {
        $gone = Join-Path $folder gone.jpg
        Copy-Item -LiteralPath "$samples/flower.jpg" -Destination $gone
        $lost = Get-ClassActivationMap -LiteralPath $gone -Class daisy -Resolution 96
        Remove-Item -LiteralPath $gone

        @($lost) + $maps | Export-CamSheet $sheet -CellSize 64 -ErrorAction SilentlyContinue -ErrorVariable problems | Should -HaveCount 1
        $lost | Export-CamSheet (Join-Path $folder none.png) -ErrorAction SilentlyContinue | Should -BeNullOrEmpty

        "$($problems.FullyQualifiedErrorId) $($problems.TargetObject)" | Should -Be "PhotoNotFound,ClassActivation.Commands.ExportCamSheetCommand $gone"
        (Get-ChildItem -LiteralPath $folder).Name | Should -Be 'Blatt ü [3].png'
    }

    It 'refuses nonsense with what is allowed' {
        $problem = { $maps | Export-CamSheet (Join-Path $folder sheet.tiff) } | Should -Throw -ErrorId 'FormatUnknown,*' -PassThru
        $problem.ErrorDetails.RecommendedAction | Should -Match '\.png'
        { 1..20 | ForEach-Object { $maps } | Export-CamSheet (Join-Path $folder sheet.jpg) -ColumnBy Class -CellSize 4096 } |
            Should -Throw -ErrorId 'PictureTooLarge,*'
        { $maps | Export-CamSheet $sheet -ColumnBy Size } | Should -Throw '*Auto, Class, Method, Model, Rank*'
        { $maps | Export-CamSheet $sheet -Colormap rainbow } | Should -Throw '*viridis*'
        Get-ChildItem -LiteralPath $folder | Should -BeNullOrEmpty
    }
}
