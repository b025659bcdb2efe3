#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:root = (Resolve-Path TestDrive:).ProviderPath
    $script:photos = Join-Path $root 'photos [1]'
    $null = [IO.Directory]::CreateDirectory($photos)
    Get-ChildItem "$PSScriptRoot/../../samples/c*.*" | Copy-Item -Destination $photos
    $script:maps = Get-ChildItem -LiteralPath $photos | Get-ClassActivationMap -Resolution 96
    $script:regions = $maps | Get-CamRegion -AsGiven
    function Write-Stranger([string] $Path) {
        $null = [IO.Directory]::CreateDirectory((Split-Path $Path))
        [IO.File]::WriteAllText($Path, '{"mine": true}')
    }
}

Describe 'A file that this module did not write' {
    BeforeEach {
        $folder = Join-Path $root "out [$([guid]::NewGuid().ToString('n'))]"
    }

    It 'is not replaced by <Name> without -Force, and its own older one is' -ForEach @(
        @{ Name = 'Export-CamReport'; File = 'a.html'; Export = { $maps | Export-CamReport $args[0] -Force:($args[1]) } }
        @{ Name = 'Export-CamWorkbook'; File = 'a.xlsx'; Export = { $maps | Export-CamWorkbook $args[0] -Force:($args[1]) } }
        @{ Name = 'Export-CamAnnotation Coco'; File = 'a.json'; Export = { $regions | Export-CamAnnotation $args[0] -Force:($args[1]) } }
        @{ Name = 'Export-CamAnnotation PascalVoc'; File = 'chelsea.xml'; Export = { $regions | Export-CamAnnotation (Split-Path $args[0]) PascalVoc -Force:($args[1]) } }
        @{ Name = 'Export-CamAnnotation Yolo'; File = 'labels/chelsea.txt'; Export = { $regions | Export-CamAnnotation (Split-Path (Split-Path $args[0])) Yolo -Force:($args[1]) } }
        @{ Name = 'Export-CamMap'; File = 'a.npy'; Export = { $maps[0] | Export-CamMap $args[0] -Force:($args[1]) } }
        @{ Name = 'Export-CamMap, beside it'; File = 'a.npy'; Stranger = 'a.json'; Export = { $maps[0] | Export-CamMap $args[0] -Force:($args[1]) } }
    ) {
        $file = Join-Path $folder $File
        $theirs = if ($Stranger) { Join-Path $folder $Stranger } else { $file }
        Write-Stranger $theirs

        $problem = $null
        try { & $Export $file $false -ErrorAction Stop } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'FileUnmarked,*'
        $problem.ErrorDetails.Message | Should -BeLike '*exists, and this module did not write it*'
        [IO.File]::ReadAllText($theirs) | Should -Be '{"mine": true}'

        (& $Export $file $true).FullName | Should -Contain $file
        [IO.File]::ReadAllText($theirs) | Should -Not -Be '{"mine": true}'
        [IO.File]::SetLastWriteTimeUtc($file, [datetime]::new(2001, 1, 1))
        (& $Export $file $false).FullName | Should -Contain $file
        [IO.File]::GetLastWriteTimeUtc($file).Year | Should -BeGreaterThan 2001
    }

    It 'is one of Pascal VOC that is of another photo of that name' {
        $other = [IO.Directory]::CreateDirectory((Join-Path $root "other [$([guid]::NewGuid().ToString('n'))]")).FullName
        Copy-Item -LiteralPath "$PSScriptRoot/../../samples/flower.jpg" -Destination (Join-Path $other chelsea.jpg)
        $theirs = Get-ClassActivationMap -LiteralPath (Join-Path $other chelsea.jpg) -Resolution 96 | Get-CamRegion -AsGiven
        $null = $regions | Export-CamAnnotation $folder PascalVoc
        $before = (Get-FileHash -LiteralPath (Join-Path $folder chelsea.xml)).Hash
        $theirs | Export-CamAnnotation $folder PascalVoc -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -BeLike 'PictureOfOtherQuestion,*'
        (Get-FileHash -LiteralPath (Join-Path $folder chelsea.xml)).Hash | Should -Be $before
        ($theirs | Export-CamAnnotation $folder PascalVoc -Force).FullName | Should -Be (Join-Path $folder chelsea.xml)
    }

    It 'is a label of YOLO that was mended by hand' {
        $files = $regions | Export-CamAnnotation $folder Yolo
        $label = Join-Path $folder labels/chelsea.txt
        [IO.File]::WriteAllText($label, "0 0.5 0.5 1 1`n")

        $again = $regions | Export-CamAnnotation $folder Yolo -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems.TargetObject | Should -Be $label
        $again | Should -HaveCount ($files.Count - 1)
        [IO.File]::ReadAllText($label) | Should -Be "0 0.5 0.5 1 1`n"
        # The file that says so is as sha256sum's.
        (Get-Content -LiteralPath (Join-Path $folder class-activation.sha256))[0] | Should -Match '^[0-9a-f]{64} \*'
    }

    It 'of YOLO with other classes leaves the numbers of the older boxes as they are' {
        $null = $regions[0] | Export-CamAnnotation $folder Yolo
        $null = $regions[1..9] | Export-CamAnnotation $folder Yolo
        $boxes = Import-CamAnnotation $folder -PhotoPath $photos
        foreach ($region in $regions) { ($boxes | Where-Object Path -EQ $region.Path).Label | Should -Be $region.Label }

        # With classes of somebody else no box is written.
        $theirs = Join-Path $folder theirs
        Write-Stranger (Join-Path $theirs classes.txt)
        $regions | Export-CamAnnotation $theirs Yolo -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        Get-ChildItem -LiteralPath $theirs | Should -HaveCount 1
    }

    It 'lies in a folder of pictures that belongs to no page' {
        $page = Join-Path $folder 'p.html'
        Write-Stranger (Join-Path $folder 'p_pictures/000001.webp')
        { $maps | Export-CamReport $page -SeparatePictures } | Should -Throw -ErrorId 'FileUnmarked,*'
        $null = $maps | Export-CamReport $page -SeparatePictures -Force
        $null = $maps | Export-CamReport $page -SeparatePictures
        (Get-ChildItem -LiteralPath (Join-Path $folder p_pictures)) | Should -HaveCount $maps.Count
    }

    It 'of a map may have a map of another question beside it' {
        $stretched = Get-ClassActivationMap -LiteralPath $maps[0].Path -Resolution 96 -Fit Stretch -Class $maps[0].ClassIndex
        $null = $maps[0] | Export-CamMap (Join-Path $folder a.npy)
        $stretched | Export-CamMap (Join-Path $folder a.npy) -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -BeLike 'PictureOfOtherQuestion,*'
        (Import-CamMap -LiteralPath (Join-Path $folder a.npy)).Fit | Should -Be $maps[0].Fit
    }
}

Describe 'What a process left that was killed' {
    BeforeEach {
        $folder = Join-Path $root "killed [$([guid]::NewGuid().ToString('n'))]"
    }

    It 'is no stranger''s where it is <Left> of a network' -ForEach @(
        @{ Left = 'the weights'; Moved = 'n.onnx' }
        @{ Left = 'both files' }
    ) {
        $source = "$PSScriptRoot/../ClassActivation.Tests/Figures/networks/defect.onnx"
        $file = Join-Path $folder 'n.onnx'
        $null = ConvertTo-CamModel $source $file -Preprocessing Scale01
        [IO.File]::Exists("$file.data") | Should -BeTrue
        # The network has a temporary name between the moments in which it and its weights get their own.
        if ($Moved) { Move-Item -LiteralPath $file -Destination (Join-Path $folder ".ClassActivation-$([guid]::NewGuid().ToString('n')).tmp") }
        (ConvertTo-CamModel $source $file -Preprocessing Scale01).Path | Should -Be $file

        Get-ChildItem -LiteralPath $folder -Force -Filter .ClassActivation-* | Remove-Item -Force
        Remove-Item -LiteralPath $file
        { ConvertTo-CamModel $source $file -Preprocessing Scale01 } | Should -Throw -ErrorId 'FileUnmarked,*'
    }

    It 'is no stranger''s where it is the pictures of a report' {
        $page = Join-Path $folder 'p.html'
        $null = $maps | Export-CamReport $page -SeparatePictures
        Remove-Item -LiteralPath $page
        [IO.File]::WriteAllText((Join-Path $folder "p_pictures/.ClassActivation-$([guid]::NewGuid().ToString('n')).tmp"), 'half')
        (($maps | Export-CamReport $page -SeparatePictures).FullName) | Should -Be $page
    }

    It 'is no stranger''s where it is some labels of YOLO' {
        $note = Join-Path $folder class-activation.sha256
        $labels = 'labels/chelsea.txt', 'labels/coffee.txt' | ForEach-Object { Join-Path $folder $_ }
        $null = $regions | Export-CamAnnotation $folder Yolo
        $before = [IO.File]::ReadAllText($note)
        $coffee = [IO.File]::ReadAllText($labels[1])
        $narrow = $maps | Get-CamRegion -Threshold 0.6
        $null = $narrow | Export-CamAnnotation $folder Yolo
        $written = $labels | ForEach-Object { [IO.File]::ReadAllText($_) }

        # As it is when the process ends after the first label of two, which it had noted before.
        [IO.File]::WriteAllText($note, $before + [IO.File]::ReadAllText($note))
        [IO.File]::WriteAllText($labels[1], $coffee)
        $coffee | Should -Not -Be $written[1]
        $null = $narrow | Export-CamAnnotation $folder Yolo -ErrorAction Stop
        $labels | ForEach-Object { [IO.File]::ReadAllText($_) } | Should -Be $written

        [IO.File]::WriteAllText($labels[1], $coffee)
        $null = $narrow | Export-CamAnnotation $folder Yolo -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems.TargetObject | Should -Be $labels[1] -Because 'what is noted last is what was written'
    }
}

Describe 'A path that ends as a file' {
    It '<Name> is none of a folder' -ForEach @(
        @{ Name = 'x.npy'; Works = $true; Export = { $maps[0] | Export-CamMap $args[0] } }
        @{ Name = 'x.gif'; Id = 'FileExtensionInvalid'; Export = { $maps[0] | Export-CamMap $args[0] } }
        @{ Name = 'x.npy/'; Id = 'FileExtensionInvalid'; Export = { $maps[0] | Export-CamMap $args[0] } }
        @{ Name = 'x.gif'; Id = 'FormatUnknown'; Export = { $maps[0] | Export-CamOverlay $args[0] } }
        @{ Name = 'x.png/'; Id = 'FormatUnknown'; Export = { $maps[0] | Export-CamOverlay $args[0] } }
        @{ Name = 'x.tiff'; Id = 'FormatUnknown'; Export = { $regions[0] | Export-CamCrop $args[0] } }
        @{ Name = 'x.xml'; Id = 'FileExtensionInvalid'; Export = { $regions[0] | Export-CamAnnotation $args[0] PascalVoc } }
    ) {
        $path = Join-Path $root $Name
        Remove-Item -LiteralPath ($path.TrimEnd('/')) -ErrorAction Ignore
        $problem = $null
        try { $file = & $Export $path } catch { $problem = $_ }
        if ($Works) {
            $file.FullName | Should -Be $path
            Test-Path -LiteralPath $path -PathType Leaf | Should -BeTrue
        } else {
            $problem.FullyQualifiedErrorId | Should -BeLike "$Id,*"
            Test-Path -LiteralPath $path.TrimEnd('/') | Should -BeFalse
        }
    }

    It 'takes one map' {
        $path = Join-Path $root one.npy
        $maps | Export-CamMap $path -ErrorAction SilentlyContinue -ErrorVariable problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PictureSecondForFile,*'
    }
}

Describe 'Names of pictures' {
    BeforeEach {
        $folder = Join-Path $root "out [$([guid]::NewGuid().ToString('n'))]"
    }

    It 'tell how maps are drawn' {
        $map = $maps | Where-Object Path -Like '*chelsea*'
        $names = & {
            $map | Export-CamOverlay $folder
            $map | Export-CamOverlay $folder -Style Highlight
            $map | Export-CamOverlay $folder -Colormap viridis -Threshold 0.4
            $map | Export-CamOverlay $folder -HeatmapOpacity 0.7 -Legend
            # What is as the plain picture is needs no words.
            $map | Export-CamOverlay $folder -Colormap jet -HeatmapOpacity 0.5 -Layout Overlay
        } | ForEach-Object Name
        $start = "chelsea.$($map.Label).96px"
        $names | Should -Be "$start.cam.jpg", "$start.Highlight.cam.jpg", "$start.viridis.from-0_4.cam.jpg", "$start.map-0_7.legend.cam.jpg", "$start.cam.jpg"
        (Get-ChildItem -LiteralPath $folder) | Should -HaveCount 4
        (Get-CamPicture -LiteralPath (Join-Path $folder $names[1])).Look | Should -Be Highlight
    }

    It 'tell what is cut out' {
        $map = $maps | Where-Object Path -Like '*chelsea*'
        $names = & {
            $map | Get-CamRegion | Export-CamCrop $folder
            $map | Get-CamRegion -AsGiven | Export-CamCrop $folder
            $map | Get-CamRegion -Threshold 0.5 | Export-CamCrop $folder
            $map | Get-CamRegion | Export-CamCrop $folder -Padding 0.1 -Square
            $map | Get-CamRegion | Export-CamOverlay $folder
        } | ForEach-Object Name
        $start = "chelsea.$($map.Label).96px"
        $names | Should -Be "$start.crop.jpg", "$start.as-given.crop.jpg", "$start.threshold-0_5.crop.jpg", "$start.padding-0_1.square.crop.jpg", "$start.box.cam.jpg"
    }

    It 'are the same in the culture <_>, without commas' -ForEach 'de-DE', 'tr-TR', 'ar-SA' {
        $before = [Threading.Thread]::CurrentThread.CurrentCulture
        try {
            [Threading.Thread]::CurrentThread.CurrentCulture = $_
            $map = Get-ClassActivationMap -LiteralPath ($maps | Where-Object Path -Like '*chelsea*').Path -Class lynx -Contrast tabby, tiger_cat -ContrastStrength 0.5 -Scale 1, 1.5 -Resolution 96
            $names = ($map | Export-CamOverlay $folder -Threshold 0.25), ($map | Get-CamRegion -Threshold 0.3 | Export-CamCrop $folder -Padding 0.1), ($map | Export-CamMap $folder) | ForEach-Object Name
        } finally {
            [Threading.Thread]::CurrentThread.CurrentCulture = $before
        }

        $start = 'chelsea.lynx.not-tabby+tiger_cat.strength-0_5.96px.scale-1+1_5'
        $names | Should -Be "$start.from-0_25.cam.jpg", "$start.threshold-0_3.padding-0_1.crop.jpg", "$start.cam.npy"
    }

    It 'do not tell the threshold that suits <_>' -ForEach 'LayerCam', 'SoftmaxCam', 'AblationCam', 'EigenCam' {
        $map = Get-ClassActivationMap -LiteralPath ($maps | Where-Object Path -Like '*chelsea*').Path -Method $_ -Resolution 96
        ($map | Get-CamRegion | Export-CamCrop $folder).Name | Should -Be "chelsea.$($map.Label).$_.96px.crop.jpg"
    }

    It 'are one each in what -WhatIf says' {
        $other = [IO.Directory]::CreateDirectory((Join-Path $root 'others')).FullName
        Copy-Item -LiteralPath (Join-Path $photos chelsea.png) -Destination $other
        $both = (Join-Path $photos chelsea.png), (Join-Path $other chelsea.png) | Get-ClassActivationMap -Resolution 96
        $record = Join-Path $root "record.txt"
        $null = Start-Transcript -LiteralPath $record
        $both | Export-CamOverlay $folder -WhatIf
        $both | Export-CamMap $folder -WhatIf
        $null = Stop-Transcript
        Test-Path -LiteralPath $folder | Should -BeFalse
        $named = @(Select-String -LiteralPath $record -Pattern '(chelsea\S+\.(jpg|npy))' | ForEach-Object { $_.Matches[0].Value })
        $named | Should -HaveCount 4
        $named | Sort-Object -Unique | Should -HaveCount 4
    }
}

Describe 'Pages of a sheet' {
    BeforeAll {
        $script:several = Get-ChildItem -LiteralPath $photos | Get-ClassActivationMap -Class tabby, daisy -Resolution 96
    }

    BeforeEach {
        $folder = [IO.Directory]::CreateDirectory((Join-Path $root "sheets [$([guid]::NewGuid().ToString('n'))]")).FullName
        $sheet = Join-Path $folder s.png
    }

    It 'of an older, longer sheet go' {
        $null = $several | Export-CamSheet $sheet -PhotosPerPage 1 -CellSize 32
        $count = @($several.Path | Sort-Object -Unique).Count
        $count | Should -BeGreaterOrEqual 2
        (Get-ChildItem -LiteralPath $folder) | Should -HaveCount $count
        Write-Stranger (Join-Path $folder s-99.png)

        $several | Export-CamSheet $sheet -PhotosPerPage 100 -CellSize 32 -WhatIf
        (Get-ChildItem -LiteralPath $folder) | Should -HaveCount ($count + 1)

        # The same maps on one page, without -Force: it is the same sheet.
        $null = $several | Export-CamSheet $sheet -CellSize 32
        (Get-ChildItem -LiteralPath $folder).Name | Should -Be 's-99.png', 's.png'
        $null = $several | Export-CamSheet $sheet -PhotosPerPage 1 -CellSize 32
        (Get-ChildItem -LiteralPath $folder).Name | Should -Not -Contain s.png
        (Get-ChildItem -LiteralPath $folder) | Should -HaveCount ($count + 1)

        # Fewer photos are another sheet.
        { $several | Where-Object Path -NE $several[0].Path | Export-CamSheet $sheet -PhotosPerPage 1 -CellSize 32 } | Should -Throw -ErrorId 'PictureOfOtherQuestion,*'
    }

    It 'of fewer photos replace all of an older one with -Force' {
        $null = $several | Export-CamSheet $sheet -PhotosPerPage 1 -CellSize 32
        $last = @($several.Path | Sort-Object -Unique)[-1]
        $two = $several | Where-Object Path -NE $last
        $null = $two | Export-CamSheet $sheet -PhotosPerPage 1 -CellSize 32 -Force
        (Get-ChildItem -LiteralPath $folder) | Should -HaveCount @($two.Path | Sort-Object -Unique).Count
    }
}

Describe 'A script block as destination' {
    It 'is run where it is named, and is no path elsewhere' {
        $folder = Join-Path $root "blocks"
        $map = $maps[0]
        ($map | Export-CamOverlay -DestinationPath { Join-Path $folder $_.Label }).FullName | Should -BeLike (Join-Path $folder "$($map.Label)/*.cam.jpg")
        { Export-CamOverlay -InputObject $map -DestinationPath { $folder } } | Should -Throw '*cannot be evaluated without input*'
        # PowerShell itself refuses the positional form, which the help says.
        { $map | Export-CamOverlay { Join-Path $folder $_.Label } } | Should -Throw '*positional parameter*'
        (Get-Help Export-CamOverlay -Parameter DestinationPath | Out-String) -replace '\s+', ' ' | Should -BeLike '*by position it does not*'
        { $map | Export-CamMap -DestinationPath { $folder } } | Should -Throw '*no script block*'
    }
}

Describe 'A file where a folder is to be' {
    It 'is named by <Name>' -ForEach @(
        @{ Name = 'Export-CamOverlay'; Export = { $maps[0] | Export-CamOverlay $args[0] -ErrorAction Stop } }
        @{ Name = 'Export-CamOverlay, further up'; Export = { $maps[0] | Export-CamOverlay (Join-Path $args[0] a/b) -ErrorAction Stop } }
        @{ Name = 'Export-CamCrop'; Export = { $regions[0] | Export-CamCrop $args[0] -ErrorAction Stop } }
        @{ Name = 'Export-CamMap'; Export = { $maps[0] | Export-CamMap $args[0] -ErrorAction Stop } }
        @{ Name = 'Export-CamSheet'; Export = { $maps[0] | Export-CamSheet (Join-Path $args[0] x.png) } }
        @{ Name = 'Export-CamReport'; Export = { $maps[0] | Export-CamReport (Join-Path $args[0] x.html) } }
        @{ Name = 'Export-CamWorkbook'; Export = { $maps[0] | Export-CamWorkbook (Join-Path $args[0] x.xlsx) } }
        @{ Name = 'Export-CamAnnotation'; Export = { $regions[0] | Export-CamAnnotation $args[0] Yolo -ErrorAction Stop } }
        @{ Name = 'Export-CamEvidence'; Export = { $maps[0] | Export-CamEvidence $args[0] -ErrorAction Stop }; Id = 'EvidenceNotWritten' }
        @{ Name = 'New-CamBatch'; Export = { New-CamBatch -Path $maps[0].Path -DestinationPath (Join-Path $args[0] x) -ErrorAction Stop }; Id = 'BatchNotWritten' }
        @{ Name = 'ConvertTo-QuantizedCamModel'; Export = { ConvertTo-QuantizedCamModel ResNet50 (Join-Path $args[0] x.onnx) -CalibrationPhoto $maps[0].Path -ErrorAction Stop } }
    ) {
        $file = Join-Path $root 'a file [1]'
        [IO.File]::WriteAllText($file, 'mine')
        $problem = { & $Export $file } | Should -Throw -ErrorId "$($Id ?? 'FolderIsFile'),*" -PassThru
        $problem.ErrorDetails.Message | Should -BeLike "'$([WildcardPattern]::Escape($file))' is a file, where a folder is to be for '*"
        [IO.File]::ReadAllText($file) | Should -Be mine
    }
}

Describe 'The photo that is explained' {
    BeforeEach {
        $folder = [IO.Directory]::CreateDirectory((Join-Path $root "photo [$([guid]::NewGuid().ToString('n'))]")).FullName
    }

    It 'is not replaced by a sheet it is in, nor by a page of it' {
        $photo = Join-Path $folder 's-2.png'
        Copy-Item "$PSScriptRoot/../../samples/chelsea.png" $folder
        Copy-Item "$PSScriptRoot/../../samples/coffee.png" $photo
        $both = Get-ChildItem -LiteralPath $folder | Get-ClassActivationMap -Resolution 96
        { $both | Export-CamSheet $photo -Force } | Should -Throw -ErrorId 'PictureIsPhoto,*'
        { $both | Export-CamSheet (Join-Path $folder s.png) -Force -PhotosPerPage 1 } | Should -Throw -ErrorId 'PictureIsPhoto,*'
        (Get-FileHash -LiteralPath $photo).Hash | Should -Be (Get-FileHash "$PSScriptRoot/../../samples/coffee.png").Hash
        Get-ChildItem -LiteralPath $folder | Should -HaveCount 2
    }

    It 'is not replaced by <Name> of its name' -ForEach @(
        @{ Name = 'a page'; File = 'a.html'; Export = { $args[0] | Export-CamReport $args[1] -Force } }
        @{ Name = 'a picture of a page'; File = 'p_pictures/000001.webp'; Export = { $args[0] | Export-CamReport (Join-Path $folder p.html) -SeparatePictures -Force -ErrorAction Stop } }
        @{ Name = 'boxes'; File = 'a.json'; Export = { $args[0] | Get-CamRegion -AsGiven | Export-CamAnnotation $args[1] -Force -ErrorAction Stop } }
        @{ Name = 'the description of a map'; File = 'a.json'; Export = { $args[0] | Export-CamMap (Join-Path $folder a.npy) -Force -ErrorAction Stop } }
        @{ Name = 'evidence'; File = 'e/a.Egyptian_cat.96px.cam.evidence/a.png'; Export = {
                $copy = Copy-Item -LiteralPath $args[1] (Join-Path $folder a.png) -PassThru
                Remove-Item -LiteralPath (Join-Path $folder e) -Recurse
                $null = Get-ClassActivationMap -LiteralPath $copy.FullName -Resolution 96 | Export-CamEvidence (Join-Path $folder e) -Force
                $null = [IO.Directory]::CreateDirectory((Split-Path $args[1]))
                Copy-Item -LiteralPath $copy.FullName $args[1]
                Get-ClassActivationMap -LiteralPath $args[1] -Resolution 96 | Export-CamEvidence (Join-Path $folder e) -Force -ErrorAction Stop
            } }
    ) {
        $photo = Join-Path $folder $File
        $null = [IO.Directory]::CreateDirectory((Split-Path $photo))
        Copy-Item "$PSScriptRoot/../../samples/chelsea.png" $photo
        $map = Get-ClassActivationMap -LiteralPath $photo -Resolution 96
        { & $Export $map $photo } | Should -Throw -ErrorId 'PictureIsPhoto,*'
        (Get-FileHash -LiteralPath $photo).Hash | Should -Be (Get-FileHash "$PSScriptRoot/../../samples/chelsea.png").Hash
    }

    It 'is not replaced through a link to it' -Skip:$IsWindows {
        $photo = Join-Path $folder real.png
        Copy-Item "$PSScriptRoot/../../samples/chelsea.png" $photo
        $link = (New-Item -ItemType SymbolicLink -Path (Join-Path $folder link.png) -Target $photo).FullName
        $elsewhere = (New-Item -ItemType SymbolicLink -Path (Join-Path $root "elsewhere-$([guid]::NewGuid().ToString('n'))") -Target $folder).FullName
        foreach ($pair in ($link, $photo), ($link, (Join-Path $elsewhere real.png)), ($photo, (Join-Path $elsewhere real.png)), ($link, $link)) {
            $source, $destination = $pair
            $map = Get-ClassActivationMap -LiteralPath $source -Resolution 96
            { $map | Export-CamOverlay $destination -Force -ErrorAction Stop } | Should -Throw -ErrorId 'PictureIsPhoto,*'
            { $map | Export-CamSheet $destination -Force } | Should -Throw -ErrorId 'PictureIsPhoto,*'
        }

        (Get-FileHash -LiteralPath $photo).Hash | Should -Be (Get-FileHash "$PSScriptRoot/../../samples/chelsea.png").Hash
        # The link alone may go: the photo stays.
        $null = Get-ClassActivationMap -LiteralPath $photo -Resolution 96 | Export-CamOverlay $link -Force
        (Get-FileHash -LiteralPath $photo).Hash | Should -Be (Get-FileHash "$PSScriptRoot/../../samples/chelsea.png").Hash
    }

    It 'is not replaced by its <Name>, with -Force neither' -ForEach @(
        @{ Name = 'overlay'; Write = { Get-ClassActivationMap $photo -Resolution 96 | Export-CamOverlay -DestinationPath $photo -Force -ErrorAction Stop } }
        @{ Name = 'crop'; Write = { Get-ClassActivationMap $photo -Resolution 96 | Get-CamRegion | Export-CamCrop -DestinationPath $photo -Force -ErrorAction Stop } }
    ) {
        $photo = Join-Path $TestDrive 'explained.png'
        Copy-Item "$PSScriptRoot/../../samples/chelsea.png" $photo
        $before = (Get-FileHash -LiteralPath $photo).Hash
        $Write | Should -Throw -ErrorId 'PictureIsPhoto,*'
        (Get-FileHash -LiteralPath $photo).Hash | Should -Be $before
    }
}
