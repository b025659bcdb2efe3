#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
}

Describe 'Get-CamClass' {
    It 'lists all classes in the order of the predictions' {
        (Get-CamClass).Index | Should -Be (0..999)
    }

    It 'finds a class by <_>' -ForEach 'tabby', 'TABBY CAT', 'tabby_cat', 'n02123045', '281', 281 {
        $class = Get-CamClass $_

        $class.Index | Should -Be 281
        $class.Label | Should -Be tabby
        $class.Gloss | Should -BeLike 'a cat with a grey or tawny coat*'
    }

    It 'takes wildcards and the pipeline' {
        (Get-CamClass '*terrier').Count | Should -BeGreaterThan 20
        ('Egyptian*', 'n02123045' | Get-CamClass).Label | Should -Be Egyptian_cat, tabby
    }

    It 'gives every class of a label that means several' {
        (Get-CamClass crane).Index | Should -Be 134, 517
    }

    It 'lists the classes of a concept' {
        $dogs = Get-CamClass -Concept dog

        $dogs | Should -HaveCount 118
        $dogs.Label | Should -Contain Chihuahua
        { Get-CamClass -Concept vehicel } | Should -Throw '*Did you mean vehicle?' -ErrorId 'ConceptNotFound,*'
    }

    It 'suggests what was meant, and goes on' {
        $classes = Get-CamClass taby, tabby, 1000 -ErrorAction SilentlyContinue -ErrorVariable problems
        $succeeded = $?

        $succeeded | Should -BeFalse
        $classes.Index | Should -Be 281
        $problems.FullyQualifiedErrorId | Select-Object -Unique | Should -Be 'ClassNotFound,ClassActivation.Commands.GetCamClassCommand'
        $problems.TargetObject | Should -Be taby, 1000
        $problems[0].ErrorDetails.Message | Should -BeLike '*Did you mean tabby?'
        { Get-CamClass taby -ErrorAction Stop } | Should -Throw -ErrorId 'ClassNotFound,*'
    }

    It 'completes names and concepts with their meaning' {
        $class = (TabExpansion2 'Get-CamClass egypt' 18).CompletionMatches
        $class.CompletionText | Should -Be Egyptian_cat
        $class.ToolTip | Should -Be '285 n02124075 Egyptian cat: a domestic cat of Egypt'

        $concept = (TabExpansion2 'Get-CamClass -Concept musical' 29).CompletionMatches
        $concept[0].CompletionText | Should -Be musical_instrument
        $concept[0].ToolTip | Should -BeLike '*26 classes*'
    }

    It 'is shown in a table' {
        Get-CamClass tabby | Out-String -Width 120 | Should -Match '281 n02123045 tabby +tabby, tabby cat +a cat with'
    }
}
