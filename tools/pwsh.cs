#:property PublishAot=false
#:property GenerateDocumentationFile=false
#:package System.Management.Automation

// A small console host for the PowerShell engine: runs the project's scripts and module where there is only the .NET SDK.
//
//   dotnet run tools/pwsh.cs -- build.ps1 -Task Demo
//   dotnet run tools/pwsh.cs -- -Command "Get-ChildItem *.jpg | Format-List"
//   dotnet run tools/pwsh.cs                                    (a prompt)
//
// The engine's package has only the cmdlets of Microsoft.PowerShell.Core. The end of this file and pwsh.functions.ps1 supply
// those others that trying a module by hand needs, with the usual parameters only. Nothing here is part of the module.

using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.PowerShell.Commands.Internal.Format;

const string Usage = """
    Usage: dotnet run tools/pwsh.cs -- [[-File] script.ps1 [arguments] | -Command text | -Version | -Help]
      -NoProfile       accepted; no profile is ever read
      -NonInteractive  never ask: a missing mandatory parameter or a confirmation is an error
    Without a script or a command: a prompt, or the script text that is piped in.
    """;
const int UsageError = 64;

var arguments = new Queue<string>(args);
bool interactive = !Console.IsInputRedirected;
while (arguments.TryDequeue(out string? argument))
{
    switch (argument.StartsWith('-') ? argument.TrimStart('-').ToLowerInvariant() : "")
    {
        case "" when argument == "-":
            return RunText(Console.In.ReadToEnd());
        case "":
            return RunFile(argument);
        case "noprofile" or "nop" or "nologo":
            break;
        case "noninteractive" or "noni":
            interactive = false;
            break;
        case "file" or "f" when arguments.TryDequeue(out string? file):
            return RunFile(file);
        case "command" or "c" when arguments.Count > 0:
            string text = string.Join(' ', arguments);
            return RunText(text == "-" ? Console.In.ReadToEnd() : text);
        case "version" or "v":
            Console.WriteLine($"PowerShell engine {EngineVersion()}");
            return 0;
        case "help" or "h" or "?":
            Console.WriteLine(Usage);
            return 0;
        default:
            Console.Error.WriteLine($"'{argument}' is not an option of this host, or its value is missing.\n{Usage}");
            return UsageError;
    }
}

if (Console.IsInputRedirected)
{
    return RunText(Console.In.ReadToEnd());
}

using (var prompt = new Session(interactive))
{
    return prompt.RunPrompt();
}

int RunFile(string file)
{
    string path = Path.GetFullPath(file);
    if (!File.Exists(path) || !path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase))
    {
        Console.Error.WriteLine($"'{file}' is not a script file: give the path of an existing .ps1 file.");
        return UsageError;
    }

    using var session = new Session(interactive);
    return session.RunFile(path, arguments);
}

int RunText(string text)
{
    using var session = new Session(interactive);
    return session.RunText(text);
}

static string EngineVersion() =>
    typeof(PowerShell).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split(' ', '+')[0] ?? "";

/// <summary>One runspace and what runs in it.</summary>
internal sealed class Session : IDisposable
{
    private const int Interrupted = 130;
    private static readonly TimeSpan SecondPress = TimeSpan.FromSeconds(2);
    private readonly HostUI _ui;
    private readonly Host _host;
    private readonly Runspace _runspace;
    private volatile PowerShell? _running;
    private volatile bool _interrupted;
    private long _lastPress = long.MinValue / 2;

    public Session(bool interactive)
    {
        _ui = new HostUI(interactive);
        _host = new Host(_ui);
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ThreadOptions = PSThreadOptions.UseCurrentThread;
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }

        Supplied.AddTo(state);
        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
        using (var functions = PowerShell.Create(_runspace))
        {
            functions.AddScript(File.ReadAllText(Path.Combine(SourceDirectory(), "pwsh.functions.ps1")), useLocalScope: false).Invoke();
        }

        Console.CancelKeyPress += OnCancelKeyPress;
    }

    public void Dispose()
    {
        Console.CancelKeyPress -= OnCancelKeyPress;
        _runspace.Dispose();
    }

    /// <summary>Runs a script; the code is that of its `exit`, or 1 if an error ended it.</summary>
    public int RunFile(string path, IEnumerable<string> arguments)
    {
        string call = string.Join(' ', arguments.Select(ToSource).Prepend(Quote(path)).Prepend("&"));
        return Run($"$LASTEXITCODE = 0; {call}\nif (-not $?) {{ exit ($LASTEXITCODE ? $LASTEXITCODE : 1) }}");
    }

    /// <summary>Runs a text; the code is that of its `exit`, or 1 if its last statement failed.</summary>
    public int RunText(string text) => Run(text + "\nif (-not $?) { exit 1 }");

    public int RunPrompt()
    {
        while (_host.ExitCode is null)
        {
            _interrupted = false;
            _ui.Write(Evaluate("prompt") as string ?? "> ");
            string? text = Console.ReadLine();
            while (text is not null && IsIncomplete(text))
            {
                _ui.Write(">> ");
                // An empty line ends the input, complete or not.
                string? more = Console.ReadLine();
                text += "\n" + more;
                if (string.IsNullOrEmpty(more))
                {
                    break;
                }
            }

            if (text is null)
            {
                _ui.WriteLine();
                break;
            }

            Run(text, addToHistory: true);
        }

        return _host.ExitCode ?? 0;
    }

    private int Run(string text, bool addToHistory = false)
    {
        using SteppablePipeline display = ScriptBlock.Create("Out-Host").GetSteppablePipeline();
        display.Begin(expectInput: true);
        OutDefault.Display = display;
        using var pipeline = PowerShell.Create(_runspace);
        pipeline.AddScript(text, useLocalScope: false).AddCommand("Out-Default");
        pipeline.Commands.Commands[1].MergeUnclaimedPreviousCommandResults = PipelineResultTypes.Error | PipelineResultTypes.Output;
        ErrorRecord? fatal = null;
        try
        {
            _running = pipeline;
            pipeline.Invoke(null, new PSInvocationSettings { AddToHistory = addToHistory });
        }
        catch (RuntimeException exception)
        {
            fatal = exception.ErrorRecord;
        }
        finally
        {
            _running = null;
            _ui.Progress.Clear(forget: true);
        }

        if (_interrupted)
        {
            return Interrupted;
        }

        if (fatal is not null)
        {
            display.Process(AsShown(fatal));
        }

        display.End();
        return _host.ExitCode ?? (fatal is null ? 0 : 1);
    }

    /// <summary>Marks an error as the engine does one that comes from a pipeline's error stream.</summary>
    private static PSObject AsShown(ErrorRecord error)
    {
        var shown = new PSObject(error);
        PropertyInfo stream = typeof(PSObject).GetProperty("WriteStream", BindingFlags.Instance | BindingFlags.NonPublic)!;
        stream.SetValue(shown, Enum.Parse(stream.PropertyType, "Error"));
        return shown;
    }

    private object? Evaluate(string expression)
    {
        using var pipeline = PowerShell.Create(_runspace);
        return pipeline.AddScript(expression).Invoke().LastOrDefault()?.BaseObject;
    }

    /// <summary>An argument as `pwsh -File` reads it: `-Name`, `-Name:value` and `-Switch:$false` name a parameter.</summary>
    private static string ToSource(string argument)
    {
        Match named = Regex.Match(argument, @"\A(-[\p{L}_]\w*)(?:(:)(.*))?\z", RegexOptions.Singleline);
        string value = named.Groups[3].Value;
        return !named.Success ? Quote(argument)
            : value.ToLowerInvariant() is "" or "$true" or "$false" ? argument
            : $"{named.Groups[1]}:{Quote(value)}";
    }

    private static string Quote(string text) => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";

    private static string SourceDirectory([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static bool IsIncomplete(string text)
    {
        Parser.ParseInput(text, out _, out ParseError[] errors);
        return errors.Any(error => error.IncompleteInput);
    }

    private void OnCancelKeyPress(object? sender, ConsoleCancelEventArgs e)
    {
        long now = Environment.TickCount64;
        if (now - _lastPress < SecondPress.TotalMilliseconds)
        {
            _ui.Progress.Clear(forget: true);
            Environment.Exit(Interrupted);
        }

        _lastPress = now;
        _interrupted = true;
        e.Cancel = true;
        if (_running is { } pipeline)
        {
            pipeline.BeginStop(null, null);
        }
        else
        {
            _ui.WriteLine("\nPress Ctrl+C again to end, or Enter to go on.");
        }
    }
}

internal sealed class Host(HostUI ui) : PSHost
{
    public int? ExitCode { get; private set; }

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "ConsoleHost";

    public override PSHostUserInterface UI => ui;

    public override Version Version { get; } = typeof(PowerShell).Assembly.GetName().Version ?? new Version();

    public override void SetShouldExit(int exitCode) => ExitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("This host has no nested prompt.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("This host has no nested prompt.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }
}

/// <summary>Objects and information go to stdout, the other streams to stderr; escape sequences only to a terminal.</summary>
internal sealed class HostUI : PSHostUserInterface
{
    private readonly bool _interactive;
    private readonly bool _outColour = IsColourTerminal(Console.IsOutputRedirected);
    private readonly bool _errorColour = IsColourTerminal(Console.IsErrorRedirected);

    public HostUI(bool interactive)
    {
        _interactive = interactive;
        if (OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            WindowsConsole.EnableEscapeSequences();
        }
    }

    public ProgressLine Progress { get; } = new();

    public override PSHostRawUserInterface RawUI { get; } = new RawUI();

    public override bool SupportsVirtualTerminal => _outColour || _errorColour;

    private static PSStyle.FormattingData Style => PSStyle.Instance.Formatting;

    private static bool IsColourTerminal(bool redirected) =>
        !redirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    public override void Write(string value) => Out(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        string background = backgroundColor == RawUI.BackgroundColor ? "" : PSStyle.MapBackgroundColorToEscapeSequence(backgroundColor);
        string foreground = foregroundColor == RawUI.ForegroundColor ? "" : PSStyle.MapForegroundColorToEscapeSequence(foregroundColor);
        Out(background + foreground + value + (background + foreground == "" ? "" : PSStyle.Instance.Reset));
    }

    public override void WriteLine(string value) => Out(value + Environment.NewLine);

    public override void WriteErrorLine(string value) => Error(value);

    public override void WriteWarningLine(string message) => Error($"{Style.Warning}WARNING: {message}{PSStyle.Instance.Reset}");

    public override void WriteVerboseLine(string message) => Error($"{Style.Verbose}VERBOSE: {message}{PSStyle.Instance.Reset}");

    public override void WriteDebugLine(string message) => Error($"{Style.Debug}DEBUG: {message}{PSStyle.Instance.Reset}");

    public override void WriteProgress(long sourceId, ProgressRecord record) => Progress.Update(sourceId, record);

    public override string ReadLine()
    {
        RequireInteractive();
        return Console.ReadLine() ?? "";
    }

    public override SecureString ReadLineAsSecureString() => throw new NotSupportedException("This host does not read secrets.");

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new NotSupportedException("This host does not ask for credentials.");

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw new NotSupportedException("This host does not ask for credentials.");

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        RequireInteractive();
        WriteLine($"\n{caption}\n{message}".TrimEnd());
        var answers = new Dictionary<string, PSObject>();
        foreach (FieldDescription field in descriptions)
        {
            if (!field.ParameterTypeFullName.EndsWith("[]", StringComparison.Ordinal))
            {
                Write($"{field.Name}: ");
                answers[field.Name] = ReadLine();
                continue;
            }

            var values = new List<string>();
            do
            {
                Write($"{field.Name}[{values.Count}]: ");
                values.Add(ReadLine());
            }
            while (values[^1] != "");
            answers[field.Name] = PSObject.AsPSObject(values.SkipLast(1).ToArray());
        }

        return answers;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RequireInteractive();
        WriteLine($"\n{caption}\n{message}");
        string[] names = [.. choices.Select(choice => choice.Label.Replace("&", "", StringComparison.Ordinal))];
        string[] keys = [.. choices.Select(choice => choice.Label[(choice.Label.IndexOf('&', StringComparison.Ordinal) + 1)..][..1])];
        while (true)
        {
            Write(string.Join("  ", keys.Zip(names, (key, name) => $"[{key.ToUpperInvariant()}] {name}")));
            Write(defaultChoice >= 0 ? $" (default is \"{keys[defaultChoice]}\"): " : ": ");
            string answer = ReadLine().Trim();
            int chosen = Array.FindIndex(keys, key => key.Equals(answer, StringComparison.OrdinalIgnoreCase));
            chosen = chosen >= 0 ? chosen : Array.FindIndex(names, name => name.Equals(answer, StringComparison.OrdinalIgnoreCase));
            if (chosen >= 0 || (answer == "" && defaultChoice >= 0))
            {
                return chosen >= 0 ? chosen : defaultChoice;
            }
        }
    }

    private void RequireInteractive()
    {
        if (!_interactive)
        {
            throw new HostException("The script asks for input, but this session is not interactive.");
        }
    }

    private void Out(string text)
    {
        Progress.Clear();
        Console.Out.Write(_outColour ? text : WithoutEscapes(text));
    }

    private void Error(string text)
    {
        Progress.Clear();
        Console.Error.WriteLine(_errorColour ? text : WithoutEscapes(text));
    }

    private static string WithoutEscapes(string text) =>
        text.Contains('\e', StringComparison.Ordinal) ? new StringDecorated(text).ToString(OutputRendering.PlainText) : text;
}

/// <summary>The newest progress record: one line that is drawn again on a terminal, now and then a line in a log.</summary>
internal sealed class ProgressLine
{
    private const int TerminalInterval = 100;
    private const int LogInterval = 10_000;
    private readonly bool _terminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb";
    private readonly Lock _lock = new();
    private readonly Dictionary<(long Source, int Activity), ProgressRecord> _active = [];
    private long _last;
    private bool _shown;

    public void Update(long source, ProgressRecord record)
    {
        lock (_lock)
        {
            long now = Environment.TickCount64;
            if (record.RecordType == ProgressRecordType.Completed)
            {
                _active.Remove((source, record.ActivityId));
                if (_active.Count == 0)
                {
                    Erase();
                }

                return;
            }

            if (_active.Count == 0)
            {
                // A log gets nothing from an activity that is over soon.
                _last = _terminal ? 0 : now;
            }

            _active[(source, record.ActivityId)] = record;
            if (now - _last < (_terminal ? TerminalInterval : LogInterval))
            {
                return;
            }

            _last = now;
            if (_terminal)
            {
                Erase();
                // Leaves room for the ^C that a terminal echoes.
                int width = Math.Max(RawUI.Width - 3, 10);
                string line = Describe(record, bar: true);
                Console.Error.Write(line.Length <= width ? line : line[..(width - 1)] + "…");
                _shown = true;
            }
            else
            {
                Console.Error.WriteLine(Describe(record, bar: false));
            }
        }
    }

    /// <summary>Makes room for other output.</summary>
    public void Clear(bool forget = false)
    {
        lock (_lock)
        {
            Erase();
            if (forget)
            {
                _active.Clear();
            }
        }
    }

    private static string Describe(ProgressRecord record, bool bar)
    {
        const int Cells = 20;
        string percent = record.PercentComplete < 0 ? ""
            : !bar ? $"{record.PercentComplete,3}% "
            : $"[{new string('#', record.PercentComplete * Cells / 100).PadRight(Cells)}] {record.PercentComplete,3}% ";
        string remaining = record.SecondsRemaining < 0 ? "" : $" {TimeSpan.FromSeconds(record.SecondsRemaining):c} left";
        string[] parts = [record.Activity, record.StatusDescription, record.CurrentOperation];
        return (percent + string.Join(": ", parts.Where(part => !string.IsNullOrWhiteSpace(part))) + remaining).ReplaceLineEndings(" ");
    }

    private void Erase()
    {
        if (_shown)
        {
            Console.Error.Write("\r\e[K");
            _shown = false;
        }
    }
}

internal sealed class RawUI : PSHostRawUserInterface
{
    private const int RedirectedWidth = 120;

    public static int Width => Console.IsOutputRedirected && Console.IsErrorRedirected || Console.WindowWidth <= 0 ? RedirectedWidth : Console.WindowWidth;

    public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

    public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

    public override Size BufferSize
    {
        get => new(Console.IsOutputRedirected ? RedirectedWidth : Width, Console.IsOutputRedirected ? 50 : Console.WindowHeight);
        set => throw new NotSupportedException();
    }

    public override Size WindowSize { get => BufferSize; set => throw new NotSupportedException(); }

    public override Size MaxWindowSize => BufferSize;

    public override Size MaxPhysicalWindowSize => BufferSize;

    public override Coordinates WindowPosition { get; set; }

    public override Coordinates CursorPosition
    {
        get => new(Console.CursorLeft, Console.CursorTop);
        set => Console.SetCursorPosition(Math.Max(value.X, 0), Math.Max(value.Y, 0));
    }

    public override int CursorSize { get; set; } = 25;

    public override bool KeyAvailable => Console.KeyAvailable;

    public override string WindowTitle { get; set; } = "";

    public override void FlushInputBuffer()
    {
    }

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        ConsoleKeyInfo key = Console.ReadKey(options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, 0, keyDown: true);
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw new NotSupportedException();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw new NotSupportedException();

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw new NotSupportedException();

    // Clear-Host asks for the whole screen; there is nobody to ask for less.
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => Console.Clear();
}

internal static class WindowsConsole
{
    public static void EnableEscapeSequences()
    {
        const uint EnableVirtualTerminalProcessing = 4;
        foreach (int standardHandle in (int[])[-11, -12])
        {
            IntPtr handle = GetStdHandle(standardHandle);
            if (GetConsoleMode(handle, out uint mode))
            {
                SetConsoleMode(handle, mode | EnableVirtualTerminalProcessing);
            }
        }
    }

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern IntPtr GetStdHandle(int handle);

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool GetConsoleMode(IntPtr handle, out uint mode);

    [DllImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool SetConsoleMode(IntPtr handle, uint mode);
}

// Cmdlets that the engine's package lacks and that script cannot supply; the others are in pwsh.functions.ps1.

internal static class Supplied
{
    public static void AddTo(InitialSessionState state)
    {
        foreach (Type type in typeof(Supplied).Assembly.GetTypes())
        {
            if (type.GetCustomAttribute<CmdletAttribute>() is { } cmdlet)
            {
                string name = $"{cmdlet.VerbName}-{cmdlet.NounName}";
                state.Commands.Remove(name, typeof(SessionStateCmdletEntry));
                state.Commands.Add(new SessionStateCmdletEntry(name, type, null));
            }
        }
    }

    /// <summary>An object of one of the engine's types that only its own cmdlets are meant to make.</summary>
    public static object FromEngine(string type, params object[] arguments)
    {
        const BindingFlags Constructors = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        Type found = typeof(PowerShell).Assembly.GetType(type, throwOnError: true)!;
        return Activator.CreateInstance(found, Constructors, null, arguments, CultureInfo.InvariantCulture)!;
    }

    /// <summary>Gives a formatting cmdlet the engine's implementation of it.</summary>
    public static void Implement(this FrontEndCommandBase command, string type, params object[] arguments) =>
        typeof(FrontEndCommandBase).GetField("implementation", BindingFlags.Instance | BindingFlags.NonPublic)!
            .SetValue(command, FromEngine("Microsoft.PowerShell.Commands.Internal.Format." + type, arguments));

    public static void ImplementShape(this FrontEndCommandBase command, string shape)
    {
        Type shapes = typeof(PowerShell).Assembly.GetType("Microsoft.PowerShell.Commands.Internal.Format.FormatShape", throwOnError: true)!;
        command.Implement("InnerFormatShapeCommand", Enum.Parse(shapes, shape));
    }

    /// <summary>The columns that names, wildcards, script blocks and `@{ Name = ...; Expression = ... }` stand for.</summary>
    public static IEnumerable<PSNoteProperty> Columns(PSObject item, IEnumerable<object> properties)
    {
        foreach (object property in properties.Select(p => p is PSObject wrapped ? wrapped.BaseObject : p))
        {
            object? expression = property is IDictionary table ? Entry(table, "Expression") : property;
            string? name = property is IDictionary named ? Entry(named, "Name") as string ?? Entry(named, "Label") as string : null;
            if (expression is ScriptBlock script)
            {
                Collection<PSObject> values = script.InvokeWithContext(null, [new PSVariable("_", item)]);
                yield return new PSNoteProperty(name ?? script.ToString().Trim(), values.Count == 1 ? values[0] : values.Count == 0 ? null : values);
                continue;
            }

            string text = LanguagePrimitives.ConvertTo<string>(expression);
            ReadOnlyPSMemberInfoCollection<PSPropertyInfo> found = item.Properties.Match(text);
            foreach (PSPropertyInfo member in found)
            {
                yield return new PSNoteProperty(name ?? member.Name, member.Value);
            }

            if (found.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(text))
            {
                yield return new PSNoteProperty(name ?? text, null);
            }
        }
    }

    private static object? Entry(IDictionary table, string name) =>
        table.Keys.OfType<string>().FirstOrDefault(key => name.StartsWith(key, StringComparison.OrdinalIgnoreCase)) is { } key
            ? (table[key] as PSObject)?.BaseObject ?? table[key]
            : null;
}

/// <summary>
/// Hands everything to a display that outlives the pipeline: an error or `exit` would take with it what the engine's own
/// Out-Default holds back. It keeps that name, because programs whose output goes there write to the terminal themselves.
/// </summary>
[Cmdlet(VerbsData.Out, "Default")]
internal sealed class OutDefault : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    public static SteppablePipeline? Display { get; set; }

    protected override void ProcessRecord() => Display?.Process(InputObject);
}

[Cmdlet(VerbsCommon.Format, "Table")]
internal sealed class FormatTable : OuterFormatTableBase
{
    public FormatTable() => this.ImplementShape("Table");
}

[Cmdlet(VerbsCommon.Format, "List")]
internal sealed class FormatList : OuterFormatTableAndListBase
{
    public FormatList() => this.ImplementShape("List");
}

[Cmdlet(VerbsCommon.Format, "Wide")]
internal sealed class FormatWide : OuterFormatTableAndListBase
{
    public FormatWide() => this.ImplementShape("Wide");
}

[Cmdlet(VerbsCommon.Format, "Custom")]
internal sealed class FormatCustom : OuterFormatTableAndListBase
{
    public FormatCustom() => this.ImplementShape("Complex");
}

[Cmdlet(VerbsData.Out, "String")]
internal sealed class OutString : FrontEndCommandBase
{
    private readonly StringWriter _text = new(CultureInfo.CurrentCulture);

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; }

    // The engine itself asks for lines when it pipes objects to a program.
    [Parameter]
    public SwitchParameter Stream { get; set; }

    protected override void BeginProcessing()
    {
        const BindingFlags Members = BindingFlags.Instance | BindingFlags.NonPublic;
        this.Implement("OutputManagerInner");
        object implementation = typeof(FrontEndCommandBase).GetField("implementation", Members)!.GetValue(this)!;
        object lines = Supplied.FromEngine(
            "Microsoft.PowerShell.Commands.Internal.Format.TextWriterLineOutput", _text, Width > 0 ? Width : Host.UI.RawUI.BufferSize.Width);
        implementation.GetType().GetProperty("LineOutput", Members)!.SetValue(implementation, lines);
        base.BeginProcessing();
    }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        string text = _text.ToString();
        WriteObject(Stream ? text.TrimEnd('\r', '\n').Split(Environment.NewLine) : text, enumerateCollection: true);
    }

    protected override void InternalDispose()
    {
        base.InternalDispose();
        _text.Dispose();
    }
}

internal abstract class ObjectCmdlet : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }
}

[Cmdlet(VerbsCommon.Select, "Object")]
internal sealed class SelectObject : ObjectCmdlet
{
    private readonly Queue<PSObject> _tail = new();
    private readonly HashSet<string> _seen = [];
    private int _skipped;
    private int _written;

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public int First { get; set; } = int.MaxValue;

    [Parameter]
    public int Last { get; set; }

    [Parameter]
    public int Skip { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is null || _skipped++ < Skip)
        {
            return;
        }

        if (Last > 0)
        {
            _tail.Enqueue(InputObject);
            if (_tail.Count > Last)
            {
                _tail.Dequeue();
            }

            return;
        }

        if (_written < First)
        {
            Write(InputObject);
        }

        if (_written >= First)
        {
            // Ends the commands before this one only.
            throw (Exception)Supplied.FromEngine("System.Management.Automation.StopUpstreamCommandsException", this);
        }
    }

    protected override void EndProcessing()
    {
        foreach (PSObject item in _tail)
        {
            Write(item);
        }
    }

    private void Write(PSObject item)
    {
        object? result = item;
        if (ExpandProperty is not null)
        {
            result = Supplied.Columns(item, [ExpandProperty]).FirstOrDefault()?.Value;
        }
        else if (Property is not null)
        {
            var selected = new PSObject();
            selected.TypeNames.Insert(0, "Selected." + item.TypeNames[0]);
            foreach (PSNoteProperty column in Supplied.Columns(item, Property).DistinctBy(column => column.Name))
            {
                selected.Properties.Add(column);
            }

            result = selected;
        }

        if (!Unique || _seen.Add(LanguagePrimitives.ConvertTo<string>(result)))
        {
            _written++;
            WriteObject(result, enumerateCollection: ExpandProperty is not null);
        }
    }
}

[Cmdlet("Sort", "Object")]
internal sealed class SortObject : ObjectCmdlet
{
    private readonly List<PSObject> _items = [];

    [Parameter(Position = 0)]
    public object[] Property { get; set; } = [];

    [Parameter]
    public SwitchParameter Descending { get; set; }

    protected override void ProcessRecord()
    {
        if (InputObject is not null)
        {
            _items.Add(InputObject);
        }
    }

    protected override void EndProcessing()
    {
        var keyed = _items.Select(item => (item, keys: Property.Length == 0 ? [item] : Supplied.Columns(item, Property).Select(c => c.Value).ToArray()));
        var order = Comparer<object?[]>.Create((x, y) => x.Zip(y, Compare).FirstOrDefault(result => result != 0));
        WriteObject((Descending ? keyed.OrderByDescending(p => p.keys, order) : keyed.OrderBy(p => p.keys, order)).Select(p => p.item), true);
    }

    private static int Compare(object? x, object? y) => LanguagePrimitives.TryCompare(x, y, ignoreCase: true, out int result)
        ? result
        : string.Compare(x?.ToString(), y?.ToString(), StringComparison.OrdinalIgnoreCase);
}
