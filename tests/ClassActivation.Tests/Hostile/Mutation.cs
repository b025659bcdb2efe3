using System.Buffers.Binary;

namespace ClassActivation.Tests.Hostile;

/// <summary>Damages bytes in the ways that files are damaged, and in those that parsers dislike; the same for the same seed.</summary>
internal static class Mutation
{
    private static readonly long[] Extremes =
    [
        0, 1, -1, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 62, 1L << 40
    ];

    public static byte[] Of(byte[] original, int seed)
    {
        var random = new Random(seed);
        byte[] bytes = [.. original];
        for (int i = random.Next(1, 5); i > 0 && bytes.Length > 16; i--)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(12))
            {
                case 0:
                    bytes = bytes[..at];
                    break;
                case 1:
                    bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 64))..]];
                    break;
                case 2:
                    int length = Math.Min(bytes.Length - at, random.Next(1, 64));
                    bytes = [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
                    break;
                case 3:
                    bytes = [.. bytes[..at], .. Varint(Extremes[random.Next(Extremes.Length)]), .. bytes[(at + 1)..]];
                    break;
                case 4 when bytes.Length - at > 8:
                    BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), Extremes[random.Next(Extremes.Length)]);
                    break;
                case 5:
                    // A digit in a text becomes another, or a sign.
                    int digit = bytes.AsSpan(at).IndexOfAnyInRange((byte)'0', (byte)'9');
                    if (digit >= 0)
                    {
                        bytes[at + digit] = (byte)"0123456789-.\"[{nt"[random.Next(17)];
                    }

                    break;
                case 6:
                    bytes[at] = (byte)random.Next(256);
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return bytes;
    }

    private static IEnumerable<byte> Varint(long value)
    {
        ulong rest = (ulong)value;
        for (; rest > 127; rest >>= 7)
        {
            yield return (byte)(rest | 128);
        }

        yield return (byte)rest;
    }
}
