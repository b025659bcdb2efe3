using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ClassActivation;

/// <summary>
/// The build of ONNX Runtime that the user puts in the place of the one that comes along, such as one that computes on a GPU.
/// </summary>
internal static class ChosenRuntime
{
    /// <summary>The environment variable that names the folder of the build, or its library.</summary>
    public const string Variable = "CLASSACTIVATION_ONNXRUNTIME";

    private const string Library = "onnxruntime";

    private static string FileName =>
        OperatingSystem.IsWindows() ? "onnxruntime.dll" : OperatingSystem.IsMacOS() ? "libonnxruntime.dylib" : "libonnxruntime.so";

    /// <summary>Lets the runtime's assembly find that build, where one is chosen; to be called before anything else of it is.</summary>
    public static void Use()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
        {
            OrtEnv.DisableDllImportResolver = true;
            NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly, (name, assembly, _) =>
                Path.GetFileNameWithoutExtension(name) == Library ? Load(chosen, assembly) : 0);
        }
    }

    private static nint Load(string chosen, Assembly assembly)
    {
        string path = Path.GetFullPath(Directory.Exists(chosen) ? Path.Combine(chosen, FileName) : chosen);
        if (!File.Exists(path))
        {
            throw new DllNotFoundException($"the variable {Variable} is '{chosen}', and there is no {FileName}");
        }

        if (!NativeLibrary.TryLoad(path, out nint library) || !NativeLibrary.TryGetExport(library, "OrtGetApiBase", out nint getBase))
        {
            throw new DllNotFoundException($"'{path}', which the variable {Variable} names, is no ONNX Runtime for this system");
        }

        // A library of an earlier version would be called in ways that it does not know.
        Version wanted = assembly.GetName().Version!;
        string version = VersionOf(getBase);
        return Version.TryParse(version, out Version? found) && found.Major == wanted.Major && found.Minor >= wanted.Minor
            ? library
            : throw new DllNotFoundException(
                $"'{path}', which the variable {Variable} names, is ONNX Runtime {version}, and {wanted.Major}.{wanted.Minor} or a later"
                + $" {wanted.Major} is needed");
    }

    // struct OrtApiBase { const OrtApi* (*GetApi)(uint32_t); const char* (*GetVersionString)(void); } of onnxruntime_c_api.h
    private static unsafe string VersionOf(nint getBase)
    {
        var api = (nint*)((delegate* unmanaged<nint>)getBase)();
        return Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)api[1])()) ?? "";
    }
}
