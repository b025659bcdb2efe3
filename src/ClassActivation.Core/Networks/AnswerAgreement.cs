using System.Globalization;

namespace ClassActivation.Networks;

/// <summary>How often a copy of a network gives the network's own answer, on photos that nothing was chosen on.</summary>
/// <param name="Agreeing">The photos with the same answer.</param>
/// <param name="Photos">All photos, 1 or more.</param>
public sealed record AnswerAgreement(int Agreeing, int Photos)
{
    /// <summary>The share that a copy is to reach.</summary>
    public const double Target = 0.97;

    // The 97.5th percentile of the normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>The share of photos with the same answer, 0 to 1.</summary>
    public double Share => (double)Agreeing / Photos;

    /// <summary>The lower end of the share's 95% interval (Wilson, 1927).</summary>
    public double Low => Middle - HalfWidth;

    /// <summary>The upper end of the share's 95% interval (Wilson, 1927).</summary>
    public double High => Middle + HalfWidth;

    private double Middle => (Agreeing + (Z * Z / 2)) / (Photos + (Z * Z));

    private double HalfWidth => Z / (Photos + (Z * Z)) * Math.Sqrt(((double)Agreeing * (Photos - Agreeing) / Photos) + (Z * Z / 4));

    /// <summary>Reads what a network's file says; null where that is nothing, or cannot be.</summary>
    internal static AnswerAgreement? Parse(string text) =>
        text.Split('/') is [var agreeing, var photos]
        && int.TryParse(agreeing, NumberStyles.None, CultureInfo.InvariantCulture, out int same)
        && int.TryParse(photos, NumberStyles.None, CultureInfo.InvariantCulture, out int all)
        && all > 0 && same <= all ? new AnswerAgreement(same, all) : null;

    /// <summary>As a network's file says it: the photos with the same answer, a slash, all photos.</summary>
    internal string ToText() => string.Create(CultureInfo.InvariantCulture, $"{Agreeing}/{Photos}");

    /// <summary>The share and its interval in percent.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{100 * Share:0.0}% of {Photos} photos (95% interval {100 * Low:0.0} to {100 * High:0.0})");
}
