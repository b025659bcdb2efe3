#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $samples = "$PSScriptRoot/../../samples"
    $script:folder = Join-Path (Resolve-Path TestDrive:).ProviderPath 'größe [1] x'
    $null = [IO.Directory]::CreateDirectory($folder)
    Copy-Item -LiteralPath "$samples/chelsea.png" -Destination "$folder/cät [2].png"
    Copy-Item -LiteralPath "$samples/coffee.png" -Destination "$folder/coffee.png"
    $script:cat = Get-ClassActivationMap -LiteralPath "$folder/cät [2].png" -Class tabby, Egyptian_cat
    $script:coffee = Get-ClassActivationMap -LiteralPath "$folder/coffee.png" -Class espresso
}

Describe 'Compare-ClassActivationMap' {
    It 'gives the correlation by its definition, and figures within their ranges' {
        $comparison = $cat[0] | Compare-ClassActivationMap $cat[1]

        $a, $b = foreach ($map in $cat) { , @($map.Map | ForEach-Object { $_ }) }
        $meanA, $meanB = ($a | Measure-Object -Average).Average, ($b | Measure-Object -Average).Average
        $ab = $aa = $bb = 0.0
        for ($i = 0; $i -lt $a.Count; $i++) {
            $ab += ($a[$i] - $meanA) * ($b[$i] - $meanB)
            $aa += [Math]::Pow($a[$i] - $meanA, 2)
            $bb += [Math]::Pow($b[$i] - $meanB, 2)
        }
        $comparison.Correlation - $ab / [Math]::Sqrt($aa * $bb) | Should -BeLessThan 1e-6
        $ab / [Math]::Sqrt($aa * $bb) - $comparison.Correlation | Should -BeLessThan 1e-6
        $comparison.Label, $comparison.ReferenceLabel, $comparison.Threshold | Should -Be tabby, Egyptian_cat, 0.5
        $comparison.IoU | Should -BeGreaterThan 0
        $comparison.IoU | Should -BeLessThan 1
        $comparison.MeanAbsoluteDifference | Should -BeGreaterThan 0
    }

    It 'finds a map the same as itself' {
        $comparison = $cat[0] | Compare-ClassActivationMap $cat[0] -Normalization Positive -Threshold 0.2

        [Math]::Round($comparison.Correlation, 6), $comparison.IoU, $comparison.MeanAbsoluteDifference | Should -Be 1, 1, 0
        $comparison.Threshold, "$($comparison.Normalization)" | Should -Be 0.2, Positive
    }

    It 'compares the maps of a folder with the references of their photos, whatever the method' {
        $references = Get-ChildItem -LiteralPath $folder | Get-ClassActivationMap -Class tabby
        $comparisons = Get-ChildItem -LiteralPath $folder | Get-ClassActivationMap -Class tabby -Method LayerCam | Compare-ClassActivationMap $references

        $comparisons | ForEach-Object { "$(Split-Path -Leaf $_.Path) $($_.Method) $($_.ReferenceMethod)" } | Sort-Object -Culture '' |
            Should -Be 'cät [2].png LayerCam Cam', 'coffee.png LayerCam Cam'
    }

    It 'refuses another photo''s map and goes on with the next' {
        $comparisons = $coffee, $cat[0] | Compare-ClassActivationMap $cat[1] -ErrorAction SilentlyContinue -ErrorVariable problems

        $comparisons.Label | Should -Be tabby
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'MapsOfDifferentPhotos,ClassActivation.Commands.CompareClassActivationMapCommand'
        $problems[0].CategoryInfo.Category | Should -Be InvalidArgument
        $problems[0].TargetObject.Path | Should -Be $coffee.Path
        "$($problems[0])" | Should -Match 'coffee\.png.*cät \[2\]\.png'
        $problems[0].ErrorDetails.RecommendedAction | Should -Match '-ReferenceObject'
        { $coffee | Compare-ClassActivationMap $cat -ErrorAction Stop } | Should -Throw -ErrorId 'MapsOfDifferentPhotos,*'
    }

    It 'refuses a photo that changed its size' {
        $path = Join-Path $folder 'changing.png'
        Copy-Item -LiteralPath $cat[0].Path -Destination $path
        $before = Get-ClassActivationMap -LiteralPath $path -Class tabby -Resolution 96
        Copy-Item -LiteralPath $coffee.Path -Destination $path
        try {
            { Get-ClassActivationMap -LiteralPath $path -Class tabby -Resolution 96 | Compare-ClassActivationMap $before -ErrorAction Stop } |
                Should -Throw -ErrorId 'MapsNotComparable,*'
        }
        finally {
            Remove-Item -LiteralPath $path
        }
    }

    It 'takes maps after Export-Clixml, and its result is drawn the same after it' {
        $live = $cat[0] | Compare-ClassActivationMap $cat[1]
        $cat | Export-Clixml -LiteralPath TestDrive:/maps.xml
        $live | Export-Clixml -LiteralPath TestDrive:/comparison.xml
        $copies = Import-Clixml -LiteralPath TestDrive:/maps.xml
        $copy = Import-Clixml -LiteralPath TestDrive:/comparison.xml

        ($copies[0] | Compare-ClassActivationMap $copies[1]).Correlation | Should -Be $live.Correlation
        $a = $live | Export-CamOverlay (Join-Path $folder 'a') -Format Png
        $b = $copy | Export-CamOverlay (Join-Path $folder 'b') -Format Png
        $b.Name | Should -Be 'cät [2].tabby_minus_Egyptian_cat.cam.png'
        ($b | Get-FileHash).Hash | Should -Be ($a | Get-FileHash).Hash
        $copy | Out-String | Should -BeExactly ($live | Out-String)
    }

    It 'has flat columns in CSV' {
        $row = $cat[0] | Compare-ClassActivationMap $cat[1] | ConvertTo-Csv | ConvertFrom-Csv

        $row.Label, $row.ReferenceLabel, $row.Method | Should -Be tabby, Egyptian_cat, Cam
        [double]::Parse($row.Correlation, [cultureinfo]::InvariantCulture) | Should -BeGreaterThan 0.5
        $row.PSObject.Properties.Name | Should -Contain Difference
    }

    It 'refuses nonsense' {
        { $cat[0] | Compare-ClassActivationMap $cat[1] -Threshold 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { $cat[0] | Compare-ClassActivationMap $cat[1] -Normalization None } | Should -Throw '*MinMax,Positive*'
        { $cat[0] | Compare-ClassActivationMap 'text' } | Should -Throw "*The text 'text' is no map. Get-ClassActivationMap belongs between*"
    }
}
