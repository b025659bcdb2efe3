#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    $script:module = (Resolve-Path "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1").ProviderPath
    Import-Module $module
    $script:kinds = (Resolve-Path "$PSScriptRoot/../ClassActivation.Tests/Photos").ProviderPath
}

Describe 'Photos of rare kinds' {
    It 'shows every frame of <_> as a photo of its own' -ForEach 'animation.gif', 'animation.webp' {
        $path = Join-Path $kinds $_

        $maps = Get-ClassActivationMap $path -Frame All

        $maps.PhotoFrame | Should -Be 1, 2, 3, 4, 5
        $pictures = $maps | Export-CamOverlay (Join-Path $TestDrive "frames of $($_.Replace(".", " "))")
        $pictures.Name | Select-Object -Unique | Should -HaveCount 5
        $pictures[2].Name | Should -BeLike 'animation*.frame-3.cam.jpg'
        (Get-CamPicture -LiteralPath $pictures[2].FullName).PhotoFrame | Should -Be 3
    }

    It 'takes one frame, which comes back from CSV as the same' {
        $path = Join-Path $kinds animation.gif
        $prediction = Get-Prediction $path -Frame 4 -Top 1
        $prediction | Export-Csv (Join-Path $TestDrive frame.csv)

        $map = Import-Csv (Join-Path $TestDrive frame.csv) | Get-ClassActivationMap

        $map.PhotoFrame | Should -Be 4
        $map.Probability | Should -Be $prediction.Probability
    }

    It 'says where there are more frames than it shows' {
        $verbose = Get-Prediction (Join-Path $kinds animation.gif) -Top 1 -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }

        $verbose.Message | Should -Contain "'$(Join-Path $kinds animation.gif)' has 5 frames, of which number 1 is shown; -Frame All shows all."
    }

    It 'takes several frames in the order in which they are named' {
        (Get-ClassActivationMap (Join-Path $kinds animation.gif) -Frame 4, 2, 4).PhotoFrame | Should -Be 4, 2
        (Get-Prediction (Join-Path $kinds animation.gif) -Frame 2, all -Top 1).PhotoFrame | Should -Be 1, 2, 3, 4, 5
    }

    It 'shows the page of a TIFF that is asked for' {
        $pages = Join-Path $kinds tiff/pages-mixed.tif
        $maps = Get-ClassActivationMap $pages -Frame All
        $maps.PhotoFrame | Should -Be 1, 2, 3, 4
        $maps | ForEach-Object { "$($_.PhotoWidth)x$($_.PhotoHeight)" } | Should -Be 23x17, 9x31, 23x17, 23x17
        (Get-Prediction $pages -Frame 1 -Top 1).Probability | Should -Not -Be (Get-Prediction $pages -Frame 4 -Top 1).Probability
        $pictures = $maps | Export-CamOverlay (Join-Path TestDrive: pages)
        $pictures | Should -HaveCount 4
        { Get-Prediction $pages -Frame 5 -ErrorAction Stop } | Should -Throw -ErrorId 'PhotoNoSuchFrame*' -ExpectedMessage '*has 4 frames and no frame 5*'
        { Get-Prediction (Join-Path $kinds tiff/rgb-raw.tif) -Frame 2 -ErrorAction Stop } | Should -Throw -ErrorId 'PhotoNoSuchFrame*'
    }

    It 'refuses the frame <frame>: <id>' -ForEach @{ frame = '6'; id = 'PhotoNoSuchFrame*' }, @{ frame = '0'; id = 'ParameterArgumentValidationError*' }, @{ frame = 'two'; id = 'ParameterArgumentValidationError*' } {
        { Get-Prediction (Join-Path $kinds animation.gif) -Frame $frame -ErrorAction Stop } | Should -Throw -ErrorId $id
    }

    It 'reads a JPEG without its end, with a warning' {
        $prediction = Get-Prediction (Join-Path $kinds no-end.jpg) -Top 1 -WarningVariable warnings -WarningAction SilentlyContinue

        $prediction | Should -HaveCount 1
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike "*no-end.jpg' lacks its end, but all its pixels are there*"
    }

    It 'says of <name> that it is <reason>' -ForEach @{ name = '12-bit.jpg'; reason = '12 bits a colour' }, @{ name = 'lossless.jpg'; reason = 'a lossless JPEG' }, @{ name = 'cgbi.png'; reason = 'CgBI' } {
        $null = Get-Prediction (Join-Path $kinds $name) -ErrorVariable failed -ErrorAction SilentlyContinue

        $failed[0].FullyQualifiedErrorId | Should -BeLike 'PhotoUnknownKind,*'
        "$($failed[0])" | Should -BeLike "*$reason*"
    }

    It 'reads a photo as it is stored, and says so in the question and in the name' {
        $path = Join-Path $kinds exif-long-6.jpg

        $upright, $stored = (Get-ClassActivationMap $path), (Get-ClassActivationMap $path -Reading AsStored)

        $upright.PhotoWidth, $upright.PhotoHeight, $upright.Reading | Should -Be 60, 40, Upright
        $stored.PhotoWidth, $stored.PhotoHeight, $stored.Reading | Should -Be 40, 60, AsStored
        $picture = $stored | Export-CamOverlay (Join-Path $TestDrive stored)
        $picture.Name | Should -BeLike '*.as-stored.cam.jpg'
        $picture.Width, $picture.Height | Should -Be 40, 60
        (Get-CamPicture -LiteralPath $picture.FullName).Reading | Should -Be AsStored
        $stored | Export-Clixml (Join-Path $TestDrive stored.xml)
        (Import-Clixml (Join-Path $TestDrive stored.xml) | Export-CamOverlay (Join-Path $TestDrive stored)).FullName | Should -Be $picture.FullName
    }

    It 'keeps the colour profile of <name> in an overlay as <format>' -ForEach @(
        foreach ($name in 'profile.jpg', 'profile.png', 'profile.webp') { foreach ($format in 'Jpeg', 'Png', 'Webp') { @{ name = $name; format = $format } } }) {
        $picture = Get-ClassActivationMap (Join-Path $kinds $name) | Export-CamOverlay (Join-Path $TestDrive "$name-$format") -Format $format

        $bytes = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($picture.FullName))
        $mark = @{ Jpeg = 'ICC_PROFILE'; Png = 'iCCP'; Webp = 'ICCP' }[$format]
        $bytes.Contains($mark) | Should -BeTrue
    }

    It 'keeps the colour profile in the pictures of a batch and of evidence, too' {
        $job = Join-Path $TestDrive job
        $null = New-CamBatch (Join-Path $kinds wide.png) $job -Output Pictures -Format Png
        $null = Invoke-CamBatch $job
        $evidence = Get-ClassActivationMap (Join-Path $kinds wide.png) | Export-CamEvidence (Join-Path $TestDrive evidence)
        foreach ($file in (Get-ChildItem $job -Recurse -Filter pictures*), (Get-ChildItem (Join-Path $TestDrive evidence) -Filter *.png -Recurse)) {
            $file | Should -HaveCount 1
            [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file.FullName)).Contains('iCCP') | Should -BeTrue
        }
    }

    It 'turns colours into sRGB where a picture shows several photos' {
        $maps = 'wide.png', 'profile.png' | ForEach-Object { Get-ClassActivationMap (Join-Path $kinds $_) }
        $sheet = $maps | Export-CamSheet (Join-Path $TestDrive sheet.png) -IncludePhoto -CellSize 64
        $picture = [ClassActivation.Photos.PhotoDecoder]::Decode([ClassActivation.Photos.PhotoSource]::FromFile($sheet.FullName))
        $near = { param($Red, $Green, $Blue)
            $found = 0
            for ($i = 0; $i -lt $picture.Pixels.Length; $i += 4) {
                if ([Math]::Abs($picture.Pixels[$i] - $Red) -le 1 -and [Math]::Abs($picture.Pixels[$i + 1] - $Green) -le 1 -and [Math]::Abs($picture.Pixels[$i + 2] - $Blue) -le 1) { $found++ }
            }
            $found
        }
        # What is stored, and what LittleCMS makes of it (wide.srgb.png).
        & $near 60 80 200 | Should -Be 0
        & $near 46 79 205 | Should -BeGreaterThan 60
    }
}
