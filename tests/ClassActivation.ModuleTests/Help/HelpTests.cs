using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace ClassActivation.ModuleTests.Help;

/// <summary>What <c>Get-Help</c> shows is complete, true to the code, and runs.</summary>
public sealed partial class HelpTests : IDisposable
{
    private readonly Engine _engine = new();
    private readonly CmdletInfo[] _cmdlets;

    public HelpTests()
    {
        _cmdlets =
        [
            .. _engine.Run("Get-Command -Module ClassActivation").Select(static c => (CmdletInfo)c.BaseObject)
                .OrderBy(static c => c.Name, StringComparer.Ordinal)
        ];
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void The_help_file_is_up_to_date()
    {
        string path = Path.Combine(TestPaths.Root, "en-US", "ClassActivation.Commands.dll-Help.xml");
        var docs = new XmlDocs(Path.Combine(Path.GetDirectoryName(TestPaths.Manifest)!, "bin"));

        string current = new HelpWriter(docs).Write(_cmdlets, HelpPage.ReadAll());

        if (Environment.GetEnvironmentVariable("CLASSACTIVATION_UPDATE_HELP") is not null)
        {
            File.WriteAllText(path, current);
        }

        Assert.True(
            File.Exists(path) && File.ReadAllText(path).ReplaceLineEndings("\n") == current,
            "Run 'build.ps1 -Task Help', and commit the help file.");
    }

    [Fact]
    public void GetHelp_shows_every_cmdlet_whole()
    {
        Assert.NotEmpty(_cmdlets);
        foreach (CmdletInfo cmdlet in _cmdlets)
        {
            PSObject help = Help(cmdlet.Name);

            Assert.Equal("MamlCommandHelpInfo", help.TypeNames[0].Split('#')[0]);
            Assert.EndsWith(".", Text(help, "Synopsis"), StringComparison.Ordinal);
            foreach (string section in (string[])["description", "alertSet.alert", "inputTypes.inputType", "returnValues.returnValue", "relatedLinks.navigationLink"])
            {
                Assert.True(Items(help, section).Any(), $"{cmdlet.Name} has no {section}.");
            }

            PSObject[] examples = [.. Items(help, "examples.example")];
            Assert.True(examples.Length >= 5, $"{cmdlet.Name} has {examples.Length} examples.");
            Assert.All(examples, static example => Assert.NotEqual("", Text(example, "code")));
            Assert.Equal(cmdlet.ParameterSets.Count, Items(help, "syntax.syntaxItem").Count());
        }
    }

    [Fact]
    public void GetHelp_shows_every_parameter_as_the_code_has_it()
    {
        foreach (CmdletInfo cmdlet in _cmdlets)
        {
            Dictionary<string, PSObject> shown = Items(Help(cmdlet.Name), "parameters.parameter").ToDictionary(static p => Text(p, "name"));
            PropertyInfo[] properties =
            [
                .. cmdlet.ImplementingType.GetProperties().Where(static p => p.IsDefined(typeof(ParameterAttribute)))
            ];

            Assert.Equal(
                properties.Select(static p => p.Name).Concat(shown.Keys.Intersect(["WhatIf", "Confirm"])).Order(),
                shown.Keys.Order());
            Assert.Equal(cmdlet.Parameters.ContainsKey("WhatIf"), shown.ContainsKey("WhatIf"));
            object instance = Activator.CreateInstance(cmdlet.ImplementingType)!;
            foreach (PropertyInfo property in properties)
            {
                PSObject parameter = shown[property.Name];
                ParameterAttribute[] sets = [.. property.GetCustomAttributes<ParameterAttribute>()];
                string name = $"{cmdlet.Name} -{property.Name}";

                Assert.True(Items(parameter, "description").Any(), name);
                Assert.Equal((name, sets.All(static s => s.Mandatory)), (name, bool.Parse(Text(parameter, "required"))));
                Assert.Equal(
                    (name, property.IsDefined(typeof(SupportsWildcardsAttribute))), (name, bool.Parse(Text(parameter, "globbing"))));
                Assert.Equal(
                    (name, sets.Any(static s => s.ValueFromPipeline)),
                    (name, Text(parameter, "pipelineInput").Contains("ByValue", StringComparison.Ordinal)));
                Assert.Equal(
                    (name, sets.Any(static s => s.ValueFromPipelineByPropertyName)),
                    (name, Text(parameter, "pipelineInput").Contains("ByPropertyName", StringComparison.Ordinal)));
                int position = sets.Max(static s => s.Position);
                Assert.Equal((name, position < 0 ? "named" : $"{position}"), (name, Text(parameter, "position")));
                Assert.Equal(
                    (name, string.Join(", ", property.GetCustomAttribute<AliasAttribute>()?.AliasNames ?? ["none"])),
                    (name, Text(parameter, "aliases")));
                Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
                Assert.Equal((name, type.Name), (name, Text((PSObject)parameter.Properties["type"].Value, "name")));
                AssertDefault(name, property.GetValue(instance), type, sets, Text(parameter, "defaultValue"));
            }
        }
    }

    [Fact]
    public void Related_links_lead_somewhere()
    {
        string[] pages = [.. HelpPage.ReadAll().Select(static page => page.Name)];
        string[] topics =
        [
            .. Directory.EnumerateFiles(Path.Combine(TestPaths.Root, "en-US"), "about_*")
                .Select(static f => Path.GetFileName(f).Split('.')[0])
        ];

        Assert.All(HelpPage.ReadAll().SelectMany(static page => page.Links), link => Assert.Contains(link, pages.Concat(topics)));
    }

    [Theory]
    [InlineData("about_ClassActivation")]
    [InlineData("about_ClassActivation_Batch")]
    [InlineData("about_ClassActivation_Devices")]
    [InlineData("about_ClassActivation_Models")]
    [InlineData("about_ClassActivation_Parity")]
    public void About_topics_are_found_and_fit_80_columns(string topic)
    {
        string[] lines = _engine.Run<string>($"Get-Help {topic}").ReplaceLineEndings("\n").Split('\n');

        Assert.Equal(["TOPIC", "    " + topic, "", "SHORT DESCRIPTION"], lines[..4]);
        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void The_list_of_errors_is_complete()
    {
        Dictionary<string, string> listed = ListedError()
            .Matches(_engine.Run<string>("Get-Help about_ClassActivation").ReplaceLineEndings("\n"))
            .ToDictionary(static m => m.Groups[1].Value, static m => m.Groups[2].Value);

        foreach ((string id, string category) in ErrorsOfTheCode())
        {
            Assert.True(listed.TryGetValue(id, out string? shown), $"about_ClassActivation does not list {id} ({category}).");
            Assert.Equal((id, category), (id, shown));
        }
    }

    private static void AssertDefault(string name, object? value, Type type, ParameterAttribute[] sets, string shown)
    {
        if (value is int processors && processors == Environment.ProcessorCount && name.EndsWith("ThrottleLimit", StringComparison.Ordinal))
        {
            Assert.Equal("The number of processors", shown);
        }
        else if (shown == "None")
        {
            bool isEmpty = value is null || (value is ICollection { Count: 0 }) || (value is string { Length: 0 });
            Assert.True(isEmpty || sets.All(static s => s.Mandatory) || $"{value}" == "None", $"{name} has the default {value}.");
        }
        else if (value is Array values)
        {
            Assert.Equal((name, string.Join(", ", values.Cast<object>())), (name, shown));
        }
        else
        {
            Assert.Equal((name, value), (name, LanguagePrimitives.ConvertTo(type == typeof(SwitchParameter) ? bool.Parse(shown) : shown, type, CultureInfo.InvariantCulture)));
        }
    }

    // Ids written out in the source, and those made of a failure's name.
    private IEnumerable<(string Id, string Category)> ErrorsOfTheCode()
    {
        string source = File.ReadAllText(Path.Combine(TestPaths.Root, "src", "ClassActivation.Commands", "CamErrors.cs"));
        foreach (Match match in WrittenId().Matches(source))
        {
            yield return (match.Groups[1].Value, match.Groups[2].Value);
        }

        Type errors = _cmdlets[0].ImplementingType.Assembly.GetType("ClassActivation.Commands.CamErrors", throwOnError: true)!;
        foreach (string factory in (string[])["Photo", "Model", "Picture"])
        {
            MethodInfo method = errors.GetMethod(factory)!;
            ConstructorInfo exception = method.GetParameters()[0].ParameterType.GetConstructors().Single();
            foreach (object failure in Enum.GetValues(exception.GetParameters()[0].ParameterType))
            {
                object?[] arguments =
                [
                    failure, .. exception.GetParameters().Skip(1).Select(static p => p.ParameterType == typeof(string) ? "x" : null)
                ];
                var record = (ErrorRecord)method.Invoke(
                    null, [exception.Invoke(arguments), .. method.GetParameters().Skip(1).Select(static _ => "x")])!;
                yield return (record.FullyQualifiedErrorId, record.CategoryInfo.Category.ToString());
            }
        }
    }

    private PSObject Help(string cmdlet) => _engine.Run($"Get-Help {cmdlet} -Full").Single();

    private static string Text(PSObject item, string name) => item.Properties[name]?.Value?.ToString()?.Trim() ?? "";

    // The items at a path of properties; help has one item as itself, and several as an array.
    private static IEnumerable<PSObject> Items(PSObject item, string path) => path.Split('.').Aggregate(
        (IEnumerable<PSObject>)[item],
        static (items, name) => items.SelectMany(i => LanguagePrimitives.GetEnumerable(i.Properties[name]?.Value)?.Cast<object>()
            ?? (i.Properties[name]?.Value is { } single ? [single] : []))
            .Select(PSObject.AsPSObject));

    [GeneratedRegex(@"""([A-Z]\w+)"",\s*ErrorCategory\.(\w+)")]
    private static partial Regex WrittenId();

    [GeneratedRegex(@"^ {4}(\w+) \((\w+)\)$", RegexOptions.Multiline)]
    private static partial Regex ListedError();

}
