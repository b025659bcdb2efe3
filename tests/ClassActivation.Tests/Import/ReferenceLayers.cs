namespace ClassActivation.Tests.Import;

/// <summary>Keras' layers as their documentation defines them, in plain loops over height × width × channels.</summary>
internal static class ReferenceLayers
{
    /// <param name="input">The map.</param>
    /// <param name="kernel">(h, w, in / groups, out).</param>
    /// <param name="bias">One number for each output, or null.</param>
    /// <param name="window">Where the windows lie.</param>
    /// <param name="groups">The number of groups of channels.</param>
    public static NhwcTensor Conv2D(NhwcTensor input, NhwcTensor kernel, double[]? bias, Window window, int groups = 1)
    {
        int kernelInputs = kernel.Dims[2];
        int outputs = kernel.Dims[3];
        return Slide(input, window, outputs, (positions, o) =>
        {
            double sum = bias?[o] ?? 0;
            int first = o / (outputs / groups) * kernelInputs;
            foreach ((int y, int x, int ky, int kx) in positions)
            {
                for (int i = 0; i < kernelInputs; i++)
                {
                    sum += input[y, x, first + i] * kernel.Data[(((((ky * window.Width) + kx) * kernelInputs) + i) * outputs) + o];
                }
            }

            return sum;
        });
    }

    /// <param name="input">The map.</param>
    /// <param name="kernel">(h, w, channels, multiplier).</param>
    /// <param name="bias">One number for each output, or null.</param>
    /// <param name="window">Where the windows lie.</param>
    public static NhwcTensor DepthwiseConv2D(NhwcTensor input, NhwcTensor kernel, double[]? bias, Window window)
    {
        int channels = kernel.Dims[2];
        int multiplier = kernel.Dims[3];
        return Slide(input, window, channels * multiplier, (positions, o) => (bias?[o] ?? 0) + positions.Sum(p =>
            input[p.Y, p.X, o / multiplier]
            * kernel.Data[(((((p.KernelY * window.Width) + p.KernelX) * channels) + (o / multiplier)) * multiplier) + (o % multiplier)]));
    }

    public static NhwcTensor MaxPooling2D(NhwcTensor input, Window window) =>
        Slide(input, window, input.Channels, (positions, c) => positions.Max(p => input[p.Y, p.X, c]));

    public static NhwcTensor AveragePooling2D(NhwcTensor input, Window window) =>
        Slide(input, window, input.Channels, (positions, c) => positions.Average(p => input[p.Y, p.X, c]));

    public static NhwcTensor ZeroPadding2D(NhwcTensor input, int top, int bottom, int left, int right) => NhwcTensor.Map(
        input.Dims[0] + top + bottom,
        input.Dims[1] + left + right,
        input.Channels,
        (y, x, c) => y < top || x < left || y >= top + input.Dims[0] || x >= left + input.Dims[1] ? 0 : input[y - top, x - left, c]);

    public static NhwcTensor GlobalAverage(NhwcTensor input) => Global(input, values => values.Average());

    public static NhwcTensor GlobalMax(NhwcTensor input) => Global(input, values => values.Max());

    public static NhwcTensor Dense(NhwcTensor input, NhwcTensor kernel, double[]? bias)
    {
        int units = kernel.Dims[1];
        int rows = input.Data.Length / input.Channels;
        double[] result = new double[rows * units];
        for (int row = 0; row < rows; row++)
        {
            for (int u = 0; u < units; u++)
            {
                result[(row * units) + u] = (bias?[u] ?? 0)
                    + Enumerable.Range(0, input.Channels).Sum(i => input.Data[(row * input.Channels) + i] * kernel.Data[(i * units) + u]);
            }
        }

        return new NhwcTensor(result, [.. input.Dims[..^1], units]);
    }

    public static NhwcTensor Softmax(NhwcTensor input)
    {
        double[] result = new double[input.Data.Length];
        for (int start = 0; start < result.Length; start += input.Channels)
        {
            double sum = input.Data.Skip(start).Take(input.Channels).Sum(Math.Exp);
            for (int c = 0; c < input.Channels; c++)
            {
                result[start + c] = Math.Exp(input.Data[start + c]) / sum;
            }
        }

        return new NhwcTensor(result, input.Dims);
    }

    /// <summary>Elementwise, with height and width 1 stretched over the other map.</summary>
    public static NhwcTensor Merge(NhwcTensor left, NhwcTensor right, Func<double, double, double> function)
    {
        return NhwcTensor.Map(
            Math.Max(left.Dims[0], right.Dims[0]),
            Math.Max(left.Dims[1], right.Dims[1]),
            left.Channels,
            (y, x, c) => function(At(left, y, x, c), At(right, y, x, c)));

        static double At(NhwcTensor map, int y, int x, int c) => map[Math.Min(y, map.Dims[0] - 1), Math.Min(x, map.Dims[1] - 1), c];
    }

    public static NhwcTensor Concatenate(NhwcTensor left, NhwcTensor right) => NhwcTensor.Map(
        left.Dims[0],
        left.Dims[1],
        left.Channels + right.Channels,
        (y, x, c) => c < left.Channels ? left[y, x, c] : right[y, x, c - left.Channels]);

    private static NhwcTensor Global(NhwcTensor input, Func<IEnumerable<double>, double> pool) => new(
        [.. Enumerable.Range(0, input.Channels).Select(c => pool(input.Data.Where((_, i) => i % input.Channels == c)))],
        input.Channels);

    private static NhwcTensor Slide(
        NhwcTensor input, Window window, int outputs, Func<List<(int Y, int X, int KernelY, int KernelX)>, int, double> value)
    {
        (int height, int top) = Extent(input.Dims[0], window.Height, window.StrideY, window.Dilation, window.Same);
        (int width, int left) = Extent(input.Dims[1], window.Width, window.StrideX, window.Dilation, window.Same);
        return NhwcTensor.Map(height, width, outputs, (y, x, o) =>
        {
            List<(int, int, int, int)> positions = [];
            for (int ky = 0; ky < window.Height; ky++)
            {
                for (int kx = 0; kx < window.Width; kx++)
                {
                    int sourceY = (y * window.StrideY) - top + (ky * window.Dilation);
                    int sourceX = (x * window.StrideX) - left + (kx * window.Dilation);
                    if (sourceY >= 0 && sourceY < input.Dims[0] && sourceX >= 0 && sourceX < input.Dims[1])
                    {
                        positions.Add((sourceY, sourceX, ky, kx));
                    }
                }
            }

            return value(positions, o);
        });
    }

    /// <summary>The output's length and the padding before the input, by the rule in TensorFlow's documentation of <c>tf.nn</c>.</summary>
    private static (int Length, int Before) Extent(int length, int window, int stride, int dilation, bool same)
    {
        int extent = ((window - 1) * dilation) + 1;
        if (!same)
        {
            return (((length - extent) / stride) + 1, 0);
        }

        int outputs = (int)Math.Ceiling(length / (double)stride);
        return (outputs, Math.Max(((outputs - 1) * stride) + extent - length, 0) / 2);
    }
}

/// <summary>Where the windows of a convolution or a pooling lie.</summary>
internal sealed record Window(int Height, int Width, int StrideY = 1, int StrideX = 1, bool Same = false, int Dilation = 1);
