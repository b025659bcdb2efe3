using System.Buffers.Binary;

namespace ClassActivation.Photos.Containers;

/// <summary>The header of a colour profile (ICC.1:2022, section 7.2).</summary>
internal static class ColorProfile
{
    private const int HeaderLength = 128;
    private const int ColorSpaceOffset = 16;
    private const int SignatureOffset = 36;

    /// <summary>Whether it is a whole profile of RGB colours: those of grey and CMYK photos say nothing of what they become.</summary>
    public static bool IsOfRgb(ReadOnlySpan<byte> profile) =>
        profile.Length >= HeaderLength
        && BinaryPrimitives.ReadUInt32BigEndian(profile) <= (uint)profile.Length
        && profile[ColorSpaceOffset..].StartsWith("RGB "u8)
        && profile[SignatureOffset..].StartsWith("acsp"u8);
}
