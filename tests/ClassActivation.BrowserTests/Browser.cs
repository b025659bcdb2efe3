using OpenQA.Selenium;
using OpenQA.Selenium.Chrome;

namespace ClassActivation.BrowserTests;

/// <summary>Chromium without a window, driven by its own driver; both are those of the system.</summary>
internal sealed class Browser : IDisposable
{
    private readonly ChromeDriverService _service;

    public Browser(bool waitForLoad = true)
    {
        var options = new ChromeOptions
        {
            BinaryLocation = Find("CHROMIUM", "/usr/bin/chromium"),
            PageLoadStrategy = waitForLoad ? PageLoadStrategy.Normal : PageLoadStrategy.None,
        };
        options.AddArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1280,900");
        options.SetLoggingPreference(LogType.Browser, LogLevel.All);
        string driver = Find("CHROMEDRIVER", "/usr/bin/chromedriver");
        _service = ChromeDriverService.CreateDefaultService(Path.GetDirectoryName(driver)!, Path.GetFileName(driver));
        _service.SuppressInitialDiagnosticInformation = true;
        Driver = new ChromeDriver(_service, options);
    }

    public ChromeDriver Driver { get; }

    /// <summary>What the page wrote to the browser's log; a well-behaved one writes nothing.</summary>
    public IReadOnlyList<string> Complaints => [.. Driver.Manage().Logs.GetLog(LogType.Browser).Select(entry => entry.Message)];

    public IWebElement this[string selector] => Driver.FindElement(By.CssSelector(selector));

    public void Open(string file) => Driver.Url = new Uri(file).AbsoluteUri;

    public T Run<T>(string script, params object[] arguments) => (T)Driver.ExecuteScript(script, arguments)!;

    public long Count(string selector) => Run<long>("return document.querySelectorAll(arguments[0]).length", selector);

    /// <summary>Chooses a value of a field, as a user does who leaves it then.</summary>
    public void Set(string name, string value) => Driver.ExecuteScript(
        "const e = document.querySelector(`[name=${arguments[0]}]`); e.value = arguments[1]; e.dispatchEvent(new"
        + " Event('input', { bubbles: true }));", name, value);

    public void Shrink(int width, int height) => Command("Emulation.setDeviceMetricsOverride", new()
    {
        ["width"] = width,
        ["height"] = height,
        ["deviceScaleFactor"] = 1,
        ["mobile"] = true,
    });

    public void Darken() => Command("Emulation.setEmulatedMedia", new()
    {
        ["features"] = new[] { new Dictionary<string, object?> { ["name"] = "prefers-color-scheme", ["value"] = "dark" } },
    });

    public void Speak(string language) => Command("Emulation.setLocaleOverride", new() { ["locale"] = language });

    public void Command(string name, Dictionary<string, object?> parameters) => Driver.ExecuteCdpCommand(name, parameters);

    /// <summary>Keeps a picture of the window for people, where they asked for it.</summary>
    public void Photograph(string name)
    {
        if (Environment.GetEnvironmentVariable("CLASSACTIVATION_SCREENSHOTS") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            Driver.GetScreenshot().SaveAsFile(Path.Combine(folder, name + ".png"));
        }
    }

    public void Dispose()
    {
        Driver.Quit();
        _service.Dispose();
    }

    private static string Find(string variable, string usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path ? path : usual;
}
