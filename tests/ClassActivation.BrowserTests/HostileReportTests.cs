using ClassActivation.Maps;
using ClassActivation.Report;

namespace ClassActivation.BrowserTests;

/// <summary>Names and labels that strangers chose stay text, whatever is in them.</summary>
public sealed class HostileReportTests : IDisposable
{
    private static readonly string[] Names =
    [
        "</script><script>pwned()</script>",
        "<!--<script>pwned()",
        "]]><img src=x onerror=pwned()>",
        "\" autofocus onfocus=pwned() x=\"",
        "' onmouseover=pwned() '",
        "javascript:pwned()",
        "${pwned()}`{{data}}{{pictures}}",
        "&lt;img src=x onerror=pwned()&gt;",
        "<svg><style><img src=x onerror=pwned()>",
        "\u2028pwned()\u2029",
        "\0\u001b[31m\u202Egpj.exe",
        "\uD800 lone",
        "__proto__",
        "constructor",
        "\\u003cscript\\u003epwned()",
    ];

    private readonly TestReport _report = new();

    public void Dispose() => _report.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_that_a_name_says_is_done(bool withPolicy)
    {
        string file = _report.Write(Hostile(), Names[0]);
        if (!withPolicy)
        {
            string page = File.ReadAllText(file);
            int start = page.IndexOf("<meta http-equiv", StringComparison.Ordinal);
            File.WriteAllText(
                file, page.Remove(start, page.IndexOf('>', page.IndexOf("form-action", StringComparison.Ordinal)) - start + 1));
        }

        using var browser = new Browser();
        browser.Command(
            "Page.addScriptToEvaluateOnNewDocument", new() { ["source"] = "window.pwnedCount = 0; window.pwned = () => pwnedCount++;" });
        browser.Open(file);

        Assert.Equal(2 + Names.Length, browser.Count("script"));
        Assert.Equal(Names[0], browser.Driver.Title);
        foreach (string part in new[] { "classes", "confusion", "problems", "photos" })
        {
            browser[$"[data-part={part}]"].Click();
            Assert.Equal(0, browser.Count("[onerror], [onfocus], [onmouseover], svg style, img[src=x]"));
        }

        for (int i = 0; i < Names.Length; i++)
        {
            browser.Run<object?>("openDetail(arguments[0]); return null", i);
            Assert.Equal(0, browser.Count("[onerror], [onfocus], [onmouseover], svg style, img[src=x]"));
            foreach (object address in browser.Run<IReadOnlyCollection<object>>("return [...document.links].map(a => a.protocol)"))
            {
                Assert.Equal("file:", address);
            }
        }

        Assert.Contains(Names[2], browser.Run<string>("return photos[2].name"), StringComparison.Ordinal);
        Assert.Equal("␀␛[31m\uFFFDgpj.exe", browser.Run<string>("return photos[10].best.label"));
        Assert.Equal("\uFFFD lone", browser.Run<string>("return photos[11].best.label"));
        browser.Set("label", "__proto__");
        Assert.Equal($"1 of {Names.Length} photos", browser["#count"].Text);
        Assert.Equal(0, browser.Run<long>("return pwnedCount"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public void Nothing_is_fetched()
    {
        using var browser = new Browser();
        browser.Open(_report.Write(Hostile()));

        foreach (object address
            in browser.Run<IReadOnlyCollection<object>>("return performance.getEntriesByType('resource').map(e => e.name.slice(0, 5))"))
        {
            Assert.Equal("data:", address);
        }

        // The page's own policy forbids it, too.
        Assert.Equal(
            "refused",
            browser.Driver.ExecuteAsyncScript(
                "fetch('file:///etc/hostname').then(() => arguments[0]('fetched'), () => arguments[0]('refused'))"));
    }

    private static CamReport Hostile()
    {
        var report = new CamReport(RightLabels.FromFolders);
        foreach (string name in Names)
        {
            string path = $"/photos/{name.Replace('/', '_')}/{name}".Replace("</", "<_", StringComparison.Ordinal);
            ClassActivationMap map = TestReport.Map(path, name, 3, 0.5, 60, 40, TestReport.Values(1, 4, 6), 4, name);
            report.Add(map);
            report.Add(TestReport.Region(map));
            report.Add(path, new ReportFigures(name, name, [new(name, double.NaN), new(name, 1)]));
            report.Add(new ReportProblem(name, name, name));
        }

        return report;
    }
}
