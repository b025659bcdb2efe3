using System.Diagnostics;
using ClassActivation.Import;
using ClassActivation.Import.Keras;
using ClassActivation.Inference;
using ClassActivation.Localization;
using ClassActivation.Networks;
using ClassActivation.Onnx;
using ClassActivation.Quantization;

namespace ClassActivation.Tests.Hostile;

/// <summary>Pipes and devices where files are wanted: an error at once, and no waiting for what nobody writes.</summary>
public sealed class PipeTests : IDisposable
{
    private static readonly Dictionary<string, Action<string>> Readers = new()
    {
        ["a network"] = static path => CamModel.Load(path),
        ["any ONNX file"] = static path => OnnxModelFile.Read(path),
        ["a model.json"] = static path => KerasNetworkConverter.Convert(path, path + ".onnx", new ImportOptions()),
        ["a recipe"] = static path => ModelRecipe.Read(path),
        ["ranges"] = static path => ActivationRanges.Read(path),
        ["true boxes"] = static path => GroundTruth.Read(path),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (string reader in Readers.Keys)
            {
                foreach (string kind in new[] { "pipe", "link to a pipe", "/dev/zero", "/dev/null" })
                {
                    cases.Add(reader, kind);
                }
            }

            return cases;
        }
    }

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public async Task A_pipe_or_a_device_is_an_error_at_once(string reader, string kind)
    {
        Skip.If(OperatingSystem.IsWindows(), "There are no such pipes and devices.");
        string path = Path(kind);

        Task<Exception?> reading = Task.Run(() => (Exception?)Record.Exception(() => Readers[reader](path)));

        Assert.Same(reading, await Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(20))));
        Exception error = Assert.IsAssignableFrom<Exception>(await reading);
        Assert.True(
            error is ModelException or ModelImportException or QuantizationException or IOException or InvalidDataException,
            error.ToString());
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_and_folders_are_neither()
    {
        File.WriteAllText(_folder.File("file"), "");
        Assert.False(FileStatus.IsPipeOrDevice(_folder.Path));
        Assert.False(FileStatus.IsPipeOrDevice(_folder.File("missing")));
        Assert.False(OperatingSystem.IsLinux() && FileStatus.IsPipeOrDevice(_folder.File("file")));
    }

    private string Path(string kind)
    {
        if (kind[0] == '/')
        {
            return kind;
        }

        string pipe = _folder.File("pipe");
        using Process make = Process.Start("mkfifo", [pipe]);
        make.WaitForExit();
        return kind == "pipe" ? pipe : File.CreateSymbolicLink(_folder.File("link"), pipe).FullName;
    }
}
