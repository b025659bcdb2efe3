namespace ClassActivation.Identity;

/// <summary>Marks a property of an identity that two equal ones may differ in, and says why.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotIdentityAttribute(string reason) : Attribute
{
    /// <summary>Why the property does not count.</summary>
    public string Reason { get; } = reason;
}
