using ClassActivation.Commands;
using ClassActivation.Maps;
using PublicApiGenerator;

namespace ClassActivation.Tests.Api;

/// <summary>What scripts and programs rely on changes only when someone means it: 'build.ps1 -Task Approve' records it.</summary>
public sealed class PublicTypeTests
{
    [Theory]
    [InlineData(typeof(ClassActivationMap))]
    [InlineData(typeof(GetClassActivationMapCommand))]
    public void Public_types_are_the_approved_ones(Type type)
    {
        string current = type.Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false })
            .ReplaceLineEndings("\n");
        string path = Path.Combine(
            Locations.Repository(), "tests", "ClassActivation.Tests", "Api", $"{type.Assembly.GetName().Name}.approved.txt");

        if (Environment.GetEnvironmentVariable("CLASSACTIVATION_APPROVE_API") is not null)
        {
            File.WriteAllText(path, current);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), current);
    }
}
