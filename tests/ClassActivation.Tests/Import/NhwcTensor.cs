namespace ClassActivation.Tests.Import;

/// <summary>A map (height, width, channels) or a vector, in double precision, in Keras' own order of axes.</summary>
internal sealed class NhwcTensor(double[] data, params int[] dims)
{
    public double[] Data { get; } = data;

    public int[] Dims { get; } = dims;

    public int Channels => Dims[^1];

    public double this[int y, int x, int c] => Data[(((y * Dims[1]) + x) * Dims[2]) + c];

    public static NhwcTensor Map(int height, int width, int channels, Func<int, int, int, double> value)
    {
        double[] data = new double[height * width * channels];
        int i = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int c = 0; c < channels; c++)
                {
                    data[i++] = value(y, x, c);
                }
            }
        }

        return new NhwcTensor(data, height, width, channels);
    }

    public NhwcTensor Each(Func<double, double> function) => new([.. Data.Select(function)], Dims);

    public NhwcTensor EachChannel(Func<double, int, double> function) =>
        new([.. Data.Select((value, i) => function(value, i % Channels))], Dims);
}
