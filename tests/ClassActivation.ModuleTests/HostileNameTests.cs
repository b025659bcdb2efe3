using System.Management.Automation;
using System.Text;
using System.Xml.Linq;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Names of files and labels of networks that try to steer the terminal, or to decide where files go.</summary>
public sealed class HostileNameTests : IDisposable
{
    private const string Hostile = "\e]0;owned\a\e[31m\u009b2J\u202egnp";

    // Unix allows every character but the slash.
    private const string FileName = "\e]0;owned\a\e[2Jcat\u202egnp.png";

    private readonly TestFolder _folder = new();
    private readonly Engine _engine = new();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void No_cell_of_any_view_shows_a_text_raw()
    {
        XElement views = XDocument.Load(Path.Combine(Path.GetDirectoryName(TestPaths.Manifest)!, "ClassActivation.format.ps1xml")).Root!;
        string[] scripts =
        [
            .. views.Descendants("ScriptBlock").Select(static e => e.Value),
            .. views.Descendants("PropertyName").Select(static e => $"$_.{e.Value}"),
        ];

        // Every text property that an object of the module has; the other properties have their own types.
        string[] shown = [.. scripts.Select(script => string.Concat(_engine.Run(
            $"$hostile | ForEach-Object {{ {script} }}", ("hostile", HostileObject())).Select(static o => o?.ToString())))];

        Assert.True(scripts.Length > 150, "The views were not found.");
        Assert.All(shown.Zip(scripts), static cell => Assert.True(IsClean(cell.First), cell.Second));
        Assert.Contains(shown, static text => text.Contains('␛', StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_files_name_stays_raw_in_objects_and_is_clean_in_everything_shown()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows allows no such names.");
        string photo = _folder.Copy("chelsea.png", FileName);

        IReadOnlyList<PSObject> results = _engine.Run(
            """
            $DebugPreference = 'Continue'
            $map = Get-ClassActivationMap -LiteralPath $photo -Verbose
            $map.Path
            $map.ToString()
            $map | Show-ClassActivationMap -Width 20 -Renderer Ascii -Verbose
            """,
            ("photo", photo));

        Assert.Equal(photo, results[0].ToString());
        Assert.All(results.Skip(1), static line => Assert.True(IsClean(line.ToString())));
        Assert.Contains("␛]0;owned␇␛[2Jcat�gnp.png", results[2].ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(_engine.Verbose);
        Assert.NotEmpty(_engine.Debug);
        Assert.All(_engine.Verbose.Concat(_engine.Debug), static message => Assert.True(IsClean(message), message));
    }

    [SkippableFact]
    public void A_bad_file_of_such_a_name_is_a_clean_error_with_the_raw_target()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows allows no such names.");
        string[] paths = [_folder.File(FileName), _folder.File($"none-{FileName}"), _folder.File($"picture-{FileName}")];
        File.WriteAllText(paths[0], "no photo");
        Directory.CreateDirectory(Path.GetDirectoryName(paths[2])!);
        string wildcards = WildcardPattern.Escape(paths[1]);

        _engine.Run("Get-Prediction -LiteralPath $paths; Get-Prediction $wildcards", ("paths", paths), ("wildcards", wildcards));

        Assert.Equal(4, _engine.Errors.Count);
        Assert.Equal(paths[0], _engine.Errors[0].TargetObject);
        Assert.All(_engine.Errors, static error =>
        {
            Assert.Contains("␛", error.ErrorDetails.Message, StringComparison.Ordinal);
            Assert.True(IsClean(error.ErrorDetails.Message + error.ErrorDetails.RecommendedAction + error.ToString() + error.CategoryInfo));
        });
        Assert.All(_engine.Errors.Take(3), static error => Assert.True(IsClean(error.Exception.Message)));
    }

    [SkippableFact]
    public void Progress_shows_clean_names()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows allows no such names.");
        // Each takes a few tenths of a second, so that the second in which nothing is shown passes.
        string[] photos = [.. Enumerable.Repeat(_folder.Copy("china.jpg", FileName), 16)];

        _engine.Run("$null = Get-ClassActivationMap -LiteralPath $photos -Resolution 448", ("photos", photos));

        Assert.Contains(_engine.Progress, static p => p.CurrentOperation?.Contains('␛', StringComparison.Ordinal) == true);
        Assert.All(_engine.Progress, static p => Assert.True(IsClean(p.Activity + p.StatusDescription + p.CurrentOperation)));
    }

    [Fact]
    public void The_name_of_a_photo_from_memory_leads_nowhere()
    {
        string[] names =
        [
            "../../../x", "..\\..\\x", "/etc/x", "C:\\x", "CON", "com1.png", "nul .jpg", "a:stream", "..", "/", "\e]0;owned\a\u202ex"
        ];

        IReadOnlyList<PSObject> pictures = _engine.Run(
            "foreach ($name in $names) { Get-ClassActivationMap -InputObject $photo -Name $name | Export-CamOverlay -DestinationPath"
            + " $folder -MaxSize 64 | ForEach-Object FullName }",
            ("photo", File.ReadAllBytes(TestPaths.Sample("chelsea.png"))), ("names", names), ("folder", _folder.Path));

        // The same bytes under the same name, x, are the same photo, wherever they are said to lie.
        Assert.Equal(names.Length - 1, pictures.Select(static p => p.ToString()).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(pictures, picture => AssertHarmless(picture.ToString()));
    }

    [Fact]
    public void A_networks_labels_decide_no_path_and_reach_no_terminal()
    {
        string[] labels = ["../../x", "CON", "NUL.", $"{Hostile}", "a  ", "..\\x", new string('x', 5000), "\ud83d\ude00", "C:x|?*"];
        string network = NetworkWithLabels(labels);
        int[] classes = [.. Enumerable.Range(0, labels.Length)];

        IReadOnlyList<PSObject> results = _engine.Run(
            """
            $maps = Get-ClassActivationMap -LiteralPath $photo -Model $network -Class $classes -Verbose
            $maps | ForEach-Object Label
            $maps | Export-CamOverlay $folder -MaxSize 64 -Legend | ForEach-Object FullName
            ($maps | Export-CamSheet (Join-Path $folder sheet.png) -CellSize 64).FullName
            $maps | Show-ClassActivationMap -Width 10 -Renderer Ascii
            """,
            ("photo", TestPaths.Sample("chelsea.png")), ("network", network), ("classes", classes), ("folder", _folder.Path));

        string[] texts = [.. results.Select(static o => o.ToString())];
        Assert.Equal(labels, texts[..labels.Length]);
        string[] pictures = texts[labels.Length..(2 * labels.Length)];
        Assert.Equal(labels.Length, pictures.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(pictures, AssertHarmless);
        Assert.All(texts[(2 * labels.Length)..], static line => Assert.True(IsClean(line), line));
        Assert.All(_engine.Verbose, static line => Assert.True(IsClean(line), line));
        Assert.Empty(_engine.Errors);
    }

    [Fact]
    public void Suggested_and_completed_labels_are_clean()
    {
        string network = NetworkWithLabels([$"wolf{Hostile}"]);

        ErrorRecord error = _engine.RunToError(
            "Get-ClassActivationMap -LiteralPath $photo -Model $network -Class wolfgnp", ("photo", TestPaths.Sample("chelsea.png")),
            ("network", network));
        IReadOnlyList<PSObject> completions = _engine.Run(
            "$line = \"Get-ClassActivationMap x -Model '$network' -Class wolf\"; (TabExpansion2 $line"
            + " $line.Length).CompletionMatches", ("network", network));

        Assert.True(IsClean(error.ErrorDetails.Message + error.Exception.Message), error.ErrorDetails.Message);
        Assert.NotEmpty(completions);
        Assert.All(completions, static c => Assert.True(IsClean($"{c.Properties["ListItemText"].Value}{c.Properties["ToolTip"].Value}")));
    }

    [Fact]
    public void MaxPixels_is_kept_by_whatever_decodes()
    {
        string[] scripts =
        [
            "Get-Prediction -LiteralPath $photo -MaxPixels 1000",
            "Get-ClassActivationMap -LiteralPath $photo -MaxPixels 1000",
            "Get-FeatureMap -LiteralPath $photo -Index 0 -MaxPixels 1000",
            "$prediction | Get-ClassActivationMap -MaxPixels 1000",
            "$map | Export-CamOverlay $folder -MaxPixels 1000",
            "$map | Get-CamRegion | Export-CamCrop $folder -MaxPixels 1000",
            "$map | Export-CamSheet $folder/sheet.png -MaxPixels 1000",
            "$map | Show-ClassActivationMap -Renderer Ascii -MaxPixels 1000",
            "$map | Measure-CamFaithfulness -Step 1 -Baseline None -MaxPixels 1000",
        ];
        _engine.Run(
            "$prediction = Get-Prediction -LiteralPath $photo -Top 1; $map = $prediction | Get-ClassActivationMap",
            ("photo", TestPaths.Sample("chelsea.png")), ("folder", _folder.Path));

        foreach (string script in scripts)
        {
            Assert.True(_engine.Run(script).Count == 0, script);

            ErrorRecord error = Assert.Single(_engine.Errors);
            Assert.StartsWith("PhotoTooLarge,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
            Assert.Contains("451×300", error.ErrorDetails.Message, StringComparison.Ordinal);
            Assert.Contains("-MaxPixels", error.ErrorDetails.RecommendedAction, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_limit_that_was_raised_for_a_map_holds_for_its_picture()
    {
        string photo = TestPaths.Sample("chelsea.png");

        Assert.Single(
            _engine.Run(
                "Get-ClassActivationMap -LiteralPath $photo -MaxPixels 135300 | Export-CamOverlay $folder",
                ("photo", photo),
                ("folder", _folder.Path)));
        Assert.Empty(_engine.Run("Get-ClassActivationMap -LiteralPath $photo -MaxPixels 135299 | Export-CamOverlay $folder"));
    }

    // Drawn 40 columns wide, a photo of one column would else take 400,000 rows.
    [Fact]
    public void A_photo_of_one_column_takes_a_bounded_number_of_rows()
    {
        byte[] photo =
        [
            .. "BM"u8,
            .. new byte[8],
            54,
            0,
            0,
            0,
            40,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            0x20,
            0x4E,
            0,
            0,
            1,
            0,
            24,
            .. new byte[25],
            .. new byte[4 * 20_000]
        ];

        IReadOnlyList<PSObject> lines = _engine.Run(
            "Get-ClassActivationMap -InputObject $photo | Show-ClassActivationMap -Width 40 -Renderer Ascii", ("photo", photo));

        Assert.InRange(lines.Count, 100, 1001);
    }

    [Fact]
    public void A_calibration_photo_keeps_MaxPixels_too()
    {
        ErrorRecord error = _engine.RunToError(
            "ConvertTo-QuantizedCamModel -CalibrationPhoto $photo -DestinationPath $network -MaxPixels 1000",
            ("photo", TestPaths.Sample("chelsea.png")), ("network", _folder.File("none.onnx")));

        Assert.StartsWith("NoCalibrationPhotos,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("PhotoTooLarge,", Assert.Single(_engine.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    private static bool IsClean(string text) => !text.EnumerateRunes().Any(static rune =>
        rune.Value is not ('\n' or '\r') && (Rune.IsControl(rune) || rune.Value is >= 0x202A and <= 0x202E));

    private void AssertHarmless(string path)
    {
        Assert.Equal(_folder.Path, Path.GetDirectoryName(path));
        Assert.True(File.Exists(path), path);
        string name = Path.GetFileName(path);
        Assert.True(IsClean(name), name);
        Assert.DoesNotMatch(@"(?i)^(con|prn|aux|nul|com\d|lpt\d) *\.", name);
        Assert.DoesNotContain('\\', name);
        Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 255);
        Assert.EndsWith(".jpg", name, StringComparison.Ordinal);
    }

    // An object that has the text properties of all the module's objects.
    private static PSObject HostileObject()
    {
        var item = new PSObject();
        foreach (string name in (string[])[
            "Path", "FullName", "PhotoPath", "Name", "Label", "ReferenceLabel", "WordNetId", "Model", "ReferenceModel", "Map", "Gloss",
            "Source",
            "Type", "ActivationLayer", "PoolingLayer", "ClassifierLayer", "Contrast", "Precision"])
        {
            item.Properties.Add(new PSNoteProperty(name, Hostile));
        }

        foreach (string name in (string[])["Synonyms", "Inputs", "Parents"])
        {
            item.Properties.Add(new PSNoteProperty(name, new[] { "harmless", Hostile }));
        }

        return item;
    }

    /// <summary>
    /// A copy of the 8-bit network with other labels: its metadata's entry gets another key, and a new one goes behind the
    /// rest.
    /// </summary>
    private string NetworkWithLabels(string[] labels)
    {
        string models = Path.Combine(TestPaths.Root, "models");
        string path = _folder.File("ResNet50-Int8.onnx");
        File.Copy(Path.Combine(models, "ResNet50-Int8.onnx.data"), _folder.File("ResNet50-Int8.onnx.data"));
        byte[] network = File.ReadAllBytes(Path.Combine(models, "ResNet50-Int8.onnx"));
        network.AsSpan(network.AsSpan().IndexOf("\u0006labels\u0012"u8) + 1)[0] = (byte)'x';
        string all = string.Join('\n', Enumerable.Range(0, 1000).Select(i => i < labels.Length ? labels[i] : $"class {i}"));
        byte[] entry = [.. Field(1, "labels"u8), .. Field(2, Encoding.UTF8.GetBytes(all))];
        File.WriteAllBytes(path, [.. network, .. Field(14, entry)]);
        return path;
    }

    // A field of bytes in protobuf's encoding.
    private static byte[] Field(int number, ReadOnlySpan<byte> content)
    {
        var field = new List<byte> { (byte)(number << 3 | 2) };
        for (int length = content.Length; ; length >>= 7)
        {
            field.Add((byte)(length < 128 ? length : length & 127 | 128));
            if (length < 128)
            {
                return [.. field, .. content];
            }
        }
    }
}
