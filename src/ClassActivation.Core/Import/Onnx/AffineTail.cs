using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Import.Onnx;

/// <summary>The weights of a network's end, where that is the mean of each feature map and a linear layer, however it is spelled.</summary>
/// <param name="Weights">K × C values.</param>
/// <param name="Biases">C values.</param>
/// <param name="Pooling">The name of the node that takes the means.</param>
/// <param name="Classifier">The name of the last node with weights.</param>
internal sealed record AffineTail(float[] Weights, float[] Biases, string Pooling, string Classifier)
{
    /// <summary>Reads the end of a network.</summary>
    /// <param name="graph">A prepared graph.</param>
    /// <param name="features">The feature maps, 1 × K × h × w or 1 × h × w × K.</param>
    /// <param name="logits">The scores.</param>
    /// <param name="channelAxis">Which dimension of the feature maps counts them.</param>
    /// <returns>Null where the end is not linear in the means of the feature maps.</returns>
    public static AffineTail? Read(OnnxGraph graph, string features, string logits, int channelAxis) =>
        new Walk(graph, channelAxis, graph.TypeOf(features)!.Dims![channelAxis]).To(features, logits);

    private sealed class Walk(OnnxGraph graph, int channelAxis, long featureCount)
    {
        private readonly int _featureCount = (int)featureCount;
        private int _count = (int)featureCount;
        private int _axis = channelAxis;
        private string _value = "";
        private double[]? _weights;
        private double[]? _biases;
        private string? _pooling;
        private string _classifier = "";

        public AffineTail? To(string features, string logits)
        {
            _value = features;
            HashSet<NodeProto> nodes = graph.NodesBetween([features], [logits]);
            while (_value != logits)
            {
                NodeProto[] next = [.. graph.Consumers(_value).Where(nodes.Contains)];
                if (next is not [{ Output.Count: > 0 } node] || !Take(node))
                {
                    return null;
                }

                _value = node.Output[0];
            }

            if (_pooling is null)
            {
                return null;
            }

            double[] weights = _weights ?? Identity(_featureCount);
            return new AffineTail(
                Array.ConvertAll(weights, static weight => (float)weight),
                _biases is null ? new float[_count] : Array.ConvertAll(_biases, static bias => (float)bias),
                _pooling,
                _classifier.Length > 0 ? _classifier : _pooling);
        }

        private static double[] Identity(int count)
        {
            var identity = new double[count * count];
            for (int i = 0; i < count; i++)
            {
                identity[(i * count) + i] = 1;
            }

            return identity;
        }

        private bool Take(NodeProto node) => node.OpType switch
        {
            _ when node.Domain is not ("" or "ai.onnx") => false,
            "Identity" or "Dropout" or "Cast" => node.Input[0] == _value,
            "GlobalAveragePool" => _axis == 1 && _pooling is null && Pool(node),
            "AveragePool" => IsPoolingOfAll(node) && Pool(node),
            "ReduceMean" => ReduceMean(node),
            "Transpose" => Transpose(node),
            "Flatten" or "Reshape" or "Squeeze" or "Unsqueeze" => node.Input[0] == _value && Reshape(node),
            "Gemm" => Gemm(node),
            "MatMul" => MatMul(node),
            "Conv" => Convolution(node),
            "Add" or "Sub" or "Mul" or "Div" => Elementwise(node),
            "BatchNormalization" => Normalization(node),
            _ => false,
        };

        private bool Pool(NodeProto node)
        {
            _pooling = node.Name.Length > 0 ? node.Name : node.Output[0];
            return true;
        }

        private bool IsPoolingOfAll(NodeProto node) =>
            _axis == 1 && _pooling is null && graph.TypeOf(_value)?.Dims is [_, _, long h, long w]
            && node.Integers("kernel_shape") is [long kh, long kw] && kh == h && kw == w
            && node.Integers("pads", 4, 0).All(static pad => pad == 0) && graph.TypeOf(node.Output[0])?.Dims is [_, _, 1, 1];

        private bool ReduceMean(NodeProto node)
        {
            long[]? axes = node.Integers("axes") ?? (node.OptionalInput(1) is { } given ? graph.Integers(given) : null);
            if (graph.TypeOf(_value)?.Dims is not { } dims || axes is null)
            {
                return false;
            }

            int[] reduced = [.. axes.Select(a => (int)(a < 0 ? a + dims.Count : a)).Where(a => dims[a] != 1).Order()];
            if (reduced.Length == 0)
            {
                return true;
            }

            int[] spatial = [.. Enumerable.Range(0, dims.Count).Where(a => a != _axis && dims[a] != 1)];
            return _pooling is null && reduced.SequenceEqual(spatial) && Pool(node);
        }

        private bool Transpose(NodeProto node)
        {
            if (_pooling is null)
            {
                int axis = Array.IndexOf(node.Integers("perm") ?? [], _axis);
                if (axis < 0)
                {
                    return false;
                }

                _axis = axis;
            }

            return true;
        }

        // Behind the pooling there is one value a channel, and their order stays whatever shape they have.
        private bool Reshape(NodeProto node) =>
            _pooling is not null
            || (_axis == 1 && graph.TypeOf(node.Output[0])?.Dims is [1, long channels, ..] && channels == _count)
            || (graph.TypeOf(_value)?.Dims is { } from && _axis == from.Count - 1
                && graph.TypeOf(node.Output[0])?.Dims is [.., long last] to && last == _count && (_axis = to.Count - 1) > 0);

        private bool Gemm(NodeProto node)
        {
            bool isByChannel = _pooling is not null || (_axis == 1 && graph.TypeOf(_value)?.Dims is [_, _]);
            bool isTransposed = node.Integer("transB", 0) != 0;
            if (!isByChannel || node.Input[0] != _value || node.Integer("transA", 0) != 0
                || graph.TypeOf(node.Input[1])?.Dims is not [long rows, long columns] || (isTransposed ? columns : rows) != _count
                || graph.Numbers(node.Input[1]) is not { } matrix)
            {
                return false;
            }

            double[]? bias = node.OptionalInput(2) is { } added ? graph.Numbers(added) : [];
            (long from, long to) = isTransposed ? (columns, rows) : (rows, columns);
            return bias is not null && Multiply(node, matrix, from, to, isTransposed, node.Number("alpha", 1))
                && Add(bias.Length == 0 ? [0] : bias, node.Number("beta", 1));
        }

        private bool MatMul(NodeProto node) =>
            node.Input[0] == _value && (_pooling is not null || _axis == graph.TypeOf(_value)!.Dims!.Count - 1)
            && graph.Numbers(node.Input[1]) is { } matrix && graph.TypeOf(node.Input[1])?.Dims is [long rows, long columns]
            && Multiply(node, matrix, rows, columns, isTransposed: false, 1);

        private bool Convolution(NodeProto node)
        {
            if (node.Input[0] != _value || (_pooling is null && _axis != 1) || node.Integer("group", 1) != 1
                || node.Integers("strides", 2, 1).Any(static stride => stride != 1)
                || node.Integers("pads", 4, 0).Any(static pad => pad != 0)
                || graph.TypeOf(node.Input[1])?.Dims is not [long to, long from, 1, 1] || graph.Numbers(node.Input[1]) is not { } kernel)
            {
                return false;
            }

            double[]? bias = node.OptionalInput(2) is { } added ? graph.Numbers(added) : [0];
            return bias is not null && Multiply(node, kernel, from, to, isTransposed: true, 1) && Add(bias, 1);
        }

        private bool Elementwise(NodeProto node)
        {
            int side = node.Input[0] == _value ? 1 : 0;
            if (graph.Numbers(node.Input[side]) is not { } numbers || (numbers.Length != 1 && numbers.Length != _count)
                || (side == 0 && node.OpType is "Sub" or "Div") || node.Input[1 - side] != _value)
            {
                return false;
            }

            return node.OpType switch
            {
                "Add" => Add(numbers, 1),
                "Sub" => Add(numbers, -1),
                "Mul" => Scale(numbers),
                _ => Scale(Array.ConvertAll(numbers, static number => 1 / number)),
            };
        }

        private bool Normalization(NodeProto node)
        {
            double[]?[] parts = [.. Enumerable.Range(1, 4).Select(i => graph.Numbers(node.Input[i]))];
            if ((_pooling is null && _axis != 1) || parts.Any(part => part?.Length != _count))
            {
                return false;
            }

            double epsilon = node.Number("epsilon", 1e-5f);
            double[] scale = [.. parts[0]!.Zip(parts[3]!, (gamma, variance) => gamma / Math.Sqrt(variance + epsilon))];
            return Add(parts[2]!, -1) && Scale(scale) && Add(parts[1]!, 1);
        }

        private bool Multiply(NodeProto node, double[] matrix, long from, long to, bool isTransposed, double factor)
        {
            if (from != _count || to is <= 0 or > int.MaxValue || matrix.LongLength != from * to)
            {
                return false;
            }

            var next = new double[to * from];
            for (int k = 0; k < from; k++)
            {
                for (int c = 0; c < to; c++)
                {
                    next[(k * to) + c] = factor * (isTransposed ? matrix[(c * from) + k] : matrix[(k * to) + c]);
                }
            }

            _biases = _biases is null ? null : Product(_biases, next, 1, (int)from, (int)to);
            _weights = _weights is null ? next : Product(_weights, next, _featureCount, (int)from, (int)to);
            _count = (int)to;
            _classifier = node.Name.Length > 0 ? node.Name : node.Output[0];
            return true;
        }

        private static double[] Product(double[] left, double[] right, int rows, int inner, int columns)
        {
            var product = new double[rows * columns];
            for (int r = 0; r < rows; r++)
            {
                Span<double> row = product.AsSpan(r * columns, columns);
                for (int i = 0; i < inner; i++)
                {
                    System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(
                        right.AsSpan(i * columns, columns), left[(r * inner) + i], row, row);
                }
            }

            return product;
        }

        private bool Add(double[] numbers, double factor)
        {
            if (numbers.Length != 1 && numbers.Length != _count)
            {
                return false;
            }

            _biases ??= new double[_count];
            for (int c = 0; c < _count; c++)
            {
                _biases[c] += factor * numbers[numbers.Length == 1 ? 0 : c];
            }

            return true;
        }

        private bool Scale(double[] numbers)
        {
            _weights ??= Identity(_featureCount);
            for (int i = 0; i < _weights.Length; i++)
            {
                _weights[i] *= numbers[numbers.Length == 1 ? 0 : i % _count];
            }

            for (int c = 0; _biases is not null && c < _count; c++)
            {
                _biases[c] *= numbers[numbers.Length == 1 ? 0 : c];
            }

            return true;
        }
    }
}
