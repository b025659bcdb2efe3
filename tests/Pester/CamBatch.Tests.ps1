#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:root = (Resolve-Path TestDrive:).ProviderPath
    $script:photos = Join-Path $root 'photos [1]'
    $null = [IO.Directory]::CreateDirectory("$photos/éte")
    Copy-Item -LiteralPath "$samples/chelsea.png", "$samples/coffee.png" -Destination $photos
    Copy-Item -LiteralPath "$samples/flower.jpg" -Destination "$photos/éte/fleur, `"1`".jpg"
    Set-Content -LiteralPath "$photos/broken.jpg" 'no photo'
    $null = Get-ClassActivationMap -LiteralPath "$photos/chelsea.png" | Export-CamOverlay -DestinationPath $photos
    $script:setting = @{ Model = 'ResNet50-Int8'; Resolution = 96; Top = 2 }
    function New-Job($Name, $With = @{}) {
        $path = Join-Path $root $Name
        $null = New-CamBatch ([WildcardPattern]::Escape($photos)) $path -Recurse -ShardSize 2 @setting @With
        $path
    }

    function Get-ResultHash($Job) {
        Get-ChildItem -LiteralPath (Join-Path $Job results) -File -Recurse | Where-Object Name -ne figures.json | Sort-Object FullName |
            ForEach-Object { "$([IO.Path]::GetRelativePath($Job, $_.FullName)) $((Get-FileHash -LiteralPath $_.FullName).Hash)" }
    }
}

Describe 'New-CamBatch' {
    It 'lists and computes nothing' {
        $job = Join-Path $root 'new [2]'
        $state = New-CamBatch $photos $job -Recurse -ShardSize 2 @setting
        $state.Photos, $state.Shards, $state.DoneShards, $state.Missing | Should -Be 5, 3, 0, '0-2'
        (Get-ChildItem -LiteralPath $job).Name | Sort-Object | Should -Be batch.json, shards
    }

    It 'takes what Select-CamPhoto gives' {
        $state = Select-CamPhoto $photos -Recurse | New-CamBatch -DestinationPath (Join-Path $root selected)
        $state.Photos | Should -Be 3
    }

    It 'writes nothing with -WhatIf' {
        New-CamBatch $photos (Join-Path $root whatif) -WhatIf | Should -BeNullOrEmpty
        Join-Path $root whatif | Should -Not -Exist
    }

    It 'says what is wrong: <Id>' -ForEach @(
        @{ Id = 'BatchExists'; Script = { New-CamBatch $photos $samples } }
        @{ Id = 'BatchNoPhoto'; Script = { New-CamBatch $PSScriptRoot (Join-Path $root none) } }
        @{ Id = 'PhotoNotFound'; Script = { New-CamBatch (Join-Path $root gone.jpg) (Join-Path $root none) } }
        @{ Id = 'ClassNotFound'; Script = { New-CamBatch $photos (Join-Path $root none) -Class unicorn } }
        @{ Id = 'ModelNotFound'; Script = { New-CamBatch $photos (Join-Path $root none) -Model nobody } }
        @{ Id = 'ContrastNotApplicable'; Script = { New-CamBatch $photos (Join-Path $root none) -Contrast Auto -Method SoftmaxCam } }
        @{ Id = 'ScaleOutOfRange'; Script = { New-CamBatch $photos (Join-Path $root none) -Scale 100 } }
    ) {
        $failure = $Script | Should -Throw -PassThru -ExceptionType ([Exception])
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
        Join-Path $root none | Should -Not -Exist
    }
}

Describe 'Invoke-CamBatch' {
    It 'computes one shard, then what is missing, and what one command would have computed' {
        $job = New-Job whole
        (Invoke-CamBatch $job -Shard 1).Shard | Should -Be 1
        (Get-CamBatch $job).Missing | Should -Be '0,2'
        (Invoke-CamBatch $job).Shard | Should -Be 0, 2
        Invoke-CamBatch $job | Should -BeNullOrEmpty
        $state = Get-CamBatch $job
        $state.IsComplete, $state.DonePhotos, $state.Refused, $state.Missing | Should -Be $true, 5, 2, ''
        $state.Errors.Keys | Should -Be PhotoNotAPhoto, PhotoOwnPicture
        $state.Processors | Should -HaveCount 1

        $all = Receive-CamBatch $job -ErrorAction SilentlyContinue -ErrorVariable refused
        ($refused | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] }) | Should -Be PhotoNotAPhoto, PhotoOwnPicture
        $plain = Get-ChildItem -LiteralPath $photos -File -Recurse | Where-Object Name -NotMatch 'cam|broken' | Get-ClassActivationMap @setting
        # The batch has the folder's own photos before those below.
        $inOrder = $plain | Sort-Object { $_.Path -match 'éte' } -Stable
        $all | ForEach-Object { $_.GetType().FullName } | Select-Object -Unique | Should -Be ClassActivation.Maps.ClassActivationMap
        ($all | ConvertTo-Json -Depth 4) | Should -Be ($inOrder | ConvertTo-Json -Depth 4)
    }

    It 'answers what Get-ClassActivationMap answers to <What>' -ForEach @(
        @{ What = 'layers'; Question = @{ Layer = 'conv4_block6_out', 'conv5_block3_out'; Top = 1 } }
        @{ What = 'a likeness'; Question = @{ SimilarTo = '<samples>/coffee.png'; Method = 'HiResCam' } }
        @{ What = 'occlusion'; Question = @{ Method = 'Occlusion'; Window = 48; Stride = 48; MaskBaseline = 'Gray' } }
        @{ What = 'random masks'; Question = @{ Method = 'Rise'; MaskCount = 5 } }
        @{ What = 'integrated gradients of few steps'; Question = @{ Method = 'IntegratedGradients'; MaxStep = 8; Top = 1; Model = 'ResNet50' } }
        @{ What = 'photos as they are stored'; Question = @{ Reading = 'AsStored' } }
        @{ What = 'all frames'; Question = @{ Frame = 'All'; Top = 1 } }
        @{ What = 'a frame that some photos lack'; Question = @{ Frame = 3, 1; Top = 1 } }
    ) {
        $ask = @{ Model = 'ResNet50-Int8'; Resolution = 96 }
        foreach ($key in $Question.Keys) { $ask[$key] = $Question[$key] }
        if ($ask.SimilarTo) { $ask.SimilarTo = $ask.SimilarTo.Replace('<samples>', $samples) }
        $asked = Join-Path $root 'asked photos'
        $null = [IO.Directory]::CreateDirectory($asked)
        Copy-Item -LiteralPath "$samples/chelsea.png", "$PSScriptRoot/../ClassActivation.Tests/Photos/animation.gif" -Destination $asked
        $job = Join-Path $root "asked $What"
        $null = New-CamBatch $asked $job @ask
        $null = Invoke-CamBatch $job -WarningAction SilentlyContinue
        $plain = Get-ChildItem -LiteralPath $asked | Sort-Object Name | Get-ClassActivationMap @ask -ErrorAction SilentlyContinue -ErrorVariable plainErrors -WarningAction SilentlyContinue
        $found = Receive-CamBatch $job -ErrorAction SilentlyContinue -ErrorVariable refused
        $plain | Should -Not -BeNullOrEmpty
        ($found | ConvertTo-Json -Depth 4) | Should -Be ($plain | ConvertTo-Json -Depth 4)
        $refused.Count | Should -Be $plainErrors.Count
        @($refused | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] }) | Should -Be @($plainErrors | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] })
    }

    It 'says that the photo to compare with was replaced' {
        $like = Join-Path $root like.png
        Copy-Item -LiteralPath $samples/coffee.png $like
        $job = Join-Path $root 'other photo'
        $null = New-CamBatch $samples/chelsea.png $job -Model ResNet50-Int8 -Resolution 96 -SimilarTo $like
        Copy-Item -LiteralPath $samples/chelsea.png $like
        { Invoke-CamBatch $job -ErrorAction Stop } | Should -Throw -ErrorId 'BatchOtherPhoto,*'
        Remove-Item -LiteralPath $like
        { Invoke-CamBatch $job -ErrorAction Stop } | Should -Throw -ErrorId 'BatchOtherPhoto,*'
        (Get-CamBatch $job).DoneShards | Should -Be 0
    }

    It 'gives one row to a photo that vanished or became a folder, in a batch of brackets, blanks and é' {
        $changing = Join-Path $root 'changing'
        $null = [IO.Directory]::CreateDirectory($changing)
        foreach ($name in 'a.png', 'b.png', 'c.png', 'd.png') { Copy-Item -LiteralPath $samples/chelsea.png (Join-Path $changing $name) }
        $job = Join-Path $root 'jöb [1] of *'
        $null = New-CamBatch $changing $job -Model ResNet50-Int8 -Resolution 96
        Remove-Item -LiteralPath $changing/a.png, $changing/c.png
        $null = [IO.Directory]::CreateDirectory("$changing/c.png")
        Set-Content -LiteralPath $changing/d.png '' -NoNewline
        $null = Invoke-CamBatch $job
        $found = Receive-CamBatch $job -ErrorAction SilentlyContinue -ErrorVariable refused
        $found.Path | Should -Be (Join-Path $changing b.png)
        $refused.TargetObject | Should -Be (Join-Path $changing a.png), (Join-Path $changing c.png), (Join-Path $changing d.png)
        @($refused | ForEach-Object { $_.FullyQualifiedErrorId.Split(',')[0] }) | Should -Be PhotoNotFound, PhotoIsDirectory, PhotoEmpty
        $state = Get-CamBatch $job
        $state.IsComplete, $state.Refused | Should -Be $true, 3
    }

    It 'takes the shard from <Variable>' -ForEach @(
        @{ Variable = 'SLURM_ARRAY_TASK_ID'; Value = 2 }
        @{ Variable = 'SGE_TASK_ID'; Value = 3 }
    ) {
        $job = New-Job "engine-$Variable"
        Set-Item "Env:$Variable" $Value
        try { (Invoke-CamBatch $job).Shard | Should -Be 2 }
        finally { Remove-Item "Env:$Variable" }
        (Get-CamBatch $job).Missing | Should -Be '0-1'
    }

    It 'gives the same bytes at each run, as <RowFormat>' -ForEach @(@{ RowFormat = 'Parquet' }, @{ RowFormat = 'JsonLines' }, @{ RowFormat = 'Csv' }) {
        $with = @{ RowFormat = $RowFormat; Output = 'Maps', 'Pictures'; MaxSize = 64 }
        $one = New-Job "same-$RowFormat" $with
        $null = Invoke-CamBatch $one -ThrottleLimit 1
        $before = Get-ResultHash $one
        $before | Should -HaveCount 9
        $null = Invoke-CamBatch $one -Shard 0, 1, 2 -Force -ThrottleLimit 3
        Get-ResultHash $one | Should -Be $before
        (Receive-CamBatch $one -ErrorAction SilentlyContinue) | Should -HaveCount 6
    }

    It 'says what is wrong: <Id>' -ForEach @(
        @{ Id = 'BatchNotFound'; Script = { Invoke-CamBatch $samples -ErrorAction Stop } }
        @{ Id = 'BatchNoSuchShard'; Script = { Invoke-CamBatch (New-Job nosuch) -Shard 3 -ErrorAction Stop } }
        @{ Id = 'BatchOtherNetwork'; Script = { Invoke-CamBatch (New-Job other) -Model ResNet50 -ErrorAction Stop } }
    ) {
        $failure = $Script | Should -Throw -PassThru -ExceptionType ([Exception])
        $failure.FullyQualifiedErrorId | Should -BeLike "$Id,*"
    }
}

Describe 'Receive-CamBatch' {
    BeforeAll {
        $script:job = New-Job receive
        $null = Invoke-CamBatch $job -Shard 0, 1
    }

    It 'says what is missing, and reads the rest' {
        $items = Receive-CamBatch $job -ErrorAction SilentlyContinue -WarningVariable warning -WarningAction SilentlyContinue
        $items | Should -Not -BeNullOrEmpty
        "$warning" | Should -BeLike 'Of 3 shards, 1 is not done yet*'
        Receive-CamBatch $job -Shard 1 -ErrorAction SilentlyContinue -WarningVariable warning | Select-Object -First 1 | Should -HaveCount 1
        $warning | Should -BeNullOrEmpty
    }

    It 'goes into overlays, tables and reports' {
        $maps = Receive-CamBatch $job -Shard 0, 1 -ErrorAction SilentlyContinue | Sort-Object Probability | Select-Object -First 1
        (Export-CamOverlay -InputObject $maps -DestinationPath (Join-Path $root worst)).FullName | Should -Exist
        $count = @(Receive-CamBatch $job -Shard 0, 1 -ErrorAction SilentlyContinue).Count
        $count | Should -Be 4
        Receive-CamBatch $job -Shard 0, 1 -ErrorAction SilentlyContinue | Export-Csv (Join-Path $root all.csv)
        (Import-Csv (Join-Path $root all.csv)).Count | Should -Be $count
        $page = Receive-CamBatch $job -Shard 0, 1 -ErrorAction Continue 2>&1 | Export-CamReport (Join-Path $root page.html)
        Get-Content -LiteralPath $page.FullName -Raw | Should -Match 'PhotoOwnPicture'
    }

    It 'gives predictions that can be mapped where only rows were kept' {
        $rows = New-Job rows @{ Output = 'Rows' }
        $null = Invoke-CamBatch $rows
        $predictions = Receive-CamBatch $rows -ErrorAction SilentlyContinue
        $predictions[0] | Should -BeOfType ClassActivation.Maps.Prediction
        $maps = $predictions | Get-ClassActivationMap
        $maps.Probability | Should -Be $predictions.Probability
    }

    It 'says which file is damaged' {
        $rows = Get-ChildItem -LiteralPath (Join-Path $job results 000001) -Filter rows.parquet
        [IO.File]::WriteAllBytes($rows.FullName, [byte[]](1..200))
        $null = Receive-CamBatch $job -Shard 1 -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'BatchInvalid,*'
        "$($failure[0])" | Should -Match 'rows.parquet'
    }

    It 'tells of the rest where the figures of a shard are <What>' -ForEach @(
        @{ What = 'cut off'; Text = '{ "shard": 0, "pho' }
        @{ What = 'empty'; Text = '' }
        @{ What = 'another document'; Text = '[]' }
    ) {
        $damaged = New-Job "damaged $What"
        $null = Invoke-CamBatch $damaged
        Set-Content -LiteralPath "$damaged/results/000000/figures.json" $Text -NoNewline
        $state = Get-CamBatch $damaged -ErrorAction SilentlyContinue -ErrorVariable failure
        $failure.FullyQualifiedErrorId | Should -BeLike 'BatchInvalid,*'
        "$failure" | Should -Match 'What shard 0 computed cannot be used'
        $state.Damaged, $state.Missing, $state.IsComplete, $state.DoneShards | Should -Be '0', '', $false, ($state.Shards - 1)
        $null = Invoke-CamBatch $damaged -Shard 0 -Force
        (Get-CamBatch $damaged).IsComplete | Should -BeTrue
    }
}

Describe 'Select-CamPhoto with a batch' {
    It 'leaves out what a batch answered, and nothing that it did not' {
        $job = New-Job index
        $null = Invoke-CamBatch $job
        Select-CamPhoto $photos -Recurse -NotIn $job | Should -BeNullOrEmpty
        Select-CamPhoto $photos -Recurse -NotIn $job -Question $setting | Should -BeNullOrEmpty
        Select-CamPhoto $photos -Recurse -NotIn $job -Question @{ Model = 'ResNet50-Int8'; Class = 'tabby' } | Should -HaveCount 3
        (Get-Item -LiteralPath "$photos/coffee.png").LastWriteTime = Get-Date
        (Select-CamPhoto $photos -Recurse -NotIn $job).Name | Should -Be coffee.png
    }
}
