using ClassActivation.Commands;

namespace ClassActivation.Tests.PowerShell;

/// <summary>Networks of other modules are found beside this one.</summary>
public sealed class ModelFoldersTests
{
    [Fact]
    public void The_newest_version_of_each_module_with_networks_is_found()
    {
        using var folder = new TemporaryFolder();
        foreach (string path in new[]
        {
            "ClassActivation/0.1.0/models", "ClassActivation.ResNet50/1.0.0/models", "ClassActivation.ResNet50/1.10.0/models",
            "ClassActivation.ResNet50/1.9.0/models", "ClassActivation.ResNet50/2.0.0", "ClassActivation.Formats/1.0.0",
            "ClassActivation.Mine/models",
            "ClassActivationElse/1.0.0/models", "Other/1.0.0/models",
        })
        {
            Directory.CreateDirectory(folder.File(path));
        }

        Assert.Equal(
            [folder.File("ClassActivation.Mine/models"), folder.File("ClassActivation.ResNet50/1.10.0/models")],
            ModelFolders.OfModules([folder.File("absent"), folder.Path, folder.Path]));
    }

    [Theory]
    [InlineData("modules/ClassActivation/0.1.0", "modules")]
    [InlineData("modules/ClassActivation", "modules")]
    [InlineData("out/ClassActivation", "out")]
    public void A_modules_container_is_above_its_version(string module, string container)
    {
        string root = Path.GetFullPath("root");

        Assert.Equal(Path.Combine(root, container), ModelFolders.ContainerOf(Path.Combine(root, module)));
    }
}
