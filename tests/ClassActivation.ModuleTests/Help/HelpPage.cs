using System.Text.RegularExpressions;

namespace ClassActivation.ModuleTests.Help;

/// <summary>The part of a cmdlet's help that is written by hand: a file <c>docs/help/Verb-Noun.md</c>.</summary>
/// <param name="Name">The cmdlet.</param>
/// <param name="Description">Paragraphs.</param>
/// <param name="Examples">The examples, simple ones first.</param>
/// <param name="Notes">Paragraphs.</param>
/// <param name="Links">Cmdlets and about topics.</param>
internal sealed partial record HelpPage(
    string Name,
    IReadOnlyList<string> Description,
    IReadOnlyList<HelpExample> Examples,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> Links)
{
    public static string Folder { get; } = Path.Combine(TestPaths.Root, "docs", "help");

    public static IEnumerable<HelpPage> ReadAll() => Directory.EnumerateFiles(Folder, "*-*.md").Order(StringComparer.Ordinal).Select(Read);

    private static HelpPage Read(string path)
    {
        string text = File.ReadAllText(path).ReplaceLineEndings("\n");
        Dictionary<string, string> sections = SectionStart().Split(text).Skip(1).ToDictionary(
            static section => section.Split('\n', 2)[0].Trim(), static section => section.Split('\n', 2)[1]);
        return new HelpPage(
            Path.GetFileNameWithoutExtension(path),
            Paragraphs(sections["Description"]),
            [.. ExampleStart().Split(sections["Examples"]).Skip(1).Select(ReadExample)],
            Paragraphs(sections["Notes"]),
            [.. Paragraphs(sections["Related links"]).Select(static link => link.TrimStart('-', ' '))]);
    }

    private static HelpExample ReadExample(string text)
    {
        string[] parts = text.Split('\n', 2);
        MatchCollection fences = Fence().Matches(parts[1]);
        Match code = fences.First(static fence => fence.Groups["info"].Value.StartsWith("powershell", StringComparison.Ordinal));
        return new HelpExample(
            parts[0].Trim(),
            code.Groups["text"].Value,
            string.Join("\n\n", fences.Where(fence => fence != code).Select(static fence => fence.Groups["text"].Value)),
            Paragraphs(Fence().Replace(parts[1], "")));
    }

    // A paragraph's lines are one line; of a list each item is.
    private static string[] Paragraphs(string text) =>
    [
        .. ParagraphEnd().Split(text.Trim()).Where(static paragraph => paragraph.Length > 0)
            .Select(static paragraph => LineEnd().Replace(paragraph, " ").Replace("`", "", StringComparison.Ordinal)),
    ];

    [GeneratedRegex(@"^## ", RegexOptions.Multiline)]
    private static partial Regex SectionStart();

    [GeneratedRegex(@"^### ", RegexOptions.Multiline)]
    private static partial Regex ExampleStart();

    [GeneratedRegex(@"^```(?<info>[^\n]*)\n(?<text>.*?)\n```\n", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\n\n+|\n(?=- )")]
    private static partial Regex ParagraphEnd();

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex LineEnd();
}

/// <summary>An example of a cmdlet's help.</summary>
/// <param name="Title">What it does.</param>
/// <param name="Code">PowerShell.</param>
/// <param name="Output">What it writes, empty where that is not shown.</param>
/// <param name="Remarks">Paragraphs.</param>
internal sealed record HelpExample(string Title, string Code, string Output, IReadOnlyList<string> Remarks);
