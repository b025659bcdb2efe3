#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:map = Get-ClassActivationMap -LiteralPath "$samples/chelsea.png"
    $script:name = 'chelsea.Egyptian_cat.cam.jpg'

    function Get-Start($Picture) { [Convert]::ToHexString([IO.File]::ReadAllBytes($Picture.FullName)[0..3]) }
}

Describe 'Export-CamOverlay' {
    BeforeEach { $script:folder = Join-Path $TestDrive ([guid]::NewGuid()) }

    It 'writes beside a photo of an odd name' {
        $null = New-Item -ItemType Directory -Path $folder
        Copy-Item -LiteralPath "$samples/chelsea.png" -Destination "$folder/my 猫[1].png"

        $picture = Get-ChildItem -LiteralPath $folder | Get-ClassActivationMap | Export-CamOverlay

        $picture.FullName | Should -BeExactly (Join-Path $folder 'my 猫[1].Egyptian_cat.cam.jpg')
        ($picture | Get-Item).Length | Should -Be $picture.Length
        $picture.Width, $picture.Height | Should -Be 451, 300
    }

    It 'makes a missing folder <Kind>' -ForEach @(
        @{ Kind = 'relative to the location'; Destination = './new [x]/sub' }
        @{ Kind = 'on a drive of the session'; Destination = 'Drawn:/new [x]/sub' }
    ) {
        $null = New-Item -ItemType Directory -Path $folder
        $null = New-PSDrive -Name Drawn -PSProvider FileSystem -Root $folder
        Push-Location -LiteralPath $folder
        try { $picture = $map | Export-CamOverlay $Destination }
        finally { Pop-Location; Remove-PSDrive Drawn }

        $picture.FullName | Should -BeExactly ([IO.Path]::Combine($folder, 'new [x]', 'sub', $name))
        Test-Path -LiteralPath $picture.FullName | Should -BeTrue
    }

    It 'writes <Format>' -ForEach @(
        @{ Format = 'Jpeg'; Extension = 'jpg'; Start = 'FFD8FF*' }
        @{ Format = 'Png'; Extension = 'png'; Start = '89504E47' }
        @{ Format = 'Webp'; Extension = 'webp'; Start = '52494646' }
    ) {
        $picture = $map | Export-CamOverlay $folder -Format $Format -MaxSize 64

        $picture.Name | Should -Be "chelsea.Egyptian_cat.max-64.cam.$Extension"
        Get-Start $picture | Should -BeLike $Start
    }

    It 'writes nothing with -WhatIf' {
        $map | Export-CamOverlay $folder -WhatIf | Should -BeNullOrEmpty

        Test-Path -LiteralPath $folder | Should -BeFalse
    }

    It 'keeps a file with -NoClobber, and one that it did not write without -Force' {
        $null = New-Item -ItemType Directory -Path $folder
        Set-Content -LiteralPath "$folder/$name" -Value older -NoNewline

        $map | Export-CamOverlay $folder -NoClobber -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty

        $problems[0].FullyQualifiedErrorId | Should -Be 'FileExists,ClassActivation.Commands.ExportCamOverlayCommand'
        $problems[0].CategoryInfo.Category | Should -Be ResourceExists
        $problems[0].TargetObject | Should -Be (Join-Path $folder $name)
        Get-Content -LiteralPath "$folder/$name" | Should -Be older
        $map | Export-CamOverlay $folder -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be 'PictureUnmarked,ClassActivation.Commands.ExportCamOverlayCommand'
        Get-Start ($map | Export-CamOverlay $folder -Force) | Should -BeLike 'FFD8FF*'
        Get-Start ($map | Export-CamOverlay $folder) | Should -BeLike 'FFD8FF*'
    }

    It 'replaces a write-protected picture only with -Force' {
        $null = New-Item -ItemType Directory -Path $folder
        Set-Content -LiteralPath "$folder/$name" -Value older -NoNewline
        Set-ItemProperty -LiteralPath "$folder/$name" -Name IsReadOnly -Value $true

        { $map | Export-CamOverlay $folder -ErrorAction Stop } | Should -Throw '*write-protected*' -ErrorId 'FileReadOnly,*'
        Get-Content -LiteralPath "$folder/$name" | Should -Be older
        Get-Start ($map | Export-CamOverlay $folder -Force) | Should -BeLike 'FFD8FF*'
    }

    It 'leaves nothing where a file is in the way' {
        $null = New-Item -ItemType Directory -Path $folder
        Set-Content -LiteralPath "$folder/file" -Value 'in the way'

        $map | Export-CamOverlay "$folder/file" -ErrorAction SilentlyContinue -ErrorVariable problems | Should -BeNullOrEmpty

        $problems[0].FullyQualifiedErrorId | Should -BeLike 'FolderIsFile,*'
        $problems[0].CategoryInfo.Category | Should -Be WriteError
        (Get-ChildItem -LiteralPath $folder -Force).Name | Should -Be file
    }

    It 'goes on after a photo that is gone' {
        $null = New-Item -ItemType Directory -Path $folder
        Copy-Item -LiteralPath "$samples/chelsea.png" -Destination "$folder/gone.png"
        $gone = Get-ClassActivationMap -LiteralPath "$folder/gone.png"
        Remove-Item -LiteralPath "$folder/gone.png"

        $pictures = $gone, $map | Export-CamOverlay $folder -ErrorAction SilentlyContinue -ErrorVariable problems

        $pictures.Name | Should -Be $name
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PhotoNotFound,*'
        (Get-ChildItem -LiteralPath $folder -Force).Name | Should -Be $name
    }

    It 'completes closed lists and refuses what is not in them' {
        $complete = { (TabExpansion2 $args[0] $args[0].Length).CompletionMatches.CompletionText }

        & $complete 'Export-CamOverlay -Format ' | Should -Be Jpeg, Png, Webp
        & $complete 'Export-CamOverlay -Layout ' | Should -Be Heatmap, Overlay, SideBySide
        & $complete 'Export-CamOverlay -Colormap vir' | Should -Be viridis
        { $map | Export-CamOverlay $folder -Colormap rainbow } | Should -Throw '*viridis*'
        { $map | Export-CamOverlay $folder -Quality 0 } | Should -Throw '*minimum allowed range of 1*'
    }

    It 'adds a legend below and shows what it wrote in a table' {
        $picture = $map | Export-CamOverlay $folder -Legend

        $picture.Height | Should -BeGreaterThan 300
        $picture.Name | Should -Be chelsea.Egyptian_cat.legend.cam.jpg
        $picture | Out-String -Width 120 | Should -Match "Egyptian_cat +\d+\.\d ?% +451 +$($picture.Height) +[\d,]+ chelsea\.Egyptian_cat\.legend\."
    }
}
