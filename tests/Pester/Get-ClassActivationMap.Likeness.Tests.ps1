#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:map = Get-ClassActivationMap -LiteralPath $samples/chelsea.png -SimilarTo $samples/coffee.png
}

Describe 'Get-ClassActivationMap -SimilarTo' {
    It 'explains the cosine of the pooled features, which the map adds up to' {
        $features = foreach ($name in 'chelsea.png', 'coffee.png') {
            , (Get-FeatureMap -LiteralPath $samples/$name -Index (0..2047)).Mean
        }
        $product = $ours = $theirs = 0.0
        for ($i = 0; $i -lt 2048; $i++) {
            $product += $features[0][$i] * $features[1][$i]
            $ours += $features[0][$i] * $features[0][$i]
            $theirs += $features[1][$i] * $features[1][$i]
        }
        $map.Logit | Should -BeGreaterThan ($product / [math]::Sqrt($ours * $theirs) - 1e-5)
        $map.Logit | Should -BeLessThan ($product / [math]::Sqrt($ours * $theirs) + 1e-5)
        $map.Incompleteness | Should -BeLessThan 1e-5
        $map.Label | Should -Be 'like coffee.png'
        [double]::IsNaN($map.Probability) | Should -BeTrue
        (Get-ClassActivationMap -LiteralPath $samples/coffee.png -SimilarTo $samples/coffee.png).Logit | Should -BeGreaterThan 0.99999
    }

    It 'takes several photos, layers and methods' {
        $maps = Get-ChildItem $samples/*.png | Get-ClassActivationMap -SimilarTo $samples/china.jpg -Layer conv4_block6_out -Method HiResCam, LayerCam
        $maps.Count | Should -Be (2 * @(Get-ChildItem $samples/*.png).Count)
        $maps.SimilarTo | Select-Object -Unique | Should -Be (Resolve-Path $samples/china.jpg).ProviderPath
        $maps | Get-CamRegion | Should -Not -BeNullOrEmpty
    }

    It 'is drawn, named, read back and asked again as the question that it is' {
        $picture = $map | Export-CamOverlay $TestDrive -Legend
        $picture.Name | Should -Be "chelsea.like_coffee_png-$($map.SimilarToHash.Substring(0, 8).ToLower()).legend.cam.jpg"
        $found = Get-CamPicture $picture
        $found.SimilarTo, $found.SimilarToHash | Should -Be $map.SimilarTo, $map.SimilarToHash
        $map | Export-Csv "$TestDrive/maps.csv"
        $again = Import-Csv "$TestDrive/maps.csv" | Get-ClassActivationMap
        $again.GetQuestion() | Should -Be $map.GetQuestion()
        $again.Map[3] -join ' ' | Should -BeExactly ($map.Map[3] -join ' ')
        $json = $map | ConvertTo-Json -Depth 4 | ConvertFrom-Json
        ($json | Export-CamOverlay "$TestDrive/json" -Legend).Name | Should -Be $picture.Name
        Get-Item $samples/chelsea.png | Select-CamPhoto -NotIn $TestDrive -Question @{ SimilarTo = "$samples/coffee.png" } | Should -BeNullOrEmpty
        Get-Item $samples/chelsea.png | Select-CamPhoto -NotIn $TestDrive -Question @{ SimilarTo = "$samples/china.jpg" } | Should -Not -BeNullOrEmpty
    }

    It 'says what does not go together' {
        { Get-ClassActivationMap $samples/chelsea.png -SimilarTo $samples/coffee.png -Class tabby } | Should -Throw '*-Class*' -ErrorId 'LikenessOfClass*'
        { Get-ClassActivationMap $samples/chelsea.png -SimilarTo $samples/coffee.png -Method SoftmaxCam } | Should -Throw -ErrorId 'LikenessMethod*'
        $map | Measure-CamFaithfulness -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'MapOfLikeness*'
        $map | Test-CamTrust -ErrorVariable problem -ErrorAction SilentlyContinue
        "$($problem[0])" | Should -BeLike '*likeness*'
    }

    It 'says once that the other one is missing, is no photo, or was replaced' {
        $other = "$TestDrive/other [1].png"
        { Get-ClassActivationMap $samples/chelsea.png, $samples/alps.jpg -SimilarTo $other } | Should -Throw '*other ?1?.png*' -ErrorId 'PhotoNotFound*'
        [IO.File]::WriteAllText($other, 'no photo')
        { Get-ClassActivationMap $samples/chelsea.png -SimilarTo $other } | Should -Throw '*other ?1?.png*' -ErrorId 'PhotoNotAPhoto*'
        Remove-Item -LiteralPath $other
        [IO.File]::Copy("$samples/coffee.png", $other)
        $asked = Get-ClassActivationMap $samples/chelsea.png -SimilarTo $other
        [IO.File]::Copy("$samples/flower.jpg", $other, $true)
        $asked | Get-ClassActivationMap -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'LikenessGone*'
        ($asked | Get-ClassActivationMap -SimilarTo $other).SimilarToHash | Should -Not -Be $asked.SimilarToHash
    }
}
