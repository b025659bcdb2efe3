#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:photo = (Resolve-Path "$PSScriptRoot/../../samples/chelsea.png").ProviderPath
}

Describe 'A parameter that the method does not know' {
    It 'is warned of: -<Name>' -ForEach @(
        @{ Name = 'MaxStep'; Given = @{ MaxStep = 16 }; Says = '-MaxStep has no effect on Cam: it is for IntegratedGradients.' }
        @{ Name = 'Window'; Given = @{ Window = 8 }; Says = '-Window has no effect on Cam: it is for Occlusion.' }
        @{ Name = 'Stride'; Given = @{ Stride = 8; Method = 'Rise'; MaskCount = 3 }; Says = '-Stride has no effect on Rise: it is for Occlusion.' }
        @{ Name = 'MaskCount'; Given = @{ MaskCount = 3; Method = 'LayerCam', 'Cam' }; Says = '-MaskCount has no effect on LayerCam and Cam: it is for Rise.' }
        @{ Name = 'MaskBaseline'; Given = @{ MaskBaseline = 'Black' }; Says = '-MaskBaseline has no effect on Cam: it is for Occlusion and Rise.' }
        @{ Name = 'Layer'; Given = @{ Layer = 'conv4_block6_out'; Method = 'Saliency' }; Says = '-Layer has no effect on Saliency: it is for methods that look at layers.' }
        @{ Name = 'ContrastStrength'; Given = @{ ContrastStrength = 2 }; Says = '-ContrastStrength has no effect without -Contrast.' }
    ) {
        $map = Get-ClassActivationMap $photo, $photo -Resolution 64 @Given -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Be $Says
        $map | Should -Not -BeNullOrEmpty
        $null = New-CamBatch $photo -DestinationPath (Join-Path $TestDrive $Name) -Resolution 64 @Given -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Be $Says
    }

    It 'is every one of them: a new one has to be told whose it is' {
        # Those that all methods know, and those that are not about the map.
        $ofAll = 'Class', 'Concept', 'SimilarTo', 'Top', 'Method', 'Contrast', 'Scale', 'Flip', 'Resolution', 'MaxPixels', 'Reading'
        $question = [psobject].Assembly.GetType('System.Management.Automation.Cmdlet') -and (Get-Command Get-ClassActivationMap).ImplementingType.GetInterface('IMapQuestion')
        $names = (Get-Command Get-ClassActivationMap).ImplementingType.GetInterface('IMapQuestion').GetProperties().Name
        $question | Should -BeTrue
        $names | Where-Object { $_ -notin $ofAll } | Sort-Object | Should -Be ContrastStrength, Layer, MaskBaseline, MaskCount, MaxStep, Stride, Window
    }

    It 'is no matter where one of the methods knows it' {
        $null = Get-ClassActivationMap $photo -Resolution 64 -Method Cam, Occlusion -Window 32 -WarningVariable warnings -WarningAction SilentlyContinue
        $null = Get-ClassActivationMap $photo -Resolution 64 -Contrast lynx -ContrastStrength 2 -WarningVariable +warnings -WarningAction SilentlyContinue
        $null = Get-ClassActivationMap $photo -Resolution 64 -Expected lynx -ContrastStrength 2 -WarningVariable +warnings -WarningAction SilentlyContinue
        $warnings | Should -BeNullOrEmpty
    }

    It 'is looked at by the questions of objects, and overrules these in part' {
        $occlusion = Get-ClassActivationMap $photo -Resolution 64 -Method Occlusion -Window 40
        ($occlusion | Get-ClassActivationMap -Stride 20 -WarningVariable warnings).Masking | Should -Be 'window 40 stride 20 Mean'
        $contrast = Get-ClassActivationMap $photo -Resolution 64 -Class Egyptian_cat -Contrast lynx
        ($contrast | Get-ClassActivationMap -ContrastStrength 2 -WarningVariable +warnings).ContrastStrength | Should -Be 2
        $warnings | Should -BeNullOrEmpty
        $null = $occlusion, $contrast, $contrast | Get-ClassActivationMap -Stride 30 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Be '-Stride has no effect on Cam: it is for Occlusion.'
    }
}
