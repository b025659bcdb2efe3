using System.Management.Automation;

namespace ClassActivation.ModuleTests;

/// <summary>The test program started by itself is an engine that runs one script: the other end of <see cref="ChildEngine"/>.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        using var engine = new Engine();
        try
        {
            foreach (PSObject item in engine.Run(arguments[0]))
            {
                Console.WriteLine(item);
            }
        }
        catch (RuntimeException e)
        {
            Write("terminating", e.ErrorRecord);
            return 1;
        }
        finally
        {
            foreach (ErrorRecord error in engine.Errors)
            {
                Write("error", error);
            }
        }

        return 0;
    }

    private static void Write(string kind, ErrorRecord error) =>
        Console.Error.WriteLine(
            $"{kind} {error.FullyQualifiedErrorId.Split(',')[0]} {error.CategoryInfo.Category} {error.TargetObject}:"
            + $" {error.ErrorDetails?.Message ?? error.ToString()}");
}
