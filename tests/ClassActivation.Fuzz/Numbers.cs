namespace ClassActivation.Fuzz;

/// <summary>Numbers that programs tend to have trouble with.</summary>
internal static class Numbers
{
    private static readonly int[] Edges =
        [
            0,
            1,
            -1,
            2,
            3,
            127,
            128,
            255,
            256,
            0x7FFF,
            0x8000,
            0xFFFF,
            0x10000,
            16_383,
            16_384,
            65_500,
            0x7FFFFFFF,
            unchecked((int)0x80000000),
            0x40000000,
            100_000
        ];

    /// <summary>A number on or beside an edge.</summary>
    public static int Awkward(Random random) => Edges[random.Next(Edges.Length)] + (random.Next(4) == 0 ? random.Next(-2, 3) : 0);
}
