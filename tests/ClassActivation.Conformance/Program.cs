using System.Security.Cryptography;
using ClassActivation.Photos;

// Compares the photos of a folder with a table of what Pillow reads in them, which tools/make_pillow_table.py makes: path, width,
// height and SHA-256 of the RGB pixels, or "refused". The exceptions have a pattern of paths and the reason in each line.
if (args is not [string folder, string table, string exceptionList])
{
    Console.Error.WriteLine("Give the folder of the photos, the table, and the list of exceptions.");
    return 2;
}

string[][] exceptions = [.. Rows(exceptionList)];
int equal = 0, refused = 0, excepted = 0, different = 0, missing = 0;
foreach (string[] row in Rows(table))
{
    string path = Path.Combine(folder, row[0]);
    if (!File.Exists(path))
    {
        missing++;
        Console.WriteLine($"missing\t{row[0]}");
        continue;
    }

    string expected = string.Join('\t', row.Skip(1)), actual = Read(path, out string? message);
    if (actual == expected)
    {
        _ = expected == "refused" ? refused++ : equal++;
    }
    else if (
        Array.Find(
            exceptions, exception => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(exception[0], row[0])) is { } exception)
    {
        excepted++;
        Console.WriteLine($"excepted\t{row[0]}\t{exception[1]}");
    }
    else
    {
        different++;
        Console.WriteLine($"different\t{row[0]}\t{message ?? actual.Replace('\t', ' ')} instead of {expected.Replace('\t', ' ')}");
    }
}

Console.WriteLine($"equal {equal}, refused by both {refused}, excepted {excepted}, different {different}, missing {missing}");
return different + missing == 0 ? 0 : 1;

static IEnumerable<string[]> Rows(string path) =>
    File.ReadLines(path).Where(static line => line.Length > 0 && line[0] != '#').Select(static line => line.Split('\t'));

static string Read(string path, out string? message)
{
    message = null;
    try
    {
        Photo photo = PhotoDecoder.Decode(PhotoSource.FromFile(Path.GetFullPath(path)));
        byte[] rgb = [.. photo.Pixels.Where(static (_, i) => i % 4 != 3)];
        return $"{photo.Width}\t{photo.Height}\t{Convert.ToHexStringLower(SHA256.HashData(rgb))}";
    }
    catch (PhotoException e)
    {
        message = e.Message;
        return "refused";
    }
}
