using System.Collections;
using System.Globalization;

namespace ClassActivation.Networks;

/// <summary>The classes of a network in the order of its predictions, and the search for one by any of its names.</summary>
public sealed class ClassTable : IReadOnlyList<ImageClass>
{
    private static readonly Lazy<ClassTable> LazyImageNet = new(ReadImageNet);

    private readonly ImageClass[] _classes;
    private readonly Lazy<Dictionary<string, List<ImageClass>>> _byName;
    private readonly Lazy<ConceptTable> _concepts;

    /// <summary>Makes a table; the position of a class must equal its <see cref="ImageClass.Index"/>.</summary>
    public ClassTable(IEnumerable<ImageClass> classes)
    {
        _classes = classes.ToArray();
        _byName = new(IndexNames);
        _concepts = new(() => new ConceptTable(this));
    }

    /// <summary>The 1,000 classes of ILSVRC 2012 in Keras' order, with WordNet's names and glosses.</summary>
    public static ClassTable ImageNet => LazyImageNet.Value;

    /// <summary>The concepts above the classes, none where the classes have no place in WordNet.</summary>
    public ConceptTable Concepts => _concepts.Value;

    /// <inheritdoc/>
    public int Count => _classes.Length;

    /// <inheritdoc/>
    public ImageClass this[int index] => _classes[index];

    /// <summary>A table of classes that have a label only.</summary>
    public static ClassTable FromLabels(IEnumerable<string> labels) =>
        new(labels.Select((label, index) => new ImageClass(index, "", label, [label], "", [])));

    /// <summary>
    /// Finds the classes that a user's text means: an index, a WordNet id, a label or a synonym, in this order.
    /// Case, spaces, underscores and hyphens make no difference.
    /// </summary>
    /// <returns>No class where nothing fits; several where the text is ambiguous ("crane", the bird or the machine).</returns>
    public IReadOnlyList<ImageClass> Find(string text)
    {
        string trimmed = text.Trim();
        if (int.TryParse(trimmed, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return index < _classes.Length ? [_classes[index]] : [];
        }

        return _byName.Value.TryGetValue(Key(trimmed), out List<ImageClass>? found) ? found : [];
    }

    /// <summary>Whether a text names a concept; a name of both a class and a concept is the class's.</summary>
    internal bool NamesConcept(string text) => Find(text).Count == 0 && Concepts.Find(text).Count > 0;

    /// <summary>The labels of classes that have a text's words among their names, or are spelt like it, best first.</summary>
    public IReadOnlyList<string> Suggest(string text, int count = 3) =>
        NameSuggestion.Nearest(
            text,
            _classes.Select(static c => (c.Label, c.Synonyms.Append(c.Label))),
            count,
            wholeWordsOnly: Concepts.FindLike(text).Count > 0);

    /// <summary>Whether another class has the label of this one; case, spaces and underscores make no difference.</summary>
    internal bool SharesLabel(int index)
    {
        string label = _classes[index].Label;
        foreach (ImageClass other in _classes)
        {
            if (other.Index != index && other.Label.Length == label.Length
                && other.Label.Replace(' ', '_').Equals(label.Replace(' ', '_'), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<ImageClass> GetEnumerator() => ((IEnumerable<ImageClass>)_classes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A name as it is compared: lower case, with no spaces, underscores, hyphens or apostrophes.</summary>
    internal static string Key(string name) =>
        string.Concat(name.Where(static c => c is not (' ' or '_' or '-' or '\'' or '.'))).ToLowerInvariant();

    private Dictionary<string, List<ImageClass>> IndexNames()
    {
        // A label outranks the same name as another class's synonym.
        Dictionary<string, List<ImageClass>> byName = IndexBy(static c => [c.WordNetId, c.Label]);
        foreach ((string key, List<ImageClass> classes) in IndexBy(static c => c.Synonyms))
        {
            byName.TryAdd(key, classes);
        }

        return byName;
    }

    private Dictionary<string, List<ImageClass>> IndexBy(Func<ImageClass, IEnumerable<string>> names) =>
        _classes
            .SelectMany(c => names(c).Select(Key).Where(static key => key.Length > 0).Distinct(), (c, key) => (key, c))
            .GroupBy(static pair => pair.key, static pair => pair.c, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => group.ToList(), StringComparer.Ordinal);

    private static ClassTable ReadImageNet() => new(
        EmbeddedTable.ReadRows("imagenet-classes.tsv").Select(static row => new ImageClass(
            int.Parse(row[0], CultureInfo.InvariantCulture),
            row[1],
            row[2],
            row[3].Split(", "),
            row[4],
            row[5].Split(',', StringSplitOptions.RemoveEmptyEntries))));
}
