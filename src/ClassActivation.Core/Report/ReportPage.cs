using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using ClassActivation.Drawing;
using ClassActivation.Maps;

namespace ClassActivation.Report;

/// <summary>
/// Writes a report as one HTML page that works by itself. What strangers named is in the page as JSON only, which its
/// script shows as text; the page's policy lets no other script run and fetches nothing.
/// </summary>
public sealed class ReportPage : IDisposable
{
    // Letters of all scripts stay readable; all that means something in HTML is escaped.
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly CamReport _report;
    private readonly ReportPageOptions _options;
    private readonly FileStream _pictures;
    private readonly ReportPicture?[] _sizes;
    private readonly Dictionary<int, string?> _waiting = [];
    private int _next;

    /// <summary>Prepares a page; its pictures are added on their own, by as many threads as one likes.</summary>
    /// <param name="report">What the page shows.</param>
    /// <param name="options">How it shows it.</param>
    /// <exception cref="IOException">There is no room for the pictures.</exception>
    public ReportPage(CamReport report, ReportPageOptions options)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(options);
        _report = report;
        _options = options;
        _sizes = new ReportPicture?[report.Photos.Count];
        _pictures = new FileStream(
            Path.Combine(Path.GetTempPath(), $"ClassActivation-{Guid.NewGuid():N}.tmp"), FileMode.CreateNew, FileAccess.ReadWrite,
            FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
    }

    /// <summary>Adds the picture of a photo.</summary>
    /// <param name="photo">A photo of the report.</param>
    /// <param name="picture">The picture; null where the photo could not be drawn.</param>
    /// <param name="address">The picture's address, relative to the page; null puts the picture into the page.</param>
    /// <exception cref="IOException">There is no room for the picture.</exception>
    public void AddPicture(ReportPhoto photo, ReportPicture? picture, string? address = null)
    {
        ArgumentNullException.ThrowIfNull(photo);
        string? content = picture is null ? "" : address ?? $"data:image/webp;base64,{Convert.ToBase64String(picture.Content)}";
        lock (_waiting)
        {
            _sizes[photo.Number] = picture is null ? null : picture with { Content = [] };
            _waiting.Add(photo.Number, content);
            while (_waiting.Remove(_next, out content))
            {
                WriteHeavy(_report.Photos[_next++], content!);
            }
        }
    }

    /// <summary>Writes the page.</summary>
    /// <param name="stream">Where the bytes go; not closed.</param>
    /// <exception cref="IOException">The page cannot be written.</exception>
    /// <exception cref="InvalidOperationException">A photo was not told whether it has a picture.</exception>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (_next != _report.Photos.Count)
        {
            throw new InvalidOperationException($"Photo {_next} of {_report.Photos.Count} has not been added.");
        }

        string style = Template("report.css");
        string script = Template("report.js");
        string page = Template("report.html")
            .Replace("{{style-hash}}", Hash(style), StringComparison.Ordinal)
            .Replace("{{script-hash}}", Hash(script), StringComparison.Ordinal)
            .Replace("{{style}}", style, StringComparison.Ordinal)
            .Replace("{{script}}", script, StringComparison.Ordinal);

        // What is largest comes last, so that a browser shows the page before it has read it to its end.
        string[] parts = page.Split("{{data}}", 2);
        string[] rest = parts[1].Split("{{pictures}}", 2);
        stream.Write(Encoding.UTF8.GetBytes(parts[0]));
        WriteData(stream);
        stream.Write(Encoding.UTF8.GetBytes(rest[0]));
        _pictures.Position = 0;
        _pictures.CopyTo(stream);
        stream.Write(Encoding.UTF8.GetBytes(rest[1]));
    }

    /// <summary>Removes what was kept outside of memory.</summary>
    public void Dispose() => _pictures.Dispose();

    private static string Template(string name)
    {
        using Stream stream = typeof(ReportPage).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Hash(string text) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // Neither base64 nor an address that is escaped can end the element.
    private void WriteHeavy(ReportPhoto photo, string picture)
    {
        var element = new StringBuilder();
        element.Append(CultureInfo.InvariantCulture, $"<script type=\"text/plain\" id=\"photo-{photo.Number}\">").Append(picture);
        foreach (ClassActivationMap map in photo.Maps)
        {
            element.Append('\n').Append(Convert.ToBase64String(LittleEndian(map.Values)));
        }

        element.Append("</script>\n");
        _pictures.Write(Encoding.UTF8.GetBytes(element.ToString()));
    }

    private static byte[] LittleEndian(float[] values)
    {
        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.AsBytes<float>(values).ToArray();
        }

        var bytes = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), values[i]);
        }

        return bytes;
    }

    private void WriteData(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, JsonOptions);
        json.WriteStartObject();
        json.WriteString("title", ShownText.Of(_options.Title));
        json.WriteString("created", _options.Created.ToString("O", CultureInfo.InvariantCulture));
        json.WriteString("colormap", _options.Colormap.Name);
        json.WriteStartObject("colormaps");
        foreach (string name in Colormap.Names)
        {
            json.WriteBase64String(name, Colormap.Get(name).Rgb);
        }

        json.WriteEndObject();
        json.WriteStartArray("photos");
        foreach (ReportPhoto photo in _report.Photos)
        {
            WritePhoto(json, photo);

            // A hundred thousand photos need not be in memory as text.
            json.Flush();
        }

        json.WriteEndArray();
        json.WriteStartArray("problems");
        foreach (ReportProblem problem in _report.Problems)
        {
            json.WriteStartObject();
            WriteText(json, "path", problem.Path);
            WriteText(json, "id", problem.ErrorId);
            WriteText(json, "message", problem.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WritePhoto(Utf8JsonWriter json, ReportPhoto photo)
    {
        json.WriteStartObject();
        WriteText(json, "name", photo.Name);
        WriteText(json, "path", photo.Path);
        if (AddressOf(photo.Path) is { } address)
        {
            json.WriteString("address", address);
        }

        if (_sizes[photo.Number] is { } picture)
        {
            json.WriteNumber("width", picture.Width);
            json.WriteNumber("height", picture.Height);
        }

        if (photo.RightLabel is { } right)
        {
            // A WordNet id says less than the label of the class.
            WriteText(
                json, "right", photo.Predictions.FirstOrDefault(prediction => ReportPhoto.IsNamed(prediction, right))?.Label ?? right);
        }

        if (photo.IsRight is { } isRight)
        {
            json.WriteBoolean("isRight", isRight);
        }

        json.WriteStartArray("classes");
        foreach (Prediction prediction in photo.Predictions)
        {
            json.WriteStartObject();
            json.WriteNumber("rank", prediction.Rank);
            WriteText(json, "label", prediction.Label);
            WriteText(json, "wordNetId", prediction.WordNetId);
            json.WriteNumber("index", prediction.ClassIndex);
            WriteNumber(json, "probability", prediction.Probability);
            WriteNumber(json, "logit", prediction.Logit);
            WriteText(json, "model", prediction.Model);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("maps");
        foreach (ClassActivationMap map in photo.Maps)
        {
            WriteMap(json, map);
        }

        json.WriteEndArray();
        if (photo.Regions.Count > 0)
        {
            json.WriteStartArray("regions");
            foreach (ReportRegion region in photo.Regions)
            {
                WriteRegion(json, region);
            }

            json.WriteEndArray();
        }

        if (photo.Figures.Count > 0)
        {
            json.WriteStartArray("figures");
            foreach (ReportFigures figures in photo.Figures)
            {
                json.WriteStartObject();
                WriteText(json, "title", $"{figures.Title}: {figures.Subject}");
                json.WriteStartArray("values");
                foreach ((string name, double value) in figures.Values)
                {
                    json.WriteStartObject();
                    WriteText(json, "name", name);
                    WriteNumber(json, "value", value);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteMap(Utf8JsonWriter json, ClassActivationMap map)
    {
        json.WriteStartObject();
        WriteText(json, "label", map.Label);
        json.WriteNumber("index", map.ClassIndex);
        WriteText(json, "model", map.Model);
        json.WriteString("method", map.Method);
        WriteText(json, "contrast", map.Contrast);
        json.WriteString("fit", map.Fit);
        json.WriteString("resampling", map.Resampling.ToString());
        WriteText(json, "scale", map.Scale);
        json.WriteBoolean("flip", map.Flip);
        json.WriteString("normalization", map.Normalization);
        json.WriteNumber("rows", map.Rows);
        json.WriteNumber("columns", map.Columns);
        WriteNumber(json, "bias", map.Bias);
        WriteNumber(json, "logit", map.Logit);
        json.WriteNumber("inputWidth", map.InputWidth);
        json.WriteNumber("inputHeight", map.InputHeight);
        json.WriteNumber("photoWidth", map.PhotoWidth);
        json.WriteNumber("photoHeight", map.PhotoHeight);
        json.WriteStartArray("coverage");
        json.WriteNumberValue(map.Coverage.Left);
        json.WriteNumberValue(map.Coverage.Top);
        json.WriteNumberValue(map.Coverage.Width);
        json.WriteNumberValue(map.Coverage.Height);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRegion(Utf8JsonWriter json, ReportRegion region)
    {
        json.WriteStartObject();
        json.WriteNumber("map", region.MapNumber);
        json.WriteNumber("number", region.Region.Number);
        json.WriteNumber("left", region.Region.Left);
        json.WriteNumber("top", region.Region.Top);
        json.WriteNumber("width", region.Region.Width);
        json.WriteNumber("height", region.Region.Height);
        WriteNumber(json, "share", region.Region.Share);
        WriteNumber(json, "peak", region.Region.Peak);
        WriteNumber(json, "threshold", region.Region.Threshold);
        json.WriteEndObject();
    }

    // A relative address stays right where page and photos move together.
    private string? AddressOf(string path) =>
        Path.IsPathFullyQualified(path) && !path.Contains('\0', StringComparison.Ordinal) ? _options.AddressOf(path) : null;

    private static void WriteText(Utf8JsonWriter json, string name, string value) => json.WriteString(name, ShownText.Of(value));

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
