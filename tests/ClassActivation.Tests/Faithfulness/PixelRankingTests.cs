using ClassActivation.Faithfulness;

namespace ClassActivation.Tests.Faithfulness;

public sealed class PixelRankingTests
{
    [Fact]
    public void The_most_relevant_pixel_comes_first_whatever_its_sign() =>
        Assert.Equal([3, 0, 4, 1, 5, 2], PixelRanking.MostRelevantFirst([2f, -1e-20f, -7f, 1e9f, 1e-20f, -0.5f], seed: 1));

    [Fact]
    public void Equal_pixels_come_in_a_random_order_that_the_seed_decides()
    {
        float[] map = [.. Enumerable.Repeat(0f, 500), 1f, .. Enumerable.Repeat(-0f, 499)];

        int[] order = PixelRanking.MostRelevantFirst(map, seed: 3);

        Assert.Equal(500, order[0]);
        Assert.Equal(Enumerable.Range(0, 1000), order.Order());
        Assert.Equal(order, PixelRanking.MostRelevantFirst(map, seed: 3));
        Assert.NotEqual(order, PixelRanking.MostRelevantFirst(map, seed: 4));
        // Neither the top of the photo nor one of the two zeros comes first: the early half's mean index is that of all.
        Assert.InRange(order[1..500].Average(), 460, 540);
    }
}
