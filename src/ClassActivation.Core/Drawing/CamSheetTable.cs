using ClassActivation.Maps;

namespace ClassActivation.Drawing;

/// <summary>Maps in rows and columns: a row for each photo, or several where a photo has more than one map for a column.</summary>
public sealed class CamSheetTable
{
    private CamSheetTable(CamSheetColumn columnBy, IReadOnlyList<string> columns, IReadOnlyList<CamSheetRow> rows)
    {
        ColumnBy = columnBy;
        Columns = columns;
        Rows = rows;
    }

    /// <summary>What the maps of a column have in common; never <see cref="CamSheetColumn.Auto"/>.</summary>
    public CamSheetColumn ColumnBy { get; }

    /// <summary>The headings of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The rows, in the order in which their photos first came.</summary>
    public IReadOnlyList<CamSheetRow> Rows { get; }

    /// <summary>Puts maps into rows and columns.</summary>
    /// <param name="maps">The maps, one or more; those of a photo need not come together.</param>
    /// <param name="columnBy">
    /// What makes a column. Columns are in the order in which they first come, ranks in that of their numbers.
    /// </param>
    public static CamSheetTable Of(IReadOnlyList<ClassActivationMap> maps, CamSheetColumn columnBy)
    {
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentOutOfRangeException.ThrowIfZero(maps.Count);
        List<ClassActivationMap[]> photos = [.. maps.GroupBy(static map => map.Photo).Select(static photo => photo.ToArray())];
        columnBy = columnBy == CamSheetColumn.Auto ? WhatVaries(photos) : columnBy;
        Func<ClassActivationMap, string> heading = Heading(columnBy);
        IEnumerable<ClassActivationMap> inOrder = columnBy == CamSheetColumn.Rank ? maps.OrderBy(static map => map.Rank) : maps;
        List<string> columns = [.. inOrder.Select(heading).Distinct()];
        var rows = new List<CamSheetRow>();
        foreach (ClassActivationMap[] photo in photos)
        {
            ClassActivationMap[][] cells = [.. columns.Select(column => photo.Where(map => heading(map) == column).ToArray())];
            for (int i = 0; i < cells.Max(static cell => cell.Length); i++)
            {
                rows.Add(new CamSheetRow([.. cells.Select(cell => cell.ElementAtOrDefault(i))]));
            }
        }

        return new CamSheetTable(columnBy, columns, rows);
    }

    /// <summary>The same columns with so many photos at most, one table for each page.</summary>
    /// <param name="rows">The rows of a page, 1 or more.</param>
    public IReadOnlyList<CamSheetTable> Pages(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rows);
        return [.. Rows.Chunk(rows).Select(page => new CamSheetTable(ColumnBy, Columns, page))];
    }

    private static CamSheetColumn WhatVaries(List<ClassActivationMap[]> photos)
    {
        if (photos.Exists(static photo => photo.DistinctBy(static map => map.Model).Count() > 1))
        {
            return CamSheetColumn.Model;
        }

        if (photos.Exists(static photo => photo.DistinctBy(static map => map.Method).Count() > 1))
        {
            return CamSheetColumn.Method;
        }

        HashSet<string> classes = [.. photos[0].Select(static map => map.Label)];
        return photos.TrueForAll(photo => classes.SetEquals(photo.Select(static map => map.Label)))
            ? CamSheetColumn.Class
            : CamSheetColumn.Rank;
    }

    private static Func<ClassActivationMap, string> Heading(CamSheetColumn columnBy) => columnBy switch
    {
        CamSheetColumn.Class => static map => CamText.Label(map.Label),
        CamSheetColumn.Method => static map => map.Method,
        CamSheetColumn.Model => static map => map.Model,
        CamSheetColumn.Rank => static map => $"Rank {map.Rank}",
        _ => throw new ArgumentOutOfRangeException(nameof(columnBy)),
    };
}
