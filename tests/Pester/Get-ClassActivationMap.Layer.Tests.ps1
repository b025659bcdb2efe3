#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $script:reference = "$PSScriptRoot/../../../shared/reference/onnx"
    $script:hasProgram = (Test-Path (Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh'))) -or (Get-Command pwsh -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:photo = (Resolve-Path "$PSScriptRoot/../../samples/chelsea.png").ProviderPath
}

Describe 'Get-ClassActivationMap -Layer' {
    BeforeAll {
        $script:map = Get-ClassActivationMap -LiteralPath $photo -Layer conv4_block6_out -Fit Stretch
    }

    It 'makes finer maps of earlier layers, by LayerCam where no method is named' {
        $map.Rows, $map.Columns | Should -Be 14, 14
        $map.Method | Should -Be LayerCam
        $map.Layer | Should -Be conv4_block6_out
        $map.Label | Should -Be Egyptian_cat
        $map.Incompleteness | Should -BeNullOrEmpty
        (Get-ClassActivationMap -LiteralPath $photo -Layer conv2_block1_out -Fit Stretch).Rows | Should -Be 56
    }

    It 'gives the same map on every run and with any limit' {
        $photos = @($photo, (Resolve-Path "$PSScriptRoot/../../samples/coffee.png").ProviderPath) * 2
        $maps = foreach ($limit in 1, 4) { Get-ClassActivationMap -LiteralPath $photos -Layer conv3_block4_out -Method HiResCam -ThrottleLimit $limit }
        ($maps[0..3].Map | ForEach-Object { $_ -join ' ' }) -join "`n" | Should -BeExactly (($maps[4..7].Map | ForEach-Object { $_ -join ' ' }) -join "`n")
        $maps[0].Incompleteness | Should -BeLessThan 1e-4
    }

    It 'is the closed form for the last layer, which is the plain question' {
        $last = Get-ClassActivationMap -LiteralPath $photo -Layer conv5_block3_out
        $last.Layer | Should -BeNullOrEmpty
        $last.Method | Should -Be Cam
        $last.GetQuestion() | Should -Be (Get-ClassActivationMap -LiteralPath $photo).GetQuestion()
    }

    It 'goes with classes, concepts, contrasts, scales and methods' {
        $several = Get-ClassActivationMap -LiteralPath $photo -Layer conv4_block6_out, conv5_block3_out -Class tabby, tiger_cat -Method HiResCam, SoftmaxCam
        $several | Should -HaveCount 4
        $several.Layer | Select-Object -Unique | Should -Be 'conv4_block6_out,conv5_block3_out'
        $several | ForEach-Object { $_.Minimum | Should -BeGreaterOrEqual 0; $_.Maximum | Should -BeLessOrEqual 1 }
        (Get-ClassActivationMap -LiteralPath $photo -Layer conv4_block6_out -Concept cat -Method HiResCam).Label | Should -Be cat
        (Get-ClassActivationMap -LiteralPath $photo -Layer conv4_block6_out -Contrast tabby).Contrast | Should -Be tabby
        (Get-ClassActivationMap -LiteralPath $photo -Layer conv4_block6_out -Scale 1, 2).Rows | Should -BeGreaterThan 14
    }

    It 'is part of the question: in names of pictures, CSV, JSON and when it is asked again' {
        $picture = $map | Export-CamOverlay $TestDrive
        $picture.Name | Should -BeLike '*conv4_block6_out*'
        (Get-CamPicture $picture).Layer | Should -Be conv4_block6_out
        $map | Export-Csv "$TestDrive/maps.csv"
        $again = Import-Csv "$TestDrive/maps.csv" | Get-ClassActivationMap
        $again.Layer | Should -Be conv4_block6_out
        $again.Map[3] -join ' ' | Should -BeExactly ($map.Map[3] -join ' ')
        $region = $map | Get-CamRegion
        $region.Layer | Select-Object -Unique | Should -Be conv4_block6_out
        ($map | Measure-CamFaithfulness -Step 4).Layer | Select-Object -Unique | Should -Be conv4_block6_out
        $map, $again | Export-CamSheet "$TestDrive/sheet.png" | Should -Exist
    }

    It 'says what is wrong with <layer>' -ForEach @(
        @{ layer = 'avg_pool'; method = 'HiResCam'; says = "*'avg_pool'*no feature maps*"; id = 'ModelNoSuchLayer*' }
        @{ layer = 'conv4[1]'; method = 'HiResCam'; says = '*no layer *conv4?1?*'; id = 'ModelNoSuchLayer*' }
        @{ layer = 'conv4_block6_out'; method = 'Cam'; says = '*HiResCam*'; id = 'ModelNotLinearHead*' }
    ) {
        $problem = { Get-ClassActivationMap -LiteralPath $photo -Layer $layer -Method $method } | Should -Throw $says -PassThru
        $problem.FullyQualifiedErrorId | Should -BeLike $id
    }

    It 'is completed from the network' {
        $line = 'Get-ClassActivationMap x.png -Layer conv4_block6'
        $found = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText
        $found | Should -Contain conv4_block6_out
        $found | Should -Not -Contain conv4_block6_1_conv
        (Get-CamModelLayer conv4_block6_* -Explainable).Name | Sort-Object | Should -Be ($found | Sort-Object)
        $line = 'Get-ClassActivationMap x.png -Layer block6_out'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be conv4_block6_out
    }

    It 'suggests layers for <layer>' -ForEach @(
        @{ layer = 'block6_out'; near = 'conv4_block6_out' }
        @{ layer = 'conv5_blok3_out'; near = 'conv5_block3_out' }
    ) {
        $problem = { Get-ClassActivationMap -LiteralPath $photo -Layer $layer } | Should -Throw "*Did you mean *$near*" -PassThru
        $problem.ErrorDetails.RecommendedAction | Should -BeLike 'Get-CamModelLayer -Explainable*'
    }
}

Describe 'Networks with another end' -Skip:(-not (Test-Path -LiteralPath $reference)) {
    BeforeAll {
        $folder = "$PSScriptRoot/../../../shared/reference/onnx"
        foreach ($name in 'vgg', 'mobilenet_v3', 'vit') {
            $null = ConvertTo-CamModel "$folder/$name.onnx" "$TestDrive/$name.onnx" -Preprocessing Torch
        }
    }

    It 'explains <name> by HiResCam at <rows> rows' -ForEach @(
        @{ name = 'vgg'; rows = 7 }
        @{ name = 'mobilenet_v3'; rows = 7 }
        @{ name = 'vit'; rows = 14 }
    ) {
        $map = Get-ClassActivationMap -LiteralPath $photo -Model "$TestDrive/$name.onnx"
        $map.Method | Should -Be HiResCam
        $map.Rows | Should -Be $rows
        $map.Maximum | Should -BeGreaterThan $map.Minimum
        $map | Get-CamRegion | Should -Not -BeNullOrEmpty
        { Get-ClassActivationMap -LiteralPath $photo -Model "$TestDrive/$name.onnx" -Method Cam } | Should -Throw '*HiResCam*'
    }

    It 'explains a vision transformer by what its attention adds, and says that other networks have none' {
        $map = Get-ClassActivationMap -LiteralPath $photo -Model "$TestDrive/vit.onnx" -Method LeGrad
        $map.Rows, $map.Columns | Should -Be 14, 14
        $map.Minimum | Should -BeGreaterOrEqual 0
        $map.Maximum | Should -BeGreaterThan $map.Minimum
        ($map | Export-CamOverlay $TestDrive).Name | Should -BeLike '*LeGrad*'
        $problem = { Get-ClassActivationMap -LiteralPath $photo -Model "$TestDrive/vgg.onnx" -Method LeGrad } | Should -Throw '*ViT and DeiT*' -PassThru
        $problem.FullyQualifiedErrorId | Should -BeLike 'ModelNoAttention*'
        $null = ConvertTo-CamModel "$PSScriptRoot/../../../shared/reference/onnx/swin.onnx" "$TestDrive/swin.onnx" -Preprocessing Torch
        # It is the network that has none, whatever the photos, and that is said once.
        $problem = { Get-ClassActivationMap -LiteralPath $photo, $photo -Model "$TestDrive/swin.onnx" -Method LeGrad } | Should -Throw '*Swin, which attends in windows*' -PassThru
        "$problem" | Should -Not -BeLike "*$(Split-Path -Leaf $photo)*"
        $problem.TargetObject | Should -Be swin
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*HiResCam*'
        $maps = Get-ClassActivationMap -LiteralPath $photo -Model "$TestDrive/swin.onnx" -Top 2
        $maps[0], $maps[1], $maps[0] | Get-ClassActivationMap -Method LeGrad -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].TargetObject | Should -Be swin
    }

    It 'says that a network of a fixed size is shown photos of that size alone' {
        $shown = Get-ClassActivationMap -LiteralPath $photo, $photo -Model "$TestDrive/vit.onnx" -Resolution 320 -WarningVariable warnings -WarningAction SilentlyContinue
        $shown.InputWidth | Should -Be 224, 224
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*224×224 pixels alone*320*'
        { Get-ClassActivationMap -LiteralPath $photo -Model "$TestDrive/vit.onnx" -Scale 1, 2 } | Should -Throw '*no other scale*'
    }

    It 'lets their maps be put to the test' {
        $trust = Get-ClassActivationMap -LiteralPath $photo -Model "$TestDrive/mobilenet_v3.onnx" | Test-CamTrust -Step 2 -Stage 1
        $trust.Photos | Should -HaveCount 1
        $trust.Stages | Should -HaveCount 1
        $problem = $null
        Get-ClassActivationMap -LiteralPath $photo -Model "$TestDrive/mobilenet_v3.onnx" -Flip | Test-CamTrust -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'MapNotTestable*'
        $problem[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Flip*'
    }

    It 'does so in a process of its own, too' -Skip:(-not $hasProgram) {
        $here = Get-ClassActivationMap -LiteralPath $photo -Model "$TestDrive/vgg.onnx" -Method HiResCam, ReciproCam
        $there = Get-ClassActivationMap -LiteralPath $photo -Model "$TestDrive/vgg.onnx" -Method HiResCam, ReciproCam -Isolated
        $there.Map | ForEach-Object { $_ -join ' ' } | Should -BeExactly ($here.Map | ForEach-Object { $_ -join ' ' })
    }
}

Describe 'Get-ClassActivationMap at the pixels' {
    It 'gives maps with a value for each pixel of the input, beside others' {
        $maps = Get-ClassActivationMap -LiteralPath "$PSScriptRoot/../../samples/coffee.png" -Method Cam, Saliency, InputXGradient -Fit Stretch -Resolution 96

        $maps.Method | Should -Be Cam, Saliency, InputXGradient
        "$($maps.Rows)" | Should -Be '3 96 96'
        $maps[1].Minimum | Should -BeGreaterOrEqual 0
        $maps[2].Incompleteness | Should -BeLessThan 1e-3
        $maps | Export-CamSheet "$TestDrive/pixels.png" | Should -Exist
    }

    It 'warns where integrated gradients do not add up to the logit' {
        $map = Get-ClassActivationMap -LiteralPath "$PSScriptRoot/../../samples/chelsea.png" -Method IntegratedGradients -Fit Stretch -Resolution 64 -WarningVariable warnings -WarningAction SilentlyContinue

        @($warnings).Count | Should -Be ([int]($map.Incompleteness -gt 0.01))
        $map.MaxStep | Should -Be 128
    }

    It 'takes as many steps as -MaxStep allows, says what is left and what to do, and keeps that in the question' {
        $photo = (Resolve-Path "$PSScriptRoot/../../samples/chelsea.png").ProviderPath
        $map = Get-ClassActivationMap -LiteralPath $photo -Method IntegratedGradients -MaxStep 2 -Fit Stretch -Resolution 64 -WarningVariable warnings -WarningAction SilentlyContinue
        $map.Incompleteness | Should -BeGreaterThan 0.01
        "$warnings" | Should -BeLike '*after 2 steps*-MaxStep 4*'
        $map | Export-Csv "$TestDrive/steps.csv"
        $again = Import-Csv "$TestDrive/steps.csv" | Get-ClassActivationMap -WarningAction SilentlyContinue
        $again.MaxStep | Should -Be 2
        ($again.Map | ForEach-Object { $_ -join ' ' }) -join ' ' | Should -BeExactly (($map.Map | ForEach-Object { $_ -join ' ' }) -join ' ')
        { Get-ClassActivationMap -LiteralPath $photo -Method IntegratedGradients -MaxStep 0 } | Should -Throw '*MaxStep*'
    }
}
