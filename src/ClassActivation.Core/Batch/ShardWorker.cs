using System.Diagnostics;
using System.Runtime.ExceptionServices;
using ClassActivation.Drawing;
using ClassActivation.Inference;
using ClassActivation.Interchange;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Batch;

/// <summary>Computes shards of a batch.</summary>
public sealed class ShardWorker
{
    private readonly LongRunMemory _memory = new();
    private readonly BatchFolder _batch;
    private readonly PhotoExplainer _explainer;
    private readonly MapRequest _request;
    private readonly Func<Exception, string, (string Id, string Message)> _refusalOf;

    /// <summary>Makes a worker.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="model">The network that it asks.</param>
    /// <param name="refusalOf">Gives the error id and the words for what was wrong with a photo of a path.</param>
    /// <exception cref="BatchException">It is another network, or the photo to compare with is not the batch's.</exception>
    public ShardWorker(BatchFolder batch, CamModel model, Func<Exception, string, (string Id, string Message)> refusalOf)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(model);
        if (model.Hash != batch.Description.ModelHash)
        {
            throw new BatchException(
                BatchFailure.OtherNetwork,
                batch.FullName,
                $"The batch '{batch.FullName}' asks {batch.Description.Model} with the hash {batch.Description.ModelHash}, and that of the"
                + $" one here is {model.Hash}.");
        }

        (_batch, _refusalOf) = (batch, refusalOf);
        _explainer = new PhotoExplainer(model, batch.Description.Input);
        _request = batch.Description.ToRequest(model.Classes, FindSimilar(batch));
    }

    private static PhotoSource? FindSimilar(BatchFolder batch)
    {
        if (batch.Description.SimilarTo is not { } similar)
        {
            return null;
        }

        PhotoSource photo = PhotoSource.FromFile(similar.Path).WithMaxPixels(batch.Description.MaxPixels)
            .WithReading(batch.Description.Reading);
        try
        {
            return photo.HashContent() == similar.Hash ? photo : throw new BatchException(
                BatchFailure.OtherPhoto, similar.Path,
                $"The batch '{batch.FullName}' compares with '{similar.Path}', which is another photo now.");
        }
        catch (PhotoException e)
        {
            throw new BatchException(
                BatchFailure.OtherPhoto, similar.Path,
                $"The batch '{batch.FullName}' compares with '{similar.Path}', which cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// Computes one shard. Its results appear when they are whole; where another worker's appear before, these are thrown
    /// away, which are the same.
    /// </summary>
    /// <param name="shard">The shard's number.</param>
    /// <param name="isClaimedOnly">Whether to leave the shard to another worker that is at it.</param>
    /// <param name="throttleLimit">How many photos are worked on at once.</param>
    /// <param name="advance">Told of each photo that is done, on the thread that calls.</param>
    /// <param name="cancellationToken">Ends the work; nothing of it is left.</param>
    /// <returns>The shard's figures; null where its results are another worker's.</returns>
    /// <exception cref="BatchException">The list cannot be read, or the results cannot be written.</exception>
    /// <exception cref="ModelException">The network cannot be used here.</exception>
    public BatchShard? Compute(
        int shard, bool isClaimedOnly, int throttleLimit, Action<string> advance, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(advance);
        _batch.CheckExists(shard);
        using IDisposable? claim = _batch.TryClaim(shard);
        if (_batch.IsDone(shard) || (claim is null && isClaimedOnly))
        {
            return null;
        }

        if (claim is not null)
        {
            _batch.RemoveRemains(shard);
        }

        string? folder = null;
        try
        {
            folder = _batch.NewResults(shard);
            BatchShard figures = Fill(folder, shard, throttleLimit, advance, cancellationToken);
            return _batch.TryPublish(folder, figures) ? figures : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            AtomicFolder.TryDelete(folder ?? "");
            // Another worker may take the folder away when it has the shard to itself.
            return _batch.IsDone(shard) ? null : throw BatchFolder.NotWritten(_batch.ResultFile(shard, ""), e);
        }
        catch
        {
            AtomicFolder.TryDelete(folder ?? "");
            throw;
        }
    }

    private BatchShard Fill(string folder, int shard, int throttleLimit, Action<string> advance, CancellationToken cancellationToken)
    {
        DateTime started = DateTime.UtcNow;
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<string> photos = _batch.ReadPhotos(shard);
        long first = (long)shard * _batch.Description.ShardSize;
        var errors = new SortedDictionary<string, int>(StringComparer.Ordinal);
        long answers = 0;
        using (var results = new ShardResults(folder, _batch.Description))
        {
            var pipeline = new OrderedPipeline<(long Number, string Path), Outcome>(
                photo => Ask(photo.Number, photo.Path, cancellationToken), throttleLimit, InferenceThreads.Instance, cancellationToken);
            try
            {
                for (int i = 0; i < photos.Count; i++)
                {
                    pipeline.Post((first + i, photos[i]), Keep);
                }

                pipeline.Complete(Keep);
            }
            finally
            {
                pipeline.WaitForWorkers(TimeSpan.FromSeconds(1));
            }

            results.Complete();

            void Keep(Outcome outcome)
            {
                outcome.Failure?.Throw();
                foreach (ShardAnswer answer in outcome.Answers)
                {
                    results.Add(answer);
                    if (answer.Row.Error.Length > 0)
                    {
                        errors[answer.Row.Error] = errors.GetValueOrDefault(answer.Row.Error) + 1;
                    }
                    else
                    {
                        answers++;
                    }
                }

                advance(outcome.Path);
                _memory.AfterPhoto();
            }
        }

        return new BatchShard
        {
            Shard = shard,
            Photos = photos.Count,
            Answers = answers,
            Refused = errors.Values.Sum(),
            Errors = errors,
            Started = started,
            Seconds = Stopwatch.GetElapsedTime(start).TotalSeconds,
            Host = Environment.MachineName,
            Processor = ComputedBy.ProcessorType,
            Platform = ComputedBy.Platform,
            ModuleVersion = ComputedBy.ModuleVersion,
            RuntimeVersion = ComputedBy.RuntimeVersion,
        };
    }

    private Outcome Ask(long number, string path, CancellationToken cancellationToken)
    {
        BatchDescription batch = _batch.Description;
        PhotoSource file = PhotoSource.FromFile(path).WithMaxPixels(batch.MaxPixels).WithReading(batch.Reading);
        try
        {
            if (IsOwnPicture(path))
            {
                return new Outcome(
                    path,
                    [Refuse(number, file, file.Failed(PhotoFailure.OwnPicture, "is a picture that this module drew, and no photo"))],
                    null);
            }

            var answers = new List<ShardAnswer>();
            foreach (PhotoSource photo in PhotoFrames.Of(file, batch.Frames))
            {
                int first = answers.Count + 1;
                try
                {
                    answers.AddRange(
                        [
                            .. _explainer.Explain(photo, _request, cancellationToken)
                                .Select((map, index) => AnswerOf(number, first + index, map, photo))
                        ]);
                }
                catch (Exception e) when (IsOfPhoto(e))
                {
                    answers.Add(Refuse(number, photo, e));
                }
            }

            return new Outcome(path, answers, null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new Outcome(path, [], ExceptionDispatchInfo.Capture(e));
        }
    }

    private static bool IsOwnPicture(string path) => PictureMarks.TryRead(path) is { Kind: not PictureKind.Crop };

    private ShardAnswer Refuse(long number, PhotoSource photo, Exception exception)
    {
        (string id, string message) = _refusalOf(exception, photo.DisplayPath);
        return new ShardAnswer(new BatchRow { Number = number, Answer = 0, Photo = photo.Identify(), Error = id, Message = message });
    }

    // All else is of the machine, and another one may do better: the shard stays missing.
    private static bool IsOfPhoto(Exception exception) =>
        exception is PhotoException || exception is ModelException { Failure: ModelFailure.RunFailed or ModelFailure.NotFinite };

    private ShardAnswer AnswerOf(long number, int answer, ClassActivationMap map, PhotoSource source)
    {
        var row = new BatchRow
        {
            Number = number,
            Answer = answer,
            Photo = map.Photo,
            Map = MapDescription.Of(map),
            Rows = map.Rows,
            Columns = map.Columns,
            Minimum = map.Minimum,
            Maximum = map.Maximum,
        };
        BatchOutputs outputs = _batch.Description.Outputs;
        return new ShardAnswer(
            row,
            outputs.HasFlag(BatchOutputs.Maps) ? Values(map) : null,
            outputs.HasFlag(BatchOutputs.Pictures) ? Draw(map, source) : null);
    }

    private static byte[] Values(ClassActivationMap map)
    {
        using var stream = new MemoryStream();
        MapFile.WriteValues(map, stream);
        return stream.ToArray();
    }

    private byte[] Draw(ClassActivationMap map, PhotoSource source)
    {
        BatchDescription batch = _batch.Description;
        Photo picture = CamOverlay.Draw(map, source, batch.Look(map.DefaultNormalization), batch.MaxSize);
        if (Math.Max(picture.Width, picture.Height) > PhotoEncoder.LongestSide(batch.PictureFormat))
        {
            throw source.Failed(
                PhotoFailure.TooLarge,
                $"is too large to be drawn as {batch.PictureFormat} with its {picture.Width}×{picture.Height} pixels");
        }

        byte[] file = PictureMarks.EncodeOverlay(picture, batch.PictureFormat, batch.Quality, map, source);
        picture.Recycle();
        return file;
    }

    private sealed record Outcome(string Path, IReadOnlyList<ShardAnswer> Answers, ExceptionDispatchInfo? Failure);
}
