using System.Diagnostics;
using System.Globalization;
using ClassActivation.Drawing;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Report;
using OpenQA.Selenium;
using Xunit.Abstractions;

namespace ClassActivation.BrowserTests;

/// <summary>What people do with the page of a report.</summary>
public sealed class ReportPageTests(ITestOutputHelper output) : IDisposable
{
    private readonly TestReport _report = new();

    public void Dispose() => _report.Dispose();

    [Fact]
    public void Ten_thousand_photos_are_shown_and_searched_at_once()
    {
        string file = _report.Write(TestReport.Regular(10_000));
        using var browser = new Browser(waitForLoad: false);
        browser.Open(_report.File[..^11]);
        long start = Stopwatch.GetTimestamp();
        browser.Open(file);
        while (browser.Run<bool?>("return [...document.querySelectorAll('#grid img')].some(i => i.naturalWidth > 0) &&"
            + " document.querySelectorAll('#grid canvas').length > 3") != true)
        {
            Thread.Sleep(10);
        }

        double shown = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        browser.Set("search", "photo-09999");
        Assert.Equal(1, browser.Count("#grid li"));
        double searched = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        while (browser.Run<string>("return document.readyState") != "complete")
        {
            Thread.Sleep(10);
        }

        double loaded = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{new FileInfo(file).Length / 1e6:0.0} MB: shown after {shown:0} ms, searched after {searched:0} ms, loaded after {loaded:0} ms."));

        browser.Set("search", "");
        browser.Set("sort", "high");
        Assert.InRange(browser.Count("#grid li"), 4, 100);
        double scrolled = browser.Run<double>(
            "const t = performance.now(); scrollTo(0, document.body.scrollHeight); renderGrid(); document.body.offsetHeight; return"
            + " performance.now() - t + 0.001");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Scrolled to the end in {scrolled:0} ms."));
        Assert.Equal("10000", browser.Run<string>("return document.querySelector('#grid li:last-child').getAttribute('aria-posinset')"));
        Assert.InRange(browser.Count("#grid li"), 4, 100);
    }

    [Fact]
    public void Photos_are_found_by_words_class_probability_and_result_and_sorted()
    {
        using var browser = new Browser();
        browser.Open(_report.Write(TestReport.Regular(100, RightLabels.FromFolders)));

        // By the rule photo i shows class i mod 8, and its folder says class (i / 3) mod 8.
        int right = Enumerable.Range(0, 100).Count(i => i % 8 == (i / 3) % 8);
        browser.Set("result", "right");
        Assert.Equal($"{right} of 100 photos", browser["#count"].Text);
        browser["[type=reset]"].Click();
        Wait(browser, "100 photos");

        browser.Set("label", "alp");
        Assert.Equal($"{Enumerable.Range(0, 100).Count(i => i % 8 == 2)} of 100 photos", browser["#count"].Text);
        browser.Set("label", "");
        browser.Set("from", "90");
        browser.Set("to", "95");
        Assert.Equal("5 of 100 photos", browser["#count"].Text);
        browser.Set("from", "0");
        browser.Set("to", "100");
        browser.Set("search", "ESPRESSO photo-0000");
        Assert.Equal($"{Enumerable.Range(0, 10).Count(i => i % 8 == 1 || (i / 3) % 8 == 1)} of 100 photos", browser["#count"].Text);
        browser.Set("search", "");
        browser.Set("sort", "low");
        Assert.Contains("photo-00000", browser["#grid li"].Text, StringComparison.Ordinal);
        browser.Set("sort", "high");
        Assert.Contains("photo-00099", browser["#grid li"].Text, StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public void Classes_and_mistakes_are_counted()
    {
        var report = new CamReport(RightLabels.FromFolders);
        (string Right, string Label, double Probability)[] photos =
            [
                ("cat", "cat", 0.91),
                ("cat", "cat", 0.95),
                ("cat", "dog", 0.3),
                ("dog", "dog", 0.55),
                ("dog", "cat", 0.2),
                ("dog", "cat", 1),
                ("fox", "dog", 0.4)
            ];
        for (int i = 0; i < photos.Length; i++)
        {
            report.Add(
                TestReport.Map(
                    $"/p/{photos[i].Right}/{i}.jpg", photos[i].Label, 1, photos[i].Probability, 60, 40, TestReport.Values(i, 4, 6), 4));
        }

        report.Add(new ReportProblem("/p/broken.jpg", "PhotoNotAPhoto", "'/p/broken.jpg' is no photo."));
        using var browser = new Browser();
        browser.Open(_report.Write(report));
        browser["[data-part=confusion]"].Click();

        Assert.Contains("3 of 7 photos right: 42.9%", browser["#confusion"].Text, StringComparison.Ordinal);
        string[][] matrix = [.. browser.Driver.FindElements(By.CssSelector(".matrix tr")).Select(row =>
            row.FindElements(By.CssSelector("th, td")).Select(cell => cell.Text).ToArray())];
        Assert.Equal([["", "cat", "dog"], ["cat", "✓ 2", "1"], ["dog", "2", "✓ 1"], ["fox", "", "1"]], matrix);

        browser["[data-part=classes]"].Click();
        string[] classes = [.. browser.Driver.FindElements(By.CssSelector("#classes table:last-of-type tbody tr")).Select(row => row.Text)];
        Assert.Contains("cat 4 76.5% 50.0%", classes);
        Assert.Contains("dog 3 41.7% 33.3%", classes);
        Assert.Contains("90% – 100% 3", classes);
        browser.Photograph("classes");

        browser["[data-part=problems]"].Click();
        Assert.Contains("'/p/broken.jpg' is no photo.", browser["#problems"].Text, StringComparison.Ordinal);

        browser["[data-part=confusion]"].Click();
        browser["button[aria-label='2: dog taken for cat']"].Click();
        Assert.Equal("2 of 7 photos", browser["#count"].Text);
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public void A_photo_is_looked_at_by_keyboard_alone()
    {
        using var browser = new Browser();
        browser.Open(_report.Write(TestReport.Regular(300)));
        browser.Run<object?>("document.querySelector('#grid button').focus(); return null");
        Press(browser, Keys.ArrowRight, Keys.ArrowDown);
        long columns = browser.Run<long>("return shape.columns");
        Assert.Equal(columns + 1, browser.Run<long>("return Number(document.activeElement.dataset.place)"));
        Press(browser, Keys.End);
        Assert.Equal(299, browser.Run<long>("return Number(document.activeElement.dataset.place)"));
        Press(browser, Keys.ArrowLeft, Keys.Enter);
        Assert.StartsWith("photo-00298", browser["#detail-name"].Text, StringComparison.Ordinal);
        Press(browser, Keys.ArrowRight);
        Assert.StartsWith("photo-00299", browser["#detail-name"].Text, StringComparison.Ordinal);

        browser.Run<object?>("document.querySelector('#stage').focus(); return null");
        Press(browser, Keys.ArrowRight);
        Assert.StartsWith("x 312, y 200: ", browser["#value"].Text, StringComparison.Ordinal);

        Press(browser, Keys.Escape);
        Assert.False(browser.Run<bool>("return document.querySelector('#detail').open"));
        Assert.Equal(299, browser.Run<long>("return Number(document.activeElement.dataset.place)"));
        Assert.Empty(browser.Complaints);
    }

    [Fact]
    public void Values_and_colours_are_those_of_the_module()
    {
        float[] values = TestReport.Values(3, 5, 8);
        ClassActivationMap map = TestReport.Map("/p/a.jpg", "cat", 1, 0.9, 512, 320, values, 5);
        var report = new CamReport();
        report.Add(map);
        report.Add(TestReport.Region(map));
        using var browser = new Browser();
        browser.Open(_report.Write(report));

        // The page's photo is the first of the samples, which has a shape of its own.
        (long width, long height) = (browser.Run<long>("return photos[0].width"), browser.Run<long>("return photos[0].height"));
        var photo = new Photo((int)width, (int)height, [.. Enumerable.Repeat((byte)255, (int)(4 * width * height))]);
        Photo expected = OverlayRenderer.Draw(
            photo, values, 5, 8, new OverlayOptions { Layout = OverlayLayout.Heatmap, Colormap = Colormap.Get("viridis") });
        browser.Set("colormap", "viridis");
        var drawn = browser.Run<IReadOnlyCollection<object>>(
            "const c = document.createElement('canvas'); paint(c, photos[0], 0, settings()); return [...c.getContext('2d').getImageData(0,"
            + " 0, c.width, c.height).data]")
            .Select(channel => Convert.ToInt32(channel, CultureInfo.InvariantCulture)).ToArray();
        int farthest = 0, different = 0;
        for (int i = 0; i < drawn.Length; i++)
        {
            int difference = Math.Abs(drawn[i] - expected.Pixels[i]);
            farthest = Math.Max(farthest, difference);
            different += difference > 0 ? 1 : 0;
        }

        output.WriteLine($"{different} of {drawn.Length} channels differ, by {farthest} at most.");

        // On the border of two colours the last digit decides.
        Assert.InRange(farthest, 0, 4);
        Assert.InRange(different, 0, drawn.Length / 50);

        double middle = browser.Run<double>("return valueAt(photos[0], 0, 0.5, 0.5) + 1e-9");
        Assert.Equal((values[(2 * 8) + 3] + values[(2 * 8) + 4]) / 2, middle, 1e-5);
        browser["#grid button"].Click();
        Assert.Equal(1, browser.Count("#stage svg rect"));
        browser.Photograph("detail");
    }

    [Fact]
    public void Numbers_are_written_as_the_reader_writes_them()
    {
        using var browser = new Browser();
        browser.Speak("de-DE");
        browser.Open(_report.Write(TestReport.Regular(2_000)));

        Assert.Equal("2.000 photos", browser["#count"].Text);
        Assert.Contains("0,5 %", browser["#grid li"].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_is_printed()
    {
        using var browser = new Browser();
        browser.Open(_report.Write(TestReport.Regular(150)));
        browser.Run<object?>(
            "window.printed = 0; addEventListener('beforeprint', () => printed = document.querySelectorAll('#grid"
            + " li').length); return null");
        browser.Command("Page.printToPDF", []);

        Assert.Equal(150, browser.Run<long>("return printed"));
        Assert.InRange(browser.Count("#grid li"), 4, 100);
    }

    [Theory]
    [InlineData("light", 1280)]
    [InlineData("dark", 1280)]
    [InlineData("light", 390)]
    [InlineData("dark", 390)]
    public void It_is_readable_in_light_and_dark_wide_and_narrow(string theme, int width)
    {
        using var browser = new Browser();
        if (theme == "dark")
        {
            browser.Darken();
        }

        if (width < 1000)
        {
            browser.Shrink(width, 844);
        }

        browser.Open(_report.Write(TestReport.Regular(60, RightLabels.FromFolders), "Sixty photos"));
        browser.Photograph($"{theme}-{width}-photos");
        foreach (string part in new[] { "photos", "classes", "confusion" })
        {
            browser[$"[data-part={part}]"].Click();
            Assert.True(browser.Run<bool>("return document.documentElement.scrollWidth <= innerWidth"), $"{part} is too wide.");
            Assert.Equal("", browser.Run<string>(LowContrast));
            browser.Photograph($"{theme}-{width}-{part}");
        }

        browser["[data-part=photos]"].Click();
        CheckNames(browser, "button, input, select, img");
        browser["#grid button"].Click();
        browser.Run<object?>("showValue(0.4, 0.4); return null");
        Assert.Equal("", browser.Run<string>(LowContrast));
        Assert.True(
            browser.Run<bool>("const d = document.querySelector('#detail'); return d.scrollWidth <= d.clientWidth"),
            "The photo's details are too wide.");
        browser.Photograph($"{theme}-{width}-detail");
        CheckNames(browser, "#detail button, #detail select, #stage, #detail img");
        Assert.Empty(browser.Complaints);
    }

    // The elements whose text does not stand out as WCAG 2.2 asks for: 4.5 to 1.
    private const string LowContrast = """
        const channels = color => color.match(/[\d.]+/g).map(Number);
        const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const behind = e => { for (; e; e = e.parentElement) { const c = channels(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
        return [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).filter(e => {
          const [a, b] = [light(channels(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
          return (a + 0.05) / (b + 0.05) < 4.5;
        }).map(e => e.outerHTML.slice(0, 200)).join('\n');
        """;

    private static void CheckNames(Browser browser, string selector)
    {
        foreach (WebElement element in browser.Driver.FindElements(By.CssSelector(selector)).Where(e => e.Displayed).Cast<WebElement>())
        {
            Assert.False(string.IsNullOrWhiteSpace(element.ComputedAccessibleLabel), element.GetDomProperty("outerHTML"));
        }
    }

    private static void Press(Browser browser, params string[] keys)
    {
        foreach (string key in keys)
        {
            browser.Driver.SwitchTo().ActiveElement().SendKeys(key);
        }
    }

    private static void Wait(Browser browser, string count)
    {
        for (int i = 0; i < 100 && browser["#count"].Text != count; i++)
        {
            Thread.Sleep(20);
        }

        Assert.Equal(count, browser["#count"].Text);
    }
}
