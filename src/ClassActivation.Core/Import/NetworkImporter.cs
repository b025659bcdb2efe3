using System.Text.Json;
using ClassActivation.Import.Keras;
using ClassActivation.Import.Onnx;
using ClassActivation.Import.TensorFlow;
using ClassActivation.Networks;

namespace ClassActivation.Import;

/// <summary>Converts a classifier of any form that is read, told by its first bytes.</summary>
public static class NetworkImporter
{
    /// <summary>Converts a network. The files appear when they are complete, or not at all.</summary>
    /// <param name="path">The network's file.</param>
    /// <param name="destinationPath">The <c>.onnx</c> file to make; its weights go beside it, with <c>.data</c> behind the name.</param>
    /// <param name="options">What is said of the network.</param>
    /// <param name="progress">Told of each layer, where the form has any.</param>
    /// <param name="cancellationToken">Stops the conversion.</param>
    /// <exception cref="ModelImportException">The network cannot be converted; the message says why, and what can be done.</exception>
    /// <exception cref="OperationCanceledException">The conversion was stopped.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static ConversionResult Convert(
        string path,
        string destinationPath,
        ImportOptions options,
        IProgress<ConversionProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        NetworkFileKind kind = NetworkFiles.KindOf(path);
        switch (kind)
        {
            case NetworkFileKind.Onnx:
                return OnnxNetworkConverter.Convert(path, destinationPath, options, cancellationToken);
            case NetworkFileKind.TensorFlowJs when IsGraph(path):
                return GraphModelConverter.Convert(path, destinationPath, options, cancellationToken);
            case NetworkFileKind.TensorFlowJs or NetworkFileKind.Hdf5 or NetworkFileKind.Keras:
                return KerasNetworkConverter.Convert(path, destinationPath, options, progress, cancellationToken);
            default:
                throw NetworkFiles.NotRead(path, kind);
        }
    }

    private static bool IsGraph(string path)
    {
        using JsonDocument document = TensorFlowJsFile.Read(path);
        return TensorFlowJsFile.IsGraph(document);
    }
}
