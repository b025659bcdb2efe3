using System.Collections;

namespace ClassActivation.Networks;

/// <summary>
/// The WordNet concepts above a network's classes, and the search for one by any of its names. They form a hierarchy in
/// which a concept or class can stand below several others.
/// </summary>
public sealed class ConceptTable : IReadOnlyList<Concept>
{
    private readonly ClassTable _classes;
    private readonly List<Concept> _concepts = [];
    private readonly ILookup<string, Concept> _byName;
    private readonly ILookup<string, Concept> _bySynonym;

    internal ConceptTable(ClassTable classes)
    {
        _classes = classes;
        Dictionary<string, string[]> rows = EmbeddedTable.ReadRows("wordnet-concepts.tsv")
            .ToDictionary(static row => row[0], StringComparer.Ordinal);
        var members = new Dictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        foreach (ImageClass imageClass in classes)
        {
            Enlist(imageClass.Index, imageClass.Parents, rows, members);
        }

        foreach ((string id, string[] row) in rows)
        {
            if (members.TryGetValue(id, out SortedSet<int>? indexes))
            {
                _concepts.Add(new Concept
                {
                    WordNetId = id,
                    Name = row[1],
                    Synonyms = row[2].Split(", "),
                    Gloss = row[3],
                    Depth = DepthOf(id, rows),
                    Parents = ParentsOf(row),
                    ClassIndexes = [.. indexes],
                });
            }
        }

        _byName = _concepts.ToLookup(static c => ClassTable.Key(c.Name), StringComparer.Ordinal);
        _bySynonym = _concepts
            .SelectMany(static c => c.Synonyms.Select(ClassTable.Key).Distinct(), static (c, key) => (c, key))
            .ToLookup(static pair => pair.key, static pair => pair.c, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public int Count => _concepts.Count;

    /// <inheritdoc/>
    public Concept this[int index] => _concepts[index];

    /// <summary>
    /// Finds the concepts that a user's text means: a WordNet id, a name or a synonym, in this order. Case, spaces,
    /// underscores and hyphens make no difference.
    /// </summary>
    /// <returns>No concept where nothing fits; several where the text is ambiguous ("car", on rails or on the road).</returns>
    public IReadOnlyList<Concept> Find(string text)
    {
        string key = ClassTable.Key(text.Trim());
        return _concepts.Find(c => c.WordNetId == key) is { } concept ? [concept]
            : _byName.Contains(key) ? [.. _byName[key]]
            : [.. _bySynonym[key]];
    }

    /// <summary>
    /// The concepts that a text means, or else those that it means in the singular or by its last word: cats, black dogs.
    /// </summary>
    internal IReadOnlyList<Concept> FindLike(string text) =>
        Find(text) is { Count: > 0 } found
            ? found
            : NameSuggestion.Simpler(text).Select(Find).FirstOrDefault(static found => found.Count > 0) ?? [];

    /// <summary>The names of concepts that have a text's words among their names, or are spelt like it, best first.</summary>
    public IReadOnlyList<string> Suggest(string text, int count = 3) => FindLike(text) is { Count: > 0 } like
        ? [.. like.Take(count).Select(concept => Find(concept.Name).Count == 1 ? concept.Name : concept.WordNetId)]
        : NameSuggestion.Nearest(text, _concepts.Select(static c => (c.Name, c.Synonyms.AsEnumerable())), count);

    /// <summary>The concepts directly below a concept.</summary>
    public IEnumerable<Concept> ChildrenOf(Concept concept) => _concepts.Where(c => c.Parents.Contains(concept.WordNetId));

    /// <summary>All concepts above a class, the nearest first.</summary>
    public IEnumerable<Concept> Above(ImageClass imageClass) =>
        _concepts.Where(c => c.ClassIndexes.Contains(imageClass.Index)).OrderByDescending(static c => c.Depth)
            .ThenBy(static c => c.ClassCount);

    /// <summary>The classes below a concept, in the order of the predictions.</summary>
    public IEnumerable<ImageClass> ClassesOf(Concept concept) => concept.ClassIndexes.Select(index => _classes[index]);

    /// <inheritdoc/>
    public IEnumerator<Concept> GetEnumerator() => _concepts.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds a class to all concepts above it.</summary>
    private static void Enlist(
        int classIndex, IReadOnlyList<string> parents, Dictionary<string, string[]> rows, Dictionary<string, SortedSet<int>> members)
    {
        foreach (string parent in parents.Where(rows.ContainsKey))
        {
            if (!members.TryGetValue(parent, out SortedSet<int>? indexes))
            {
                members.Add(parent, indexes = []);
            }

            if (indexes.Add(classIndex))
            {
                Enlist(classIndex, ParentsOf(rows[parent]), rows, members);
            }
        }
    }

    private static int DepthOf(string id, Dictionary<string, string[]> rows) =>
        ParentsOf(rows[id]) is { Length: > 0 } parents ? 1 + parents.Min(parent => DepthOf(parent, rows)) : 0;

    private static string[] ParentsOf(string[] row) => row[4].Split(',', StringSplitOptions.RemoveEmptyEntries);
}
