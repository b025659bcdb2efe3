using System.Reflection;
using System.Runtime.Loader;

namespace ClassActivation.Init;

/// <summary>The load context that holds the module's assemblies and everything they depend on.</summary>
internal sealed class ModuleLoadContext : AssemblyLoadContext
{
    public static readonly ModuleLoadContext Instance = new();

    private readonly AssemblyDependencyResolver _resolver;

    private ModuleLoadContext()
        : base("ClassActivation")
    {
        string folder = Path.GetDirectoryName(typeof(ModuleLoadContext).Assembly.Location)!;
        _resolver = new AssemblyDependencyResolver(Path.Combine(folder, "ClassActivation.Commands.dll"));
    }

    protected override Assembly? Load(AssemblyName assemblyName) =>
        _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}
