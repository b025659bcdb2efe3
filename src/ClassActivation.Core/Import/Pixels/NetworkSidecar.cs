using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClassActivation.Photos;

namespace ClassActivation.Import.Pixels;

/// <summary>What a network's file, or a file beside it, says of its pixels and its classes.</summary>
internal sealed class NetworkSidecar
{
    private const int LargestFile = 16 << 20;

    private NetworkSidecar()
    {
    }

    /// <summary>Where the pixels' description was found; null where it was not.</summary>
    public string? PixelsFrom { get; private set; }

    /// <summary>The numbers that black and white become.</summary>
    public double[] Range { get; private set; } = [0, 1];

    public double[] Mean { get; private set; } = [0];

    public double[] Deviation { get; private set; } = [1];

    public ColorOrder Order { get; private set; }

    /// <summary>How the network's own program fits photos; null where that is not said.</summary>
    public InputFit? Fit { get; private set; }

    /// <summary>The colour around a photo that does not fill the input; null where that is not said.</summary>
    public MarginColor? Margin { get; private set; }

    /// <summary>Where the labels were found; null where they were not.</summary>
    public string? LabelsFrom { get; private set; }

    public string[] Labels { get; private set; } = [];

    /// <summary>Reads what there is. A file that cannot be read as what its name says counts as absent.</summary>
    public static NetworkSidecar Read(string path, IReadOnlyDictionary<string, string> metadata)
    {
        var sidecar = new NetworkSidecar();
        sidecar.ReadMetadata(metadata);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        ReadJson(folder, "metadata_properties.json", sidecar.CustomVision);
        ReadJson(folder, "preprocessor_config.json", sidecar.HuggingFacePixels);
        ReadJson(folder, "config.json", sidecar.HuggingFace);
        ReadJson(folder, "metadata.json", sidecar.TeachableMachine);
        string labels = Path.Combine(folder, "labels.txt");
        if (sidecar.LabelsFrom is null && new FileInfo(labels) is { Exists: true, Length: > 0 and < LargestFile })
        {
            string[] lines = [.. FileStatus.ReadAllLines(labels).Select(static line => line.Trim()).Where(static line => line.Length > 0)];
            // Teachable Machine numbers its labels.
            bool isNumbered = lines.Select(static (line, i) => line.StartsWith($"{i} ", StringComparison.Ordinal))
                .All(static numbered => numbered);
            sidecar.SetLabels("labels.txt", [.. lines.Select((line, i) => isNumbered ? line[$"{i} ".Length..] : line)]);
            if (isNumbered && lines.Length > 0 && sidecar.PixelsFrom is null)
            {
                sidecar.TeachableMachinePixels("labels.txt, numbered as by Teachable Machine");
            }
        }

        return sidecar;
    }

    private void ReadMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.TryGetValue("names", out string? names) && names.StartsWith('{'))
        {
            SetLabels("the file's metadata", [.. Regex.Matches(names, @"\d+\s*:\s*(?:'((?:[^'\\]|\\.)*)'|""((?:[^""\\]|\\.)*)"")", RegexOptions.None, TimeSpan.FromSeconds(1))
                .Select(static match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value)]);
            if (metadata.ContainsKey("imgsz"))
            {
                // Ultralytics' classifiers cut out a square; what was trained to find objects sees the whole photo.
                PixelsFrom = "the file's metadata";
                Fit = metadata.GetValueOrDefault("task") == "classify" ? InputFit.CenterSquare : InputFit.Letterbox;
                Margin = MarginColor.YoloGrey;
            }
        }
        else if (metadata.TryGetValue("labels", out string? labels) && labels.Length > 0)
        {
            SetLabels("the file's metadata", labels.Split('\n'));
        }

        if (metadata.TryGetValue("Image.NominalPixelRange", out string? range))
        {
            SetPixels("the file's metadata", RangeOf(range), [0], [1]);
            Order = OrderOf(metadata.GetValueOrDefault("Image.BitmapPixelFormat"));
        }
    }

    private static void ReadJson(string folder, string name, Action<string, JsonElement> read)
    {
        string path = Path.Combine(folder, name);
        if (new FileInfo(path) is not { Exists: true, Length: > 0 and < LargestFile })
        {
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                read(name, document.RootElement);
            }
        }
        catch (Exception e) when (
            e is JsonException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            // Another program's file of the same name says nothing of this network.
        }
    }

    private void CustomVision(string name, JsonElement root)
    {
        double[]? mean = Numbers(
            root, "CustomVision.Preprocess.NormalizeMean"), deviation = Numbers(root, "CustomVision.Preprocess.NormalizeStd");
        if (PixelsFrom is null && mean is not null && deviation is not null)
        {
            SetPixels(name, RangeOf(Text(root, "Image.NominalPixelRange")), mean, deviation);
            Order = OrderOf(Text(root, "Image.BitmapPixelFormat"));
        }
    }

    private void HuggingFacePixels(string name, JsonElement root)
    {
        if (PixelsFrom is not null || (!root.TryGetProperty("image_mean", out _) && !root.TryGetProperty("do_rescale", out _)))
        {
            return;
        }

        bool isRescaled = Flag(root, "do_rescale", true);
        double factor = root.TryGetProperty("rescale_factor", out JsonElement given) && given.ValueKind == JsonValueKind.Number
            ? given.GetDouble()
            : 1 / 255.0;
        bool isNormalized = Flag(root, "do_normalize", true);
        SetPixels(
            name,
            [0, isRescaled ? Math.Round(255 * factor, 9) : 255],
            isNormalized ? Numbers(root, "image_mean") ?? [0] : [0],
            isNormalized ? Numbers(root, "image_std") ?? [1] : [1]);
        Fit ??= Flag(root, "do_pad", false) ? InputFit.Letterbox
            : Number(root, "crop_pct") is { } part ? FitOf(part)
            : Flag(root, "do_center_crop", false) ? FitOf(
                Number(root, "crop_size", "height", "width") / Number(root, "size", "shortest_edge", "height"))
            : Number(root, "size", "height") is not null && Flag(root, "do_resize", true) ? InputFit.Stretch
            : null;
    }

    // timm squashes a photo, pads it to its longer side, or cuts its middle out.
    private static InputFit? FitOfTimm(JsonElement root) => Text(root, "crop_mode") switch
    {
        "squash" => InputFit.Stretch,
        "border" => InputFit.Letterbox,
        _ => FitOf(Number(root, "crop_pct")),
    };

    // The two crops that there are: of 224 of 256, and of all.
    private static InputFit? FitOf(double? part) => part switch
    {
        > 0.8 and < 0.95 => InputFit.CenterCrop,
        >= 0.95 and <= 1 => InputFit.CenterSquare,
        _ => null,
    };

    private void HuggingFace(string name, JsonElement root)
    {
        JsonElement timm = root.TryGetProperty("pretrained_cfg", out JsonElement nested) && nested.ValueKind == JsonValueKind.Object
            ? nested
            : root;
        if (PixelsFrom is null && Numbers(timm, "mean") is { } mean && Numbers(timm, "std") is { } deviation)
        {
            SetPixels(name, [0, 1], mean, deviation);
            Fit ??= FitOfTimm(timm);
        }

        if (root.TryGetProperty("id2label", out JsonElement map) && map.ValueKind == JsonValueKind.Object)
        {
            SetLabels(name, [.. map.EnumerateObject()
                .OrderBy(static entry => int.Parse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture))
                .Select(static entry => entry.Value.GetString() ?? "")]);
        }
        else if (root.TryGetProperty("label_names", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            SetLabels(name, [.. list.EnumerateArray().Select(static entry => entry.GetString() ?? "")]);
        }
    }

    private void TeachableMachine(string name, JsonElement root)
    {
        if (root.TryGetProperty("labels", out JsonElement list)
            && list.ValueKind == JsonValueKind.Array
            && root.TryGetProperty("tfjsVersion", out _))
        {
            SetLabels(name, [.. list.EnumerateArray().Select(static entry => entry.GetString() ?? "")]);
            if (PixelsFrom is null)
            {
                TeachableMachinePixels(name);
            }
        }
    }

    private void TeachableMachinePixels(string from)
    {
        SetPixels(from, [-1, 1], [0], [1]);
        Fit = InputFit.CenterSquare;
    }

    private void SetPixels(string from, double[] range, double[] mean, double[] deviation) =>
        (PixelsFrom, Range, Mean, Deviation) = (from, range, mean, deviation);

    private void SetLabels(string from, string[] labels)
    {
        if (LabelsFrom is null && labels.Length > 0)
        {
            (LabelsFrom, Labels) = (from, [.. labels.Select(static label => label.ReplaceLineEndings(" ").Trim())]);
        }
    }

    private static double[] RangeOf(string? name) => name switch
    {
        "NominalRange_0_255" => [0, 255],
        "Normalized_1_1" => [-1, 1],
        _ => [0, 1],
    };

    private static ColorOrder OrderOf(string? format) =>
        format?.StartsWith("Bgr", StringComparison.OrdinalIgnoreCase) == true ? ColorOrder.Bgr : ColorOrder.Rgb;

    private static bool Flag(JsonElement root, string name, bool otherwise) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : otherwise;

    /// <summary>A number, or the first of some numbers inside of what has that name.</summary>
    private static double? Number(JsonElement root, string name, params string[] parts) =>
        !root.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number ? value.GetDouble()
        : value.ValueKind == JsonValueKind.Object ? parts.Select(part => Number(value, part))
            .FirstOrDefault(static number => number is not null)
        : null;

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A list of numbers, as a list or as Custom Vision's text between brackets.</summary>
    private static double[]? Numbers(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out JsonElement value))
        {
            return null;
        }

        return value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray().Select(static entry => entry.GetDouble())],
            JsonValueKind.Number => [value.GetDouble()],
            JsonValueKind.String => [.. value.GetString()!.Trim('[', ']', ' ').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(static part => double.Parse(part, NumberStyles.Float, CultureInfo.InvariantCulture))],
            _ => null,
        };
    }
}
