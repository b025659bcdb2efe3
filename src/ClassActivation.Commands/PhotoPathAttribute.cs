using System.Collections;
using System.Management.Automation;
using System.Xml;

namespace ClassActivation.Commands;

/// <summary>
/// Keeps collections that hold no paths from becoming one path an element: the bytes of one photo would else be hundreds
/// of thousands of files that are not there.
/// </summary>
internal sealed class PhotoPathAttribute : ArgumentTransformationAttribute
{
    private static readonly string[] PathProperties = ["Path", "LiteralPath", "PSPath", "LP", "FullName"];

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (inputData is null)
        {
            throw new ArgumentTransformationMetadataException("There is nothing where a photo is to be: null is no path.");
        }

        object value = GivenObject.Unwrapped(inputData);
        if (value is not string and IList { Count: > 0 } items
            && GivenObject.Unwrapped(items[0]) is ValueType and not (int or long))
        {
            // PowerShell tries another parameter after this exception only.
            var cause = new PSInvalidCastException($"A path is text, not {value.GetType().Name}.");
            throw new ArgumentTransformationMetadataException(cause.Message, cause);
        }

        // A byte may be one of a photo's that come one by one.
        bool isNone = value is IDictionary or ScriptBlock or XmlNode or ValueType and not (byte or int or long)
            || (
                value is not (PSCustomObject or IEnumerable or Stream)
                    && value.ToString() == value.GetType().ToString()
                    && !HasPath(inputData));
        return isNone
            ? throw new ArgumentTransformationMetadataException(
                ShownText.Of($"A photo is a path, a file, its bytes, a stream or a result of this module, not {value.GetType().Name}."))
            : inputData;
    }

    // PowerShell takes such a property where the object itself is no path.
    private static bool HasPath(object item) =>
        Array.Exists(PathProperties, name => PSObject.AsPSObject(item).Properties[name] is not null);
}
