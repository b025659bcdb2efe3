#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $script:hasProgram = (Test-Path (Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh'))) -or (Get-Command pwsh -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    Import-Module (Resolve-Path "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1").ProviderPath
    $script:photos = Get-ChildItem "$PSScriptRoot/../../samples/*" -Include *.jpg, *.png
}

Describe '-Isolated' -Skip:(-not $hasProgram) {
    It 'gives the same predictions' {
        $here = $photos | Get-Prediction -Top 3
        $there = $photos | Get-Prediction -Top 3 -Isolated

        $there.Count | Should -Be (3 * $photos.Count)
        Compare-Object $here $there -Property Path, Rank, Label, Probability, Logit | Should -BeNullOrEmpty
    }

    It 'gives the same maps' {
        $here = $photos[0] | Get-ClassActivationMap -Scale 1, 2 -Flip
        $there = $photos[0] | Get-ClassActivationMap -Scale 1, 2 -Flip -Isolated

        ($there.Map | ForEach-Object { $_ }) -join ' ' | Should -BeExactly (($here.Map | ForEach-Object { $_ }) -join ' ')
    }

    It 'goes on with the other photos where one is none' {
        Set-Content -LiteralPath TestDrive:/none.jpg 'no photo'

        $results = @('TestDrive:/none.jpg', $photos[0].FullName) | Get-Prediction -Top 1 -Isolated -ErrorVariable errors -ErrorAction SilentlyContinue

        $results.Count | Should -Be 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'PhotoNotAPhoto,*'
    }

    It 'says that a file is no network' {
        Set-Content -LiteralPath TestDrive:/none.onnx 'no network'

        { $photos[0] | Get-Prediction -Model TestDrive:/none.onnx -Isolated } | Should -Throw -ErrorId 'ModelUnreadable,*'
    }
}
