using System.Text;
using ClassActivation.Onnx;
using ClassActivation.Onnx.Schema;

namespace ClassActivation.Tests;

/// <summary>Files appear whole or not at all, and what killed processes left does not stay for ever.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_killed_processes_left_is_removed_after_a_day_and_nothing_else()
    {
        string old = Leftover("old", TimeSpan.FromDays(-2));
        string[] kept =
        [
            Leftover("new", TimeSpan.FromHours(-1)),
            Leftover("future", TimeSpan.FromDays(4000)),
            Path.Combine(_folder.Path, "mine.tmp"),
            Path.Combine(_folder.Path, "picture.jpg"),
        ];
        foreach (string file in kept[2..])
        {
            File.WriteAllText(file, "");
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-9));
        }

        AtomicFile.Write(Path.Combine(_folder.Path, "picture.jpg"), overwrite: true, static stream => stream.Write("new"u8));

        Assert.False(File.Exists(old));
        Assert.Equal(kept.Order(), Directory.GetFiles(_folder.Path).Order());
        Assert.Equal("new", File.ReadAllText(kept[3]));
    }

    [Fact]
    public void A_failure_keeps_the_old_file_and_says_what_failed()
    {
        string path = Path.Combine(_folder.Path, "file");
        File.WriteAllText(path, "old");

        Assert.Throws<IOException>(() => AtomicFile.Write(path, overwrite: true, static stream =>
        {
            stream.Write("half"u8);
            throw new IOException("no more");
        }));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_network_whose_weights_cannot_be_replaced_stays_as_it_was()
    {
        string model = Path.Combine(_folder.Path, "net.onnx");
        File.WriteAllText(model, "old");
        // A folder of that name cannot be replaced, as a file that is in use elsewhere cannot.
        Directory.CreateDirectory(Path.Combine(model + ".data", "in the way"));
        using (var writer = new OnnxModelWriter(model))
        {
            writer.WriteTensor<float>("weights", new float[1000], 1000);
            Assert.ThrowsAny<SystemException>(() => writer.Commit(new ModelProto { Graph = new GraphProto() }));
        }

        Assert.Equal("old", File.ReadAllText(model, Encoding.UTF8));
        Assert.Equal([model], Directory.GetFiles(_folder.Path));
    }

    private string Leftover(string name, TimeSpan age)
    {
        string path = Path.Combine(_folder.Path, $".ClassActivation-{name}.tmp");
        File.WriteAllText(path, "half a pict");
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow + age);
        return path;
    }
}
