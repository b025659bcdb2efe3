using ClassActivation.Localization;

namespace ClassActivation.Tests.Localization;

/// <summary>Connected components by the plainest way there is, to compare with.</summary>
internal static class FloodFill
{
    /// <summary>The components of the pixels that are set, 8-connected, in the order of their first pixels.</summary>
    public static IReadOnlyList<IReadOnlyList<(int X, int Y)>> Components(bool[] set, int width)
    {
        var components = new List<IReadOnlyList<(int, int)>>();
        var seen = new bool[set.Length];
        for (int start = 0; start < set.Length; start++)
        {
            if (!set[start] || seen[start])
            {
                continue;
            }

            var component = new List<(int, int)>();
            var waiting = new Queue<int>([start]);
            seen[start] = true;
            while (waiting.TryDequeue(out int pixel))
            {
                component.Add((pixel % width, pixel / width));
                for (int other = 0; other < set.Length; other++)
                {
                    bool touches = Math.Abs(other % width - pixel % width) <= 1 && Math.Abs(other / width - pixel / width) <= 1;
                    if (touches && set[other] && !seen[other])
                    {
                        seen[other] = true;
                        waiting.Enqueue(other);
                    }
                }
            }

            components.Add(component);
        }

        return components;
    }

    public static Box BoxOf(IReadOnlyList<(int X, int Y)> component) => new(
        component.Min(static p => p.X), component.Min(static p => p.Y), component.Max(static p => p.X) + 1,
        component.Max(static p => p.Y) + 1);
}
