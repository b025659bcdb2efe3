using System.Text.Json;

namespace ClassActivation.Import.Keras;

/// <summary>Where an axis that a Keras layer names is found.</summary>
internal static class Axes
{
    /// <summary>The index in (height, width, channels), or in a vector, of the axis a layer states.</summary>
    public static int Logical(KerasLayer layer, int rank, bool channelsFirst)
    {
        int axis = layer.TryGet("axis", out var value) && value.ValueKind == JsonValueKind.Array
            ? KerasLayer.Integers(value) is [int only] ? only : throw layer.Error("works along several axes; only one can be imported")
            : layer.Integer("axis", -1);
        int index = axis < 0 ? axis + rank : axis - 1;
        if (index < 0 || index >= rank)
        {
            throw layer.Error($"works along the axis {axis}, which its input does not have");
        }

        return rank == 3 && channelsFirst ? (index + 2) % 3 : index;
    }

    /// <summary>The same axis in ONNX's order: batch, channels, height, width.</summary>
    public static int Onnx(int logical, int rank) => rank == 3 ? logical == 2 ? 1 : logical + 2 : logical + 1;
}
