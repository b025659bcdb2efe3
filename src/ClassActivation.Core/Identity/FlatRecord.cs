using System.Globalization;
using System.Reflection;
using System.Text;
using ClassActivation.Photos;

namespace ClassActivation.Identity;

/// <summary>
/// Writes a record of strings, numbers, booleans and enumerations as named texts and makes it again from them, whatever
/// carried them meanwhile: a CSV row, JSON, CLIXML or the metadata of a picture. A property that is added to a record is
/// written, read and compared without another line.
/// </summary>
/// <typeparam name="T">The record.</typeparam>
internal static class FlatRecord<T>
    where T : class, new()
{
    /// <summary>All properties, in the order of their declaration.</summary>
    public static IReadOnlyList<PropertyInfo> Properties { get; } =
        [.. typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(static property =>
            property.CanWrite
                && (property.PropertyType == typeof(string) || property.PropertyType.IsPrimitive || property.PropertyType.IsEnum))];

    /// <summary>The properties that make a record the one that it is.</summary>
    public static IReadOnlyList<PropertyInfo> KeyProperties { get; } =
        [.. Properties.Where(static property => property.GetCustomAttribute<NotIdentityAttribute>() is null)];

    // Asking takes longer than all else, and the answer is always the same.
    private static readonly Lazy<HashSet<string>> NullableTexts = new(static () =>
        [
            .. Properties.Where(static property => new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable)
                .Select(static property => property.Name)
        ]);

    /// <summary>Whether two records are equal in all that counts.</summary>
    public static bool AreEqual(T one, T other)
    {
        foreach (PropertyInfo property in KeyProperties)
        {
            if (!Equals(property.GetValue(one), property.GetValue(other)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The hash code of all that counts.</summary>
    public static int HashOf(T record)
    {
        var hash = default(HashCode);
        foreach (PropertyInfo property in KeyProperties)
        {
            hash.Add(property.GetValue(record));
        }

        return hash.ToHashCode();
    }

    /// <summary>All that counts as one text; equal records have equal texts.</summary>
    public static string ToKey(T record)
    {
        var key = new StringBuilder();
        foreach (PropertyInfo property in KeyProperties)
        {
            key.Append(key.Length == 0 ? "" : ";").Append(property.Name).Append('=')
                .Append(Uri.EscapeDataString(ToText(property.GetValue(record))));
        }

        return key.ToString();
    }

    /// <summary>A value as text, in the invariant culture; nothing for null.</summary>
    public static string ToText(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>Makes a record from named values.</summary>
    /// <param name="properties">The properties to set; the others keep their defaults.</param>
    /// <param name="valueOf">The value of a property: of its own type, or as text or number.</param>
    /// <exception cref="FormatException">A value is none that the property can have; the message names both.</exception>
    public static T Read(IEnumerable<PropertyInfo> properties, Func<string, object?> valueOf)
    {
        var record = new T();
        foreach (PropertyInfo property in properties)
        {
            property.SetValue(record, FromValue(property, valueOf(property.Name)));
        }

        return record;
    }

    private static object? FromValue(PropertyInfo property, object? value)
    {
        Type type = property.PropertyType;
        try
        {
            return value switch
            {
                DateTime time when type == typeof(string) => PhotoIdentity.TimeText(time),
                null or "" when type == typeof(string) => IsNullable(property) ? null : "",
                _ when type == typeof(string) => ToText(value),
                _ when type.IsEnum => ToEnum(type, ToText(value)),
                string text when type == typeof(bool) => bool.Parse(text),
                string text when type == typeof(double) => NumberText.ToDouble(text),
                string text => Convert.ChangeType(NumberText.Invariant(text), type, CultureInfo.InvariantCulture),
                _ => Convert.ChangeType(value, type, CultureInfo.InvariantCulture) ?? throw new FormatException(),
            };
        }
        catch (Exception e) when (e is FormatException or InvalidCastException or OverflowException)
        {
            throw new FormatException($"The property {property.Name} cannot be '{ToText(value)}'.", e);
        }
    }

    private static bool IsNullable(PropertyInfo property) => NullableTexts.Value.Contains(property.Name);

    // Names as well as numbers: JSON writes numbers where it is not asked for names.
    private static object ToEnum(Type type, string text) =>
        Enum.TryParse(type, text, ignoreCase: true, out object? value) && Enum.IsDefined(type, value) ? value : throw new FormatException();
}
