using System.Globalization;
using ClassActivation.Inference;

namespace ClassActivation.Tests.Truth;

/// <summary>
/// A picture, and a network whose weights say by hand how much each thing in it counts: since its detectors see one cell
/// each and its logit is the mean over the cells, what a cell adds is the thing's weight times its detector's answer, and
/// nothing else. That is the right map, and no code of the module is needed to write it down.
/// </summary>
internal sealed record TruthCase(string Name, string Question, Placed[] Picture, Dictionary<Thing, float> Class)
{
    /// <summary>What counts for the other class.</summary>
    public Dictionary<Thing, float> Other { get; init; } = [];

    /// <summary>Whether the question is why the class and not the other one.</summary>
    public bool IsDifference { get; init; }

    /// <summary>All cases.</summary>
    public static TruthCase[] All { get; } =
    [
        new("colour", "a red square", [new(Thing.Red, 8, 3, 4, 4)], new() { [Thing.Red] = 100 }),
        new("pattern", "upright stripes", [new(Thing.Upright, 2, 7, 5, 3)], new() { [Thing.Upright] = 100 }),
        new(
            "two parts", "a large red part and a small striped one, of one weight",
            [new(Thing.Red, 1, 1, 5, 5), new(Thing.Upright, 10, 9, 2, 2)],
            new() { [Thing.Red] = 100, [Thing.Upright] = 100 * TruthNetwork.Colored / TruthNetwork.Striped }),
        new(
            "distractor", "a red square beside a larger blue one that counts for nothing",
            [new(Thing.Red, 2, 2, 3, 3), new(Thing.Blue, 7, 6, 6, 7)],
            new() { [Thing.Red] = 100 }),
        new(
            "against", "a red square that speaks for the class and a blue one that speaks against it",
            [new(Thing.Red, 1, 2, 4, 4), new(Thing.Blue, 9, 8, 3, 3)],
            new() { [Thing.Red] = 100, [Thing.Blue] = -100 }),
        new(
            "difference", "why this class and not the other, which shares the green part",
            [new(Thing.Green, 5, 5, 5, 5), new(Thing.Red, 1, 1, 3, 3), new(Thing.Blue, 11, 10, 2, 3)],
            new() { [Thing.Green] = 60, [Thing.Red] = 100 })
        {
            Other = new() { [Thing.Green] = 60, [Thing.Blue] = 100 },
            IsDifference = true,
        },
        new(
            "shortcut", "a network that looks at the watermark in the corner and not at the green thing that it is named for",
            [new(Thing.Green, 3, 2, 7, 7), new(Thing.Level, 11, 12, 3, 2)],
            new() { [Thing.Level] = 100 }),
    ];

    /// <summary>The right map, cell by cell, row by row.</summary>
    public float[] Truth()
    {
        var truth = new float[TruthNetwork.Cells * TruthNetwork.Cells];
        for (int i = 0; i < truth.Length; i++)
        {
            Placed? placed = Array.FindLast(Picture, thing => thing.Covers(i % TruthNetwork.Cells, i / TruthNetwork.Cells));
            truth[i] = placed is null ? 0 : TruthNetwork.Answer(placed.Thing)
                * (Class.GetValueOrDefault(placed.Thing) - (IsDifference ? Other.GetValueOrDefault(placed.Thing) : 0));
        }

        return truth;
    }

    /// <summary>The network of the case, written to a folder and loaded.</summary>
    public CamModel Load(string folder)
    {
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Name}.onnx"));
        TruthNetwork.Write(path, Class, Other);
        return CamModel.Load(path, new OptimizedNetworkCache(null));
    }

    public override string ToString() => Name;
}
