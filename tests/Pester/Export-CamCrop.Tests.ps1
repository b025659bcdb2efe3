#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = "$PSScriptRoot/../../samples"
    $script:root = (Resolve-Path TestDrive:).ProviderPath
}

Describe 'Export-CamCrop' {
    BeforeEach {
        $folder = Join-Path $root "größe [1] $([guid]::NewGuid().ToString('n'))"
        $null = [IO.Directory]::CreateDirectory($folder)
        $photo = Join-Path $folder 'fleur é [2].jpg'
        Copy-Item -LiteralPath "$samples/flower.jpg" -Destination $photo
        $region = Get-ClassActivationMap -LiteralPath $photo -Class daisy -Resolution 192 | Get-CamRegion -AsGiven
        $crop = Join-Path $folder 'fleur é [2].daisy.192px.as-given.crop.jpg'
    }

    It 'writes each region beside its photo, with the size of its box' {
        Copy-Item -LiteralPath "$samples/china.jpg" -Destination "$folder/china.jpg"
        $regions = Get-ChildItem -LiteralPath $folder | Get-ClassActivationMap -Class wallaby -Resolution 320 | Get-CamRegion 0.3 -All
        $regions.Count | Should -BeGreaterThan 2

        $crops = $regions | Export-CamCrop

        $crops.Width | Should -Be $regions.Width
        $crops.Height | Should -Be $regions.Height
        $crops.Name | Should -Contain 'china.wallaby.320px.threshold-0_3.crop.jpg'
        $crops.Name | Should -Contain 'fleur é [2].wallaby.320px.threshold-0_3.crop.jpg'
        $crops.Name | Select-Object -Unique | Should -HaveCount $regions.Count
        $crops | ForEach-Object Length | Should -Be ($crops | Get-Item | ForEach-Object Length)
        $crops | ForEach-Object { Split-Path $_.FullName } | Select-Object -Unique | Should -Be $folder
    }

    It 'writes photos that pipe on' {
        $again = $region | Export-CamCrop (Join-Path $folder 'new/[deep]') -Format Png | Get-ClassActivationMap -Class daisy -Resolution 96

        $again.PhotoWidth, $again.PhotoHeight | Should -Be $region.Width, $region.Height
        Split-Path -Leaf $again.Path | Should -Be 'fleur é [2].daisy.192px.as-given.crop.png'
    }

    It 'pads, makes squares and ends at the photo''s border' {
        $crop = $region | Export-CamCrop (Join-Path $folder square) -Square
        $crop.Width | Should -Be $crop.Height
        $crop = $region | Export-CamCrop (Join-Path $folder padded) -Padding 100
        $crop.Width, $crop.Height | Should -Be 640, 427
    }

    It 'takes regions after Export-Clixml at the default depth' {
        $region | Export-Clixml -LiteralPath TestDrive:/region.xml

        $a = $region | Export-CamCrop (Join-Path $folder a)
        $b = Import-Clixml -LiteralPath TestDrive:/region.xml | Export-CamCrop (Join-Path $folder b)

        ($b | Get-FileHash).Hash | Should -Be ($a | Get-FileHash).Hash
    }

    It 'writes nothing with -WhatIf, not even a folder' {
        $region | Export-CamCrop (Join-Path $folder new) -WhatIf | Should -BeNullOrEmpty

        (Get-ChildItem -LiteralPath $folder).Name | Should -Be 'fleur é [2].jpg'
    }

    It 'leaves existing pictures with -NoClobber, and write-protected ones without -Force' {
        Set-Content -LiteralPath $crop -Value mine
        $region | Export-CamCrop -NoClobber -ErrorAction SilentlyContinue -ErrorVariable exists | Should -BeNullOrEmpty
        Set-ItemProperty -LiteralPath $crop -Name IsReadOnly -Value $true
        $region | Export-CamCrop -ErrorAction SilentlyContinue -ErrorVariable protected | Should -BeNullOrEmpty

        "$($exists.FullyQualifiedErrorId) $($exists.CategoryInfo.Category) $($exists.TargetObject)" |
            Should -Be "FileExists,ClassActivation.Commands.ExportCamCropCommand ResourceExists $crop"
        "$($protected.FullyQualifiedErrorId) $($protected.CategoryInfo.Category) $($protected.TargetObject)" |
            Should -Be "FileReadOnly,ClassActivation.Commands.ExportCamCropCommand PermissionDenied $crop"
        $exists.ErrorDetails.RecommendedAction, $protected.ErrorDetails.RecommendedAction | Should -Match '-(NoClobber|Force)'
        Get-Content -LiteralPath $crop | Should -Be mine

        ($region | Export-CamCrop -Force).Length | Should -BeGreaterThan 1000
    }

    It 'goes on after a photo that is gone' {
        $gone = Join-Path $folder gone.jpg
        Copy-Item -LiteralPath $photo -Destination $gone
        $lost = Get-ClassActivationMap -LiteralPath $gone -Class daisy -Resolution 96 | Get-CamRegion -AsGiven
        Remove-Item -LiteralPath $gone

        $crops = $lost, $region | Export-CamCrop -ErrorAction SilentlyContinue -ErrorVariable problems

        $crops.FullName | Should -Be $crop
        $problems | Should -HaveCount 1
        "$($problems[0].FullyQualifiedErrorId) $($problems[0].CategoryInfo.Category) $($problems[0].TargetObject)" |
            Should -Be "PhotoNotFound,ClassActivation.Commands.ExportCamCropCommand ObjectNotFound $gone"
        { $lost | Export-CamCrop -ErrorAction Stop } | Should -Throw -ErrorId 'PhotoNotFound,*'
    }

    It 'needs a folder for a photo from memory' {
        $bytes = [IO.File]::ReadAllBytes($photo)
        $region = Get-ClassActivationMap -InputObject $bytes -Name flower -Class daisy -Resolution 96 | Get-CamRegion -AsGiven

        { $region | Export-CamCrop -ErrorAction Stop } | Should -Throw -ErrorId 'DestinationMissing,*'
        ($region | Export-CamCrop $folder).Name | Should -Be 'flower.daisy.96px.as-given.crop.jpg'
    }
}
