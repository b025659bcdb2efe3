#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $ofPhotos = 'Prediction', 'ConceptPrediction', 'ClassActivationMap', 'FeatureMap', 'CamComparison', 'CamRegion', 'CamFaithfulness', 'PhotoLocalization', 'PhotoTrust', 'CamPicture', 'CropPicture', 'CamAnnotation', 'PhotoFile'
    $ofClasses = 'Prediction', 'ClassActivationMap', 'CamComparison', 'CamRegion', 'CamFaithfulness', 'PhotoLocalization', 'PhotoTrust', 'CamPicture', 'CropPicture'
    $ofNetworks = $ofClasses + 'ConceptPrediction', 'FeatureMap', 'CamTrust', 'CamLocalization', 'CamFaithfulnessSummary', 'CamModelInfo', 'BatchState'
    $maps = 'ClassActivationMap', 'CamComparison'
    $reported = $maps + 'Prediction', 'ConceptPrediction', 'CamRegion', 'CamFaithfulness'
    # What each cmdlet takes by the pipeline; of all else it says what that is and what to give. Further errors say what is wrong with a thing that is taken.
    $script:table = @(
        @{ Name = 'Compare-ClassActivationMap'; Takes = $maps; With = { @{ ReferenceObject = $map } } }
        @{ Name = 'ConvertTo-CamModel'; Takes = @('CamModelInfo'); With = { @{ WhatIf = $true; DestinationPath = "$folder.onnx" } }; Reads = 'PhotoFile', 'MapFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'ConvertTo-QuantizedCamModel'; Takes = $ofPhotos; With = { @{ WhatIf = $true; DestinationPath = "$folder.onnx" } }; Reads = 'MapFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'Export-CamAnnotation'; Takes = 'CamRegion', 'CamAnnotation'; With = { @{ DestinationPath = "$folder.json" } } }
        @{ Name = 'Export-CamCrop'; Takes = @('CamRegion'); With = { @{ DestinationPath = $folder } } }
        @{ Name = 'Export-CamEvidence'; Takes = @('ClassActivationMap'); With = { @{ DestinationPath = $folder } }; Reads = @('CamComparison') }
        @{ Name = 'Export-CamMap'; Takes = $maps; With = { @{ DestinationPath = $folder } } }
        @{ Name = 'Export-CamOverlay'; Takes = $maps + 'CamRegion'; With = { @{ DestinationPath = $folder } } }
        @{ Name = 'Export-CamReport'; Takes = $reported; With = { @{ DestinationPath = "$folder.html" } } }
        @{ Name = 'Export-CamSheet'; Takes = $maps + 'CamRegion'; With = { @{ DestinationPath = "$folder.png" } } }
        @{ Name = 'Export-CamWorkbook'; Takes = $reported; With = { @{ DestinationPath = "$folder.xlsx" } } }
        @{ Name = 'Get-CamBatch'; Takes = @('BatchState'); Reads = 'PhotoFile', 'MapFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'Get-CamClass'; Takes = $ofClasses + 'ImageClass', 'CamModelInfo'; Reads = 'ConceptPrediction', 'Concept', 'Text' }
        @{ Name = 'Get-CamConcept'; Takes = 'Concept', 'ConceptPrediction', 'CamModelInfo'; Reads = $ofClasses + 'ImageClass', 'Text' }
        @{ Name = 'Get-CamModel'; Takes = $ofNetworks; Reads = 'PhotoFile', 'MapFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'Get-CamModelLayer'; Takes = $ofNetworks; Reads = 'PhotoFile', 'MapFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'Get-CamPicture'; Takes = 'CamPicture', 'CropPicture', 'PhotoFile', 'MapFile', 'Report', 'EvidenceFolder'; Reads = @('Text') }
        @{ Name = 'Get-CamRegion'; Takes = $maps }
        @{ Name = 'Get-ClassActivationMap'; Takes = $ofPhotos -ne 'CamComparison'; Reads = 'CamComparison', 'MapFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'Get-FeatureMap'; Takes = $ofPhotos; With = { @{ Index = 7 } }; Reads = 'MapFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'Get-Prediction'; Takes = $ofPhotos; Reads = 'MapFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'Import-CamAnnotation'; Takes = @(); Reads = 'PhotoFile', 'MapFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'Import-CamMap'; Takes = @('MapFile'); Reads = 'PhotoFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'Import-CamModel'; Takes = @(); With = { @{ WhatIf = $true } }; Reads = 'CamModelInfo', 'PhotoFile', 'MapFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'Invoke-CamBatch'; Takes = @('BatchState'); Reads = 'PhotoFile', 'MapFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'Measure-CamFaithfulness'; Takes = $maps; With = { @{ Step = 1; Baseline = 'None' } } }
        @{ Name = 'Measure-CamLocalization'; Takes = $maps; With = { @{ GroundTruth = "$drive/truth.csv" } } }
        @{ Name = 'New-CamBatch'; Takes = $ofPhotos + 'MapFile', 'Report', 'EvidenceFolder'; With = { @{ DestinationPath = $folder } }; Reads = @('Text'); Says = 'BatchNoPhoto,*' }
        @{ Name = 'Receive-CamBatch'; Takes = @('BatchState'); Reads = 'PhotoFile', 'MapFile', 'Report', 'EvidenceFolder', 'Text' }
        @{ Name = 'Select-CamPhoto'; Takes = $ofPhotos + 'MapFile', 'Report', 'EvidenceFolder'; Reads = @('Text') }
        @{ Name = 'Show-ClassActivationMap'; Takes = $maps + 'CamRegion'; With = { @{ Width = 10; Renderer = 'Ascii' } } }
        @{ Name = 'Test-CamEvidence'; Takes = 'EvidenceCheck', 'EvidenceFolder'; Reads = 'PhotoFile', 'MapFile', 'Report', 'Text' }
        @{ Name = 'Test-CamTrust'; Takes = @('ClassActivationMap'); With = { @{ Step = 1; Stage = 0 } }; Reads = @('CamComparison') }
    )
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:drive = (Resolve-Path TestDrive:).ProviderPath
    $script:photo = Copy-Item "$PSScriptRoot/../../samples/chelsea.png" "$drive/photo.png" -PassThru
    Set-Content "$drive/truth.csv" 'file,xmin,ymin,xmax,ymax', 'photo.png,100,50,300,250'
    $script:map = Get-ClassActivationMap -LiteralPath $photo.FullName -Resolution 96
    $region = $map | Get-CamRegion -AsGiven
    $null = $region | Export-CamAnnotation "$drive/box.json"
    $localization = $map | Measure-CamLocalization -GroundTruth "$drive/truth.csv"
    $evidence = $map | Export-CamEvidence "$drive/evidence" -IncludePhoto
    $trust = $map | Test-CamTrust -Step 1 -Stage 0
    # An object of each type that a cmdlet gives, and of files that it writes: with the words by which an error names it.
    $script:things = [ordered]@{
        Prediction = (Get-Prediction -LiteralPath $photo.FullName -Top 1 -Resolution 96), 'prediction of Get-Prediction'
        ConceptPrediction = (Get-Prediction -LiteralPath $photo.FullName -Concept cat -Resolution 96), 'prediction of Get-Prediction'
        ClassActivationMap = $map, 'map of Get-ClassActivationMap'
        FeatureMap = (Get-FeatureMap -LiteralPath $photo.FullName 7 -Resolution 96), 'feature map of Get-FeatureMap'
        CamComparison = (Compare-ClassActivationMap $map (Get-ClassActivationMap -LiteralPath $photo.FullName -Class lynx -Resolution 96)), 'comparison of Compare-ClassActivationMap'
        CamRegion = $region, 'region of Get-CamRegion'
        CamFaithfulness = ($map | Measure-CamFaithfulness -Step 1 -Baseline None), 'result of Measure-CamFaithfulness'
        CamFaithfulnessSummary = @($map | Measure-CamFaithfulness -Step 1 -RandomCount 1 -Summary)[0], 'summary of Measure-CamFaithfulness'
        CamLocalization = $localization, 'result of Measure-CamLocalization'
        PhotoLocalization = $localization.Photos[0], 'photo''s result of Measure-CamLocalization'
        CamTrust = $trust, 'verdict of Test-CamTrust'
        PhotoTrust = $trust.Photos[0], 'photo''s result of Test-CamTrust'
        CamPicture = ($map | Export-CamOverlay "$drive/overlay.jpg"), 'picture that this module wrote'
        CropPicture = ($region | Export-CamCrop "$drive/crop.jpg"), 'picture that this module wrote'
        CamModelInfo = (Get-CamModel ResNet50), 'network of Get-CamModel'
        LayerSummary = (Get-CamModelLayer conv5_block3_out), 'layer of Get-CamModelLayer'
        ImageClass = (Get-CamClass tabby), 'class of Get-CamClass'
        Concept = (Get-CamConcept cat), 'concept of Get-CamConcept'
        CamAnnotation = (Import-CamAnnotation "$drive/box.json" -PhotoPath $drive), 'box of Import-CamAnnotation'
        BatchState = (New-CamBatch $photo.FullName -DestinationPath "$drive/batch" -Resolution 96), 'batch of Get-CamBatch'
        BatchShard = (Invoke-CamBatch "$drive/batch"), 'shard of Invoke-CamBatch'
        EvidenceCheck = ($evidence | Test-CamEvidence), 'result of Test-CamEvidence'
        # It would take a network of another framework to make one.
        PreprocessingProbe = [pscustomobject]@{ Preprocessing = 'Torch'; Rank = 1; Probability = 0.5; ClassRank = 1; Label = 'a'; Answer = 'a' }, 'probe of ConvertTo-CamModel'
        EvidenceFolder = $evidence, $evidence.Name
        PhotoFile = $photo, $photo.Name
        MapFile = ($map | Export-CamMap "$drive/map.npy"), 'map.npy'
        Report = ($map | Export-CamReport "$drive/page.html"), 'page.html'
        Text = 'no such thing', 'no such thing'
        Row = [pscustomobject]@{ Colour = 'red'; Size = 3 }, 'properties Colour, Size'
    }
    $script:number = 0
    # What comes of a pair: the errors, of which there is one at most.
    function Send-Thing($Thing, [string] $Name, [hashtable] $Parameters, [string] $Besides) {
        $problems = $null
        try {
            $null = $Thing | & $Name @Parameters -ErrorAction SilentlyContinue -ErrorVariable problems -WarningAction Ignore 6>$null
            @($problems).Where{ -not $Besides -or $_.FullyQualifiedErrorId -notlike $Besides }
        } catch {
            $_
        }
    }
}

Describe 'What is piped' {
    It 'is tried of every type that a cmdlet gives, into every cmdlet that takes something' {
        $types = (Get-Command -Module ClassActivation).OutputType.Name | ForEach-Object { $_.Split('.')[-1] } | Sort-Object -Unique
        $alike = @{ FileInfo = 'PhotoFile'; DirectoryInfo = 'EvidenceFolder'; String = 'Text' }
        foreach ($type in $types) { $things.Keys | Should -Contain ($alike[$type] ?? $type) }
        (Get-Command -Module ClassActivation | Where-Object {
                $_.Parameters.Values.Attributes.Where{ $_ -is [Parameter] -and ($_.ValueFromPipeline -or $_.ValueFromPipelineByPropertyName) }
            }).Name | Sort-Object | Should -Be @($table.Name | Sort-Object)
    } -TestCases @{ table = $table }

    It 'works with <Name>, or is one error that names the object and says what to give' -ForEach $table {
        foreach ($type in $things.Keys) {
            $thing, $words = $things[$type]
            $folder = Join-Path $drive "pair-$(($script:number++))"
            $parameters = if ($With) { & $With } else { @{} }
            $problems = @(Send-Thing $thing $Name $parameters $Says)
            $case = "$type | $Name, which says: $problems"
            if ($type -in $Takes) {
                $problems | Should -HaveCount 0 -Because $case
                continue
            }

            # A wrong file or question is read, and found out to be wrong; of -WhatIf it is not read.
            if ($type -in $Reads) {
                $problems.Count | Should -BeLessOrEqual 1 -Because $case
            } else {
                $problems | Should -HaveCount 1 -Because $case
                "$($problems[0])" | Should -BeLike "*$([WildcardPattern]::Escape($words))*" -Because $case
                "$($problems[0]) $($problems[0].ErrorDetails.RecommendedAction)" | Should -Match 'Give |Pipe |Name |Save |gives |belongs? between|and Get-CamPicture reads' -Because $case
            }

            "$problems" | Should -Not -Match 'cannot be bound|cannot be resolved|ClassActivation\.[A-Z]\w+\.|System\.|@\{' -Because $case
        }
    }

    It 'is the same after <Way>' -ForEach @('Csv', 'Json', 'Clixml').ForEach{ @{ Way = $_; table = $table } } {
        foreach ($row in $table.Where{ $_.Name -in 'Get-Prediction', 'Export-CamOverlay', 'Export-CamCrop', 'Get-CamPicture', 'Get-CamClass', 'Get-CamModelLayer', 'Test-CamEvidence', 'Select-CamPhoto', 'Get-CamBatch' }) {
            foreach ($type in @($things.Keys).Where{ $_ -notin 'EvidenceFolder', 'PhotoFile', 'MapFile', 'Report', 'Text' -and $_ -notin $row.Takes -and $_ -notin $row.Reads }) {
                $thing, $words = $things[$type]
                $thing = switch ($Way) {
                    Csv { $thing | ConvertTo-Csv | ConvertFrom-Csv }
                    Json { $thing | ConvertTo-Json -Depth 1 -WarningAction Ignore | ConvertFrom-Json }
                    Clixml { [Management.Automation.PSSerializer]::Deserialize([Management.Automation.PSSerializer]::Serialize($thing)) }
                }
                $folder = Join-Path $drive "pair-$(($script:number++))"
                $parameters = if ($row.With) { & $row.With } else { @{} }
                $problems = @(Send-Thing $thing $row.Name $parameters $row.Says)
                $case = "$type by $Way | $($row.Name), which says: $problems"
                $problems | Should -HaveCount 1 -Because $case
                "$($problems[0])" | Should -BeLike "*$([WildcardPattern]::Escape($words))*" -Because $case
            }
        }
    }
}
