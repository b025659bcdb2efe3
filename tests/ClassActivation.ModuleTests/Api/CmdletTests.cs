using System.Globalization;
using System.Management.Automation;
using System.Text;
using Xunit;

namespace ClassActivation.ModuleTests.Api;

/// <summary>A cmdlet or parameter changes only when someone means it: 'build.ps1 -Task Approve' records it.</summary>
public sealed class CmdletTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void Cmdlets_and_parameters_are_the_approved_ones()
    {
        string current = string.Concat(_engine.Run("Get-Command -Module ClassActivation")
            .Select(static c => (CmdletInfo)c.BaseObject)
            .OrderBy(static c => c.Name, StringComparer.Ordinal)
            .Select(Describe));
        string path = Path.Combine(TestPaths.Root, "tests", "ClassActivation.ModuleTests", "Api", "Cmdlets.approved.txt");

        if (Environment.GetEnvironmentVariable("CLASSACTIVATION_APPROVE_API") is not null)
        {
            File.WriteAllText(path, current);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), current);
    }

    private static string Describe(CmdletInfo cmdlet)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{cmdlet.Name} -> {string.Join(", ", cmdlet.OutputType.Select(static t => t.Name))}\n");
        foreach (CommandParameterSetInfo set in cmdlet.ParameterSets.OrderBy(static s => s.Name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {set.Name}{(set.IsDefault ? " (default)" : "")}\n");
            foreach (CommandParameterInfo parameter in set.Parameters
                .Where(static p => !Cmdlet.CommonParameters.Contains(p.Name))
                .OrderBy(static p => p.Name, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"    -{parameter.Name} <{parameter.ParameterType}>{Traits(parameter)}\n");
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Traits(CommandParameterInfo parameter)
    {
        var traits = new List<string>();
        if (parameter.IsMandatory)
        {
            traits.Add("mandatory");
        }

        if (parameter.Position >= 0)
        {
            traits.Add($"position {parameter.Position}");
        }

        if (parameter.ValueFromPipeline)
        {
            traits.Add("from the pipeline");
        }

        if (parameter.ValueFromPipelineByPropertyName)
        {
            traits.Add("from a property");
        }

        if (parameter.Aliases.Count > 0)
        {
            traits.Add("alias " + string.Join(", ", parameter.Aliases.Order(StringComparer.Ordinal)));
        }

        return string.Concat(traits.Select(static t => "; " + t));
    }
}
