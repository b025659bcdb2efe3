#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:root = (Resolve-Path TestDrive:).ProviderPath
    $script:photos = Join-Path $root 'photos [1]'
    $null = [IO.Directory]::CreateDirectory($photos)
    Get-ChildItem "$PSScriptRoot/../../samples/c*.*" | Copy-Item -Destination $photos
    $script:maps = Get-ChildItem -LiteralPath $photos | Get-ClassActivationMap -Resolution 96
    $script:regions = $maps | Get-CamRegion -AsGiven -All
}

Describe 'Boxes and maps of other tools' {
    It 'gives regions back from <Format>' -ForEach @(
        @{ Format = 'Coco'; Name = 'boxes.json' }
        @{ Format = 'PascalVoc'; Name = 'voc [1]' }
        @{ Format = 'Yolo'; Name = 'yolo [1]' }
    ) {
        $files = $regions | Export-CamAnnotation (Join-Path $root $Name) $Format
        $files | Should -BeOfType IO.FileInfo
        $boxes = Import-CamAnnotation -LiteralPath (Join-Path $root $Name) -PhotoPath $photos

        $properties = 'Path', 'Label', 'ClassIndex', 'Left', 'Top', 'Width', 'Height'
        Compare-Object ($regions | Select-Object $properties) ($boxes | Select-Object $properties) -Property $properties | Should -BeNullOrEmpty
        $boxes | Out-String | Should -Match 'Label +Left +Top +Width +Height +Score +Path'

        # What a map's own largest region says is true is found by the map.
        ($maps | Measure-CamLocalization (Join-Path $root $Name)).MeanIoU | Should -Be 1
    }

    It 'takes boxes of any objects, also of those that were read' {
        $own = [pscustomobject]@{ Path = 'a.png'; Label = 'cat'; Left = 1.5; Top = 2; Width = '3'; Height = 4 }
        $null = $own | Export-CamAnnotation (Join-Path $root own.json)
        $null = Import-CamAnnotation (Join-Path $root own.json) | Export-CamAnnotation (Join-Path $root again.json)
        $box = Import-CamAnnotation (Join-Path $root again.json)

        "$($box.Path) $($box.Label) $($box.ClassIndex)" | Should -Be 'a.png cat -1'
        $box.Left, $box.Top, $box.Width, $box.Height | Should -Be 1.5, 2, 3, 4
    }

    It 'says what has no box, which size is missing, and which file is damaged' {
        [pscustomobject]@{ Path = 'a.png'; Label = 'cat' } | Export-CamAnnotation (Join-Path $root x.json) -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems.FullyQualifiedErrorId | Should -Be 'AnnotationInvalid,ClassActivation.Commands.ExportCamAnnotationCommand'
        $box = [pscustomobject]@{ Path = 'a.png'; Label = 'cat'; Left = 1; Top = 2; Width = 3; Height = 4 }
        { $box | Export-CamAnnotation (Join-Path $root x) Yolo } | Should -Throw '*a.png*'
        '{}' | Set-Content (Join-Path $root damaged.json)
        Import-CamAnnotation (Join-Path $root damaged.json), (Join-Path $root none.json) -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems.FullyQualifiedErrorId | Should -Be @('FileInvalid', 'FileNotFound').ForEach({ "$_,ClassActivation.Commands.ImportCamAnnotationCommand" })
    }

    It 'gives maps back from NumPy files' {
        $files = $maps | Export-CamMap (Join-Path $root 'maps [1]')
        $copies = $files | Import-CamMap

        ($copies | ConvertTo-Json -Depth 4) | Should -Be ($maps | ConvertTo-Json -Depth 4)
        ($copies | Get-CamRegion -AsGiven).Left | Should -Be ($maps | Get-CamRegion -AsGiven).Left
    }

    It 'takes the map of another tool with its photo' {
        $file = ($maps[0] | Export-CamMap (Join-Path $root theirs))
        Remove-Item -LiteralPath ($file.FullName -replace 'npy$', 'json')
        Import-CamMap -LiteralPath $file.FullName -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -Be 'FileNotFound,ClassActivation.Commands.ImportCamMapCommand'

        $map = Import-CamMap -LiteralPath $file.FullName -PhotoPath $maps[0].Path -Label cat
        $map.PhotoWidth, $map.PhotoHeight | Should -Be $maps[0].PhotoWidth, $maps[0].PhotoHeight
        ($map | Compare-ClassActivationMap $maps[0]).Correlation | Should -BeGreaterThan 0.999
        ($map | Export-CamOverlay (Join-Path $root theirs)).Label | Should -Be cat
    }
}
