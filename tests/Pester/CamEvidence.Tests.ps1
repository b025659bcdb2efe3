#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:root = (Resolve-Path TestDrive:).ProviderPath
    $script:setting = @{ Model = 'ResNet50-Int8'; Resolution = 96 }
    $photo = Join-Path $root 'cat [1].png'
    Copy-Item -LiteralPath "$samples/chelsea.png" -Destination $photo
    $script:map = Get-ClassActivationMap -LiteralPath $photo -Class lynx -Contrast tabby @setting
    $script:evidence = $map | Export-CamEvidence (Join-Path $root evidence) -Expected tabby -IncludePhoto
}

Describe 'Export-CamEvidence' {
    It 'writes what the schema asks for' {
        $evidence.Name | Should -Be 'cat [1].lynx.ResNet50-Int8.not-tabby.96px.cam.evidence' -Because 'it is named after photo and question'
        (Get-ChildItem -LiteralPath $evidence.FullName).Name | Should -Be evidence.json, map.npy, overlay.png, photo.png
        $json = Get-Content -LiteralPath (Join-Path $evidence evidence.json) -Raw
        $json | Test-Json -SchemaFile "$PSScriptRoot/../../docs/evidence.schema.json" | Should -BeTrue
        $document = $json | ConvertFrom-Json
        $document.expected, $document.predicted.label, $document.answer.question.label | Should -Be tabby, Egyptian_cat, lynx
        $document.photo.sha256 | Should -Be (Get-FileHash -LiteralPath $map.Path).Hash
        $document.network.hash | Should -Be $map.ModelHash
        $json | Should -Not -Match ([regex]::Escape($root)) -Because 'where the photo lies is nobody''s business'
        $json.Replace('"rank"', '"rang"') | Test-Json -SchemaFile "$PSScriptRoot/../../docs/evidence.schema.json" -ErrorAction SilentlyContinue | Should -BeFalse
    }

    It 'replaces evidence with -Force only' {
        { $map | Export-CamEvidence (Join-Path $root evidence) -ErrorAction Stop } | Should -Throw -ErrorId 'EvidenceExists,*'
        ($map | Export-CamEvidence (Join-Path $root evidence) -Expected tabby -IncludePhoto -Force).FullName | Should -Be $evidence.FullName
        $map | Export-CamEvidence (Join-Path $root whatif) -WhatIf | Should -BeNullOrEmpty
        Join-Path $root whatif | Should -Not -Exist
    }
}

Describe 'Test-CamEvidence' {
    BeforeEach {
        $copy = Join-Path $root "copy [$([guid]::NewGuid().ToString('n'))]"
        Copy-Item -LiteralPath $evidence.FullName -Destination $copy -Recurse
    }

    BeforeAll {
        function Edit([scriptblock] $Change) {
            $document = Get-Content -LiteralPath "$copy/evidence.json" -Raw | ConvertFrom-Json
            . $Change
            $document | ConvertTo-Json -Depth 9 | Set-Content -LiteralPath "$copy/evidence.json"
        }
    }

    It 'holds of <What>' -ForEach @(
        @{ What = 'a frame'; Photo = 'animation.gif'; Asked = @{ Frame = 3 } }
        @{ What = 'a page'; Photo = 'tiff/pages-mixed.tif'; Asked = @{ Frame = 4 } }
        @{ What = 'a photo as it is stored'; Photo = 'orientation-6.jpg'; Asked = @{ Reading = 'AsStored' } }
        @{ What = 'another layer'; Photo = 'cmyk.jpg'; Asked = @{ Layer = 'conv5_block2_out'; Model = 'ResNet50' } }
        @{ What = 'a concept, at two scales, mirrored'; Photo = 'cmyk.jpg'; Asked = @{ Concept = 'cat'; Scale = 1, 2; Flip = $true } }
    ) {
        $question = $setting.Clone()
        $Asked.Keys | ForEach-Object { $question[$_] = $Asked[$_] }
        $check = Get-ClassActivationMap "$PSScriptRoot/../ClassActivation.Tests/Photos/$Photo" @question | Export-CamEvidence (Join-Path $root kinds) -IncludePhoto -Force | Test-CamEvidence -Tolerance 0
        $check.Reason, $check.Holds | Should -Be '', $true
    }

    It 'holds here, to the last digit' {
        $check = Get-Item -LiteralPath $copy | Test-CamEvidence -Tolerance 0
        $check.Holds, $check.Reason, $check.MapDifference, $check.ProbabilityDifference | Should -Be $true, '', 0, 0
        $check.Label, $check.ExpectedLabel, $check.PredictedLabel, $check.PredictedNow | Should -Be lynx, tabby, Egyptian_cat, Egyptian_cat
    }

    It 'does not hold with another <What>' -ForEach @(
        @{ What = 'map'; Change = { [IO.File]::WriteAllBytes("$copy/map.npy", [byte[]](1..10)) }; Reason = '*file of the bundle*' }
        @{ What = 'picture'; Change = { Remove-Item -LiteralPath "$copy/overlay.png" }; Reason = '*file of the bundle*' }
        @{ What = 'photo'; Change = { Copy-Item -LiteralPath "$samples/coffee.png" "$copy/photo.png" }; Reason = '*photo is another*' }
        @{ What = 'probability'; Change = { $file = "$copy/evidence.json"; (Get-Content -LiteralPath $file -Raw) -replace '"probability": [\d.E-]+', '"probability": 0.5' | Set-Content -LiteralPath $file }; Reason = '*probability is off*' }
        @{ What = 'label'; Change = { Edit { $document.answer.question.label = 'tabby' } }; Reason = "answer.question.label is 'tabby', and is computed to be 'lynx'" }
        @{ What = 'label of the most probable class'; Change = { Edit { $document.predicted.label = 'tabby' } }; Reason = "predicted.label is 'tabby', and is computed to be 'Egyptian_cat'" }
        @{ What = 'WordNet id'; Change = { Edit { $document.predicted.wordNetId = 'n00000001' } }; Reason = 'predicted.wordNetId is*' }
        @{ What = 'rank'; Change = { Edit { $document.answer.rank = 1 } }; Reason = 'answer.rank is 1, and is computed to be *' }
        @{ What = 'logit'; Change = { Edit { $document.answer.logit = 12.5 } }; Reason = 'answer.logit is 12.5, and is computed to be *' }
        @{ What = 'contrast'; Change = { Edit { $document.answer.question.contrast = 'goldfish' } }; Reason = "answer.question.contrast is 'goldfish', and is computed to be 'tabby'" }
        @{ What = 'size'; Change = { Edit { $document.answer.photoWidth = 452 } }; Reason = 'answer.photoWidth is 452, and is computed to be 451' }
        @{ What = 'length'; Change = { Edit { $document.answer.photo.length = 7 } }; Reason = 'answer.photo.length is 7, and is computed to be *' }
        @{ What = 'name'; Change = { Edit { $document.answer.photo.path = 'dog.png' } }; Reason = "answer.photo.path is 'dog.png', and is computed to be 'cat ?1].png'" }
        @{ What = 'class that there is none of'; Change = { Edit { $document.answer.question.classIndex = 1000 } }; Reason = 'the network cannot be asked this question' }
    ) {
        & $Change
        $check = Test-CamEvidence ([WildcardPattern]::Escape($copy))
        $check.Holds | Should -BeFalse
        $check.Reason | Should -BeLike $Reason
    }

    It 'does not hold with another network' {
        $check = Test-CamEvidence ([WildcardPattern]::Escape($copy)) -Model ResNet50
        $check.Holds, $check.NetworkIsSame | Should -Be $false, $false
    }

    It 'needs the photo where it is not in it' {
        $without = $map | Export-CamEvidence (Join-Path $root without)
        { Test-CamEvidence ([WildcardPattern]::Escape($without.FullName)) -ErrorAction Stop } | Should -Throw -ErrorId 'EvidenceNoPhoto,*'
        (Test-CamEvidence ([WildcardPattern]::Escape($without.FullName)) -PhotoPath $map.Path).Holds | Should -BeTrue
    }

    It 'says what is no evidence' {
        { Test-CamEvidence $samples -ErrorAction Stop } | Should -Throw -ErrorId 'EvidenceNotFound,*'
        { Test-CamEvidence (Join-Path $root nope) -ErrorAction Stop } | Should -Throw -ErrorId 'EvidenceNotFound,*' -ExpectedMessage 'There is no folder of evidence*'
        { Test-CamEvidence (Join-Path $root 'nope*') -ErrorAction Stop } | Should -Throw -ErrorId 'EvidenceNotFound,*'
        Set-Content -LiteralPath "$copy/evidence.json" '{}'
        { Test-CamEvidence ([WildcardPattern]::Escape($copy)) -ErrorAction Stop } | Should -Throw -ErrorId 'EvidenceInvalid,*'
    }

    It 'has a folder for each photo of one name, in the order of the photos' {
        $photos = foreach ($number in 1..6) {
            $folder = [IO.Directory]::CreateDirectory((Join-Path $TestDrive "names/$number")).FullName
            Copy-Item "$PSScriptRoot/../../samples/chelsea.png" (Join-Path $folder same.png) -PassThru
        }
        $maps = $photos | Get-ClassActivationMap -Resolution 64
        $evidence = $maps | Export-CamEvidence (Join-Path $TestDrive several) -ErrorVariable problems
        $problems | Should -BeNullOrEmpty
        $evidence.FullName | Sort-Object -Unique | Should -HaveCount 6
        $evidence[0].Name | Should -Be 'same.Egyptian_cat.64px.cam.evidence'
        # Again they are the same ones.
        ($maps | Export-CamEvidence (Join-Path $TestDrive several) -Force).Name | Should -Be $evidence.Name
    }
}
