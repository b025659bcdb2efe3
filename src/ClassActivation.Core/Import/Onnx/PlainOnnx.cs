using ClassActivation.Onnx;

namespace ClassActivation.Import.Onnx;

/// <summary>Other frameworks' networks by way of ONNX: their importers write it as it comes, and need know nothing of heads.</summary>
internal static class PlainOnnx
{
    private const string FileName = "network.onnx";

    /// <summary>Converts a network that is written as plain ONNX first.</summary>
    /// <param name="write">Writes the graph: one input, the image, and one output, the answers.</param>
    /// <param name="sourcePath">The network's own file, for errors and for what lies beside it.</param>
    /// <param name="destinationPath">The <c>.onnx</c> file to make.</param>
    /// <param name="options">What is said of the network.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static ConversionResult Convert(
        Action<OnnxGraphBuilder> write, string sourcePath, string destinationPath, ImportOptions options,
        CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("ClassActivation-").FullName;
        try
        {
            string plain = Path.Combine(folder, FileName);
            using (OnnxGraphBuilder graph = new(plain, options.Name ?? "network"))
            {
                write(graph);
                graph.Save();
            }

            return OnnxNetworkConverter.Convert(plain, sourcePath, destinationPath, options, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
