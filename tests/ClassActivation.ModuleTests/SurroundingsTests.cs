using System.Diagnostics;
using System.Management.Automation;
using System.Runtime.Versioning;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>Permissions, folders and clocks that are not as they should be.</summary>
public sealed class SurroundingsTests : IDisposable
{
    private static readonly string ChelseaLabel = $"(Get-Prediction '{TestPaths.Sample("chelsea.png")}' -Top 1).Label";

    private readonly TestFolder _folder = new();

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode All = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            foreach (string folder in Directory.GetDirectories(_folder.Path))
            {
                File.SetUnixFileMode(folder, All);
            }
        }

        _folder.Dispose();
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public async Task What_may_not_be_read_or_written_is_an_error_that_names_it()
    {
        Skip.If(OperatingSystem.IsWindows(), "The test sets Unix permissions.");
        string secret = _folder.Copy("chelsea.png", "secret.png");
        string open = _folder.Copy("coffee.png", "open.png");
        string readOnly = Directory.CreateDirectory(_folder.File("read-only")).FullName;
        string hidden = Directory.CreateDirectory(_folder.File("hidden")).FullName;
        File.SetUnixFileMode(secret, UnixFileMode.None);
        File.SetUnixFileMode(hidden, UnixFileMode.None);
        File.SetUnixFileMode(
            readOnly, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        foreach (string name in new[] { "ResNet50-Int8.onnx", "ResNet50-Int8.onnx.data" })
        {
            File.Copy(Path.Combine(TestPaths.Root, "models", name), _folder.File(name));
        }

        File.SetUnixFileMode(_folder.File("ResNet50-Int8.onnx.data"), UnixFileMode.None);
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);

        ChildEngine.Result result = await RunUnprivileged(
            $$"""
            $maps = '{{secret}}', '{{open}}' | Get-ClassActivationMap
            $maps.Label
            $maps | Export-CamOverlay '{{readOnly}}'
            $maps | Export-CamOverlay '{{readOnly}}/new'
            Get-CamModel '{{_folder.File("ResNet50-Int8.onnx")}}' | ForEach-Object Name
            try { Get-Prediction '{{open}}' -Model '{{_folder.File("ResNet50-Int8.onnx")}}' } catch { $_.FullyQualifiedErrorId.Split(',')[0] }
            """);

        Assert.Equal(["espresso", "ResNet50-Int8", "ModelAccessDenied"], result.Output);
        Assert.Equal(["PhotoAccessDenied", "FileNotWritten", "FileNotWritten"], result.Errors.Select(static line => line.Split(' ')[1]));
        Assert.Contains(secret, result.Errors[0], StringComparison.Ordinal);

        result = await RunUnprivileged("Get-CamModel", ("CLASSACTIVATION_MODELS", hidden));
        Assert.Equal("ModelAccessDenied", Assert.Single(result.Errors).Split(' ')[1]);
    }

    [SkippableFact]
    public async Task A_user_without_a_home_can_use_a_module_that_nobody_may_write()
    {
        Skip.If(OperatingSystem.IsWindows(), "A user of Windows has a profile.");

        ChildEngine.Result result = await RunUnprivileged(ChelseaLabel, ("HOME", "/no/such/home"), ("TMPDIR", "/no/such/folder"));

        Assert.Empty(result.Errors);
        Assert.Equal(["Egyptian_cat"], result.Output);
    }

    [Fact]
    public async Task Nothing_but_the_cache_is_written_into_the_users_folders()
    {
        ChildEngine.Result result = await ChildEngine.Run(
            ChelseaLabel,
            [("HOME", _folder.Path), ("XDG_CACHE_HOME", _folder.File("cache")), ("CLASSACTIVATION_CACHE", _folder.File("optimized"))]);

        Assert.Empty(result.Errors);
        Assert.Equal(["Egyptian_cat"], result.Output);
        Assert.DoesNotContain(
            Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories),
            static file => file.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase));
    }

    [SkippableFact]
    public async Task A_missing_folder_for_temporary_files_is_named()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has other variables.");
        string model = Path.Combine(TestPaths.Root, "models", "ResNet50.recipe.json");

        ChildEngine.Result result = await ChildEngine.Run(
            $"ConvertTo-CamModel -RecipePath '{model}' -PackagePath '{model}' -DestinationPath '{_folder.File("out.onnx")}'",
            [("TMPDIR", "/no/such/folder")]);

        Assert.Contains("ConversionNotWritten", Assert.Single(result.Errors), StringComparison.Ordinal);
        Assert.Contains("'/no/such/folder/'", result.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_read_only_cache_and_times_in_the_future_do_no_harm()
    {
        (string, string?)[] cache = [("CLASSACTIVATION_CACHE", _folder.File("cache"))];
        string script = ChelseaLabel.Replace("-Top", "-Model ResNet50-Int8 -Top", StringComparison.Ordinal);
        Assert.Equal(["Egyptian_cat"], (await ChildEngine.Run(script, cache)).Output);
        string entry = Assert.Single(Directory.GetDirectories(_folder.File("cache")));
        DateTime future = DateTime.UtcNow.AddYears(10);
        foreach (string file in Directory.GetFiles(entry))
        {
            File.SetLastWriteTimeUtc(file, future);
            File.SetAttributes(file, FileAttributes.ReadOnly);
        }

        Directory.SetLastWriteTimeUtc(entry, future);

        ChildEngine.Result result = await ChildEngine.Run(script, cache);

        Assert.Empty(result.Errors);
        Assert.Equal(["Egyptian_cat"], result.Output);
        Assert.Equal([entry], Directory.GetDirectories(_folder.File("cache")));
        Assert.True(Directory.GetLastWriteTimeUtc(entry) < future);
    }

    [Fact]
    public void A_photo_that_is_gone_cut_or_replaced_before_it_is_drawn_is_an_error_and_the_others_go_on()
    {
        string[] photos =
        [
            _folder.Copy("chelsea.png", "gone.png"),
            _folder.Copy("coffee.png", "cut.png"),
            _folder.Copy("coffee.png", "other.png"),
            _folder.Copy("coffee.png", "same.png")
        ];
        using var engine = new Engine();
        engine.Run("$maps = Get-ClassActivationMap $photos", ("photos", photos));
        File.Delete(photos[0]);
        File.WriteAllBytes(photos[1], File.ReadAllBytes(photos[1])[..100_000]);
        File.Copy(TestPaths.Sample("flower.jpg"), photos[2], overwrite: true);

        IReadOnlyList<PSObject> pictures = engine.Run("$maps | Export-CamOverlay $out", ("out", _folder.File("out")));
        Assert.Equal(photos[3], Assert.Single(pictures).Properties["PhotoPath"].Value);
        Assert.Equal(
            ["PhotoNotFound", "PhotoTruncated", "PhotoChanged"], engine.Errors.Select(static e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.Equal(photos[..3], engine.Errors.Select(static e => e.TargetObject));

        engine.Run("$maps[1..3] | Export-CamSheet $out/sheet.jpg");
        Assert.Equal(["PhotoTruncated", "PhotoChanged"], engine.Errors.Select(static e => e.FullyQualifiedErrorId.Split(',')[0]));
    }

    [Fact]
    public void A_photo_replaced_by_one_of_its_size_before_it_is_drawn_is_an_error()
    {
        string photo = _folder.Copy("chelsea.png", "photo.png");
        using var engine = new Engine();
        engine.Run("$map = Get-ClassActivationMap $photo; $map | Export-CamOverlay $photo-out", ("photo", photo));
        Assert.Empty(engine.Errors);
        engine.Run("Get-ClassActivationMap $photo | Export-CamOverlay $photo-other -Layout Heatmap -Format Png");
        File.Copy(Directory.GetFiles($"{photo}-other").Single(), photo, overwrite: true);

        Assert.Empty(engine.Run("$map | Export-CamOverlay $photo-out -MaxPixels 1000000"));

        Assert.Equal("PhotoChanged", Assert.Single(engine.Errors).FullyQualifiedErrorId.Split(',')[0]);
        Assert.Single(engine.Run("Get-ClassActivationMap $photo | Export-CamOverlay $photo-out"));
    }

    [Fact]
    public void A_photo_that_goes_away_while_the_run_goes_on_is_an_error_in_its_place()
    {
        string[] photos = [.. Enumerable.Range(0, 12).Select(i => _folder.Copy("chelsea.png", $"{i}.png"))];
        using var engine = new Engine();

        IReadOnlyList<PSObject> labels = engine.Run(
            "$photos | Get-Prediction -Top 1 -ThrottleLimit 2 -Resolution 64 | ForEach-Object {"
            + " [System.IO.File]::Delete($photos[11]); $_.Label }", ("photos", photos));

        Assert.Equal(11, labels.Count);
        Assert.Equal(photos[11], Assert.Single(engine.Errors).TargetObject);
    }

    /// <summary>Runs a script as a user whom permissions bind.</summary>
    private static async Task<ChildEngine.Result> RunUnprivileged(string script, params (string, string?)[] environment)
    {
        string[] through = [];
        if (Environment.IsPrivilegedProcess)
        {
            through = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
            Skip.IfNot(await CanRun([.. through, "dotnet", "--list-runtimes"]), "There is no other user to run the module as.");
            Skip.IfNot(await CanRun([.. through, "cat", TestPaths.Manifest]), "Other users may not read the checkout.");
        }

        return await ChildEngine.Run(script, [("DOTNET_CLI_HOME", Path.GetTempPath()), .. environment], through);
    }

    private static async Task<bool> CanRun(string[] command)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync(), process.WaitForExitAsync());
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
