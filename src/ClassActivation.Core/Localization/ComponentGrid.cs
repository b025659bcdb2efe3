namespace ClassActivation.Localization;

/// <summary>
/// The 8-connected components of a growing set of pixels, kept by union-find: pixels that touch at a side or a corner
/// belong together, as in OpenCV's <c>findContours</c>. Pixels may be added in any order.
/// </summary>
internal sealed class ComponentGrid(int width, int height)
{
    // One past the position in _begun of the component that a pixel was added to; 0 for a pixel not added.
    private readonly int[] _labels = new int[width * height];
    private readonly List<Component> _begun = [];
    private readonly List<Component> _components = [];

    /// <summary>The components there are now, in no particular order.</summary>
    public IReadOnlyList<Component> Components => _components;

    /// <summary>Adds a pixel, once.</summary>
    public void Add(int index, float value)
    {
        (int row, int column) = Math.DivRem(index, width);
        Component? component = null;
        for (int y = Math.Max(row - 1, 0); y <= Math.Min(row + 1, height - 1); y++)
        {
            for (int x = Math.Max(column - 1, 0); x <= Math.Min(column + 1, width - 1); x++)
            {
                int label = _labels[(y * width) + x];
                if (label > 0)
                {
                    Component neighbour = _begun[label - 1].Root;
                    component = component is null || component == neighbour ? neighbour : Merge(component, neighbour);
                    _labels[index] = label;
                }
            }
        }

        if (component is null)
        {
            component = new Component();
            _components.Add(component);
            _begun.Add(component);
            _labels[index] = _begun.Count;
        }

        component.Add(column, row, value);
    }

    private Component Merge(Component first, Component second)
    {
        (Component larger, Component smaller) = first.Area >= second.Area ? (first, second) : (second, first);
        larger.Absorb(smaller);
        _components.Remove(smaller);
        return larger;
    }
}
