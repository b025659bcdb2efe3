using ClassActivation.Maps;

namespace ClassActivation.Drawing;

/// <summary>A colour map: 256 sRGB colours from the smallest value to the largest.</summary>
public sealed class Colormap
{
    /// <summary>The number of colours in a map.</summary>
    public const int Size = 256;

    private static readonly List<Colormap> s_all = ReadAll();
    private readonly byte[] _rgb;

    private Colormap(string name, byte[] rgb)
    {
        Name = name;
        _rgb = rgb;
    }

    /// <summary>The names of all maps. All are sequential but <c>coolwarm</c>, which diverges from grey at the middle.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_all.Select(map => map.Name)];

    /// <summary>The name, as in Matplotlib, where the colours come from.</summary>
    public string Name { get; }

    /// <summary>The colours: red, green, blue of the first, then of the second, and so on: 768 bytes.</summary>
    public ReadOnlySpan<byte> Rgb => _rgb;

    /// <summary>One colour.</summary>
    /// <param name="index">0 to 255.</param>
    public (byte Red, byte Green, byte Blue) this[int index] => (_rgb[3 * index], _rgb[3 * index + 1], _rgb[3 * index + 2]);

    /// <summary>Finds a map by its name; letter case does not matter.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ArgumentException">There is no such map.</exception>
    public static Colormap Get(string name) =>
        s_all.Find(map => map.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"There is no colour map '{name}'; use one of {string.Join(", ", Names)}.", nameof(name));

    /// <summary>
    /// The map to draw with where none is asked for: <c>jet</c>, the notebook's; <c>coolwarm</c> where zero is in the middle.
    /// </summary>
    /// <param name="normalization">How values are brought to the range of the colours.</param>
    public static Colormap DefaultFor(HeatmapNormalization normalization) =>
        Get(normalization == HeatmapNormalization.Symmetric ? "coolwarm" : "jet");

    /// <summary>The colour of a value as Matplotlib picks it: 256 equal steps from 0 to 1, values outside at the ends.</summary>
    /// <param name="value">A normalised value.</param>
    public static int IndexOf(double value) => (int)Math.Clamp(value * Size, 0, Size - 1);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static List<Colormap> ReadAll()
    {
        using Stream stream = typeof(Colormap).Assembly.GetManifestResourceStream("colormaps.tsv")!;
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        var maps = new List<Colormap>();
        while (reader.ReadLine() is { } line)
        {
            string[] columns = line.Split('\t');
            maps.Add(new Colormap(columns[0], Convert.FromHexString(columns[1].Replace(" ", "", StringComparison.Ordinal))));
        }

        return maps;
    }
}
