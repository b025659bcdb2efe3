#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    $script:root = (Resolve-Path "$PSScriptRoot/../..").ProviderPath
    Import-Module "$root/out/ClassActivation/ClassActivation.psd1"
    $script:photo = "$root/samples/chelsea.png"
    function Complete([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
}

Describe 'Suggestions' {
    It 'name the concept <Name>, and only classes with that word' -ForEach @(
        @{ Name = 'cat'; Concept = '-Concept cat'; Like = 'tiger_cat', 'Persian_cat', 'Siamese_cat' }
        @{ Name = 'dog'; Concept = '-Concept dog'; Like = 'Maltese_dog', 'Greater_Swiss_Mountain_dog', 'Bernese_mountain_dog' }
        @{ Name = 'bird'; Concept = '-Concept bird'; Like = 'indigo_bunting' }
        @{ Name = 'car'; Concept = '-Concept n02958343'; Like = 'freight_car', 'passenger_car', 'sports_car' }
        @{ Name = 'person'; Concept = '-Concept person'; Like = @() }
    ) {
        $problem = { Get-ClassActivationMap $photo -Class $Name } | Should -Throw -ErrorId 'ClassNotFound,*' -PassThru
        $text = $problem.ErrorDetails.Message

        $text | Should -BeLike "*$Concept*"
        $suggested = if ($text -match 'Did you mean (.*)\?') { $Matches[1] -split ' or ' } else { @() }
        $suggested | Should -Be $Like
        $text | Should -Not -Match 'tench|bullfrog|prison'
    }

    It 'know <Name> in the plural, and by its last word' -ForEach @(
        @{ Name = 'cats'; Concept = 'cat' }
        @{ Name = 'Dogs'; Concept = 'dog' }
        @{ Name = 'foxes'; Concept = 'fox' }
        @{ Name = 'black dogs'; Concept = 'dog' }
        @{ Name = 'people'; Concept = 'person' }
    ) {
        { Get-ClassActivationMap $photo -Class $Name } | Should -Throw "*There is the concept $Concept, of * classes: -Concept $Concept.*" -ErrorId 'ClassNotFound,*'
        { Get-ClassActivationMap $photo -Contrast $Name } | Should -Throw "*There is the concept $Concept, of * classes: -Contrast $Concept.*"
        { Get-ClassActivationMap $photo -Concept $Name } | Should -Throw "*Did you mean $Concept?*" -ErrorId 'ConceptNotFound,*'
    }

    It 'correct the spelling of <Name>' -ForEach @(
        @{ Name = 'taby'; Meant = 'tabby' }
        @{ Name = 'golden retreiver'; Meant = 'golden_retriever' }
        @{ Name = 'retreiver'; Meant = 'flat-coated_retriever' }
    ) {
        { Get-ClassActivationMap $photo -Class $Name } | Should -Throw "*Did you mean $Meant*"
    }
}

Describe 'Completion' {
    It 'gives whole words first' {
        $cats = Complete 'Get-ClassActivationMap x.png -Class cat'
        $cats[0..4] | Should -Be tiger_cat, Persian_cat, Siamese_cat, Egyptian_cat, Madagascar_cat
        $cats | Should -Contain catamaran
        $cats | Should -Not -Contain tench
        (Complete 'Get-ClassActivationMap x.png -Concept cat')[0] | Should -Be cat
        @(Complete "Get-ClassActivationMap x.png -Class tiger_c")[0] | Should -Be tiger_cat
        @(Complete "Get-ClassActivationMap x.png -Class Egy")[0] | Should -Be Egyptian_cat
        (Complete 'Get-ClassActivationMap x.png -Class n02124075') | Should -Be Egyptian_cat
    }

    It 'of -Contrast has classes and concepts' {
        $names = Complete 'Get-ClassActivationMap x.png -Contrast dog'
        $names | Should -Contain Eskimo_dog
        $names | Should -Contain dog
    }
}

Describe '-Contrast' {
    It 'takes concepts: why cat and not dog' {
        $logits = Get-Prediction $photo -Top 1000 | Group-Object ClassIndex -AsHashTable
        $sum = 0.0
        (Get-CamConcept dog).ClassIndexes | ForEach-Object { $sum += [math]::Exp($logits[$_].Logit) }

        $map = Get-ClassActivationMap $photo -Class Egyptian_cat -Contrast dog -ContrastStrength 0.5

        $map.Contrast | Should -Be dog
        $map.Logit | Should -BeGreaterThan ($logits[285].Logit - 0.5 * [math]::Log($sum) - 1e-4)
        $map.Logit | Should -BeLessThan ($logits[285].Logit - 0.5 * [math]::Log($sum) + 1e-4)
        # Its mean and its bias are its logit, as of every map.
        $mean = ($map.Map | ForEach-Object { $_ } | Measure-Object -Average).Average
        [math]::Abs($mean + $map.Bias - $map.Logit) | Should -BeLessThan 1e-3
    }

    It 'leaves the mapped class out of the concept' {
        $logits = Get-Prediction $photo -Top 1000 | Group-Object ClassIndex -AsHashTable
        $sum = 0.0
        (Get-CamConcept cat).ClassIndexes | Where-Object { $_ -ne 285 } | ForEach-Object { $sum += [math]::Exp($logits[$_].Logit) }

        $map = Get-ClassActivationMap $photo -Class Egyptian_cat -Contrast cat, lynx -ContrastStrength 1

        $map.Contrast | Should -Be 'lynx, cat'
        $expected = $logits[285].Logit - ($logits[287].Logit + [math]::Log($sum)) / 2
        [math]::Abs($map.Logit - $expected) | Should -BeLessThan 1e-4
        { Get-ClassActivationMap $photo -Contrast xyzzy } | Should -Throw -ErrorId 'ClassNotFound,*'
    }
}
