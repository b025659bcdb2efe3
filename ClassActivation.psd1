@{
    ModuleVersion          = '0.1.0'
    GUID                   = '9b1f3d52-6a0e-4c55-8f0a-3c1d5b7e2a94'
    Author                 = 'The ClassActivation contributors'
    CompanyName            = 'ClassActivation'
    Copyright              = '(c) The ClassActivation contributors. MIT licence.'
    Description            = 'Shows what an image classifier sees in photos, and where: class activation maps from one forward pass of an ONNX network, drawn over the photos.'
    PowerShellVersion      = '7.4'
    CompatiblePSEditions   = @('Core')

    # Init lets the module's other assemblies be found, in a load context of their own.
    RequiredAssemblies     = @('bin/ClassActivation.Init.dll')
    RootModule             = 'ClassActivation.psm1'
    TypesToProcess         = @('ClassActivation.types.ps1xml')
    FormatsToProcess       = @('ClassActivation.format.ps1xml')

    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    CmdletsToExport        = @(
        'Compare-ClassActivationMap'
        'ConvertTo-CamModel'
        'ConvertTo-QuantizedCamModel'
        'Export-CamAnnotation'
        'Export-CamCrop'
        'Export-CamEvidence'
        'Export-CamMap'
        'Export-CamOverlay'
        'Export-CamReport'
        'Export-CamSheet'
        'Export-CamWorkbook'
        'Get-CamBatch'
        'Get-CamClass'
        'Get-CamConcept'
        'Get-CamModel'
        'Get-CamModelLayer'
        'Get-CamPicture'
        'Get-CamRegion'
        'Get-ClassActivationMap'
        'Get-FeatureMap'
        'Get-Prediction'
        'Import-CamAnnotation'
        'Import-CamMap'
        'Import-CamModel'
        'Invoke-CamBatch'
        'Measure-CamFaithfulness'
        'Measure-CamLocalization'
        'New-CamBatch'
        'Receive-CamBatch'
        'Select-CamPhoto'
        'Show-ClassActivationMap'
        'Test-CamEvidence'
        'Test-CamTrust'
    )

    PrivateData            = @{
        PSData = @{
            Tags         = @('CAM', 'ClassActivationMap', 'Explainability', 'ImageClassification', 'ONNX', 'ResNet50', 'Windows', 'Linux', 'MacOS')
            ProjectUri   = 'https://github.com/ClassActivation/ClassActivation'
            LicenseUri   = 'https://github.com/ClassActivation/ClassActivation/blob/main/LICENSE'
            IconUri      = 'https://github.com/ClassActivation/ClassActivation/raw/main/docs/images/icon.png'
            ReleaseNotes = 'https://github.com/ClassActivation/ClassActivation/blob/main/CHANGELOG.md'
        }
    }
}
