using System.Reflection;
using System.Runtime.Loader;

namespace ClassActivation.Init;

/// <summary>The load context that holds the module's assemblies and everything they depend on.</summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
    public static readonly ModuleLoadContext Instance = new();

    private readonly AssemblyDependencyResolver _resolver;
    private readonly string? _precompiledFolder;

    private ModuleLoadContext()
        : base("ClassActivation")
    {
        string folder = Path.GetDirectoryName(typeof(ModuleLoadContext).Assembly.Location)!;
        _resolver = new AssemblyDependencyResolver(Path.Combine(folder, "ClassActivation.Commands.dll"));
        _precompiledFolder = PrecompiledFolder.Find(folder);
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        PathOf(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private string? PathOf(AssemblyName assemblyName)
    {
        string? precompiled = _precompiledFolder is null ? null : Path.Combine(_precompiledFolder, assemblyName.Name + ".dll");
        return File.Exists(precompiled) ? precompiled : _resolver.ResolveAssemblyToPath(assemblyName);
    }
}
