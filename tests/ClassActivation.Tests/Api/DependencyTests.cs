using System.Text.RegularExpressions;
using ClassActivation.Tests.Maps;

namespace ClassActivation.Tests.Api;

/// <summary>
/// The table of folders in docs/architecture.md declares which folder of the core uses which; here it is held against the code.
/// </summary>
public sealed partial class DependencyTests
{
    private static readonly string Core = Path.Combine(Figures.Root, "src", "ClassActivation.Core");

    [Fact]
    public void The_table_of_folders_names_the_dependencies_that_the_code_has()
    {
        string[] actual = [.. Actual().Select(static folder => $"{folder.Key}: {string.Join(", ", folder.Value)}")];

        string[] declared = [.. Declared().Select(static folder => $"{folder.Key}: {string.Join(", ", folder.Value)}")];

        Assert.Equal(declared, actual);
    }

    [Fact]
    public void No_folder_depends_on_itself_by_way_of_others()
    {
        SortedDictionary<string, SortedSet<string>> uses = Actual();
        var done = new List<string>();
        while (uses.Keys.Except(done).FirstOrDefault(folder => uses[folder].All(done.Contains)) is { } next)
        {
            done.Add(next);
        }

        Assert.Empty(uses.Keys.Except(done));
    }

    [Fact]
    public void No_text_of_the_core_names_a_cmdlet_or_a_parameter()
    {
        string[] cmdlets =
        [
            .. Cmdlet().Matches(File.ReadAllText(Path.Combine(Figures.Root, "ClassActivation.psd1"))).Select(static match => match.Value)
        ];
        Assert.Contains("Get-ClassActivationMap", cmdlets);

        IEnumerable<string> naming =
            from file in Directory.EnumerateFiles(Core, "*.cs", SearchOption.AllDirectories)
            let folder = Path.GetRelativePath(Core, file).Split(Path.DirectorySeparatorChar)[0]
            where folder is not ("bin" or "obj")
            from line in File.ReadLines(file)
            where !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && (cmdlets.Any(line.Contains) || Parameter().IsMatch(line))
            select $"{Path.GetFileName(file)}: {line.Trim()}";

        Assert.Empty(naming);
    }

    private static SortedDictionary<string, SortedSet<string>> Declared()
    {
        var declared = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (Match row in Row().Matches(File.ReadAllText(Path.Combine(Figures.Root, "docs", "architecture.md"))))
        {
            declared.Add(
                row.Groups["folder"].Value.Replace('/', '.'),
                new SortedSet<string>(Name().Matches(row.Groups["uses"].Value).Select(static name => name.Value), StringComparer.Ordinal));
        }

        return declared;
    }

    private static SortedDictionary<string, SortedSet<string>> Actual()
    {
        var actual = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Core, "*.cs", SearchOption.AllDirectories))
        {
            string folder = Path.GetRelativePath(Core, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.');
            if (folder == "." || folder.Split('.')[0] is "bin" or "obj")
            {
                continue;
            }

            if (!actual.TryGetValue(folder, out SortedSet<string>? uses))
            {
                actual.Add(folder, uses = new SortedSet<string>(StringComparer.Ordinal));
            }

            uses.UnionWith(Using().Matches(File.ReadAllText(file))
                .Select(static match => match.Groups["used"].Value)
                .Where(used => used != "Onnx.Schema" && used != folder));
            // A folder within another one sees it without a word.
            for (int dot = folder.LastIndexOf('.'); dot > 0; dot = folder.LastIndexOf('.', dot - 1))
            {
                uses.Remove(folder[..dot]);
            }
        }

        return actual;
    }

    [GeneratedRegex(@"^\| `src/ClassActivation\.Core/(?<folder>[\w/]+)` \|[^|]*\|(?<uses>[^|]*)\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\b(Get|Export|Import|Measure|Compare|ConvertTo|Test|Select|Show)-\w+")]
    private static partial Regex Cmdlet();

    [GeneratedRegex(@"""[^""]* -[A-Z][a-z]+([A-Z][a-z]+)*\b")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"[A-Z][\w.]*\w")]
    private static partial Regex Name();

    [GeneratedRegex(@"^using ClassActivation\.(?<used>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Using();
}
