using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClassActivation.Import.Keras;

/// <summary>
/// JavaScript modules that export a network's description or, in Base64, one of its weight files, as npm packages for
/// browsers have them. Nothing of them is run: what they export is read as the literal that it is.
/// </summary>
internal static partial class JavaScriptModule
{
    private const long LargestModule = 512 << 20;
    private const int DeepestLiteral = 200;

    private static readonly string[] Extensions = [".min.js", ".js"];

    /// <summary>Writes the files that the modules were made of beside them.</summary>
    /// <param name="path">The module of the description.</param>
    /// <returns>The path of the <c>model.json</c>.</returns>
    /// <exception cref="ModelImportException">A module exports something else.</exception>
    public static string Unpack(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        string modelJson = Path.Combine(folder, "model.json");
        string description = Read(path);
        File.WriteAllText(modelJson, description);
        using JsonDocument document = TensorFlowJsFile.Read(modelJson);
        string[] shards = Guard.Description(
            () => document.RootElement.GetProperty("weightsManifest").EnumerateArray()
                .SelectMany(static group => group.GetProperty("paths").EnumerateArray().Select(static name => name.GetString() ?? ""))
                    .ToArray(),
            () => $"The list of weights in '{path}' is incomplete or of an unknown form.");
        foreach (string shard in shards)
        {
            string target = ContainedPath.Resolve(folder, shard)
                ?? throw new ModelImportException(
                    $"'{path}' names the weight file '{shard}', outside of its own folder; such a model is not read.");
            string module = Extensions.Select(extension => target + extension).FirstOrDefault(File.Exists)
                ?? throw new ModelImportException($"The module of the weight file '{shard}' is missing beside '{path}'.");
            File.WriteAllBytes(target, Bytes(module));
        }

        return modelJson;
    }

    /// <summary>Whether a file is such a module, by its name.</summary>
    public static bool IsModule(string path) => path.EndsWith(".js", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a module exports, as JSON.</summary>
    /// <exception cref="ModelImportException">It exports no literal.</exception>
    public static string Read(string path)
    {
        if (new FileInfo(path).Length > LargestModule)
        {
            throw new ModelImportException($"'{path}' is too large to be a module.");
        }

        string text = File.ReadAllText(path);
        Match export = Export().Match(text);
        return export.Success
            ? Guard.Description(() => new Literal(text, export.Index + export.Length).ToJson(), () => Unreadable(path))
            : throw new ModelImportException(Unreadable(path));
    }

    private static byte[] Bytes(string path) => Guard.Description(
        () =>
        {
            using JsonDocument document = JsonDocument.Parse(Read(path));
            return document.RootElement.GetBytesFromBase64();
        },
        () => Unreadable(path));

    private static string Unreadable(string path) =>
        $"The module '{path}' exports neither the description of a network nor a weight file in Base64.";

    [GeneratedRegex("""(?:\bexports(?:\.default)?\s*=|\bexport\s+default)\s*(?=[{"'])""", RegexOptions.None, 10_000)]
    private static partial Regex Export();

    /// <summary>A literal of JavaScript, which is JSON but for names, quotes and some numbers and words.</summary>
    private sealed class Literal(string text, int start)
    {
        private readonly StringBuilder _json = new();
        private int _at = start;

        public string ToJson()
        {
            int depth = 0;
            do
            {
                SkipSpaces();
                char next = text[_at];
                switch (next)
                {
                    case '{' or '[':
                        depth++;
                        _json.Append(next);
                        _at++;
                        break;
                    case '}' or ']':
                        depth--;
                        _json.Append(next);
                        _at++;
                        break;
                    case ',' or ':':
                        _json.Append(next);
                        _at++;
                        break;
                    case '"' or '\'':
                        AddText(next);
                        break;
                    case '!':
                        _json.Append(text[_at + 1] == '0' ? "true" : "false");
                        _at += 2;
                        break;
                    default:
                        AddWord();
                        break;
                }

                if (depth > DeepestLiteral)
                {
                    throw new FormatException("The literal is too deep.");
                }
            }
            while (depth > 0);

            return _json.ToString();
        }

        private void SkipSpaces()
        {
            while (char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
        }

        private void AddText(char quote)
        {
            StringBuilder value = new();
            for (_at++; text[_at] != quote; _at++)
            {
                if (text[_at] != '\\')
                {
                    value.Append(text[_at]);
                    continue;
                }

                _at++;
                int digits = text[_at] switch
                {
                    'x' => 2,
                    'u' => 4,
                    _ => 0,
                };
                value.Append(digits > 0
                    ? (char)int.Parse(text.AsSpan(_at + 1, digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                    : text[_at] switch
                    {
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'b' => '\b',
                        'f' => '\f',
                        '0' => '\0',
                        char itself => itself,
                    });
                _at += digits;
            }

            _at++;
            _json.Append('"').Append(JsonEncodedText.Encode(value.ToString())).Append('"');
        }

        private void AddWord()
        {
            int from = _at;
            while (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '_' or '$' or '.' or '-' or '+')
            {
                _at++;
            }

            string word = text[from.._at];
            bool isNumber = word.Length > 0 && (char.IsAsciiDigit(word[0]) || word[0] is '-' or '.');
            _json.Append(word.Length == 0 ? throw new FormatException("A literal holds something else than literals.")
                : isNumber ? double.Parse(word, NumberStyles.Float, CultureInfo.InvariantCulture)
                    .ToString("R", CultureInfo.InvariantCulture)
                : word is "true" or "false" or "null" ? word
                : $"\"{JsonEncodedText.Encode(word)}\"");
        }
    }
}
