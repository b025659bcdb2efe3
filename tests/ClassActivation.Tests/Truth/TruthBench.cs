using System.Globalization;
using System.Text;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;

namespace ClassActivation.Tests.Truth;

/// <summary>Scores every method on every case, and writes the table.</summary>
internal static class TruthBench
{
    /// <summary>The correlation with the right map below which a method fails a case.</summary>
    public const double Right = 0.95;

    /// <summary>How alike a method's map and the right one are, −1 to 1; null where the method cannot be asked.</summary>
    public static double? Score(CamMethod method, TruthCase task, CamModel model)
    {
        if (task.IsDifference && method == CamMethod.SoftmaxCam)
        {
            return null;
        }

        MapRequest request = new()
        {
            ClassIndexes = [0],
            Methods = [method],
            Contrast = task.IsDifference ? new ClassContrast([1], Strength: 1) : null,
        };
        ClassActivationMap map = new PhotoExplainer(model, new InputSettings()).Explain(TruthPicture.Draw(task.Picture), request)[0];
        return Correlation(CellsOf(map), task.Truth());
    }

    /// <summary>What a map says of each cell: its value, or the sum over its pixels.</summary>
    private static float[] CellsOf(ClassActivationMap map)
    {
        int side = map.Columns / TruthNetwork.Cells;
        var cells = new float[TruthNetwork.Cells * TruthNetwork.Cells];
        for (int i = 0; i < map.Values.Length; i++)
        {
            cells[(i / map.Columns / side * TruthNetwork.Cells) + (i % map.Columns / side)] += map.Values[i];
        }

        return cells;
    }

    /// <summary>The scores of all methods; a row is a method.</summary>
    public static Dictionary<CamMethod, double?[]> ScoreAll(string folder)
    {
        CamModel[] models = Array.ConvertAll(TruthCase.All, task => task.Load(folder));
        try
        {
            // Its networks have no attention.
            return Enum.GetValues<CamMethod>().Except([CamMethod.LeGrad]).ToDictionary(
                static method => method,
                method => TruthCase.All.Zip(models, (task, model) => Score(method, task, model)).ToArray());
        }
        finally
        {
            Array.ForEach(models, static model => model.Dispose());
        }
    }

    /// <summary>The table, as Markdown.</summary>
    public static string Table(IReadOnlyDictionary<CamMethod, double?[]> scores)
    {
        var table = new StringBuilder();
        table.Append("| method | ").AppendJoin(" | ", TruthCase.All.Select(static task => task.Name)).Append(" |\n");
        table.Append("| --- |").Append(string.Concat(TruthCase.All.Select(static _ => " ---: |"))).Append('\n');
        foreach ((CamMethod method, double?[] row) in scores)
        {
            table.Append(CultureInfo.InvariantCulture, $"| `{method}` | ").AppendJoin(" | ", row.Select(Cell)).Append(" |\n");
        }

        return table.ToString();
    }

    /// <summary>The names of the cases that a method fails.</summary>
    public static IEnumerable<string> Failed(double?[] row) =>
        TruthCase.All.Zip(row).Where(static pair => pair.Second < Right).Select(static pair => pair.First.Name);

    private static string Cell(double? score) => score switch
    {
        null => "–",
        < Right => string.Create(CultureInfo.InvariantCulture, $"**{score:0.00}**"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{score:0.00}"),
    };

    // Written out here, so that the bench does not stand on what it tests.
    private static double Correlation(float[] one, float[] other)
    {
        (double meanOfOne, double meanOfOther) = (one.Average(), other.Average());
        double product = 0, squaresOfOne = 0, squaresOfOther = 0;
        for (int i = 0; i < one.Length; i++)
        {
            (double a, double b) = (one[i] - meanOfOne, other[i] - meanOfOther);
            product += a * b;
            squaresOfOne += a * a;
            squaresOfOther += b * b;
        }

        return squaresOfOne * squaresOfOther == 0 ? 0 : product / Math.Sqrt(squaresOfOne * squaresOfOther);
    }
}
