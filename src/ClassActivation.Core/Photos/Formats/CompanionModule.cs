using System.Reflection;
using System.Runtime.Loader;

namespace ClassActivation.Photos.Formats;

/// <summary>Loads the reader of a companion module, with what it depends on, beside everything else in the process.</summary>
internal static class CompanionModule
{
    private static readonly object Loading = new();
    private static readonly Dictionary<string, IPictureReader> Loaded = new(StringComparer.Ordinal);

    /// <summary>The reader in an assembly: its one public class that is an <see cref="IPictureReader"/>.</summary>
    /// <param name="assembly">The full path of the assembly.</param>
    /// <exception cref="PictureReadException">There is none, or it does not work here.</exception>
    public static IPictureReader Load(string assembly)
    {
        lock (Loading)
        {
            if (!Loaded.TryGetValue(assembly, out IPictureReader? reader))
            {
                Loaded[assembly] = reader = Create(assembly);
            }

            return reader;
        }
    }

    private static IPictureReader Create(string assembly)
    {
        try
        {
            Type reader = new Context(assembly).LoadFromAssemblyPath(assembly).GetExportedTypes()
                .First(typeof(IPictureReader).IsAssignableFrom);
            return (IPictureReader)Activator.CreateInstance(reader)!;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Exception cause = (e as TargetInvocationException)?.InnerException ?? e;
            throw new PictureReadException(
                PictureReadFailure.NoReader,
                $"needs '{assembly}', which does not work here: {cause.GetBaseException().Message.Split('\n')[0].TrimEnd('.')}; install"
                + " the module in the version of ClassActivation",
                e);
        }
    }

    private sealed class Context(string assembly) : AssemblyLoadContext("ClassActivation.Formats")
    {
        private readonly AssemblyDependencyResolver _resolver = new(assembly);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == typeof(IPictureReader).Assembly.GetName().Name ? typeof(IPictureReader).Assembly
            : _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path)
            : null;

        protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
            _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
    }
}
