using System.Collections;
using System.Management.Automation;

namespace ClassActivation.Commands;

/// <summary>
/// Keeps collections that hold no paths from becoming one path an element: the bytes of one photo would else be hundreds
/// of thousands of files that are not there.
/// </summary>
internal sealed class PhotoPathAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string and IList { Count: > 0 } items && (items[0] is PSObject first ? first.BaseObject : items[0]) is ValueType and not (int or long))
        {
            // PowerShell tries another parameter after this exception only.
            var cause = new PSInvalidCastException($"A path is text, not {value.GetType().Name}.");
            throw new ArgumentTransformationMetadataException(cause.Message, cause);
        }

        // A byte may be one of a photo's that come one by one.
        return value is IDictionary or ValueType and not (byte or int or long)
            ? throw new ArgumentTransformationMetadataException(
                ShownText.Of($"A photo is a path, a file, its bytes, a stream or a result of this module, not {value.GetType().Name}."))
            : inputData;
    }
}
