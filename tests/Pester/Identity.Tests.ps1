#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
}

Describe 'Two photos from memory of one name' {
    BeforeAll {
        $script:both = 'chelsea.png', 'coffee.png' | ForEach-Object { , [IO.File]::ReadAllBytes("$samples/$_") | Get-ClassActivationMap -Resolution 96 }
    }

    It 'have a picture each' {
        $folder = Join-Path $TestDrive memory
        $pictures = $both | Export-CamOverlay $folder
        Get-ChildItem -LiteralPath $folder | Should -HaveCount 2
        $pictures.FullName | Sort-Object -Unique | Should -HaveCount 2
        ($both | Export-CamMap $folder).FullName | Sort-Object -Unique | Should -HaveCount 2
    }

    It 'have a place each in a sheet' {
        $sheet = $both | Export-CamSheet (Join-Path $TestDrive memory.png) -IncludePhoto -CellSize 64
        $one = $both[0] | Export-CamSheet (Join-Path $TestDrive one.png) -IncludePhoto -CellSize 64
        $sheet.Height | Should -BeGreaterThan ($one.Height + 40)
        $sheet.GetMaps().PhotoHash | Sort-Object -Unique | Should -HaveCount 2
    }

    It 'are not compared' {
        { Compare-ClassActivationMap $both[0] $both[1] -ErrorAction Stop } | Should -Throw -ErrorId 'MapsOfDifferentPhotos,*'
    }
}

Describe 'Two maps of one photo' {
    It 'that differ in <Name> differ by that' -ForEach @(
        @{ Name = 'Resampling'; One = @{ Resampling = 'Nearest' }; Other = @{}; Says = '*by Nearest minus Bilinear' }
        @{ Name = 'ContrastStrength'; One = @{ Contrast = 'lynx'; ContrastStrength = 0.3 }; Other = @{ Contrast = 'lynx'; ContrastStrength = 2 }; Says = '*by strength 0.3 minus strength 2' }
    ) {
        $map = Get-ClassActivationMap "$samples/chelsea.png" -Class Egyptian_cat -Resolution 96 @One
        $reference = Get-ClassActivationMap "$samples/chelsea.png" -Class Egyptian_cat -Resolution 96 @Other
        $map.$Name | Should -Be $One[$Name]
        ($map | Compare-ClassActivationMap $reference).Difference.Label | Should -BeLike $Says
    }
}

Describe 'One name tonight and tomorrow' {
    BeforeAll {
        foreach ($day in 'mon', 'wed') {
            $null = [IO.Directory]::CreateDirectory((Join-Path $TestDrive "photos/$day"))
            Copy-Item "$samples/$(@{ mon = 'chelsea.png'; wed = 'coffee.png' }[$day])" (Join-Path $TestDrive "photos/$day/IMG_0001.png")
        }
    }

    # Jobs run in the program pwsh itself.
    It 'are two pictures in one folder, the same ones in every process' -Skip:(-not (Test-Path (Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')))) {
        $folder = Join-Path $TestDrive flat
        $names = foreach ($run in 1..2) {
            foreach ($day in 'mon', 'wed') {
                $module = (Get-Module ClassActivation).Path -replace 'psm1$', 'psd1'
                $photo = Join-Path $TestDrive "photos/$day/IMG_0001.png"
                Start-Job { Import-Module $using:module; (Get-ClassActivationMap $using:photo -Class tabby -Resolution 96 | Export-CamOverlay $using:folder).Name } | Receive-Job -Wait -AutoRemoveJob
            }
        }
        $names[0] | Should -Be 'IMG_0001.tabby.96px.cam.jpg'
        $names[1] | Should -Match '^IMG_0001-[0-9a-f]{8}\.tabby\.96px\.cam\.jpg$'
        $names[2..3] | Should -Be $names[0..1]
        Get-ChildItem -LiteralPath $folder | Should -HaveCount 2
        # Neither is refused for the other's sake.
        Get-ChildItem (Join-Path $TestDrive photos) -Recurse -File | Get-ClassActivationMap -Class lynx -Resolution 96 | Export-CamOverlay $folder -NoClobber | Should -HaveCount 2
    }

    It 'keep their tree with -BasePath' {
        $folder = Join-Path $TestDrive tree
        $base = Join-Path $TestDrive photos
        $pictures = Get-ChildItem $base -Recurse -File | Get-ClassActivationMap -Class tabby -Resolution 96 | Export-CamOverlay $folder -BasePath $base
        $pictures.FullName | Sort-Object | Should -Be ('mon', 'wed').ForEach{ Join-Path $folder "$_/IMG_0001.tabby.96px.cam.jpg" }
        { Get-ClassActivationMap "$samples/chelsea.png" -Resolution 96 | Export-CamOverlay $folder -BasePath $base -ErrorAction Stop } | Should -Throw -ErrorId 'PictureOutsideBase,*'
    }
}
