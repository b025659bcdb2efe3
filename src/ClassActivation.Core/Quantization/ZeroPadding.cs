using System.Runtime.InteropServices;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Quantization;

/// <summary>
/// Padding with zeros in front of maximum pooling. Behind a ReLU it changes no maximum, so the pooling can do it
/// itself; the runtime has no 8-bit padding.
/// </summary>
internal static class ZeroPadding
{
    /// <summary>A graph's nodes with such padding merged into the pooling.</summary>
    public static IReadOnlyList<NodeProto> MergeIntoPooling(GraphProto graph)
    {
        List<NodeProto> nodes = [.. graph.Node.Select(static node => node.Clone())];
        foreach (NodeProto pooling in nodes.Where(static node => node.OpType == "MaxPool").ToArray())
        {
            NodeProto? padding = nodes.Find(node => node.OpType == "Pad" && node.Output[0] == pooling.Input[0]);
            if (padding is null
                || Attribute(pooling, "kernel_shape") is null
                || Attribute(pooling, "pads") is not null
                || Attribute(pooling, "auto_pad") is not null ||
                Attribute(padding, "mode") is not null || padding.Input.Count != 2 ||
                !nodes.Exists(node => node.OpType == "Relu" && node.Output[0] == padding.Input[0]) ||
                nodes.Count(node => node.Input.Contains(padding.Output[0])) != 1)
            {
                continue;
            }

            TensorProto? amounts = graph.Initializer.FirstOrDefault(tensor => tensor.Name == padding.Input[1]);
            long[] pads = amounts is null ? [] : [.. MemoryMarshal.Cast<byte, long>(amounts.RawData.Span)];
            long[] kernel = [.. Attribute(pooling, "kernel_shape")!.Ints];
            // Before and after for batch, channels, height and width; a window must never lie in the padding alone.
            if (pads is [0, 0, _, _, 0, 0, _, _]
                && pads[2..4].Concat(pads[6..8]).Select((pad, i) => pad >= 0 && pad < kernel[i % 2]).All(static fits => fits))
            {
                var attribute = new AttributeProto { Name = "pads", Type = AttributeProto.Types.AttributeType.Ints };
                attribute.Ints.AddRange([pads[2], pads[3], pads[6], pads[7]]);
                pooling.Attribute.Add(attribute);
                pooling.Input[0] = padding.Input[0];
                nodes.Remove(padding);
            }
        }

        return nodes;
    }

    private static AttributeProto? Attribute(NodeProto node, string name) =>
        node.Attribute.FirstOrDefault(attribute => attribute.Name == name);
}
