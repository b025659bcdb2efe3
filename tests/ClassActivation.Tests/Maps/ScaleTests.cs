using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;

namespace ClassActivation.Tests.Maps;

/// <summary>Maps of several scales and of the mirror image are the averages they are said to be.</summary>
public sealed class ScaleTests
{
    private const string Cat = "chelsea.png";

    [Fact]
    public void One_scale_without_flip_is_the_raw_map()
    {
        ClassActivationMap map = SampleNetwork.Explain(Cat, new MapRequest()).Single();

        Assert.Equal("1", map.Scale);
        Assert.False(map.Flip);
        Assert.Equal(map.Logit, map.Values.Average() + map.Bias, 1e-3);
        Assert.True(map.Maximum > 1);
    }

    [Fact]
    public void Another_single_scale_is_the_raw_map_at_that_resolution()
    {
        ClassActivationMap scaled = SampleNetwork.Explain(Cat, new MapRequest { ClassIndexes = [285], Scales = [1.5] }).Single();
        ClassActivationMap resized = SampleNetwork.Explain(Cat, new MapRequest { ClassIndexes = [285] }, new InputSettings(Resolution: 336))
            .Single();

        Assert.Equal(resized.Values, scaled.Values);
        Assert.Equal(336, scaled.InputHeight);
    }

    [Fact]
    public void Two_scales_are_the_mean_of_both_maps_cut_at_zero_and_scaled_on_the_finer_grid()
    {
        ClassActivationMap coarse = SampleNetwork.Explain(Cat, new MapRequest { ClassIndexes = [285] }).Single();
        ClassActivationMap fine = SampleNetwork.Explain(Cat, new MapRequest { ClassIndexes = [285], Scales = [2] }).Single();

        ClassActivationMap both = SampleNetwork.Explain(Cat, new MapRequest { ClassIndexes = [285], Scales = [1, 2] }).Single();

        Assert.Equal((fine.Rows, fine.Columns), (both.Rows, both.Columns));
        for (int row = 0; row < both.Rows; row++)
        {
            for (int column = 0; column < both.Columns; column++)
            {
                double fromFine = Math.Max(fine.Map[row][column], 0) / fine.Maximum;
                double fromCoarse = AtCell(
                    coarse, (row + 0.5) * coarse.Rows / both.Rows - 0.5, (column + 0.5) * coarse.Columns / both.Columns - 0.5);
                Assert.Equal((fromFine + fromCoarse) / 2, both.Map[row][column], 1e-5);
            }
        }

        Assert.Equal("1,2", both.Scale);
        Assert.Equal((coarse.Probability, coarse.Rank, coarse.InputWidth), (both.Probability, both.Rank, both.InputWidth));
        Assert.InRange(both.Minimum, 0, 1);
        Assert.InRange(both.Maximum, 0.5, 1);
    }

    [Fact]
    public void The_mirror_images_map_is_mirrored_back()
    {
        ClassActivationMap map = SampleNetwork.Explain(Cat, new MapRequest { ClassIndexes = [285], Flip = true }).Single();
        float[] weights = SampleNetwork.Model.Classifier.WeightsOfClass(285);
        using ForwardPass upright = SampleNetwork.Run(Cat, new InputSettings());
        using ForwardPass mirrored = SampleNetwork.Run(Cat, new InputSettings(), isMirrored: true);

        double[] first = Positive(upright, weights), second = Positive(mirrored, weights);

        for (int i = 0; i < map.Values.Length; i++)
        {
            int row = i / map.Columns, column = i % map.Columns;
            Assert.Equal((first[i] + second[row * map.Columns + map.Columns - 1 - column]) / 2, map.Values[i], 1e-4);
        }

        Assert.True(map.Flip);
    }

    [Fact]
    public void A_class_without_positive_evidence_gives_an_empty_average()
    {
        var fusion = new MapFusion();
        fusion.Add([-1, -2, -3, -4], 2, 2, isMirrored: false);
        fusion.Add([-1], 1, 1, isMirrored: false);

        Assert.Equal([0, 0, 0, 0], fusion.ToMap());
    }

    [Fact]
    public void A_request_without_a_scale_is_refused() =>
        Assert.Throws<ArgumentException>(() => SampleNetwork.Explain(Cat, new MapRequest { Scales = [] }));

    private static double AtCell(ClassActivationMap map, double row, double column)
    {
        row = Math.Clamp(row, 0, map.Rows - 1);
        column = Math.Clamp(column, 0, map.Columns - 1);
        int top = (int)row, left = (int)column, bottom = Math.Min(top + 1, map.Rows - 1), right = Math.Min(left + 1, map.Columns - 1);
        double down = row - top, across = column - left;
        double Cell(int r, int c) => Math.Max(map.Map[r][c], 0) / map.Maximum;
        return (1 - down) * ((1 - across) * Cell(top, left) + across * Cell(top, right))
            + down * ((1 - across) * Cell(bottom, left) + across * Cell(bottom, right));
    }

    private static double[] Positive(ForwardPass pass, float[] weights)
    {
        var map = new double[pass.Rows * pass.Columns];
        for (int i = 0; i < map.Length; i++)
        {
            for (int k = 0; k < weights.Length; k++)
            {
                map[i] += (double)weights[k] * pass.Activation(k)[i];
            }
        }

        return Array.ConvertAll(map, value => Math.Max(value, 0) / map.Max());
    }
}
