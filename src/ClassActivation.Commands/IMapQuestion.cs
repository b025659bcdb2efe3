using System.Management.Automation;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>What cmdlets ask about a class activation map, in the words of their parameters.</summary>
internal interface IMapQuestion
{
    string[] Class { get; }

    string[] Concept { get; }

    string? SimilarTo { get; }

    int Top { get; }

    CamMethod[] Method { get; }

    string[] Layer { get; }

    int MaxStep { get; }

    string[] Contrast { get; }

    double ContrastStrength { get; }

    int Window { get; }

    int Stride { get; }

    int MaskCount { get; }

    MaskBaseline MaskBaseline { get; }

    double[] Scale { get; }

    SwitchParameter Flip { get; }

    int Resolution { get; }

    long MaxPixels { get; }

    PhotoReading Reading { get; }
}
