#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    $script:root = (Resolve-Path "$PSScriptRoot/../..").ProviderPath
    Import-Module "$root/out/ClassActivation/ClassActivation.psd1"
    $script:samples = "$root/samples"
    $script:map = Get-ClassActivationMap "$samples/chelsea.png"
    function Hash([string] $Path) { (Get-FileHash -LiteralPath $Path).Hash }
}

Describe 'Parameters of drawing' {
    It 'are the same, with the same defaults, wherever a map is drawn' {
        $names = 'Style', 'Colormap', 'Normalization', 'Upsampling', 'Interpolation', 'Threshold', 'Contour', 'HeatmapOpacity', 'ImageOpacity', 'Layout'
        $drawing = (Get-Command Export-CamOverlay, Export-CamSheet, Show-ClassActivationMap)
        foreach ($command in $drawing) { $command.Parameters.Keys | Should -Contain $names[0] }
        foreach ($name in $names) {
            $drawing.ForEach{ $_.Parameters[$name].ParameterType.FullName } | Select-Object -Unique | Should -HaveCount 1 -Because $name
        }

        $drawing.ImplementingType.BaseType | Select-Object -Unique | Should -HaveCount 1
    }
}

Describe 'Styles' {
    BeforeAll {
        function Picture([hashtable] $Parameters, $From = $map) {
            $picture = $From | Export-CamOverlay (Join-Path $TestDrive ([guid]::NewGuid())) -Format Png @Parameters
            # The pixels alone: the file's mark says what was asked for.
            $bytes = [IO.File]::ReadAllBytes($picture.FullName)
            $pixels = [IO.MemoryStream]::new()
            for ($at = 8; $at -lt $bytes.Length; $at += 12 + $length) {
                $length = [BitConverter]::ToInt32($bytes[($at + 3)..$at], 0)
                if ([Text.Encoding]::ASCII.GetString($bytes, $at + 4, 4) -eq 'IDAT') { $pixels.Write($bytes, $at + 8, $length) }
            }

            $pixels.Position = 0
            (Get-FileHash -InputStream $pixels).Hash
        }
    }

    It 'are their parts' {
        Picture @{ Style = 'Notebook' } | Should -Be (Picture @{})
        Picture @{ Style = 'Notebook' } | Should -Be (Picture @{ Colormap = 'Jet'; Normalization = 'MinMax'; HeatmapOpacity = 0.5; ImageOpacity = 0.8; Upsampling = 'AlignCorners'; Interpolation = 'Bilinear' })
        Picture @{ Style = 'Highlight' } | Should -Be (Picture @{
                Colormap = 'Turbo'; Normalization = 'Positive'; HeatmapOpacity = 0.55; ImageOpacity = 1; Upsampling = 'HalfPixel'
                Interpolation = 'Bicubic'; Threshold = 0.3; Contour = 0.3
            })
        Picture @{ Style = 'Accessible' } | Should -Be (Picture @{
                Colormap = 'Viridis'; Normalization = 'Positive'; HeatmapOpacity = 0.55; ImageOpacity = 1; Upsampling = 'HalfPixel'; Interpolation = 'Bicubic'
            })
    }

    It 'differ, and parts of them can be set' {
        (Picture @{ Style = 'Notebook' }), (Picture @{ Style = 'Highlight' }), (Picture @{ Style = 'Outline' }), (Picture @{ Style = 'Accessible' }), (Picture @{ Interpolation = 'Bicubic' }), (Picture @{ Style = 'Highlight'; Threshold = 0.6 }) |
            Select-Object -Unique | Should -HaveCount 6
    }

    It 'keep zero in the middle of a difference' {
        $difference = Compare-ClassActivationMap $map (Get-ClassActivationMap "$samples/chelsea.png" -Class tabby)
        Picture @{ Style = 'Highlight' } $difference | Should -Be (Picture @{
                Colormap = 'Coolwarm'; Normalization = 'Symmetric'; HeatmapOpacity = 0.55; ImageOpacity = 1; Upsampling = 'HalfPixel'; Interpolation = 'Bicubic'
            } $difference)
    }

    It 'draw a box over the map that it was measured on' {
        $region = $map | Get-CamRegion 0.4
        $region.Normalization | Should -Be Positive
        $region.Upsampling | Should -Be HalfPixel
        Picture @{} $region | Should -Be (Picture @{ Normalization = 'Positive'; Upsampling = 'HalfPixel' } $region)
        Picture @{} ($map | Get-CamRegion -Normalization MinMax -Upsampling AlignCorners) |
            Should -Be (Picture @{ Normalization = 'MinMax'; Upsampling = 'AlignCorners' } ($map | Get-CamRegion -Normalization MinMax -Upsampling AlignCorners))
        Picture @{ Style = 'Highlight' } $region | Should -Be (Picture @{ Style = 'Highlight'; Threshold = 0.4; Contour = 0.4 } $region)
        $file = Join-Path $TestDrive region.xml
        $region | Export-Clixml $file -Depth 4
        Picture @{} (Import-Clixml $file) | Should -Be (Picture @{} $region)
    }
}

Describe 'Contact sheets' {
    BeforeAll {
        $script:many = 1..24 | ForEach-Object { Copy-Item -LiteralPath "$samples/china.jpg" "$TestDrive/many$_.jpg" -PassThru } | Get-ClassActivationMap -Resolution 64
        $script:sheet = Join-Path $TestDrive sheet.png
    }

    It 'of many photos are about as high as wide, and of few a list' {
        $picture = $many | Export-CamSheet $sheet -Force -CellSize 64
        $picture.Height / $picture.Width | Should -BeGreaterThan 0.4
        $picture.Height / $picture.Width | Should -BeLessThan 1.5
        $list = $many | Select-Object -First 5 | Export-CamSheet $sheet -Force
        $column = $many | Select-Object -First 5 | Export-CamSheet $sheet -Force -Columns 1
        "$($list.Width) $($list.Height)" | Should -Be "$($column.Width) $($column.Height)"
        $two = $many | Select-Object -First 5 | Export-CamSheet $sheet -Force -Columns 2
        $two.Width | Should -BeGreaterThan (1.5 * $column.Width)
        $two.Height | Should -BeLessThan $column.Height
    }

    It 'come in pages' {
        $pages = $many | Export-CamSheet $sheet -Force -CellSize 64 -PhotosPerPage 10
        $pages.Name | Should -Be sheet-1.png, sheet-2.png, sheet-3.png
        $pages.FullName | Should -Exist
        $pages[0].Height | Should -Be $pages[1].Height
        $pages[2].Height | Should -BeLessThan $pages[0].Height
        { $many | Export-CamSheet $sheet -CellSize 64 -PhotosPerPage 10 -NoClobber } | Should -Throw -ErrorId 'FileExists,*'
    }

    It 'have a title, in any script of the world' {
        $without = $many[0] | Export-CamSheet $sheet -Force -CellSize 64
        foreach ($title in 'Where it looks', '猫の写真', 'חתול', "`u{1F408}") {
            ($many[0] | Export-CamSheet $sheet -Force -CellSize 64 -Title $title).Height | Should -BeGreaterThan $without.Height
        }
    }

    It 'draw regions, and as overlays are drawn' {
        $hashes = & {
            Hash ($map | Export-CamSheet $sheet -Force).FullName
            Hash ($map | Get-CamRegion | Export-CamSheet $sheet -Force).FullName
            Hash ($map | Export-CamSheet $sheet -Force -Style Highlight).FullName
            Hash ($map | Export-CamSheet $sheet -Force -Threshold 0.5).FullName
            Hash ($map | Export-CamSheet $sheet -Force -Layout Heatmap).FullName
        }
        $hashes | Select-Object -Unique | Should -HaveCount 5
        Hash ($map | Export-CamSheet $sheet -Force -Layout SideBySide).FullName | Should -Be (Hash ($map | Export-CamSheet $sheet -Force -IncludePhoto).FullName)
    }

    It 'of a photo that is gone have its place empty' {
        $lost = Copy-Item -LiteralPath "$samples/china.jpg" "$TestDrive/lost.jpg" -PassThru | Get-ClassActivationMap -Resolution 64
        Remove-Item -LiteralPath "$TestDrive/lost.jpg"
        $picture = $many[0], $lost | Export-CamSheet $sheet -Force -ErrorAction SilentlyContinue -ErrorVariable problems
        $picture | Should -HaveCount 1
        $problems.TargetObject | Should -Be "$TestDrive/lost.jpg"
    }
}
