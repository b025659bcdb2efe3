using ClassActivation.Networks;

namespace ClassActivation.Import.Pixels;

/// <summary>The labels that a network gets.</summary>
internal static class NetworkLabels
{
    /// <summary>Those that the user gives, or else those in the network's file or beside it; empty where there are none.</summary>
    /// <exception cref="ModelImportException">They are more or fewer than the classes.</exception>
    public static string Find(ImportOptions options, NetworkSidecar sidecar, int classCount)
    {
        if (options.Labels.Length > 0)
        {
            int count = options.Labels == NetworkContract.ImageNetLabels
                ? ClassTable.ImageNet.Count
                : options.Labels.AsSpan().Count('\n') + 1;
            return count == classCount ? options.Labels : throw Wrong(count, "given", classCount);
        }

        return sidecar.LabelsFrom is not { } from ? ""
            : sidecar.Labels.Length == classCount ? string.Join('\n', sidecar.Labels)
            : throw Wrong(sidecar.Labels.Length, $"in {from}", classCount);
    }

    private static ModelImportException Wrong(int count, string where, int classCount) =>
        new(
            $"There are {count} class labels {where} for a network of {classCount} classes; give one label for"
            + " each class, in class order.");
}
