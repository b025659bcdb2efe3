using System.Diagnostics;
using System.Runtime.InteropServices;
using ClassActivation.Tests.Quantization;

namespace ClassActivation.Tests.Hostile;

/// <summary>Native libraries that cannot be loaded, in processes that have a broken copy of them.</summary>
public sealed class NativeLibraryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("libonnxruntime.so", "missing", "'onnxruntime' cannot be loaded: ", "No such file or directory")]
    [InlineData("libonnxruntime.so", "text", "'onnxruntime' cannot be loaded: ", "libonnxruntime.so: ")]
    [InlineData("libonnxruntime.so", "cut off", "'onnxruntime' cannot be loaded: ", "libonnxruntime.so: file too short")]
    [InlineData("libSkiaSharp.so", "missing", "'libSkiaSharp' cannot be loaded: ", "No such file or directory")]
    [InlineData("libSkiaSharp.so", "text", "'libSkiaSharp' cannot be loaded: ", "libSkiaSharp.so: ")]
    [InlineData("libSkiaSharp.so", "cut off", "'libSkiaSharp' cannot be loaded: ", "libSkiaSharp.so: file too short")]
    public void A_broken_library_is_named_with_the_systems_reason(string library, string damage, string named, string reason)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Libraries have other names elsewhere.");
        string network = _folder.File("net.onnx");
        ResidualNetwork.Write(network);
        string program = CopyOfThisProgram(library, damage);

        string[] lines = Run("natives", program, network, Path.Combine(AppContext.BaseDirectory, "samples", "chelsea.png"));

        bool isRuntime = library == "libonnxruntime.so";
        Assert.Equal(4, lines.Length);
        Assert.All(isRuntime ? lines[2..] : lines[..2], static line => Assert.Equal("works", line));
        Assert.All(isRuntime ? lines[..2] : lines[2..], line =>
        {
            Assert.StartsWith("NativeLibraryException: The native library " + named, line, StringComparison.Ordinal);
            Assert.EndsWith(".", line, StringComparison.Ordinal);
            Assert.DoesNotContain("type initializer", line, StringComparison.Ordinal);
            Assert.DoesNotContain("strace", line, StringComparison.Ordinal);
        });
        Assert.Contains(reason, isRuntime ? lines[0] : lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Other_exceptions_are_nobodys_library()
    {
        Assert.False(NativeLibraryException.TryFind(new InvalidOperationException("x", new IOException("y")), out _));
        Assert.False(NativeLibraryException.TryFind(new DllNotFoundException("Unable to load DLL 'other'"), out _));
    }

    [Fact]
    public void What_Windows_says_of_a_missing_runtime_of_visual_c_is_kept()
    {
        var cause = new DllNotFoundException(
            "Unable to load DLL 'onnxruntime' or one of its dependencies: The specified module could not be found. (0x8007007E)");

        Assert.True(
            NativeLibraryException.TryFind(
                new TypeInitializationException("Microsoft.ML.OnnxRuntime.NativeMethods", cause), out NativeLibraryException? found));

        Assert.Equal("onnxruntime", found.Library);
        Assert.Contains("The specified module could not be found. (0x8007007E)", found.Message, StringComparison.Ordinal);
    }

    /// <summary>This program with one of its libraries damaged.</summary>
    private string CopyOfThisProgram(string library, string damage)
    {
        string copy = Directory.CreateDirectory(_folder.File("copy")).FullName;
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        string natives = Path.Combine(
            "runtimes", $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "native");
        Directory.CreateDirectory(Path.Combine(copy, natives));
        foreach (string name in new[] { "libonnxruntime.so", "libSkiaSharp.so" })
        {
            string target = Path.Combine(copy, natives, name), source = Path.Combine(AppContext.BaseDirectory, natives, name);
            switch (name == library ? damage : "")
            {
                case "missing":
                    break;
                case "text":
                    File.WriteAllText(target, new string('x', 10_000));
                    break;
                case "cut off":
                    File.WriteAllBytes(target, File.ReadAllBytes(source)[..20]);
                    break;
                default:
                    File.CreateSymbolicLink(target, source);
                    break;
            }
        }

        return Path.Combine(copy, Path.GetFileName(typeof(ChildProgram).Assembly.Location));
    }

    private static string[] Run(string command, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet", [program, command, .. arguments])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        (int exitCode, string output) = ChildProgram.Finish(Process.Start(start)!);
        Assert.True(exitCode == 0, output);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }
}
