@{
    ModuleVersion        = '0.1.0'
    GUID                 = 'b0f6a7b4-94d3-4c0c-9f0e-3a1d6c2c8e15'
    Author               = 'The ClassActivation contributors'
    CompanyName          = 'ClassActivation'
    Copyright            = '(c) The ClassActivation contributors. MIT licence.'
    Description          = 'Reads HEIC, AVIF and all kinds of TIFF files for the module ClassActivation, with ImageMagick in a process of its own. It has no commands; ClassActivation finds it.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')

    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    CmdletsToExport      = @()

    PrivateData          = @{
        PSData = @{
            Tags         = @('HEIC', 'HEIF', 'AVIF', 'TIFF', 'Windows', 'Linux', 'MacOS')
            ProjectUri   = 'https://github.com/ClassActivation/ClassActivation'
            LicenseUri   = 'https://github.com/ClassActivation/ClassActivation/blob/main/LICENSE'
            IconUri      = 'https://github.com/ClassActivation/ClassActivation/raw/main/docs/images/icon.png'
            ReleaseNotes = 'https://github.com/ClassActivation/ClassActivation/blob/main/CHANGELOG.md'
        }
    }
}
