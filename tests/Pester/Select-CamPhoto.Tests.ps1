#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:root = Join-Path (Resolve-Path TestDrive:).ProviderPath photos
    $script:out = Join-Path (Resolve-Path TestDrive:).ProviderPath out
    $null = New-Item -ItemType Directory "$root/mon", "$root/wed"
    Copy-Item -LiteralPath "$samples/chelsea.png" "$root/mon/IMG_1.png"
    Copy-Item -LiteralPath "$samples/coffee.png" "$root/wed/IMG_1.png"
    Set-Content "$root/notes.jpg" 'no photo'
    $null = Get-ClassActivationMap "$root/mon/IMG_1.png" -Class tabby | Export-CamOverlay $out -BasePath $root
}

Describe 'Select-CamPhoto' {
    It 'gives photos by their content' {
        (Select-CamPhoto $root -Recurse).FullName | Should -Be (Join-Path $root mon IMG_1.png), (Join-Path $root wed IMG_1.png)
    }

    It 'follows no link to a folder round and round' -Skip:$IsWindows {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Copy-Item "$samples/chelsea.png" $folder
        $null = New-Item -ItemType SymbolicLink "$folder/loop" -Target $folder
        $null = New-Item -ItemType SymbolicLink "$folder/link.png" -Target "$samples/coffee.png"
        $null = New-Item -ItemType SymbolicLink "$folder/gone.png" -Target "$folder/nowhere.png"
        (Select-CamPhoto $folder -Recurse).Name | Should -Be chelsea.png, gone.png, link.png
        Get-Prediction "$folder/gone.png" -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PhotoNotFound,*'
    }

    It 'leaves out what is done' {
        $left = Select-CamPhoto $root -Recurse -NotIn $out -Verbose 4>&1
        @($left | Where-Object { $_ -is [IO.FileInfo] }).FullName | Should -Be (Join-Path $root wed IMG_1.png)
        "$($left -match 'Any overlay')" | Should -Not -BeNullOrEmpty
    }

    It 'leaves out what answers <Question>' -ForEach @(
        @{ Question = @{ Class = 'tabby' }; Count = 1 }
        @{ Question = @{ Class = 'tabby'; Fit = 'Stretch' }; Count = 2 }
        @{ Question = @{ Class = 'tabby', 'lynx' }; Count = 2 }
        @{ Question = @{}; Count = 2 }
    ) {
        Select-CamPhoto $root -Recurse -NotIn $out -Question $Question | Should -HaveCount $Count
    }

    It 'sets classes against classes and concepts, as Get-ClassActivationMap does' {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $null = Get-ClassActivationMap "$root/mon/IMG_1.png" -Class Egyptian_cat -Contrast dog, cat | Export-CamOverlay $folder
        $null = Get-ClassActivationMap "$root/wed/IMG_1.png" -Contrast dog, coffee_mug | Export-CamOverlay $folder
        function Left([hashtable] $Question) { @(Select-CamPhoto $root -Recurse -NotIn $folder -Question $Question | ForEach-Object { $_.Directory.Name }) }

        Left @{ Class = 'Egyptian_cat'; Contrast = 'dog', 'cat' } | Should -Be wed
        Left @{ Class = 'Egyptian_cat'; Contrast = 'dog' } | Should -Be mon, wed
        Left @{ Contrast = 'coffee_mug', 'dog' } | Should -Be mon
        { Select-CamPhoto $root -NotIn $folder -Question @{ Contrast = 'xyzzy' } } | Should -Throw -ErrorId 'ClassNotFound,*'
    }

    It 'takes the question of a map' {
        $map = Get-ClassActivationMap "$samples/flower.jpg" -Class tabby
        Select-CamPhoto $root -Recurse -NotIn $out -Question $map | Should -HaveCount 1
    }

    It 'refuses what is no question' {
        { Select-CamPhoto $root -Question @{ Colour = 'red' } } | Should -Throw "*'Colour'*"
    }

    It 'knows a photo whose time is another by its bytes, and another photo of its name and length' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Copy-Item "$root/mon/IMG_1.png" $folder
        (Get-Item "$folder/IMG_1.png").LastWriteTime = '2020-01-01'
        Select-CamPhoto $folder -NotIn $out | Should -BeNullOrEmpty
        $bytes = [IO.File]::ReadAllBytes("$folder/IMG_1.png")
        $bytes[-1] = 0
        [IO.File]::WriteAllBytes("$folder/IMG_1.png", $bytes)
        Select-CamPhoto $folder -NotIn $out | Should -HaveCount 1
    }
}

Describe 'Own pictures' {
    It 'are passed over among photos and taken where named' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Copy-Item "$samples/chelsea.png" $folder
        $picture = Get-ChildItem $folder | Get-ClassActivationMap | Export-CamOverlay
        $null = Get-ClassActivationMap "$folder/chelsea.png" | Get-CamRegion -AsGiven | Export-CamCrop

        $again = Get-ChildItem $folder | Get-Prediction -Top 1 -WarningVariable warnings -WarningAction SilentlyContinue
        $again.Path | Split-Path -Leaf | Should -Be 'chelsea.Egyptian_cat.as-given.crop.jpg', 'chelsea.png'
        $warnings | Should -HaveCount 1
        (Get-Prediction "$folder/*.cam.jpg" -WarningAction SilentlyContinue) | Should -BeNullOrEmpty
        (Get-Prediction -LiteralPath $picture.FullName -Top 1 -WarningVariable warnings -WarningAction SilentlyContinue).Path | Should -Be $picture.FullName
        $warnings | Should -HaveCount 1
    }

    It 'say what they show' {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $map = Get-ClassActivationMap "$samples/chelsea.png" -Method LayerCam
        foreach ($format in 'Jpeg', 'Png', 'Webp') {
            $picture = $map | Export-CamOverlay $folder -Format $format | Get-CamPicture
            $picture.PhotoName, $picture.Label, $picture.Method, $picture.Kind | Should -Be chelsea.png, Egyptian_cat, LayerCam, Overlay
            $picture.PhotoHash | Should -Be (Get-FileHash "$samples/chelsea.png").Hash
            $picture.Width, $picture.Height | Should -Be 451, 300
        }

        [Text.Encoding]::UTF8.GetString([IO.File]::ReadAllBytes($picture.FullName)) | Should -Not -BeLike "*$(Split-Path $samples)*"
    }
}

Describe 'Names of pictures' {
    It 'are one for each question' {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $names = & {
            Get-ClassActivationMap "$samples/chelsea.png"
            Get-ClassActivationMap "$samples/chelsea.png" -Fit Stretch
            Get-ClassActivationMap "$samples/chelsea.png" -Resolution 448
            Get-ClassActivationMap "$samples/chelsea.png" -Resampling Nearest
            Get-ClassActivationMap "$samples/chelsea.png" -Contrast tabby
            Get-ClassActivationMap "$samples/chelsea.png" -Contrast tabby -ContrastStrength 2
            Get-ClassActivationMap "$samples/chelsea.png" -Model ResNet50-Int8
            Get-ClassActivationMap "$samples/chelsea.png" -Concept cat
            Get-ClassActivationMap "$samples/chelsea.png" -Class 134, 517
        } | Export-CamOverlay $folder | ForEach-Object Name

        $names | Should -Be @(
            'chelsea.Egyptian_cat.cam.jpg', 'chelsea.Egyptian_cat.Stretch.cam.jpg', 'chelsea.Egyptian_cat.448px.cam.jpg', 'chelsea.Egyptian_cat.Nearest.cam.jpg'
            'chelsea.Egyptian_cat.not-tabby.cam.jpg', 'chelsea.Egyptian_cat.not-tabby.strength-2.cam.jpg', 'chelsea.Egyptian_cat.ResNet50-Int8.cam.jpg'
            'chelsea.cat.concept.cam.jpg', 'chelsea.crane-134.cam.jpg', 'chelsea.crane-517.cam.jpg')
    }

    It 'tell photos of one name in two formats apart' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Copy-Item "$samples/china.jpg" "$folder/a.jpg"
        (Get-ClassActivationMap "$folder/a.jpg" -Class tabby | Export-CamOverlay).Name | Should -Be a.tabby.cam.jpg

        # What lies beside a photo today changes no name.
        Copy-Item "$samples/chelsea.png" "$folder/a.png"
        foreach ($run in 1..2) {
            $names = (Get-ClassActivationMap "$folder/a.png", "$folder/a.jpg" -Class tabby | Export-CamOverlay).Name
            $names[1] | Should -Be a.tabby.cam.jpg
            $names[0] | Should -Match '^a-[0-9a-f]{8}\.tabby\.cam\.jpg$'
        }

        Get-ChildItem $folder -Filter *.cam.jpg | Should -HaveCount 2
        (Get-CamPicture (Join-Path $folder $names[0])).PhotoName | Should -Be a.png
    }

    It 'are short enough for <Letters>' -ForEach @(@{ Letters = 'a' * 240 }, @{ Letters = [string][char]0x732B * 80 }) {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Copy-Item "$samples/chelsea.png" "$folder/$Letters.png"
        $picture = Get-ChildItem $folder | Get-ClassActivationMap | Export-CamOverlay
        $picture.Name | Should -Match '~[0-9a-f]{8}\.Egyptian_cat\.cam\.jpg$'
    }

    It 'follow a script block, and a file is for one picture' {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $maps = Get-ClassActivationMap "$samples/chelsea.png" -Top 2
        ($maps | Export-CamOverlay -DestinationPath { "$folder/$($_.Rank).png" }).Name | Should -Be 1.png, 2.png
        ($maps | Export-CamOverlay "$folder/one.jpg" -ErrorVariable problems -ErrorAction SilentlyContinue).Name | Should -Be one.jpg
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PictureSecondForFile,*'
        $maps[1] | Export-CamOverlay "$folder/one.jpg" -Force -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PictureOfOtherQuestion,*'
    }

    It 'stay a photo''s own when it is written again' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
        Copy-Item "$samples/chelsea.png" "$folder/a.png"
        $null = Get-ClassActivationMap "$folder/a.png" -Class tabby | Export-CamOverlay "$folder/out"
        Copy-Item "$samples/coffee.png" "$folder/a.png"
        $null = Get-ClassActivationMap "$folder/a.png" -Class tabby | Export-CamOverlay "$folder/out"
        (Get-ChildItem "$folder/out" | Get-CamPicture).PhotoHash | Should -Be (Get-FileHash "$samples/coffee.png").Hash
    }
}
