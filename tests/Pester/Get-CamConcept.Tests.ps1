#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../out/ClassActivation/ClassActivation.psd1"
}

Describe 'Get-CamConcept' {
    It 'finds a concept by <_>' -ForEach 'dog', 'Domestic Dog', 'canis_familiaris', 'n02084071' {
        $concept = Get-CamConcept $_

        $concept.Name | Should -Be dog
        $concept.ClassCount | Should -Be 118
        $concept.ClassIndexes | Should -HaveCount 118
    }

    It 'takes wildcards and the pipeline' {
        (Get-CamConcept 'musical_*').Name | Should -Contain musical_instrument
        ('dog', 'vehicle' | Get-CamConcept).Name | Should -Be dog, vehicle
    }

    It 'goes down from a concept' {
        (Get-CamConcept -Parent entity).Name | Sort-Object | Should -Be abstraction, physical_entity
    }

    It 'goes up from a class, the nearest first' {
        $concepts = Get-CamConcept -Class tabby

        $concepts[0].ClassIndexes | Should -Contain 281
        $concepts[0].ClassCount | Should -BeLessThan 10
        $concepts[-1].Name | Should -Be entity
    }

    It 'suggests what was meant, and goes on' {
        $concepts = Get-CamConcept vehicel, dog -ErrorAction SilentlyContinue -ErrorVariable problems

        $concepts.Name | Should -Be dog
        $problems[0].FullyQualifiedErrorId | Should -Be 'ConceptNotFound,ClassActivation.Commands.GetCamConceptCommand'
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $problems[0].TargetObject | Should -Be vehicel
        $problems[0].ErrorDetails.Message | Should -BeLike '*Did you mean vehicle?'
    }

    It 'ends on a parent or class that means none or several' {
        { Get-CamConcept -Parent car } | Should -Throw '*names 2 concepts*n02959942 (*' -ErrorId 'ConceptAmbiguous,*'
        { Get-CamConcept -Parent tabby } | Should -Throw '*-Class takes classes.' -ErrorId 'ConceptNotFound,*'
        { Get-CamConcept -Class taby } | Should -Throw '*Did you mean tabby?' -ErrorId 'ClassNotFound,*'
    }

    It 'completes <Line>' -ForEach @(
        @{ Line = "Get-CamConcept 'domestic d"; Text = 'dog'; ToolTip = 'n02084071 dog, domestic dog*(118 classes): *' }
        @{ Line = 'Get-CamConcept -Parent n0208407'; Text = 'dog'; ToolTip = 'n02084071 *' }
        @{ Line = 'Get-CamConcept -Class tabb'; Text = 'tabby'; ToolTip = '281 n02123045 tabby, tabby cat: *' }
    ) {
        $completion = @((TabExpansion2 $Line $Line.Length).CompletionMatches)[0]

        $completion.CompletionText | Should -BeExactly $Text
        $completion.ToolTip | Should -BeLike $ToolTip
    }

    It 'is shown with its meaning' {
        Get-CamConcept dog | Out-String -Width 120 | Should -Match '(?s)(?=.*n02084071)(?=.*dog)(?=.*a member of)(?=.*\b118\b)'
    }
}
