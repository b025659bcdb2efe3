using System.Globalization;
using ClassActivation.Onnx.Schema;
using Google.Protobuf;

namespace ClassActivation.Inference;

/// <summary>Where the runtime put the weights of a network that it has written.</summary>
internal static class OptimizedWeights
{
    /// <summary>
    /// What the widest vector instructions load at once, in bytes. The runtime loads weights that it laid out itself as if they
    /// began at such a place, also where it maps them from a file; where they do not, the process ends.
    /// </summary>
    private const int Alignment = 64;

    // key|offset;length;checksum|… (onnxruntime, core/framework/prepacked_weights_container.cc)
    private const string PackedPrefix = "prepacked_";

    /// <summary>Whether all weights in the data file of a written network begin where vector instructions may load them.</summary>
    /// <param name="path">The network's file.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool AreAligned(string path)
    {
        using FileStream file = File.OpenRead(path);
        try
        {
            return ModelProto.Parser.ParseFrom(file).Graph.Initializer
                .SelectMany(static tensor => tensor.ExternalData)
                .SelectMany(OffsetsIn)
                .All(static offset => offset % Alignment == 0);
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or FormatException)
        {
            return false;
        }
    }

    private static IEnumerable<long> OffsetsIn(StringStringEntryProto entry) =>
        entry.Key == "offset" ? [Parse(entry.Value)]
        : entry.Key.StartsWith(PackedPrefix, StringComparison.Ordinal)
            ? entry.Value.Split('|').Skip(1).Select(static place => Parse(place.Split(';')[0]))
            : [];

    private static long Parse(string offset) => long.Parse(offset, CultureInfo.InvariantCulture);
}
