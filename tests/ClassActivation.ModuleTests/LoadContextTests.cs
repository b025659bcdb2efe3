using System.Management.Automation;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>The module keeps its dependencies to itself and can be imported in every way.</summary>
public sealed class LoadContextTests
{
    [Fact]
    public void Our_types_resolve_by_name_and_our_dependencies_do_not()
    {
        using var engine = new Engine();

        Assert.Equal("ClassActivation.Core", engine.Run<string>("[ClassActivation.Maps.ClassActivationMap].Assembly.GetName().Name"));
        Assert.Equal(
            "ClassActivation.Commands", engine.Run<string>("[ClassActivation.Commands.GetPredictionCommand].Assembly.GetName().Name"));
        Assert.Equal("TypeNotFound", engine.RunToError("[Microsoft.ML.OnnxRuntime.SessionOptions]").FullyQualifiedErrorId);
        Assert.Equal("TypeNotFound", engine.RunToError("[SkiaSharp.SKBitmap]").FullyQualifiedErrorId);
    }

    [Fact]
    public void The_assemblies_are_in_the_modules_own_context()
    {
        using var engine = new Engine();

        Assert.Equal(
            "ClassActivation",
            engine.Run<string>("[System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext([ClassActivation.Commands.GetPredictionCommand].Assembly).Name"));
        Assert.Equal(
            "ClassActivation",
            engine.Run<string>(
                "[System.Runtime.Loader.AssemblyLoadContext]::GetLoadContext([ClassActivation.Maps.Prediction].Assembly).Name"));
    }

    [Fact]
    public void Importing_again_by_force_and_after_removal_works()
    {
        using var engine = new Engine();
        const string Predict = "(Get-Prediction $photo -Top 1).Label";
        (string, object?) photo = ("photo", TestPaths.Sample("chelsea.png"));

        Assert.Equal("Egyptian_cat", engine.Run<string>(Predict, photo));
        engine.Run("Import-Module $manifest -Force", ("manifest", TestPaths.Manifest));
        Assert.Equal("Egyptian_cat", engine.Run<string>(Predict, photo));
        engine.Run("Remove-Module ClassActivation");
        Assert.Equal("CommandNotFoundException", engine.RunToError(Predict, photo).FullyQualifiedErrorId);
        engine.Run("Import-Module $manifest", ("manifest", TestPaths.Manifest));
        Assert.Equal("Egyptian_cat", engine.Run<string>(Predict, photo));
    }

    [Fact]
    public void The_manifest_exports_what_there_is()
    {
        using var engine = new Engine();

        string[] commands = [.. engine.Run("(Get-Command -Module ClassActivation).Name").Select(static c => c.ToString())];
        string[] exported = [.. engine.Run("(Get-Module ClassActivation).ExportedCmdlets.Keys").Select(static c => c.ToString())];
        string[] classes =
        [
            .. engine.Run(
                "[ClassActivation.Commands.GetPredictionCommand].Assembly.GetTypes() | ForEach-Object {"
                + " $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) } | ForEach-Object {"
                + " \"$($_.VerbName)-$($_.NounName)\" }").Select(static c => c.ToString())
        ];

        Assert.Equal(classes.Order(), exported.Order());
        Assert.Equal(classes.Order(), commands.Order());
    }

    [Fact]
    public async Task Two_runspaces_at_once_share_one_session()
    {
        Task<(string Label, bool IsLoaded)>[] tasks = [.. Enumerable.Range(0, 4).Select(static i => Task.Run(() =>
        {
            using var engine = new Engine();
            string photo = TestPaths.Sample(i % 2 == 0 ? "chelsea.png" : "coffee.png");
            return (
                engine.Run<string>("(Get-Prediction $photo -Top 1).Label", ("photo", photo)),
                engine.Run<bool>("(Get-CamModel ResNet50).IsLoaded"));
        }))];

        (string Label, bool IsLoaded)[] results = await Task.WhenAll(tasks);

        Assert.Equal(["Egyptian_cat", "espresso", "Egyptian_cat", "espresso"], results.Select(static r => r.Label));
        Assert.All(results, static r => Assert.True(r.IsLoaded));
    }

    [Fact]
    public void An_object_of_one_runspace_works_in_another()
    {
        using var first = new Engine();
        using var second = new Engine();
        using var folder = new TestFolder();
        PSObject map = first.Run("Get-ClassActivationMap $photo", ("photo", TestPaths.Sample("chelsea.png"))).Single();

        Assert.Equal(
            "chelsea.Egyptian_cat.cam.jpg",
            second.Run<string>("($map | Export-CamOverlay $folder).Name", ("map", map), ("folder", folder.Path)));
    }
}
