using ClassActivation.Batch;

namespace ClassActivation.Tests.Batch;

/// <summary>
/// A batch is listed whole or not at all, its shards have the photos in their order, and an engine's number is the shard's.
/// </summary>
public sealed class BatchFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shards_are_parts_of_the_photos_in_their_order()
    {
        string[] photos = [.. Enumerable.Range(0, 25).Select(static i => $"/photos/é [{i}] \" \n.jpg")];

        BatchFolder batch = Make(photos, shardSize: 10);

        Assert.Equal((3, 25L), (batch.Description.ShardCount, batch.Description.PhotoCount));
        Assert.Equal(photos, Enumerable.Range(0, 3).SelectMany(batch.ReadPhotos));
        Assert.Equal([0, 1, 2], batch.Missing());
        Assert.Equal(["job"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void What_is_not_completed_leaves_nothing()
    {
        using (var listing = new BatchListing(_folder.File("job"), Description(10)))
        {
            listing.Add("/a.jpg");
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void No_photo_is_no_batch_and_a_folder_with_something_in_it_is_left_alone()
    {
        using var empty = new BatchListing(_folder.File("job"), Description(10));
        Assert.Equal(BatchFailure.NoPhoto, Assert.Throws<BatchException>(empty.Complete).Failure);

        File.WriteAllText(_folder.File("mine"), "");
        Assert.Equal(BatchFailure.Exists, Assert.Throws<BatchException>(() => new BatchListing(_folder.Path, Description(10))).Failure);
    }

    [Theory]
    [InlineData("{}", BatchFailure.Invalid)]
    [InlineData("{", BatchFailure.Invalid)]
    [InlineData("null", BatchFailure.Invalid)]
    [InlineData(null, BatchFailure.NotFound)]
    public void A_description_that_is_none_is_said_to_be(string? content, BatchFailure failure)
    {
        string file = _folder.File("batch.json");
        if (content is not null)
        {
            File.WriteAllText(file, content);
        }

        BatchException error = Assert.Throws<BatchException>(() => BatchFolder.Open(_folder.Path));

        Assert.Equal(failure, error.Failure);
        Assert.Contains(_folder.Path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_that_was_cut_off_is_not_computed()
    {
        BatchFolder batch = Make(["/a.jpg", "/b.jpg"], shardSize: 10);
        string list = Directory.GetFiles(_folder.Path, "000000.txt", SearchOption.AllDirectories).Single();
        File.WriteAllText(list, File.ReadLines(list).First() + "\n");

        Assert.Equal(BatchFailure.Invalid, Assert.Throws<BatchException>(() => batch.ReadPhotos(0)).Failure);
        Assert.Equal(BatchFailure.NoSuchShard, Assert.Throws<BatchException>(() => batch.ReadPhotos(1)).Failure);
    }

    [Fact]
    public void A_shard_is_taken_by_one_at_a_time()
    {
        BatchFolder batch = Make(["/a.jpg"], shardSize: 1);
        using (IDisposable? first = batch.TryClaim(0))
        {
            Assert.NotNull(first);
            Assert.Null(batch.TryClaim(0));
            Assert.True(batch.IsClaimed(0));
        }

        Assert.False(batch.IsClaimed(0));
        batch.TryClaim(0)!.Dispose();
    }

    [Fact]
    public void Of_two_results_one_wins_and_the_other_goes()
    {
        BatchFolder batch = Make(["/a.jpg"], shardSize: 1);
        string[] results = [batch.NewResults(0), batch.NewResults(0)];
        foreach (string folder in results)
        {
            File.WriteAllText(Path.Combine(folder, "rows.csv"), folder);
        }

        Assert.True(batch.TryPublish(results[0], Figures("one")));
        Assert.False(batch.TryPublish(results[1], Figures("two")));

        Assert.Equal(results[0], File.ReadAllText(batch.ResultFile(0, "rows.csv")));
        Assert.Equal("one", batch.ReadFigures(0).Host);
        Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(results[0])!));
    }

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_ID", "17", 17)]
    [InlineData("AWS_BATCH_JOB_ARRAY_INDEX", "0", 0)]
    [InlineData("JOB_COMPLETION_INDEX", "3", 3)]
    [InlineData("PBS_ARRAY_INDEX", "8", 8)]
    [InlineData("SGE_TASK_ID", "1", 0)]
    [InlineData("SGE_TASK_ID", "undefined", null)]
    [InlineData("SLURM_ARRAY_TASK_ID", "", null)]
    [InlineData("HOME", "1", null)]
    public void An_engine_gives_the_shard(string variable, string value, int? shard) =>
        Assert.Equal(shard, EngineShard.Find(name => name == variable ? value : null)?.Shard);

    [Fact]
    public void Photos_are_listed_by_name_in_order_with_those_below_and_without_links()
    {
        foreach (string name in new[]
        {
            "b.JPG",
            "a.png",
            "c.txt",
            "sub/z.webp",
            "sub/deeper [1]/é.gif",
            "Z.jpeg",
            "d.TIFF",
            "e.svg",
            "sub/y.jfif",
            "sub/heic",
        })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
            File.WriteAllText(_folder.File(name), "");
        }

        Directory.CreateSymbolicLink(_folder.File("sub/loop"), _folder.Path);
        string[] Names(bool recurse) =>
            [
                .. PhotoFolder.Photos(_folder.Path, recurse, static (folder, e) => throw e)
                    .Select(photo => Path.GetRelativePath(_folder.Path, photo))
            ];

        Assert.Equal(["Z.jpeg", "a.png", "b.JPG", "d.TIFF"], Names(recurse: false));
        Assert.Equal(
            ["Z.jpeg", "a.png", "b.JPG", "d.TIFF", "sub/y.jfif", "sub/z.webp", "sub/deeper [1]/é.gif"],
            Names(recurse: true).Select(static name => name.Replace('\\', '/')));
    }

    [Fact]
    public void A_folder_that_is_gone_is_told_and_the_others_are_listed()
    {
        var refused = new List<string>();

        Assert.Empty(PhotoFolder.Photos(_folder.File("gone"), recurse: true, (folder, _) => refused.Add(folder)));
        Assert.Equal([_folder.File("gone")], refused);
    }

    [Fact]
    public void The_rate_counts_the_time_in_which_work_was_done()
    {
        BatchFolder batch = Make([.. Enumerable.Range(0, 6).Select(static i => $"/{i}.jpg")], shardSize: 1);
        var start = new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        // Two side by side, a night, and one: 10 s of work for three photos.
        foreach ((int shard, double begin, double seconds) in new[] { (0, 0.0, 4.0), (1, 2, 4), (4, 30_000, 4) })
        {
            Assert.True(
                batch.TryPublish(
                    batch.NewResults(shard), Figures("host") with { Shard = shard, Started = start.AddSeconds(begin), Seconds = seconds }));
        }

        BatchState state = BatchState.Of(batch, static e => Assert.Fail(e.Message));

        Assert.Equal(0.3, state.Rate!.Value, 9);
        Assert.Equal(TimeSpan.FromSeconds(10), state.TimeLeft);
        Assert.Equal("2-3,5", state.Missing);
        Assert.Equal((3, 3L, false), (state.DoneShards, state.DonePhotos, state.IsComplete));
        Assert.Equal(6, state.Errors["PhotoTruncated"]);
    }

    private static BatchDescription Description(int shardSize) => new() { Model = "m", ModelHash = "00", ShardSize = shardSize };

    private static BatchShard Figures(string host) => new()
    {
        Shard = 0,
        Photos = 1,
        Answers = 1,
        Refused = 2,
        Errors = new SortedDictionary<string, int> { ["PhotoTruncated"] = 2 },
        Started = DateTime.UtcNow,
        Seconds = 1,
        Host = host,
        Processor = "p",
        Platform = "",
        ModuleVersion = "1",
        RuntimeVersion = "1",
    };

    private BatchFolder Make(string[] photos, int shardSize)
    {
        using var listing = new BatchListing(_folder.File("job"), Description(shardSize));
        foreach (string photo in photos)
        {
            listing.Add(photo);
        }

        return listing.Complete();
    }
}
