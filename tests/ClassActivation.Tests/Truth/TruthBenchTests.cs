using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;

namespace ClassActivation.Tests.Truth;

/// <summary>
/// The bench with known truth: what each method makes of networks whose right map is known, and what the documents say of it.
/// </summary>
public sealed class TruthBenchTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ClassActivation-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_networks_answer_what_their_weights_say()
    {
        foreach (TruthCase task in TruthCase.All)
        {
            using CamModel model = task.Load(_folder.FullName);
            Prediction[] predictions =
            [
                .. new PhotoExplainer(model, new InputSettings()).Predict(TruthPicture.Draw(task.Picture), 3)
                    .OrderBy(static p => p.ClassIndex)
            ];

            Assert.Equal(task.Picture.Sum(placed => CellsOf(task, placed) * Weighed(task.Class, placed)) / 196, predictions[0].Logit, 1e-3);
            Assert.Equal(task.Picture.Sum(placed => CellsOf(task, placed) * Weighed(task.Other, placed)) / 196, predictions[1].Logit, 1e-3);
            Assert.Equal(1, predictions[2].Logit, 1e-6);
        }

        static double Weighed(Dictionary<Thing, float> weights, Placed placed) =>
            weights.GetValueOrDefault(placed.Thing) * (placed.Thing is Thing.Upright or Thing.Level ? 0.4 : 180 / 255.0);

        static int CellsOf(TruthCase task, Placed placed) =>
            Enumerable.Range(0, 196).Count(i => Array.FindLast(task.Picture, p => p.Covers(i % 14, i / 14)) == placed);
    }

    [Fact]
    public void A_map_of_contributions_is_the_right_one_value_by_value()
    {
        foreach (TruthCase task in TruthCase.All)
        {
            using CamModel model = task.Load(_folder.FullName);
            MapRequest request = new() { ClassIndexes = [0], Contrast = task.IsDifference ? new ClassContrast([1], 1) : null };

            ClassActivationMap map = new PhotoExplainer(model, new InputSettings()).Explain(TruthPicture.Draw(task.Picture), request)[0];

            Assert.All(map.Values.Zip(task.Truth()), static pair => Assert.Equal(pair.Second, pair.First, 1e-3));
        }
    }

    [Fact]
    public void The_table_in_the_documents_is_the_one_that_the_bench_gives()
    {
        string path = Path.Combine(Locations.Repository(), "docs", "truth.md");
        string page = File.ReadAllText(path).ReplaceLineEndings("\n");
        (int start, int end) = (
            page.IndexOf("| method |", StringComparison.Ordinal),
            page.IndexOf("\n\n", page.IndexOf("| method |", StringComparison.Ordinal), StringComparison.Ordinal) + 1);
        string table = TruthBench.Table(TruthBench.ScoreAll(_folder.FullName));
        if (Environment.GetEnvironmentVariable("CLASSACTIVATION_UPDATE_TRUTH") == "1")
        {
            File.WriteAllText(path, page[..start] + table + page[end..]);
            return;
        }

        Assert.Equal(page[start..end], table);
    }

    [Fact]
    public void A_method_that_fails_says_so_in_its_help()
    {
        string help = File.ReadAllText(Path.Combine(Locations.Repository(), "docs", "help", "Get-ClassActivationMap.md"));
        foreach ((CamMethod method, double?[] row) in TruthBench.ScoreAll(_folder.FullName))
        {
            string line = $"| `{method}` | {string.Join(", ", TruthBench.Failed(row))} |";
            if (TruthBench.Failed(row).Any())
            {
                Assert.Contains(line, help, StringComparison.Ordinal);
            }
            else
            {
                Assert.DoesNotContain($"| `{method}` |", help, StringComparison.Ordinal);
            }
        }
    }
}
