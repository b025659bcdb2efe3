#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    $script:root = (Resolve-Path "$PSScriptRoot/../..").ProviderPath
    $script:module = "$root/out/ClassActivation/ClassActivation.psd1"
    Import-Module $module
    $script:samples = "$root/samples"
    $script:bytes = [IO.File]::ReadAllBytes("$samples/chelsea.png")
}

Describe 'Names with brackets' {
    BeforeAll {
        # As a pattern, the first name means the second file.
        $script:folder = Join-Path $TestDrive brackets
        $null = New-Item $folder -ItemType Directory
        Copy-Item -LiteralPath "$samples/chelsea.png" "$folder/photo[1].png"
        Copy-Item -LiteralPath "$samples/coffee.png" "$folder/photo1.png"
        Push-Location -LiteralPath $folder
    }

    AfterAll { Pop-Location }

    It 'are taken as they are where there is such a file' {
        (Get-Prediction 'photo[1].png' -Top 1).Label | Should -BeExactly Egyptian_cat
        (Get-Prediction "$folder/photo[1].png" -Top 1).Label | Should -BeExactly Egyptian_cat
        ('photo[1].png' | Get-Prediction -Top 1).Label | Should -BeExactly Egyptian_cat
    }

    It 'are patterns where there is none' {
        (Get-Prediction 'photo[0-9].png' -Top 1).Label | Should -BeExactly espresso
        (Get-Prediction 'photo`[1`].png' -Top 1).Label | Should -BeExactly Egyptian_cat
    }

    It 'lose no file in a loop, piped as text, or from a table' {
        $labels = foreach ($file in Get-ChildItem) { (Get-Prediction $file -Top 1).Label }
        $labels | Should -BeExactly Egyptian_cat, espresso
        (Get-ChildItem -Name | Get-Prediction -Top 1).Label | Should -BeExactly Egyptian_cat, espresso
        ('Path', 'photo[1].png', 'photo1.png' | ConvertFrom-Csv | Get-Prediction -Top 1).Label | Should -BeExactly Egyptian_cat, espresso
    }

    It 'that match nothing are PhotoNotFound' {
        Get-Prediction 'none[0-9].png', '*.gif' -ErrorAction SilentlyContinue -ErrorVariable problems

        $problems.FullyQualifiedErrorId | Should -BeExactly (, 'PhotoNotFound,ClassActivation.Commands.GetPredictionCommand' * 2)
        $problems.TargetObject | Should -BeExactly 'none[0-9].png', '*.gif'
    }

    It 'are those of pictures' {
        $crop = Get-ClassActivationMap 'photo[1].png' | Get-CamRegion | Export-CamCrop 'crops[1]'

        Split-Path $crop.FullName | Should -BeExactly (Join-Path $folder 'crops[1]')
        $crop | Get-Item | Should -HaveCount 1
        ($crop | Get-Prediction -Top 1).Path | Should -BeExactly $crop.FullName
        (Get-Prediction $crop.FullName -Top 1).Path | Should -BeExactly $crop.FullName
    }

    It 'are those of networks and ground truth too' {
        $networks = Join-Path $TestDrive 'networks[1]'
        $null = New-Item $networks -ItemType Directory
        Copy-Item -LiteralPath "$root/models/ResNet50-Int8.onnx", "$root/models/ResNet50-Int8.onnx.data" $networks
        Set-Content -LiteralPath 'boxes[1].csv' "file,xmin,ymin,xmax,ymax`nphoto[1].png,1,1,400,299"

        (Get-CamModel "$networks/ResNet50-Int8.onnx").Name | Should -Be ResNet50-Int8
        (Get-Prediction photo1.png -Model "$networks/ResNet50-Int8.onnx" -Top 1).Label | Should -Be espresso
        (Get-CamModel "$networks/ResNet50-Int8.onnx").Path | Should -BeLike '*networks*Int8.onnx'
        (Get-CamModel "$root/models/*.onnx").Name | Should -Be ResNet50-Int8, ResNet50
        { Get-CamModel "$root/models/*none.onnx" -ErrorAction Stop } | Should -Throw -ErrorId 'ModelNotFound,*'
        { Get-Prediction photo1.png -Model "$root/models/*.onnx" } | Should -Throw -ErrorId 'PathAmbiguous,*'
        (Get-ClassActivationMap 'photo[1].png' | Measure-CamLocalization 'boxes[1].csv').Count | Should -Be 1
        (Get-ClassActivationMap 'photo[1].png' | Measure-CamLocalization 'boxes*.csv').Count | Should -Be 1
        { Get-ClassActivationMap photo1.png | Measure-CamLocalization 'none*.csv' } | Should -Throw -ErrorId 'GroundTruthNotFound,*'
    }
}

Describe 'Photos from memory' {
    It 'are bytes and streams, given or piped' {
        (Get-Prediction -InputObject $bytes -Top 1).Label | Should -Be Egyptian_cat
        (Get-Prediction -InputStream ([IO.MemoryStream]::new($bytes)) -Top 1).Label | Should -Be Egyptian_cat
        (, $bytes | Get-Prediction -Top 1).Label | Should -Be Egyptian_cat
        ([IO.MemoryStream]::new($bytes) | Get-Prediction -Top 1 -Name webcam).Path | Should -Be webcam
        (, $bytes | Get-ClassActivationMap).Label | Should -Be Egyptian_cat
        (, [object[]] $bytes | Get-Prediction -Top 1).Label | Should -Be Egyptian_cat
    }

    It 'are one photo or one error where their bytes come one by one' {
        ($bytes | Get-Prediction -Top 1).Label | Should -Be Egyptian_cat
        $bytes[0..999] | Get-Prediction -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PhotoTruncated,*'
    }

    It 'are one error where they are no photo: <Name>' -ForEach @(
        @{ Name = 'numbers'; Value = , (1.5, 2.5, 3.5) }
        @{ Name = 'a closed stream'; Value = & { $stream = [IO.MemoryStream]::new(3); $stream.Dispose(); $stream } }
        @{ Name = 'a date'; Value = [datetime] '2024-02-03' }
    ) {
        $Value | Get-Prediction -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems | Should -HaveCount 1
    }

    It 'leave files and rows to the other parameters' {
        (Get-Item "$samples/china.jpg" | Get-Prediction -Top 1).Label | Should -Be bell_cote
        ([pscustomobject] @{ Path = "$samples/china.jpg" } | Get-Prediction -Top 1).Label | Should -Be bell_cote
    }

    It 'name the parameter for what is given to the wrong one' {
        { Get-Prediction -InputObject ([IO.MemoryStream]::new($bytes)) } | Should -Throw '*-InputStream*'
        { Get-Prediction -InputObject "$samples/china.jpg" } | Should -Throw '*-LiteralPath*'
    }

    It 'are fetched first from the web' {
        Get-Prediction https://example.org/cat.jpg -ErrorAction SilentlyContinue -ErrorVariable problems
        'https://example.org/cat.jpg' | Get-Prediction -ErrorAction SilentlyContinue -ErrorVariable +problems

        $problems.FullyQualifiedErrorId | Should -BeExactly (, 'PhotoIsWebAddress,ClassActivation.Commands.GetPredictionCommand' * 2)
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*-InputObject (Invoke-WebRequest*).Content*'
    }
}

Describe 'Objects that pipe on' {
    It 'are networks, into what lists parts of them' {
        (Get-CamModel ResNet50* | Get-CamClass).Count | Should -Be 2000
        (Get-CamModel | Get-CamClass -Name lynx).Index | Should -Be 287, 287
        (Get-CamModel | Get-CamConcept -Name dog).ClassCount | Should -Be 118, 118
        (Get-CamModel | ConvertTo-Json | ConvertFrom-Json | Get-CamModelLayer -Name predictions) | Should -HaveCount 2
    }

    It 'are answers, into their class or concept' {
        (Get-Prediction "$samples/chelsea.png" -Top 2 | Get-CamClass).Label | Should -Be Egyptian_cat, tiger_cat
        (Get-Prediction "$samples/chelsea.png" -Top 2 | ConvertTo-Csv | ConvertFrom-Csv | Get-CamClass).Label | Should -Be Egyptian_cat, tiger_cat
        (Get-Prediction "$samples/chelsea.png" -Concept dog | Get-CamConcept).WordNetId | Should -Be n02084071
        (Get-CamClass crane | Get-CamClass).Index | Should -Be 134, 517
    }

    It 'are no regions yet where they are maps' {
        $map = Get-ClassActivationMap "$samples/chelsea.png"
        foreach ($command in { $map | Export-CamCrop $TestDrive }, { $map | Export-CamAnnotation "$TestDrive/a.json" }) {
            $command | Should -Throw '*Get-CamRegion belongs between*'
        }
    }
}

Describe 'What belongs between' {
    It 'is said where <Name> are piped to <Command>' -ForEach @(
        foreach ($command in 'Export-CamOverlay', 'Export-CamSheet x.png', 'Show-ClassActivationMap', 'Get-CamRegion') {
            @{ Name = 'predictions'; Command = $command; Value = { Get-Prediction "$samples/china.jpg" -Top 1 } }
            @{ Name = 'photos'; Command = $command; Value = { Get-Item "$samples/china.jpg" } }
        }
    ) {
        { & $Value | & ([scriptblock]::Create("`$input | $Command -ErrorAction Stop")) } | Should -Throw '*Get-ClassActivationMap belongs between*'
    }
}

Describe '-InStep' {
    It 'gives one in, one out, for -PipelineVariable' {
        $photos = 1..6 | ForEach-Object { Copy-Item -LiteralPath "$samples/chelsea.png" "$TestDrive/step$_.png" -PassThru }

        $seen = $photos | ForEach-Object { $_ } -PipelineVariable photo |
            Get-Prediction -Top 1 -InStep |
            Get-ClassActivationMap -InStep |
            Get-CamRegion -InStep |
            ForEach-Object { "$($photo.FullName)=$($_.Path)" }

        $seen | Should -BeExactly $photos.ForEach{ "$($_.FullName)=$($_.FullName)" }
    }
}

Describe 'The script for the task scheduler in the help' {
    BeforeAll {
        $help = Get-Content -LiteralPath "$root/docs/help/Get-Prediction.md" -Raw
        $text = [regex]::Match($help, '(?s)### A script for the task scheduler.*?```powershell[^\n]*\n(.*?)```').Groups[1].Value
        $script:file = "$TestDrive/classify.ps1"
        Set-Content -LiteralPath $file $text.Replace('Import-Module ClassActivation', "Import-Module '$module'")
        $script:incoming = "$TestDrive/incoming"
        $null = New-Item $incoming -ItemType Directory
        Copy-Item -LiteralPath "$samples/china.jpg" $incoming
        function Invoke-Script([string] $Folder, [string] $Report) {
            # A PowerShell that is a .NET tool is run by dotnet.
            $engine = @([Environment]::ProcessPath)
            if ([IO.Path]::GetFileNameWithoutExtension($engine[0]) -eq 'dotnet') { $engine += [Environment]::GetCommandLineArgs()[0] }
            $null = & $engine[0] @($engine | Select-Object -Skip 1) -NoProfile -NonInteractive -File $file -Folder $Folder -Report $Report 2>&1
            $LASTEXITCODE
        }
    }

    It 'ends with 0 where all went well' {
        Invoke-Script $incoming "$TestDrive/good.csv" | Should -Be 0
        (Import-Csv "$TestDrive/good.csv").Label | Should -Be bell_cote
    }

    It 'ends with 1 where the folder is missing, or the report cannot be written' {
        Invoke-Script "$TestDrive/none" "$TestDrive/none.csv" | Should -Be 1
        Invoke-Script $incoming "$TestDrive/none/report.csv" | Should -Be 1
    }

    It 'ends with 1 for a bad photo, and reports the others' {
        Set-Content -LiteralPath "$incoming/bad.jpg" 'no photo'
        Invoke-Script $incoming "$TestDrive/bad.csv" | Should -Be 1
        (Import-Csv "$TestDrive/bad.csv").Label | Should -Be bell_cote
        Get-Content "$TestDrive/bad.csv.errors.txt" | Should -BeLike 'PhotoNotAPhoto,*bad.jpg'
    }
}

Describe 'Collections of output objects' {
    It 'are indexed by PowerShell' {
        $concept = Get-CamConcept dog
        $concept.ClassIndexes[0] | Should -Be 151
        $concept.ClassIndexes[1] | Should -Be 152
        $concept.Synonyms[0] | Should -Be dog
        (Get-CamModelLayer conv1_conv).OutputShape[3] | Should -Be 64
        Set-Content -LiteralPath "$TestDrive/boxes.csv" "file,xmin,ymin,xmax,ymax`nchelsea.png,1,1,400,299`nchina.jpg,1,1,400,299"
        $photos = (Get-ClassActivationMap "$samples/chelsea.png", "$samples/china.jpg" | Measure-CamLocalization "$TestDrive/boxes.csv").Photos
        $photos[0].Path | Should -BeLike '*chelsea.png'
        $photos[1].Path | Should -BeLike '*china.jpg'
    }

    It 'are arrays or dictionaries in every public property of every output type' {
        $seen = [Collections.Generic.HashSet[type]]::new()
        $queue = [Collections.Generic.Queue[type]]::new()
        (Get-Command -Module ClassActivation).OutputType.Type.ForEach{ $queue.Enqueue($_) }
        $wrong = while ($queue.Count) {
            $type = $queue.Dequeue()
            if (-not $seen.Add($type) -or $type.Namespace -notlike 'ClassActivation*') { continue }
            foreach ($property in $type.GetProperties()) {
                $of = $property.PropertyType
                $isCollection = $of -ne [string] -and $of.IsAssignableTo([Collections.IEnumerable])
                if ($isCollection -and -not $of.IsArray -and -not $of.IsAssignableTo([Collections.IDictionary])) { "$type.$($property.Name)" }
                while ($of.IsArray) { $of = $of.GetElementType() }
                $queue.Enqueue($of)
            }
        }

        $seen.Count | Should -BeGreaterThan 10
        $wrong | Should -BeNullOrEmpty
    }
}
