using System.Management.Automation;
using ClassActivation.Commands;
using ClassActivation.Maps;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.PowerShell;

/// <summary>Maps that came back from a file with numbers that no map has: one error, in every parameter that takes maps.</summary>
public sealed class ChangedMapTests
{
    private static readonly Dictionary<string, (Action<PSObject> Change, string Message)> Changes = new()
    {
        ["a value that is not a number"] = (static map => Row(map)[1] = float.NaN, "infinite or not a number"),
        ["an infinite value"] = (static map => Row(map)[0] = float.PositiveInfinity, "infinite or not a number"),
        ["an infinite maximum"] = (static map => Set(map, "Maximum", float.PositiveInfinity), "infinite or not a number"),
        ["a value too many"] = (static map => Row(map).Add(1f), "has 7 values for 2 rows of 3"),
        ["no values"] = (static map => Set(map, "Map", Array.Empty<object>()), "has 0 values"),
        ["rows below zero"] = (
            static map => (map.Properties["Rows"].Value, map.Properties["Columns"].Value) = (-2, -3), "for -2 rows of -3"),
        ["no columns"] = (static map => Set(map, "Columns", 0), "has 6 values for 2 rows of 0"),
        ["rows whose product is theirs in 32 bits"] = (
            static map => (map.Properties["Rows"].Value, map.Properties["Columns"].Value) = (1 << 30, 4), "for 1073741824 rows"),
        ["a photo of no width"] = (static map => Set(map, "PhotoWidth", 0), "a photo of 0×50 pixels"),
        ["a photo of a negative height"] = (static map => Set(map, "PhotoHeight", -50), "a photo of 100×-50 pixels"),
        ["a photo of all pixels there are"] = (
            static map => (map.Properties["PhotoWidth"].Value, map.Properties["PhotoHeight"].Value) = (int.MaxValue, int.MaxValue),
            "a photo of 2147483647×2147483647 pixels"),
        ["an input of no height"] = (static map => Set(map, "InputHeight", 0), "an input of 448×0 pixels"),
        ["a part outside of the photo"] = (static map => Cover(map, "Left", 70.0), "covers the part 70,0,100,50"),
        ["a part of no width"] = (static map => Cover(map, "Width", 0.0), "covers the part"),
        ["a part that is not a number"] = (static map => Cover(map, "Height", double.NaN), "covers the part"),
        ["a part of infinite width"] = (static map => Cover(map, "Width", double.PositiveInfinity), "covers the part"),
    };

    public static TheoryData<string> Names => [.. Changes.Keys];

    [Fact]
    public void An_unchanged_map_is_taken()
    {
        var map = (ClassActivationMap)Take(Written());

        Assert.Equal([1, -2, 3, 4, 5, 6], map.Values);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_changed_map_is_one_error_that_says_what_is_wrong(string name)
    {
        (Action<PSObject> change, string message) = Changes[name];
        PSObject map = Written();
        change(map);

        string error = Assert.Throws<ArgumentTransformationMetadataException>(() => Take(map)).Message;

        Assert.Contains("'cat' in 'photo.png'", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.EndsWith("Compute it again.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_parameter_that_takes_maps_looks_at_them()
    {
        System.Reflection.PropertyInfo[] parameters =
        [
            .. typeof(ModuleCmdlet).Assembly.GetExportedTypes().Where(typeof(Cmdlet).IsAssignableFrom)
                .SelectMany(static type => type.GetProperties())
                .Where(static property => property.IsDefined(typeof(ParameterAttribute), inherit: true)
                    && (property.PropertyType.GetElementType() ?? property.PropertyType) == typeof(ClassActivationMap)),
        ];

        Assert.NotEmpty(parameters);
        Assert.All(
            parameters,
            static parameter =>
                Assert.True(parameter.IsDefined(typeof(RehydrateAttribute), inherit: true), $"{parameter.DeclaringType}.{parameter}"));
    }

    private static object Take(PSObject map) => new RehydrateAttribute().Transform(null!, map);

    private static PSObject Written() =>
        (PSObject)PSSerializer.Deserialize(PSSerializer.Serialize(TestMaps.Map(2, [1, -2, 3, 4, 5, 6]), 4));

    private static void Set(PSObject map, string name, object value) => map.Properties[name].Value = value;

    private static void Cover(PSObject map, string edge, double value) => Set((PSObject)map.Properties["Coverage"].Value, edge, value);

    private static System.Collections.IList Row(PSObject map) =>
        (System.Collections.IList)((PSObject)((System.Collections.IList)((PSObject)map.Properties["Map"].Value).BaseObject)[0]!).BaseObject;
}
