@{
    ModuleVersion        = '1.0.0'
    GUID                 = '5d0c2c3e-51d8-4a39-9c1e-7c4b6f1f7a60'
    Author               = 'The ClassActivation contributors'
    CompanyName          = 'ClassActivation'
    Copyright            = '(c) The ClassActivation contributors. MIT licence.'
    Description          = 'Keras'' ResNet50 with ImageNet weights for the module ClassActivation, as float32 and as 8-bit numbers. It has no commands; ClassActivation finds the networks.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')

    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    CmdletsToExport      = @()

    PrivateData          = @{
        PSData = @{
            Tags         = @('CAM', 'ImageClassification', 'ONNX', 'ResNet50', 'Windows', 'Linux', 'MacOS')
            ProjectUri   = 'https://github.com/ClassActivation/ClassActivation'
            LicenseUri   = 'https://github.com/ClassActivation/ClassActivation/blob/main/LICENSE'
            IconUri      = 'https://github.com/ClassActivation/ClassActivation/raw/main/docs/images/icon.png'
            ReleaseNotes = 'https://github.com/ClassActivation/ClassActivation/blob/main/CHANGELOG.md'
        }
    }
}
