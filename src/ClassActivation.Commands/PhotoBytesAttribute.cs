using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>Says which parameter takes what is not the bytes of a photo.</summary>
internal sealed class PhotoBytesAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        string? parameter = GivenObject.Unwrapped(inputData) switch
        {
            Stream => "a stream of them is given as -InputStream",
            string or FileSystemInfo => "a file is given as -Path or -LiteralPath",
            _ => null,
        };
        if (parameter is null)
        {
            return inputData;
        }

        // PowerShell tries another parameter after this exception only.
        var cause = new PSInvalidCastException($"It takes the bytes of a picture file; {parameter}.");
        throw new ArgumentTransformationMetadataException(cause.Message, cause);
    }
}
