# Core and Commands live in a load context of their own, which meets nobody else's: docs/architecture.md, "Load contexts".
# The manifest's RequiredAssemblies has loaded Init, which knows it.
Import-Module -Assembly ([ClassActivation.Init.ModuleLoader]::Load())
