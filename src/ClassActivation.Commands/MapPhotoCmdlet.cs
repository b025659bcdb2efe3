using System.Management.Automation;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>What cmdlets share that read the photos of maps again.</summary>
public abstract class MapPhotoCmdlet : ParallelCmdlet
{
    /// <summary>
    /// The most pixels, width times height, that a photo may have; one with more is an error, before memory is taken for
    /// it. By default what was allowed when the map was computed, or 268,435,456 for a map from a file, job or remote session.
    /// </summary>
    [Parameter]
    [ValidateRange(1L, long.MaxValue)]
    public long? MaxPixels { get; set; }

    /// <summary>The photo that a map explains.</summary>
    /// <exception cref="PictureException">The photo came from memory, or from a computer with other paths.</exception>
    private protected PhotoSource PhotoOf(ClassActivationMap map) => MapPhoto.Find(map.Source, map.Photo, map.Question.Reading, MaxPixels);
}
