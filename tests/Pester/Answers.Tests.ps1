#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# Two networks that torch exported (make_torch.py beside them): a tagger, whose labels are questions of their own, and one that
# gives one number. What they answer of two letterboxed photos, torch and Pillow say.
BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:networks = (Resolve-Path "$PSScriptRoot/../ClassActivation.Tests/Figures/networks").ProviderPath
    $script:root = (Resolve-Path TestDrive:).ProviderPath
    $script:photos = Join-Path $root 'photos [1]'
    $null = [IO.Directory]::CreateDirectory($photos)
    Copy-Item -LiteralPath "$samples/chelsea.png", "$samples/coffee.png" -Destination $photos
    $script:figures = Get-Content -LiteralPath "$networks/torch.json" -Raw | ConvertFrom-Json
    $script:tagger = (ConvertTo-CamModel "$networks/tagger.onnx" (Join-Path $root 'tagger.onnx') -Preprocessing Scale01 -Label fur, cup, ear, 'soft toy' -Fit Letterbox).Path
    $script:defect = (ConvertTo-CamModel "$networks/defect.onnx" (Join-Path $root 'defect.onnx') -Preprocessing Scale01 -Label good, defect).Path
    $script:asked = @{ Fit = 'Letterbox'; Resolution = 64 }
    function Get-Sigmoid([double] $Logit) { 1 / (1 + [Math]::Exp(-$Logit)) }
    function Get-Largest($Values) { ($Values | ForEach-Object { [Math]::Abs($_) } | Measure-Object -Maximum).Maximum }
    function Get-Difference($Map, $Expected, [double] $Sign = 1) {
        $values = @($Map.Map | ForEach-Object { $_ })
        $values.Count | Should -Be $Expected.Count
        Get-Largest (0..($values.Count - 1) | ForEach-Object { $values[$_] - $Sign * $Expected[$_] })
    }
}

Describe 'A network whose labels are questions of their own' {
    It 'answers each by itself, and -Threshold takes those that hold' {
        foreach ($name in 'chelsea.png', 'coffee.png') {
            $logits = $figures.tagger.$name.logits
            $answers = Get-Prediction -LiteralPath "$photos/$name" -Model $tagger -Top 4 @asked
            $answers | ForEach-Object { [Math]::Abs($_.Probability - (Get-Sigmoid $logits[$_.ClassIndex])) | Should -BeLessThan 1e-5 }
            $held = Get-Prediction -LiteralPath "$photos/$name" -Model $tagger -Threshold 0.5 @asked
            @($held.ClassIndex | Sort-Object) | Should -Be @(0..3 | Where-Object { $logits[$_] -gt 0 })
        }
    }

    It 'says so, and its own fit, of the network' {
        $model = Get-CamModel -Path $root | Where-Object Name -eq tagger
        $model.Activation, $model.Fit, "$($model.Margin)" | Should -Be Sigmoid, Letterbox, '0,0,0'
    }

    It 'explains each label by its own logit' {
        foreach ($label in 0..3) {
            $map = Get-ClassActivationMap -LiteralPath "$photos/chelsea.png" -Model $tagger -Class $label -Method Cam @asked
            [Math]::Abs($map.Logit - $figures.tagger.'chelsea.png'.logits[$label]) | Should -BeLessThan 1e-4
            Get-Difference $map $figures.tagger.'chelsea.png'.maps[$label] | Should -BeLessThan 1e-4
        }
    }

    It 'goes through <Name>' -ForEach @(
        @{ Name = 'the overlay'; Script = { $maps | Export-CamOverlay -DestinationPath $folder } }
        @{ Name = 'a sheet'; Script = { $maps | Export-CamSheet "$folder/sheet.png" } }
        @{ Name = 'a report'; Script = { $maps | Export-CamReport "$folder/report.html" } }
        @{ Name = 'a workbook'; Script = { $maps | Export-CamWorkbook "$folder/book.xlsx" } }
        @{ Name = 'crops'; Script = { $maps | Get-CamRegion -AsGiven -Normalization MinMax | Export-CamCrop $folder } }
        @{ Name = 'annotations'; Script = { $maps | Get-CamRegion -AsGiven -Normalization MinMax | Export-CamAnnotation "$folder/a.json" } }
        @{ Name = 'the terminal'; Script = { $maps | Show-ClassActivationMap -Width 20 -Renderer Ascii } }
    ) {
        $folder = Join-Path $root "out [$([guid]::NewGuid().ToString('n'))]"
        $maps = Get-ChildItem -LiteralPath $photos -File -Filter '*.png' | Get-ClassActivationMap -Model $tagger -Class fur, 'soft toy' @asked

        & $Script | Should -Not -BeNullOrEmpty
    }

    It 'gives regions inside of the photo, also from a map of a file or a row' {
        $map = Get-ClassActivationMap -LiteralPath "$photos/chelsea.png" -Model $tagger -Class ear @asked
        $map.Coverage.Top | Should -BeLessThan 0 -Because 'the margin lies above the photo'
        $regions = @($map | Get-CamRegion -AsGiven -Normalization MinMax)
        $regions | Should -Not -BeNullOrEmpty
        foreach ($region in $regions) {
            $region.Left | Should -BeGreaterOrEqual 0
            $region.Top | Should -BeGreaterOrEqual 0
            $region.Left + $region.Width | Should -BeLessOrEqual $map.PhotoWidth
            $region.Top + $region.Height | Should -BeLessOrEqual $map.PhotoHeight
        }
        $again = Import-CamMap ($map | Export-CamMap (Join-Path $root 'map [1].npy')).FullName.Replace('[', '`[').Replace(']', '`]')
        $again.Fit, "$($again.Coverage)" | Should -Be Letterbox, "$($map.Coverage)"
        ($again | Compare-ClassActivationMap $map).Correlation | Should -BeGreaterThan 0.999999
        $back = $map | ConvertTo-Json -Depth 5 | ConvertFrom-Json
        @($back | Get-CamRegion -AsGiven -Normalization MinMax)[0].Left | Should -Be $regions[0].Left
    }

    It 'is measured, tested and written as evidence' {
        $map = Get-ClassActivationMap -LiteralPath "$photos/chelsea.png" -Model $tagger -Class fur @asked
        ($map | Measure-CamFaithfulness)[0].Label | Should -Be fur
        ($map | Export-CamEvidence (Join-Path $root evidence) -IncludePhoto | Test-CamEvidence).Reason | Should -Be ''
    }

    It 'has a part that suffices for a label that holds, whatever the others say' {
        $logits = $figures.tagger.'chelsea.png'.logits
        $best = 0..3 | Sort-Object { $logits[$_] } -Descending | Select-Object -First 1
        $tried = foreach ($label in 0..3) {
            $map = Get-ClassActivationMap -LiteralPath "$photos/chelsea.png" -Model $tagger -Class $label @asked
            $part = $map | Get-CamRegion -Sufficient -Replacement Mean -ErrorAction SilentlyContinue -ErrorVariable problems
            if ($logits[$label] -le 0) {
                $problems.FullyQualifiedErrorId | Should -BeLike 'ClassNotOnTop,*'
                $problems.ErrorDetails.Message | Should -BeLike '*does not hold for*'
            } elseif ($part) {
                $part.ProbabilityAlone | Should -BeGreaterOrEqual 0.5
                $part.Passes | Should -BeLessOrEqual 50
                $label
            } else {
                $problems.FullyQualifiedErrorId | Should -BeLike 'NoPartNeeded,*'
                $problems.ErrorDetails.Message | Should -BeLike '*holds for*with all of it replaced*'
                $label
            }
        }
        $tried | Where-Object { $_ -ne $best } | Should -Not -BeNullOrEmpty -Because 'one that is not the best holds too'
    }

    It 'goes through a batch with the same answers' {
        $job = Join-Path $root batch
        $null = New-CamBatch ([WildcardPattern]::Escape($photos)) $job -Model $tagger -Class fur, cup @asked
        $null = Invoke-CamBatch $job
        $rows = @(Receive-CamBatch $job)
        $rows | Should -HaveCount 4
        foreach ($row in $rows) {
            [Math]::Abs($row.Probability - (Get-Sigmoid $figures.tagger.(Split-Path $row.Path -Leaf).logits[$row.ClassIndex])) | Should -BeLessThan 1e-5
        }
    }
}

Describe 'A network of one number' {
    It 'has two classes, whose probabilities are one together' {
        $answers = Get-Prediction -LiteralPath "$photos/coffee.png" -Model $defect -Top 2 @asked
        [Math]::Abs(($answers | Measure-Object Probability -Sum).Sum - 1) | Should -BeLessThan 1e-6
        $answers[0].Label | Should -Be good
        (Get-Prediction -LiteralPath "$photos/chelsea.png" -Model $defect -Threshold 0.5 @asked).Label | Should -Be defect
    }

    It 'explains the other class by the negative of its logit' {
        $own, $other = Get-ClassActivationMap -LiteralPath "$photos/chelsea.png" -Model $defect -Class defect, good -Method Cam @asked
        $expected = $figures.defect.'chelsea.png'
        [Math]::Abs($own.Logit - $expected.logits[0]) | Should -BeLessThan 1e-4
        [Math]::Abs($other.Logit + $expected.logits[0]) | Should -BeLessThan 1e-4
        Get-Difference $own $expected.maps[0] | Should -BeLessThan 1e-4
        Get-Difference $other $expected.maps[0] -1 | Should -BeLessThan 1e-4
    }

    It 'goes through sheets, reports, evidence and a batch' {
        $maps = Get-ChildItem -LiteralPath $photos -File -Filter '*.png' | Get-ClassActivationMap -Model $defect -Class defect, good @asked
        $maps | Export-CamSheet (Join-Path $root 'one.png') | Should -Not -BeNullOrEmpty
        $maps | Export-CamReport (Join-Path $root 'one.html') | Should -Not -BeNullOrEmpty
        ($maps[1] | Export-CamEvidence (Join-Path $root one) -IncludePhoto | Test-CamEvidence).Holds | Should -BeTrue
        $job = Join-Path $root onebatch
        $null = New-CamBatch ([WildcardPattern]::Escape($photos)) $job -Model $defect @asked
        $null = Invoke-CamBatch $job
        @(Receive-CamBatch $job).Label | Sort-Object -Unique | Should -Be defect, good
    }
}

Describe 'ConvertTo-QuantizedCamModel of an imported network' {
    It 'reports the agreement on every fifth photo' {
        $many = 1..5 | ForEach-Object { Copy-Item "$samples/flower.jpg" (Join-Path $root "flower$_.jpg") -PassThru } | ForEach-Object FullName
        $copy = $many | ForEach-Object { Get-Item $_ } | ConvertTo-QuantizedCamModel $tagger (Join-Path $root 'tagger8.onnx') -Fit Letterbox -Resolution 64 -WarningAction SilentlyContinue
        $copy.Agreement.Photos | Should -Be 1
        $copy.Agreement.Low | Should -BeLessThan $copy.Agreement.High
        (Get-CamModel -Path $root | Where-Object Name -eq tagger8).Agreement | Should -Be $copy.Agreement
    }
}

Describe 'A network that this module did not write' {
    It 'is not replaced by <Name> without -Force' -ForEach @(
        @{ Name = 'ConvertTo-CamModel'; Make = { ConvertTo-CamModel "$networks/defect.onnx" $args[0] -Preprocessing Scale01 -Force:($args[1]) } }
        @{ Name = 'ConvertTo-QuantizedCamModel'; Make = { ConvertTo-QuantizedCamModel $defect $args[0] -CalibrationPhoto "$samples/coffee.png" -Force:($args[1]) } }
    ) {
        foreach ($suffix in '', '.data') {
            $file = Join-Path $root "theirs [$([guid]::NewGuid().ToString('n'))].onnx"
            [IO.File]::WriteAllText("$file$suffix", 'mine')
            $problem = { & $Make $file $false } | Should -Throw -PassThru
            $problem.FullyQualifiedErrorId | Should -BeLike 'FileUnmarked,*'
            [IO.File]::ReadAllText("$file$suffix") | Should -Be 'mine'
            (& $Make $file $true).Path | Should -Be $file
            (& $Make $file $false).Path | Should -Be $file -Because 'that one is the module''s own'
        }
    }

    It 'is not replaced where another program exported it' {
        $file = Join-Path $root 'exported.onnx'
        Copy-Item "$networks/tagger.onnx" $file
        { ConvertTo-CamModel "$networks/defect.onnx" $file -Preprocessing Scale01 } | Should -Throw -ErrorId 'FileUnmarked,*'
        (Get-FileHash $file).Hash | Should -Be (Get-FileHash "$networks/tagger.onnx").Hash
    }

    It 'is not replaced by -SaveRangePath' {
        $file = Join-Path $root 'table.tsv'
        [IO.File]::WriteAllText($file, "a`tb`n")
        { ConvertTo-QuantizedCamModel $defect (Join-Path $root 'r.onnx') -CalibrationPhoto "$samples/coffee.png" -SaveRangePath $file } | Should -Throw -ErrorId 'FileUnmarked,*'
        [IO.File]::ReadAllText($file) | Should -Be "a`tb`n"
        Join-Path $root 'r.onnx' | Should -Not -Exist
        $null = ConvertTo-QuantizedCamModel $defect (Join-Path $root 'r.onnx') -CalibrationPhoto "$samples/coffee.png" -SaveRangePath $file -Force
        $null = ConvertTo-QuantizedCamModel $defect (Join-Path $root 'r.onnx') -CalibrationPhoto "$samples/coffee.png" -SaveRangePath $file
        [IO.File]::ReadAllText($file) | Should -BeLike '# Calibrated on 1 photos*'
    }
}
