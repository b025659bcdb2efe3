#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:folder = (Resolve-Path TestDrive:).ProviderPath
}

Describe 'An error about a photo' {
    It 'says what to do once: <Name>' -ForEach @(
        @{ Name = 'missing'; Make = {}; Says = "'*' does not exist."; Advises = 'Check the path.' }
        @{ Name = 'a; folder'; Make = { $null = [IO.Directory]::CreateDirectory($args[0]) }; Says = "'*a; folder' is a directory."; Advises = 'Pipe the folder''s photos*' }
        @{ Name = 'empty.jpg'; Make = { [IO.File]::WriteAllBytes($args[0], [byte[]]::new(0)) }; Says = "'*' is empty."; Advises = 'Copy the file again*' }
        @{ Name = 'text.jpg'; Make = { [IO.File]::WriteAllText($args[0], 'no picture') }; Says = "'*' is not a picture in a supported format."; Advises = 'Convert it to JPEG or PNG first*' }
        @{ Name = 'page.jpg'; Make = { [IO.File]::WriteAllText($args[0], '<!DOCTYPE html><html></html>') }; Says = "'*' is a web page and no picture, which is not read."; Advises = 'Save the picture itself*' }
        @{ Name = 'cut.png'; Make = { [IO.File]::WriteAllBytes($args[0], [IO.File]::ReadAllBytes("$samples/chelsea.png")[0..20000]) }; Says = "'*' is cut off before the picture ends."; Advises = 'Copy or load it again*' }
        @{ Name = 'large.png'; Make = { Copy-Item "$samples/chelsea.png" $args[0] }; Says = "'*' has 451×300 pixels, more than the 1?000 that are allowed."; Advises = '*-MaxPixels*' }
    ) {
        $path = Join-Path $folder $Name
        & $Make $path
        $most = if ($Name -eq 'large.png') { 1000 } else { 1000000 }
        $null = Get-Prediction -LiteralPath $path -MaxPixels $most -ErrorAction SilentlyContinue -ErrorVariable problems
        $problems | Should -HaveCount 1
        "$($problems[0])" | Should -BeLike $Says
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike $Advises
        # What the exception says besides is for those who have nothing else.
        $problems[0].Exception.Message | Should -BeLike "*$([WildcardPattern]::Escape($path))*"
    }

    It 'says in a report what to do' {
        $missing = Join-Path $folder 'gone.jpg'
        $null = & { Get-Prediction "$samples/chelsea.png" -Top 1; Get-Prediction -LiteralPath $missing -ErrorAction Continue } 2>&1 | Export-CamReport (Join-Path $folder p.html)
        [IO.File]::ReadAllText((Join-Path $folder p.html)) | Should -BeLike '*does not exist. Check the path.*'
    }
}

Describe 'Numbers in messages' {
    It 'are followed by the singular where they are 1' {
        $done = Join-Path $folder done
        $photo = Copy-Item "$samples/chelsea.png" (Join-Path $folder one.png) -PassThru
        $null = $photo | Get-ClassActivationMap -Resolution 96 | Export-CamOverlay $done
        $said = Select-CamPhoto $photo.FullName -NotIn $done -Verbose 4>&1
        "$said" | Should -BeLike '*1 answer about a photo was found in*'
        "$(Get-Prediction $photo.FullName -Top 1 -Verbose 4>&1)" | Should -BeLike '*Get-Prediction: 1 photo in *'
        $null = $photo | Get-ClassActivationMap -Resolution 96 -Class lynx, tabby | Export-CamOverlay $done
        "$(Select-CamPhoto $photo.FullName -NotIn $done -Verbose 4>&1)" | Should -BeLike '*3 answers about photos were found in*'
        ($photo | Get-ClassActivationMap -Resolution 96 | Test-CamTrust -Step 1 -Stage 0).Reasons[0] | Should -Be 'One photo is too few to say; 20 or more are needed.'
        (Get-ClassActivationMap $photo.FullName -Resolution 96 -Method IntegratedGradients -MaxStep 1 3>&1)[0] | Should -BeLike '*after 1 step. *'
    }
}
