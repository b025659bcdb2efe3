#:property PublishAot=false
#:package Microsoft.PowerShell.SDK

// PowerShell for a machine that has only the .NET SDK; the arguments are those of pwsh.
//
//   dotnet run tools/pwsh.cs -- build.ps1 -Task Demo
//   dotnet run tools/pwsh.cs -- -Command "Get-ChildItem *.jpg | Format-List"
//   dotnet run tools/pwsh.cs                                    (a prompt)

SetUnlessSet("POWERSHELL_TELEMETRY_OPTOUT", "1");
SetUnlessSet("POWERSHELL_UPDATECHECK", "Off");
if (Console.IsOutputRedirected || Console.IsErrorRedirected)
{
    // PowerShell writes colours into files and logs too.
    SetUnlessSet("NO_COLOR", "1");
}

if (OperatingSystem.IsWindows())
{
    // A released PowerShell has a configuration file that says so; without one Windows runs no scripts.
    SetUnlessSet("PSExecutionPolicyPreference", "RemoteSigned");
}

return Microsoft.PowerShell.UnmanagedPSEntry.Start(args, args.Length);

static void SetUnlessSet(string variable, string value)
{
    if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
    {
        Environment.SetEnvironmentVariable(variable, value);
    }
}
