using System.Management.Automation;
using System.Runtime.Loader;

namespace ClassActivation.Init;

/// <summary>
/// Runs when PowerShell imports the module: lets the module's own assemblies be found by name, each in the
/// module's private load context, so that its dependencies never meet those of other modules.
/// </summary>
public sealed class ModuleInitializer : IModuleAssemblyInitializer
{
    private static int _isHooked;

    /// <summary>Hooks the default load context, once in a process however many runspaces import the module.</summary>
    public void OnImport()
    {
        if (Interlocked.Exchange(ref _isHooked, 1) == 0)
        {
            AssemblyLoadContext.Default.Resolving += static (_, name) =>
                name.Name is "ClassActivation.Core" or "ClassActivation.Commands"
                    ? ModuleLoadContext.Instance.LoadFromAssemblyName(name)
                    : null;
        }
    }
}
