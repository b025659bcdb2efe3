using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>
/// A picture's colours reduced by median cut (Heckbert 1982, "Color image quantization for frame buffer display"), on a
/// histogram of 6 bits per channel.
/// </summary>
internal sealed class Palette
{
    private const int Bits = 6;
    private const int Levels = 1 << Bits;
    private const int Drop = 8 - Bits;

    private readonly byte[] _indexOfBin = new byte[1 << (3 * Bits)];
    private readonly List<(double Red, double Green, double Blue)> _colors = [];

    /// <summary>Chooses at most 256 colours for a picture.</summary>
    public Palette(Photo picture)
    {
        var counts = new int[_indexOfBin.Length];
        for (int i = 0; i < picture.Length; i += 4)
        {
            counts[Bin(picture.Bytes.Slice(i, 3))]++;
        }

        var bins = new List<int>();
        for (int bin = 0; bin < counts.Length; bin++)
        {
            if (counts[bin] > 0)
            {
                bins.Add(bin);
            }
        }

        foreach (int[] box in Split([.. bins], counts))
        {
            Add(box, counts);
        }
    }

    /// <summary>The colours, their channels from 0 to 1.</summary>
    public IReadOnlyList<(double Red, double Green, double Blue)> Colors => _colors;

    /// <summary>The index of the colour that stands for a pixel.</summary>
    public byte IndexOf(ReadOnlySpan<byte> rgb) => _indexOfBin[Bin(rgb)];

    private static int Bin(ReadOnlySpan<byte> rgb) => (((rgb[0] >> Drop) << Bits | rgb[1] >> Drop) << Bits) | rgb[2] >> Drop;

    private static int Channel(int bin, int channel) => (bin >> ((2 - channel) * Bits)) & (Levels - 1);

    private static IEnumerable<int[]> Split(int[] bins, int[] counts)
    {
        var boxes = new PriorityQueue<int[], double>();
        var whole = new List<int[]>();
        Queue(bins);
        while (boxes.Count > 0 && boxes.Count + whole.Count < 256)
        {
            int[] box = boxes.Dequeue();
            int channel = LongestSide(box).Channel;
            Array.Sort(box, (a, b) => Channel(a, channel) - Channel(b, channel));
            int cut = Median(box, counts);
            Queue(box[..cut]);
            Queue(box[cut..]);
        }

        return whole.Concat(boxes.UnorderedItems.Select(static item => item.Element));

        void Queue(int[] box)
        {
            if (box.Length == 1)
            {
                whole.Add(box);
                return;
            }

            // The box whose split lessens the error most comes first.
            double pixels = box.Sum(bin => (double)counts[bin]);
            int side = LongestSide(box).Length;
            boxes.Enqueue(box, -pixels * side * side);
        }
    }

    private static (int Channel, int Length) LongestSide(int[] box)
    {
        (int Channel, int Length) longest = (0, -1);
        for (int channel = 0; channel < 3; channel++)
        {
            int least = Levels, most = 0;
            foreach (int bin in box)
            {
                int level = Channel(bin, channel);
                least = Math.Min(least, level);
                most = Math.Max(most, level);
            }

            if (most - least > longest.Length)
            {
                longest = (channel, most - least);
            }
        }

        return longest;
    }

    private static int Median(int[] box, int[] counts)
    {
        long half = box.Sum(bin => (long)counts[bin]) / 2;
        long sum = 0;
        int cut = 0;
        while (cut < box.Length - 1 && sum < half)
        {
            sum += counts[box[cut++]];
        }

        return Math.Max(cut, 1);
    }

    private void Add(int[] box, int[] counts)
    {
        Span<double> sums = stackalloc double[3];
        double pixels = 0;
        foreach (int bin in box)
        {
            _indexOfBin[bin] = (byte)_colors.Count;
            pixels += counts[bin];
            for (int channel = 0; channel < 3; channel++)
            {
                sums[channel] += counts[bin] * Channel(bin, channel) / (Levels - 1.0);
            }
        }

        _colors.Add((sums[0] / pixels, sums[1] / pixels, sums[2] / pixels));
    }
}
