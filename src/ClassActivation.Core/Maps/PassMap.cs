using ClassActivation.Methods;

namespace ClassActivation.Maps;

/// <summary>The map of one forward pass.</summary>
/// <param name="Values">rows × columns values, row by row: raw.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Columns">The columns.</param>
/// <param name="BiasPart">What no place explains of the score, where that is known.</param>
internal sealed record PassMap(float[] Values, int Rows, int Columns, double? BiasPart)
{
    /// <summary>
    /// How far a map and what no place explains are from the score, as a part of the largest of the three; of integrated gradients as
    /// a part of what they promise to add up to, the difference between the score and that of the baseline (Sundararajan et al. 2017,
    /// proposition 1). Null for methods that promise nothing.
    /// </summary>
    /// <param name="method">How the map was made.</param>
    /// <param name="hasClosedForm">Whether it was in closed form.</param>
    /// <param name="score">The score.</param>
    public double? Incompleteness(CamMethod method, bool hasClosedForm, double score)
    {
        double sum = Values.Sum(static value => (double)value);
        return method switch
        {
            _ when BiasPart is null => null,
            CamMethod.Cam => Of(sum / Values.Length),
            CamMethod.HiResCam or CamMethod.InputXGradient => Of(sum),
            CamMethod.IntegratedGradients => PartOf(Math.Abs(score - BiasPart.Value), sum),
            CamMethod.GradCam or CamMethod.XGradCam when hasClosedForm => Of(sum),
            _ => null,
        };

        double Of(double explained) =>
            PartOf(Math.Max(Math.Abs(explained), Math.Max(Math.Abs(BiasPart!.Value), Math.Abs(score))), explained);

        double PartOf(double whole, double explained) =>
            whole > 0 ? Math.Abs(explained + BiasPart!.Value - score) / whole : explained == 0 ? 0 : 1;
    }
}
