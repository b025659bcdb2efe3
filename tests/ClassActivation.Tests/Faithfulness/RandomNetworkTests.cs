using ClassActivation.Faithfulness;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Photos;
using ClassActivation.Tests.Quantization;
using ClassActivation.Tests.Truth;
using Xunit.Abstractions;

namespace ClassActivation.Tests.Faithfulness;

/// <summary>Networks that never learned anything, each tested on 20 pictures.</summary>
public sealed class RandomNetworkTests(ITestOutputHelper output) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ClassActivation-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void None_of_20_is_trusted()
    {
        PhotoSource[] pictures = [.. Enumerable.Range(0, CamTrust.LeastCount).Select(Picture)];
        for (int seed = 0; seed < 20; seed++)
        {
            string path = Path.Combine(_folder.FullName, $"random-{seed}.onnx");
            ResidualNetwork.Write(path, seed: seed);
            using CamModel model = CamModel.Load(path, new OptimizedNetworkCache(null));
            var test = new TrustTest(model, new TrustOptions { Steps = 4, Seed = seed });
            var explainer = new PhotoExplainer(model, new InputSettings(Resolution: 32));
            foreach (PhotoSource picture in pictures)
            {
                test.Add(explainer.Explain(picture, new MapRequest())[0], picture);
            }

            CamTrust trust = test.Conclude();
            output.WriteLine($"{seed} {trust.Verdict} {trust.Dependence:0.00} {string.Join(" | ", trust.Reasons)}");
            Assert.Equal(TrustVerdict.NotToBeTrusted, trust.Verdict);
        }
    }

    private static PhotoSource Picture(int seed)
    {
        var random = new Random(seed);
        return TruthPicture.Draw([.. Enumerable.Range(0, 4).Select(_ =>
            new Placed((Thing)random.Next(5), random.Next(10), random.Next(10), random.Next(2, 5), random.Next(2, 5)))]);
    }
}
