using ClassActivation.Localization;
using ClassActivation.Maps;

namespace ClassActivation.Commands;

/// <summary>Gathers the regions of one map, which come one after the other and share a picture.</summary>
/// <param name="draw">Draws them all over their map.</param>
internal sealed class RegionsOfOneMap(Action<ClassActivationMap, CamRegion[]> draw)
{
    private readonly List<CamRegion> _regions = [];

    /// <summary>Adds a region; those before it are drawn where they are of another map.</summary>
    /// <param name="region">The region.</param>
    /// <param name="inStep">Whether each region is drawn at once.</param>
    /// <param name="begin">Called for the first region of a map.</param>
    public void Add(CamRegion region, bool inStep, Action? begin = null)
    {
        if (_regions.Count > 0 && !region.IsOfSameMapAs(_regions[0]))
        {
            Complete();
        }

        if (_regions.Count == 0)
        {
            begin?.Invoke();
        }

        _regions.Add(region);
        if (inStep)
        {
            Complete();
        }
    }

    /// <summary>Draws what is gathered.</summary>
    public void Complete()
    {
        if (_regions.Count > 0)
        {
            CamRegion[] regions = [.. _regions];
            _regions.Clear();
            draw(regions[0].ActivationMap, regions);
        }
    }
}
