using System.Management.Automation;
using System.Management.Automation.Host;

namespace ClassActivation.Commands;

/// <summary>What of a terminal there is behind a PowerShell host.</summary>
internal static class Terminal
{
    private const int DefaultWidth = 80;

    /// <summary>Whether output may carry colours, by <c>$PSStyle.OutputRendering</c>, NO_COLOR and the host.</summary>
    /// <param name="host">The host.</param>
    /// <param name="style">The session's <c>$PSStyle</c>.</param>
    public static bool HasColors(PSHost host, object? style)
    {
        string rendering = style is null ? "Host" : PSObject.AsPSObject(style).Properties["OutputRendering"]?.Value?.ToString() ?? "Host";
        bool isUnwanted = !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return rendering switch
        {
            "Ansi" => true,
            "Host" => !isUnwanted && host.UI is { SupportsVirtualTerminal: true } && !Console.IsOutputRedirected,
            _ => false,
        };
    }

    /// <summary>The renderer that shows most where this output goes.</summary>
    /// <param name="host">The host.</param>
    /// <param name="style">The session's <c>$PSStyle</c>.</param>
    public static TerminalRenderer BestRenderer(PSHost host, object? style)
    {
        if (!HasColors(host, style) || LacksFullColor())
        {
            return TerminalRenderer.Ascii;
        }

        return OwnsConsole(host) && TerminalReply.Ask().HasSixel ? TerminalRenderer.Sixel : TerminalRenderer.HalfBlock;
    }

    /// <summary>The size of a character cell in pixels, as far as it is known.</summary>
    public static (int Width, int Height) CellSize(PSHost host)
    {
        TerminalReply? reply = OwnsConsole(host) ? TerminalReply.Ask() : null;
        return (reply?.CellWidth ?? 10, reply?.CellHeight ?? 20);
    }

    /// <summary>The size of the window in character cells; null where there is none.</summary>
    public static (int Width, int Height)? WindowSize(PSHost host)
    {
        try
        {
            return host.UI?.RawUI?.WindowSize is { Width: > 0, Height: > 0 } size ? (size.Width, size.Height) : null;
        }
        catch (Exception e) when (e is HostException or NotImplementedException or NotSupportedException or IOException)
        {
            return null;
        }
    }

    /// <summary>The columns to fill where there may be no window.</summary>
    public static int Columns(PSHost host) => WindowSize(host)?.Width ?? DefaultWidth;

    // Other hosts read the console themselves, and would take the terminal's answer for typing.
    private static bool OwnsConsole(PSHost host) => host.Name == "ConsoleHost";

    private static bool LacksFullColor() =>
        Environment.GetEnvironmentVariable("TERM_PROGRAM") == "Apple_Terminal"
        && Environment.GetEnvironmentVariable("COLORTERM") is not ("truecolor" or "24bit");
}
