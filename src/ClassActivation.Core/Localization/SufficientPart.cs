using ClassActivation.Faithfulness;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Localization;

/// <summary>
/// Finds a small part of a photo that, alone, keeps a class on top: the rest is replaced as when faithfulness is measured,
/// and the network is asked again. The map says where to begin: first the smallest share of its highest cells is found
/// that suffices, then blocks of them are given up, the lowest first and ever smaller ones, as long as the class stays on
/// top (the delta debugging of Zeller and Hildebrandt 2002). Chockler et al. 2021, "Explanations for Occluded Images",
/// look for such parts without a map, by thousands of passes.
/// </summary>
public static class SufficientPart
{
    /// <summary>Finds a part.</summary>
    /// <param name="map">A map of the class or concept.</param>
    /// <param name="model">The map's network.</param>
    /// <param name="photo">The map's photo.</param>
    /// <param name="options">How to search.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The smallest part that was found; the network was asked about exactly that part, and put the class on top.</returns>
    /// <exception cref="ArgumentException">The network has no such class.</exception>
    /// <exception cref="SufficientPartException">The class is not on top in the whole photo, or stays on top without any part.</exception>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="ModelException">The network cannot be run on it.</exception>
    public static CamRegion Find(
        ClassActivationMap map, CamModel model, PhotoSource photo, SufficientPartOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<int> classes = MapFaithfulness.ClassesOf(map, model);
        if (classes.Count == 0)
        {
            throw new ArgumentException($"The network '{model.Name}' has no class or concept '{map.Label}'.", nameof(map));
        }

        // Of several scales the first one's input, whose prediction the map carries.
        InputSettings settings = map.Question.Input with { Resolution = Math.Min(map.InputWidth, map.InputHeight) };
        NetworkInput input = new PhotoExplainer(model, settings).ReadInput(photo);
        var trial = new SufficiencyTrial(input, classes, model, options, cancellationToken);
        if (!trial.Suffices([]))
        {
            throw new SufficientPartException(isOnTop: false, trial.AreIndependent
                ? $"{map.Label} does not hold for '{map.Path}': its probability is below one half, so that no part of it can keep it above."
                : $"{map.Label} is not the best answer to '{map.Path}', so that no part of it can keep it so.");
        }

        PartGrid grid = new(map, input);
        if (trial.Suffices(grid.PixelsOutside([])))
        {
            throw new SufficientPartException(
                isOnTop: true,
                $"{map.Label} {(trial.AreIndependent ? "holds for" : "stays the best answer to")} '{map.Path}' with all of it replaced, so"
                + " that no part of it is needed.");
        }

        IReadOnlyList<int> kept = SmallestShare(grid, trial);
        kept = WithoutBlocks(kept, grid, trial);
        return grid.ToRegion(map, kept, trial);
    }

    // Bisection: more cells need not be better, but each share that is kept was tried.
    private static IReadOnlyList<int> SmallestShare(PartGrid grid, SufficiencyTrial trial)
    {
        (int tooFew, int enough) = (0, grid.Cells.Count);
        while (enough - tooFew > 1 && trial.HasPassesLeft)
        {
            int count = (tooFew + enough) / 2;
            if (trial.Suffices(grid.PixelsOutside(grid.Cells.Take(count))))
            {
                enough = count;
            }
            else
            {
                tooFew = count;
            }
        }

        return [.. grid.Cells.Take(enough)];
    }

    private static IReadOnlyList<int> WithoutBlocks(IReadOnlyList<int> kept, PartGrid grid, SufficiencyTrial trial)
    {
        for (int side = PartGrid.LargestBlock; side >= 1; side /= 2)
        {
            foreach (IReadOnlyList<int> block in grid.Blocks(kept, side))
            {
                if (!trial.HasPassesLeft)
                {
                    return kept;
                }

                int[] rest = [.. kept.Except(block)];
                if (rest.Length > 0 && trial.Suffices(grid.PixelsOutside(rest)))
                {
                    kept = rest;
                }
            }
        }

        return kept;
    }
}
