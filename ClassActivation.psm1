# Core and Commands live in a load context of their own, which meets nobody else's: docs/architecture.md, "Load contexts".
# The manifest's RequiredAssemblies has loaded Init, which knows it.
Import-Module -Assembly ([ClassActivation.Init.ModuleLoader]::Load())
# An import by force removes this module alone, and would find the inner ones there and export nothing (PowerShell's issue 20710).
$ExecutionContext.SessionState.Module.OnRemove = { Get-Module -All dynamic_code_module_ClassActivation.* | Remove-Module -Force }
