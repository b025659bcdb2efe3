@{
    ModuleVersion          = '0.1.0'
    GUID                   = '9b1f3d52-6a0e-4c55-8f0a-3c1d5b7e2a94'
    Author                 = 'The ClassActivation contributors'
    CompanyName            = 'ClassActivation'
    Copyright              = '(c) The ClassActivation contributors. MIT licence.'
    Description            = 'Shows what an image classifier sees in photos, and where: class activation maps from one forward pass of an ONNX network, drawn over the photos.'
    PowerShellVersion      = '7.4'
    CompatiblePSEditions   = @('Core')

    # Init lets the two assemblies after it be found by name, in a load context of their own.
    NestedModules          = @('bin/ClassActivation.Init.dll', 'ClassActivation.Core', 'ClassActivation.Commands')
    TypesToProcess         = @('ClassActivation.types.ps1xml')
    FormatsToProcess       = @('ClassActivation.format.ps1xml')

    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    CmdletsToExport        = @(
        'Compare-ClassActivationMap'
        'ConvertTo-CamModel'
        'ConvertTo-QuantizedCamModel'
        'Export-CamCrop'
        'Export-CamOverlay'
        'Export-CamSheet'
        'Get-CamClass'
        'Get-CamConcept'
        'Get-CamModel'
        'Get-CamModelLayer'
        'Get-CamPicture'
        'Get-CamRegion'
        'Get-ClassActivationMap'
        'Get-FeatureMap'
        'Get-Prediction'
        'Measure-CamFaithfulness'
        'Measure-CamLocalization'
        'Select-CamPhoto'
        'Show-ClassActivationMap'
    )

    PrivateData            = @{
        PSData = @{
            Tags                       = @('CAM', 'ClassActivationMap', 'Explainability', 'ImageClassification', 'ONNX', 'ResNet50', 'Windows', 'Linux', 'MacOS')
            ExternalModuleDependencies = @()
        }
    }
}
