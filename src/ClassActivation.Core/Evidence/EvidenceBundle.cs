using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using ClassActivation.Drawing;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Interchange;
using ClassActivation.Maps;
using ClassActivation.Photos;

namespace ClassActivation.Evidence;

/// <summary>
/// A folder that says what a network saw in a photo, so that somebody else can compute it again: a document, the values
/// of the map, a picture of it, and the photo where it may be given away.
/// </summary>
public sealed class EvidenceBundle
{
    private const string DocumentName = "evidence.json";
    private const string MapName = "map.npy";
    private const string PictureName = "overlay.png";

    private readonly EvidenceDocument _document;

    private EvidenceBundle(string path, EvidenceDocument document) => (FullName, _document) = (path, document);

    /// <summary>The folder's full path.</summary>
    public string FullName { get; }

    /// <summary>The name of the network that was asked.</summary>
    public string Model => _document.Network.Name;

    /// <summary>Writes a bundle, whole or not at all.</summary>
    /// <param name="path">The full path of its folder.</param>
    /// <param name="map">The map.</param>
    /// <param name="source">The photo that it explains.</param>
    /// <param name="model">The network that it is of.</param>
    /// <param name="expected">The label that is expected of the photo; null for none.</param>
    /// <param name="includesPhoto">Whether the photo goes into the bundle.</param>
    /// <param name="overwrite">Whether a bundle that is there is replaced.</param>
    /// <param name="cancellationToken">Ends the work; nothing of it is left.</param>
    /// <exception cref="EvidenceException">The map cannot be computed again, or the bundle cannot be written.</exception>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="Networks.ModelException">The network cannot be run on it.</exception>
    public static EvidenceBundle Write(
        string path, ClassActivationMap map, PhotoSource source, CamModel model, string? expected, bool includesPhoto, bool overwrite,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(model);
        if (RequestOf(map.Question, model) is null || map.ModelHash != model.Hash)
        {
            throw new EvidenceException(
                EvidenceFailure.NotRepeatable, map.Path,
                $"The map of {map} cannot be computed again with the network '{model.Name}' that is here.");
        }

        if (!overwrite && Directory.Exists(path))
        {
            throw new EvidenceException(EvidenceFailure.Exists, path, $"'{path}' exists.");
        }

        Prediction predicted = new PhotoExplainer(model, map.Question.Input).Predict(source, 1, cancellationToken)[0];
        Photo picture = CamOverlay.Draw(map, source, OverlayOptions.Of(OverlayStyle.Notebook, map.DefaultNormalization));
        byte[] overlay = PictureMarks.EncodeOverlay(picture, PictureFormat.Png, PhotoEncoder.DefaultQuality, map, source);
        picture.Recycle();
        using var values = new MemoryStream();
        MapFile.WriteValues(map, values);
        byte[] content = ReadAll(source);
        string photoFile = "photo" + Path.GetExtension(source.Name).ToLowerInvariant();
        var document = new EvidenceDocument
        {
            Photo = new EvidencePhoto(source.Name, content.Length, Sha256(content), includesPhoto ? photoFile : null),
            Network = new EvidenceNetwork(model.Name, model.Hash),
            Predicted = new EvidenceClass(predicted.ClassIndex, predicted.WordNetId, predicted.Label, predicted.Probability),
            Expected = expected,
            // The folder of the photo is its owner's business.
            Answer = MapDescription.Of(map) with
            {
                Photo = new PhotoIdentity { Path = source.Name, Length = content.Length, Frame = map.Photo.Frame },
            },
            Map = new EvidenceFile(MapName, Sha256(values.ToArray())),
            Picture = new EvidenceFile(PictureName, Sha256(overlay)),
            ComputedBy = new EvidenceOrigin(
                ComputedBy.ModuleVersion, ComputedBy.RuntimeVersion, ComputedBy.ProcessorType, ComputedBy.Platform),
        };
        Dictionary<string, byte[]> files = new()
        {
            [MapName] = values.ToArray(),
            [PictureName] = overlay,
            [DocumentName] = JsonSerializer.SerializeToUtf8Bytes(document, EvidenceJsonContext.Default.EvidenceDocument),
        };
        if (includesPhoto)
        {
            files[photoFile] = content;
        }

        Write(path, files, overwrite);
        return new EvidenceBundle(path, document);
    }

    /// <summary>Opens a bundle.</summary>
    /// <param name="path">The full path of its folder.</param>
    /// <exception cref="EvidenceException">There is none, or its document cannot be read.</exception>
    public static EvidenceBundle Open(string path)
    {
        string file = Path.Combine(path, DocumentName);
        if (!File.Exists(file))
        {
            throw new EvidenceException(EvidenceFailure.NotFound, path, $"'{path}' is no folder of evidence: it has no {DocumentName}.");
        }

        try
        {
            EvidenceDocument? document = JsonSerializer.Deserialize(File.ReadAllBytes(file), EvidenceJsonContext.Default.EvidenceDocument);
            return document is { Format: <= EvidenceDocument.CurrentFormat, Photo.Sha256: not null, Network.Hash: not null, Predicted.Label: not null, Map.File: not null, Picture.File: not null }
                && Array.TrueForAll(
                    new[] { document.Map.File, document.Picture.File, document.Photo.File ?? MapName },
                    static name => name == Path.GetFileName(name))
                ? new EvidenceBundle(path, document)
                : throw new JsonException("it is of a later version, or something is missing in it");
        }
        catch (JsonException e)
        {
            throw new EvidenceException(EvidenceFailure.Invalid, file, $"'{file}' does not describe evidence: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceException(EvidenceFailure.Unreadable, file, $"'{file}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Whether the bundle is of a map's photo and question.</summary>
    internal bool IsOf(ClassActivationMap map, PhotoSource source) =>
        _document.Answer.Question == map.Question && _document.Photo.Sha256 == source.HashContent();

    /// <summary>Computes the map again, and compares.</summary>
    /// <param name="model">The network to ask.</param>
    /// <param name="photoPath">The full path of the photo; null for the one in the bundle.</param>
    /// <param name="tolerance">How far figures may be off: probabilities, and values of the map as a share of its range.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="EvidenceException">A file cannot be read, or there is no photo.</exception>
    /// <exception cref="PhotoException">The photo cannot be read.</exception>
    /// <exception cref="Networks.ModelException">The network cannot be run on it.</exception>
    public EvidenceCheck Check(CamModel model, string? photoPath, double tolerance, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        string path = photoPath ?? (_document.Photo.File is { } own ? Path.Combine(FullName, own) : throw new EvidenceException(
            EvidenceFailure.NoPhoto, FullName, $"The evidence '{FullName}' holds no photo; it is of '{_document.Photo.Name}'."));
        CamQuestion question = _document.Answer.Question;
        PhotoSource source = PhotoSource.FromFile(path).WithFrame(_document.Answer.Photo.Frame).WithReading(question.Reading);
        var reasons = new List<string>();
        bool filesAreSame = Require(
            new[] { _document.Map, _document.Picture }.All(IsWhole), "a file of the bundle was changed or is missing");
        bool photoIsSame = Require(source.HashContent() == _document.Photo.Sha256, "the photo is another one");
        bool networkIsSame = Require(model.Hash == _document.Network.Hash, "the network is another one");
        double mapDifference = double.NaN, probabilityDifference = double.NaN;
        string predictedNow = "";
        if (filesAreSame && photoIsSame && networkIsSame)
        {
            var explainer = new PhotoExplainer(model, question.Input);
            Prediction predicted = explainer.Predict(source, 1, cancellationToken)[0];
            predictedNow = predicted.Label;
            // A label follows from the index, and is held against it below.
            string label = question.ClassIndex >= 0 && question.ClassIndex < model.Classes.Count
                ? model.Classes[question.ClassIndex].Label
                : question.Label;
            if (RequestOf(question with { Label = label }, model) is { } request)
            {
                ClassActivationMap again = explainer.Explain(source, request, cancellationToken)[0];
                probabilityDifference = Math.Max(
                    Math.Abs(predicted.Probability - _document.Predicted.Probability),
                    Math.Abs(again.Probability - _document.Answer.Probability));
                mapDifference = DifferenceTo(again);
                Require(predicted.ClassIndex == _document.Predicted.ClassIndex, $"the most probable class is {predicted.Label} now");
                Require(
                    probabilityDifference <= tolerance,
                    string.Create(CultureInfo.CurrentCulture, $"the probability is off by {probabilityDifference:G3}"));
                Require(
                    mapDifference <= tolerance,
                    string.Create(CultureInfo.CurrentCulture, $"the map is off by {mapDifference:G3} of its range"));
                reasons.AddRange(DifferencesTo(again, predicted, source, tolerance));
            }
            else
            {
                reasons.Add("the network cannot be asked this question");
            }
        }

        return new EvidenceCheck
        {
            Path = FullName,
            Reason = string.Join("; ", reasons),
            Label = _document.Answer.Question.Label,
            ExpectedLabel = _document.Expected ?? "",
            PredictedLabel = _document.Predicted.Label,
            PredictedNow = predictedNow,
            FilesAreSame = filesAreSame,
            PhotoIsSame = photoIsSame,
            NetworkIsSame = networkIsSame,
            ProbabilityDifference = probabilityDifference,
            MapDifference = mapDifference,
        };

        bool Require(bool holds, string reason)
        {
            if (!holds)
            {
                reasons.Add(reason);
            }

            return holds;
        }
    }

    private static MapRequest? RequestOf(CamQuestion question, CamModel model) => SameQuestion.Of(question, model) is { } request
        ? request with
        {
            Scales = [.. question.Scale.Split(',').Select(static scale => double.Parse(scale, CultureInfo.InvariantCulture))],
            Flip = question.Flip,
        }
        : null;

    private static void Write(string path, Dictionary<string, byte[]> files, bool overwrite)
    {
        string temporary = "";
        try
        {
            temporary = AtomicFile.NewTemporaryPath(Path.GetDirectoryName(path)!);
            Directory.CreateDirectory(temporary);
            foreach ((string name, byte[] content) in files)
            {
                File.WriteAllBytes(Path.Combine(temporary, name), content);
            }

            if (overwrite && Directory.Exists(path))
            {
                // Only what is evidence is replaced, and no other folder of that name.
                Open(path);
                Directory.Delete(path, recursive: true);
            }

            if (!AtomicFolder.TryPublish(temporary, path))
            {
                throw new EvidenceException(EvidenceFailure.Exists, path, $"'{path}' exists.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceException(
                EvidenceFailure.NotWritten, path, FilePlace.ObstacleAbove(path) ?? $"'{path}' could not be written: {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(temporary))
            {
                AtomicFolder.TryDelete(temporary);
            }
        }
    }

    private bool IsWhole(EvidenceFile file)
    {
        try
        {
            return Sha256(File.ReadAllBytes(Path.Combine(FullName, file.File))) == file.Sha256;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EvidenceException(
                EvidenceFailure.Unreadable, FullName, $"'{file.File}' of '{FullName}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>What the document says in words and figures, beside probabilities and values, and is not so.</summary>
    private IEnumerable<string> DifferencesTo(ClassActivationMap again, Prediction predicted, PhotoSource source, double tolerance)
    {
        using Stream photo = source.Open();
        MapDescription answer = MapDescription.Of(again) with
        {
            Photo = new PhotoIdentity { Path = _document.Photo.Name, Length = photo.Length, Frame = source.Frame },
            // The same network may have another name here.
            Question = again.Question with { Model = _document.Network.Name },
            Probability = _document.Answer.Probability,
        };
        EvidenceClass top = _document.Predicted;
        EvidenceClass topNow = predicted.ClassIndex == top.ClassIndex
            ? new EvidenceClass(predicted.ClassIndex, predicted.WordNetId, predicted.Label, top.Probability)
            : top;
        EvidenceJsonContext json = EvidenceJsonContext.Default;
        return JsonDifferences.Between(
                JsonSerializer.SerializeToNode(_document.Answer, json.MapDescription),
                JsonSerializer.SerializeToNode(answer, json.MapDescription), tolerance, "answer")
            .Concat(JsonDifferences.Between(
                JsonSerializer.SerializeToNode(top, json.EvidenceClass), JsonSerializer.SerializeToNode(topNow, json.EvidenceClass),
                tolerance, "predicted"));
    }

    private double DifferenceTo(ClassActivationMap again)
    {
        (float[] values, int rows, int columns) = ReadMap();
        if (rows != again.Rows || columns != again.Columns)
        {
            return double.PositiveInfinity;
        }

        double largest = values.Zip(again.Values, static (one, other) => Math.Abs((double)one - other)).Max();
        double range = (double)values.Max() - values.Min();
        return largest == 0 ? 0 : largest / range;
    }

    private (float[] Values, int Rows, int Columns) ReadMap()
    {
        string file = Path.Combine(FullName, _document.Map.File);
        try
        {
            using FileStream stream = File.OpenRead(file);
            return NpyFile.Read(stream, file);
        }
        catch (InvalidDataException e)
        {
            throw new EvidenceException(EvidenceFailure.Invalid, file, e.Message, e);
        }
    }

    private static byte[] ReadAll(PhotoSource source)
    {
        using Stream stream = source.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static string Sha256(byte[] content) => Convert.ToHexString(SHA256.HashData(content));
}
