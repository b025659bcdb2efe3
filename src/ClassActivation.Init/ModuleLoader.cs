using System.Reflection;
using System.Runtime.Loader;

namespace ClassActivation.Init;

/// <summary>
/// What the module's script calls: loads the module's assemblies into the module's private load context, so that
/// their dependencies never meet those of other modules.
/// </summary>
public static class ModuleLoader
{
    private const string Core = "ClassActivation.Core";
    private const string Commands = "ClassActivation.Commands";

    private static int _isHooked;

    /// <summary>
    /// Loads the assemblies, and lets the default load context find them by name; once in a process, however many
    /// runspaces import the module.
    /// </summary>
    /// <returns>The assemblies that PowerShell imports: the one with the types, then the one with the cmdlets.</returns>
    /// <exception cref="IOException">An assembly is absent or cannot be read.</exception>
    /// <exception cref="BadImageFormatException">A file is not an assembly.</exception>
    public static Assembly[] Load()
    {
        if (Interlocked.Exchange(ref _isHooked, 1) == 0)
        {
            AssemblyLoadContext.Default.Resolving += static (_, name) =>
                name.Name is Core or Commands ? ModuleLoadContext.Instance.LoadFromAssemblyName(name) : null;
        }

        return
        [
            ModuleLoadContext.Instance.LoadFromAssemblyName(new AssemblyName(Core)),
            ModuleLoadContext.Instance.LoadFromAssemblyName(new AssemblyName(Commands)),
        ];
    }
}
