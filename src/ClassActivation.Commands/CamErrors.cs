using System.Management.Automation;
using ClassActivation.Batch;
using ClassActivation.Evidence;
using ClassActivation.Faithfulness;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Inference;
using ClassActivation.Localization;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;
using ClassActivation.Quantization;

namespace ClassActivation.Commands;

/// <summary>Every error that the module reports: its id, category, target and what to do about it.</summary>
internal static class CamErrors
{
    public static ErrorRecord Photo(PhotoException exception, string path)
    {
        (ErrorCategory category, string action) = exception.Failure switch
        {
            PhotoFailure.NotFound => (ErrorCategory.ObjectNotFound, "Check the path."),
            PhotoFailure.IsDirectory => (ErrorCategory.InvalidArgument, "Pipe the folder's photos: Get-ChildItem <folder> -File | ..."),
            PhotoFailure.NotAFile => (ErrorCategory.InvalidType, "Save the picture to a file first."),
            PhotoFailure.AccessDenied => (ErrorCategory.PermissionDenied, "Check the file's permissions."),
            PhotoFailure.Changed => (ErrorCategory.InvalidData, "Compute the map again."),
            PhotoFailure.OwnPicture => (
                ErrorCategory.InvalidType, "Leave out the module's own pictures: Select-CamPhoto finds the photos among them."),
            PhotoFailure.TooLarge => (
                ErrorCategory.LimitsExceeded, "Make the photo smaller first, or raise -MaxPixels where you trust it."),
            PhotoFailure.Empty => (ErrorCategory.InvalidData, "Copy the file again from where it came."),
            PhotoFailure.Unreadable => (ErrorCategory.InvalidData, "Check the drive, and whether another program holds the file open."),
            PhotoFailure.NotAPhoto => (
                ErrorCategory.InvalidData, "Convert it to JPEG or PNG first, for example: magick <photo> <photo>.png"),
            PhotoFailure.UnknownKind => (ErrorCategory.InvalidData, "Save it as an ordinary JPEG or PNG with the program that made it."),
            PhotoFailure.NoSuchFrame => (ErrorCategory.InvalidArgument, "Give a smaller -Frame, or -Frame All."),
            PhotoFailure.Truncated => (ErrorCategory.InvalidData, "Copy or load it again: the end of the file is missing."),
            PhotoFailure.Damaged => (ErrorCategory.InvalidData, "Copy it again, or open it in an image program and save what that shows."),
            PhotoFailure.OtherFormat => (ErrorCategory.InvalidType, "Give a JPEG or PNG of it."),
            _ => throw new ArgumentOutOfRangeException(nameof(exception)),
        };
        (string message, string? advice) = Parted(exception, path);
        bool isMorePrecise = exception.Failure is PhotoFailure.OtherFormat or PhotoFailure.UnknownKind
            || (exception.Failure == PhotoFailure.TooLarge && advice?.Contains("allow more", StringComparison.Ordinal) == false);
        return Record(
            exception, "Photo" + exception.Failure, category, path, isMorePrecise && advice is not null ? advice : action, message);
    }

    // The exception's message ends in what anybody can do; what a user of cmdlets can do stands in its own place, once.
    private static (string Message, string? Advice) Parted(PhotoException exception, string path)
    {
        string message = exception.Message;
        int named = message.IndexOf($"'{path}'", StringComparison.Ordinal);
        int end = message.IndexOf("; ", named < 0 ? 0 : named + path.Length, StringComparison.Ordinal);
        if (end < 0)
        {
            return (message, null);
        }

        string advice = message[(end + 2)..];
        return (message[..end] + ".", char.ToUpperInvariant(advice[0]) + advice[1..]);
    }

    public static ErrorRecord PathNotFound(ItemNotFoundException? exception, string path)
    {
        string message = WildcardPattern.ContainsWildcardCharacters(path)
            ? $"There is no photo '{path}', and none whose name matches it."
            : $"There is no photo '{path}'.";
        return Record(
            exception ?? new ItemNotFoundException(ShownText.Of(message)),
            "PhotoNotFound",
            ErrorCategory.ObjectNotFound,
            path,
            "Check the path.",
            message);
    }

    public static ErrorRecord WebAddress(string address) => Record(
        Argument($"'{address}' is an address on the web, not a file."),
        "PhotoIsWebAddress", ErrorCategory.InvalidArgument, address, "Fetch the photo: -InputObject (Invoke-WebRequest <address>).Content");

    public static ErrorRecord NotAFile(string path, string provider) => Record(
        Argument($"'{path}' is of the provider {provider}, not a file."),
        "PathIsNotAFile", ErrorCategory.InvalidArgument, path, "Name a file in the file system.");

    public static ErrorRecord BadPath(Exception exception, string path) =>
        Record(exception, "PathInvalid", ErrorCategory.InvalidArgument, path, "Name a photo in the file system.");

    public static ErrorRecord Stream(Exception exception, string name) => Record(
        exception, "PhotoUnreadable", ErrorCategory.InvalidData, name, "Give a stream that is open and can be read.",
        $"The stream of the photo '{name}' could not be read: {exception.Message}");

    public static ErrorRecord AmbiguousPath(string path, int count) => Record(
        Argument($"'{path}' matches {count} files, where one is wanted."),
        "PathAmbiguous", ErrorCategory.InvalidArgument, path, "Name one file.");

    /// <summary>The error for an exception that ended the work on one photo.</summary>
    public static ErrorRecord From(Exception exception, string target) => exception switch
    {
        PhotoException e => Photo(e, target),
        ModelException e => Model(e, target, $"'{target}' could not be worked on: {e.Message}"),
        PictureException e => Picture(e),
        EvidenceException e => Evidence(e),
        OutOfMemoryException e => OutOfMemory(e, target),
        SufficientPartException e => SufficientPart(e, target),
        _ when NativeLibraryException.TryFind(exception, out NativeLibraryException? failure) => NativeLibrary(failure),
        _ => Record(
            exception, "Unexpected", ErrorCategory.NotSpecified, target, "Report this with the photo.",
            $"'{target}' could not be worked on: {exception.GetType().Name}: {exception.Message}"),
    };

    public static ErrorRecord SufficientPart(SufficientPartException exception, string path) => exception.IsOnTop
        ? Record(
            exception, "NoPartNeeded", ErrorCategory.InvalidResult, path,
            "Replace the rest by another -Replacement; where it is the same, the network answers so whatever it sees.")
        : Record(
            exception, "ClassNotOnTop", ErrorCategory.InvalidArgument, path,
            "Compute the map of an answer that the network gives: the best one, by Get-ClassActivationMap without -Class, or one that"
            + " Get-Prediction -Threshold 0.5 lists.");

    public static ErrorRecord Batch(BatchException exception)
    {
        (ErrorCategory category, string action) = exception.Failure switch
        {
            BatchFailure.NotFound => (ErrorCategory.ObjectNotFound, "Name a folder that New-CamBatch made."),
            BatchFailure.Exists => (ErrorCategory.ResourceExists, "Name a new folder with -DestinationPath."),
            BatchFailure.Unreadable => (ErrorCategory.ReadError, "Check the file's permissions, and that the drive is available."),
            BatchFailure.NotWritten => (
                ErrorCategory.WriteError, "Check the folder's permissions and the space left; Invoke-CamBatch then goes on."),
            BatchFailure.NoSuchShard => (
                ErrorCategory.InvalidArgument, "Let the engine number its tasks from 0; Grid Engine's from 1 are understood."),
            BatchFailure.OtherNetwork => (ErrorCategory.InvalidArgument, "Name the file of the batch's network with -Model."),
            BatchFailure.OtherPhoto => (ErrorCategory.InvalidArgument, "Put the photo back, or make another batch with New-CamBatch."),
            BatchFailure.NoPhoto => (
                ErrorCategory.InvalidArgument, "Name photos, or a folder that holds some; -Recurse looks into the folders below."),
            _ => (
                ErrorCategory.InvalidData,
                "Compute the shard again with Invoke-CamBatch -Shard -Force, or make the batch again with New-CamBatch."),
        };
        return Record(exception, "Batch" + exception.Failure, category, exception.Path, action);
    }

    /// <summary>The error that refused a photo of a batch, as it was then.</summary>
    public static ErrorRecord Refused(BatchRefusal refusal) => Record(
        new InvalidOperationException(ShownText.Of(refusal.Message)), refusal.Id, ErrorCategory.InvalidData, refusal.Path,
        "Mend the photo, and compute its shard again with Invoke-CamBatch -Shard -Force.");

    public static ErrorRecord Evidence(EvidenceException exception)
    {
        (ErrorCategory category, string action) = exception.Failure switch
        {
            EvidenceFailure.NotFound => (ErrorCategory.ObjectNotFound, "Name a folder that Export-CamEvidence made."),
            EvidenceFailure.Exists => (ErrorCategory.ResourceExists, "Use -Force to replace it, or another -DestinationPath."),
            EvidenceFailure.Unreadable => (ErrorCategory.ReadError, "Check the file's permissions, and that the drive is available."),
            EvidenceFailure.NotWritten => (ErrorCategory.WriteError, "Check the folder's permissions and the space left."),
            EvidenceFailure.NoPhoto => (ErrorCategory.InvalidArgument, "Name the photo with -PhotoPath."),
            EvidenceFailure.NotRepeatable => (
                ErrorCategory.InvalidArgument, "Give a map of Get-ClassActivationMap, and its network with -Model."),
            _ => (ErrorCategory.InvalidData, "Export the evidence again."),
        };
        return Record(exception, "Evidence" + exception.Failure, category, exception.Path, action);
    }

    public static ErrorRecord FolderNotListed(Exception exception, string folder) => Record(
        exception, "FolderNotListed", ErrorCategory.ReadError, folder,
        "Check the folder's permissions; its photos are missing from the batch.",
        $"The folder '{folder}' could not be listed: {exception.Message}");

    public static ErrorRecord NoWorker() => Record(
        new InvalidOperationException("There is no PowerShell here that could be started as a process of its own for the network."),
        "IsolationNotAvailable", ErrorCategory.ResourceUnavailable, null,
        "Put the folder of the program pwsh into the variable PATH, or leave out -Isolated.");

    public static ErrorRecord NativeLibrary(NativeLibraryException exception) => Record(
        exception, "NativeLibraryNotLoaded", ErrorCategory.ResourceUnavailable, exception.Library,
        Environment.GetEnvironmentVariable(ComputeDevice.RuntimeVariable) is { Length: > 0 } && exception.Library == "onnxruntime"
            ? $"Let the variable {ComputeDevice.RuntimeVariable} name the folder of a build of ONNX Runtime for this system, or remove it;"
                + " then start PowerShell anew."
            : OperatingSystem.IsWindows()
            ? "Install the Microsoft Visual C++ Redistributable (https://aka.ms/vs/17/release/vc_redist.x64.exe, on Arm "
                + "vc_redist.arm64.exe), or the module again where a file of it is missing; then start PowerShell anew."
            : "Check that the module is whole and does not lie on a file system that is mounted with noexec, that the system has glibc "
                + "(Alpine's musl will not do), and that enough files may be open (ulimit -n); then start PowerShell anew.");

    public static ErrorRecord IsolatedDevice() => Record(
        Argument("A network in a process of its own is computed on the processor."),
        "DeviceWithIsolated", ErrorCategory.InvalidArgument, null, "Leave out -Device or -Isolated.");

    public static ErrorRecord OutOfMemory(OutOfMemoryException exception, string target) => Record(
        exception, "OutOfMemory", ErrorCategory.ResourceUnavailable, target,
        "Work on fewer photos at once with a smaller -ThrottleLimit, use a smaller -Resolution or -MaxSize, or make"
        + " the photo smaller first.",
        exception is InsufficientMemoryException
            ? $"'{target}' could not be worked on: {exception.Message}"
            : $"'{target}' needs more memory than there is.");

    public static ErrorRecord Picture(PictureException exception)
    {
        (ErrorCategory category, string action) = exception.Failure switch
        {
            PictureFailure.Exists => (ErrorCategory.ResourceExists, "Leave out -NoClobber to replace it."),
            PictureFailure.ReadOnly => (ErrorCategory.PermissionDenied, "Use -Force to replace write-protected files."),
            PictureFailure.NoFolder => (ErrorCategory.InvalidArgument, "Name a folder with -DestinationPath."),
            PictureFailure.FolderIsFile => (ErrorCategory.InvalidArgument, "Name another -DestinationPath, or move the file away."),
            PictureFailure.TooLarge => (
                ErrorCategory.LimitsExceeded,
                "Draw it smaller (-MaxSize; of a sheet -CellSize), use PNG, or several sheets: -PhotosPerPage."),
            PictureFailure.UnknownFormat => (ErrorCategory.InvalidArgument, "End the path in .jpg, .png or .webp."),
            PictureFailure.WrongExtension => (
                ErrorCategory.InvalidArgument, "Name a folder without an extension, or a file with one of these."),
            PictureFailure.Unmarked or PictureFailure.FileUnmarked => (
                ErrorCategory.ResourceExists, "Use -Force to replace it, or another -DestinationPath."),
            PictureFailure.OfOtherQuestion => (ErrorCategory.ResourceExists, "Remove it first, or name another -DestinationPath."),
            PictureFailure.OfOtherMaps => (ErrorCategory.ResourceExists, "Use -Force to replace it, or name another -DestinationPath."),
            PictureFailure.SecondForFile => (
                ErrorCategory.InvalidArgument, "Name a folder with -DestinationPath, or Export-CamSheet for one picture of several maps."),
            PictureFailure.OutsideBase => (ErrorCategory.InvalidArgument, "Name a folder with -BasePath that all photos lie below."),
            PictureFailure.NotMarked => (
                ErrorCategory.InvalidType, "Name a picture of Export-CamOverlay, Export-CamSheet or Export-CamCrop."),
            PictureFailure.IsPhoto => (ErrorCategory.InvalidArgument, "Name another file, or a folder, with -DestinationPath."),
            PictureFailure.PhotoGone => (ErrorCategory.ObjectNotFound, "Compute the map again where the photo is."),
            _ => (
                ErrorCategory.WriteError,
                "Check the folder's permissions, the space left, and whether another program holds the file open."),
        };
        string id = exception.Failure switch
        {
            PictureFailure.NoFolder => "DestinationMissing",
            PictureFailure.FolderIsFile => "FolderIsFile",
            PictureFailure.PhotoGone => "PhotoGone",
            PictureFailure.UnknownFormat => "FormatUnknown",
            PictureFailure.WrongExtension => "FileExtensionInvalid",
            PictureFailure.FileUnmarked => "FileUnmarked",
            PictureFailure.OfOtherMaps => "PictureOfOtherQuestion",
            PictureFailure.Exists or PictureFailure.ReadOnly or PictureFailure.NotWritten => "File" + exception.Failure,
            _ => "Picture" + exception.Failure,
        };
        return Record(exception, id, category, exception.Path, action);
    }

    public static ErrorRecord Model(ModelException exception, string model, string? message = null)
    {
        (ErrorCategory category, string action) = exception.Failure switch
        {
            ModelFailure.NotFound => (
                ErrorCategory.ObjectNotFound,
                "See Get-CamModel for the networks there are; Install-PSResource ClassActivation.ResNet50 brings ResNet50,"
                + " ConvertTo-CamModel makes others."),
            ModelFailure.AccessDenied => (
                ErrorCategory.PermissionDenied, "Check the permissions of the file and of the file of its weights."),
            ModelFailure.NotDualOutput => (ErrorCategory.InvalidType, "Convert the original network with ConvertTo-CamModel."),
            ModelFailure.NotLinearHead => (
                ErrorCategory.InvalidType,
                "Use -Method HiResCam, or another that needs no weights; or leave -Method away: the network has a default of its own."),
            ModelFailure.NoGradient => (
                ErrorCategory.NotImplemented, "Use -Method ReciproCam, which needs no gradient, or another -Layer."),
            ModelFailure.NoAttention => (
                ErrorCategory.InvalidType, "Use -Method HiResCam, or another: LeGrad is for vision transformers alone."),
            ModelFailure.NoSuchLayer => (
                ErrorCategory.ObjectNotFound, "Get-CamModelLayer -Explainable lists the layers that maps can be made of."),
            ModelFailure.WrongLabels => (
                ErrorCategory.InvalidData, "Convert the original network again with ConvertTo-CamModel, with one -Label for each class."),
            ModelFailure.NotFinite => (
                ErrorCategory.InvalidResult, "Try another photo; if it fails, too, make the network again with ConvertTo-CamModel."),
            ModelFailure.RunFailed => (ErrorCategory.InvalidOperation, "Try another -Fit, -Resolution or -Scale."),
            ModelFailure.PartFailed => (
                ErrorCategory.InvalidOperation,
                "Use -Method Cam or ReciproCam, or another -Layer; where these fail, too, make the network again with ConvertTo-CamModel."),
            ModelFailure.NoSuchDevice => (
                ErrorCategory.ObjectNotFound,
                "Name one of these with -Device, or put a build of ONNX Runtime that has the device in the place of the module's: the"
                + $" variable {ComputeDevice.RuntimeVariable} names its folder (about_ClassActivation_Devices)."),
            ModelFailure.DeviceNotStarted => (
                ErrorCategory.ResourceUnavailable,
                "Install what is missing and start PowerShell anew, or leave out -Device (about_ClassActivation_Devices)."),
            ModelFailure.ProcessEnded => (
                ErrorCategory.ResourceUnavailable,
                "Try a smaller -Resolution or -ThrottleLimit; where other photos fail, too, do not use this network without -Isolated."),
            _ => (ErrorCategory.InvalidData, "Make the network again with ConvertTo-CamModel."),
        };
        return Record(exception, "Model" + exception.Failure, category, model, action, message);
    }

    public static ErrorRecord Class(
        string name, IReadOnlyList<ImageClass> found, ClassTable classes, string model, string conceptParameter = "Concept")
    {
        if (found.Count > 1)
        {
            string meanings = string.Join(", ", found.Select(static c => $"{c.Index} ({c.WordNetId}: {c.Gloss})"));
            return Record(
                Argument($"'{name}' names {found.Count} classes of {model}: {meanings}."),
                "ClassAmbiguous", ErrorCategory.InvalidArgument, name, "Name the class by its index or WordNet id.");
        }

        IReadOnlyList<string> suggestions = classes.Suggest(name);
        string hint = suggestions.Count == 0 ? "" : $" Did you mean {string.Join(" or ", suggestions)}?";
        return Record(
            Argument($"{model} has no class '{name}'.{ConceptHint(name, classes.Concepts, conceptParameter)}{hint}"),
            "ClassNotFound", ErrorCategory.ObjectNotFound, name, "Get-CamClass -Name *part* finds classes.");
    }

    private static string ConceptHint(string name, ConceptTable concepts, string parameter)
    {
        bool isName = concepts.Find(name).Count > 0;
        IReadOnlyList<Concept> like = concepts.FindLike(name);
        return like.Count switch
        {
            0 => "",
            1 when isName => $" It is a concept of {Classes(like[0])}: -{parameter} {like[0].Name}.",
            1 => $" There is the concept {like[0].Name}, of {Classes(like[0])}: -{parameter} {like[0].Name}.",
            _ => $" It names {like.Count} concepts: {string.Join(", ", like.Select(c => $"-{parameter} {c.WordNetId} ({c.Gloss})"))}.",
        };
    }

    private static string Classes(Concept concept) =>
        concept.ClassCount == 1 ? "one class" : Counted.Of(concept.ClassCount, "class", "classes");

    public static ErrorRecord Concept(string name, IReadOnlyList<Concept> found, ClassTable classes, string model)
    {
        if (found.Count > 1)
        {
            string meanings = string.Join(", ", found.Select(static c => $"{c.WordNetId} ({c.Gloss})"));
            return Record(
                Argument($"'{name}' names {found.Count} concepts of {model}: {meanings}."),
                "ConceptAmbiguous", ErrorCategory.InvalidArgument, name, "Name the concept by its WordNet id.");
        }

        IReadOnlyList<string> suggestions = classes.Concepts.Suggest(name);
        string hint = classes.Concepts.Count == 0 ? " Its classes have no place in WordNet."
            : classes.Find(name).Count > 0 ? " There is a class of that name; -Class takes classes."
            : suggestions.Count == 0 ? ""
            : $" Did you mean {string.Join(" or ", suggestions)}?";
        return Record(
            Argument($"{model} has no concept '{name}'.{hint}"),
            "ConceptNotFound", ErrorCategory.ObjectNotFound, name, "Get-CamConcept -Name *part* finds concepts.");
    }

    public static ErrorRecord SeveralExpectations() => Record(
        Argument("What photos should show is said once: by -Expected, -ExpectedFromFolder or -ExpectedPath."),
        "ExpectedAmbiguous", ErrorCategory.InvalidArgument, null, "Leave out all but one of them.");

    public static ErrorRecord ExpectedWithConcept() => Record(
        Argument("What photos should show is set against the most probable classes, and does not go with -Concept."),
        "ExpectedWithConcept", ErrorCategory.InvalidArgument, null, "Leave out -Concept; -Expected takes the name of a concept.");

    public static ErrorRecord ExpectedWithContrast() => Record(
        Argument("What photos should show is what their maps are set against, and does not go with -Contrast."),
        "ExpectedWithContrast", ErrorCategory.InvalidArgument, null, "Leave out -Contrast.");

    public static ErrorRecord NothingExpected(string path) => Record(
        Argument($"What '{path}' should show is not known: it stands in no table, or lies in no folder."),
        "NothingExpected", ErrorCategory.ObjectNotFound, path, "Add it to the table, or name the label with -Expected.");

    public static ErrorRecord ContrastWithSoftmax() => Record(
        Argument("The method SoftmaxCam sets a class against all others already, and takes no -Contrast."),
        "ContrastNotApplicable", ErrorCategory.InvalidArgument, null, "Leave out -Contrast, or use another -Method.");

    public static ErrorRecord PredictionOfOtherNetwork(Prediction prediction, CamModel model) => Record(
        Argument(prediction.Model == model.Name
            ? $"The prediction for '{prediction.Path}' is of another network that is called {model.Name} too: its hash is"
                + $" {prediction.ModelHash}, and that of the one here {model.Hash}."
            : $"The prediction for '{prediction.Path}' is of {prediction.Model}, and {model.Name} was to be asked."),
        "PredictionOfOtherNetwork", ErrorCategory.InvalidArgument, prediction,
        prediction.Model == model.Name
            ? "Name that network's file with -Model, or compute the predictions again."
            : $"Map predictions of one network at a time: -Model {prediction.Model}.");

    public static ErrorRecord PredictionChanged(Prediction prediction, CamModel model) => Record(
        Argument(
            $"The prediction for '{prediction.Path}' was changed since it was computed: {model.Name} has no class"
            + $" {prediction.ClassIndex} that is called '{prediction.Label}', or none of the contrast {prediction.Question.ContrastClass}."),
        "PredictionChanged", ErrorCategory.InvalidArgument, prediction, "Compute the predictions again.");

    public static ErrorRecord ConversionSource(string path) => Record(
        new FileNotFoundException(ShownText.Of($"There is no file '{path}'.")),
        "ConversionSourceNotFound", ErrorCategory.ObjectNotFound, path,
        "Name the network's ONNX file, or its model.json with its weight files beside it, or the recipe and its package.");

    public static ErrorRecord NotTestable(ClassActivationMap map, CamModel model, TrustObstacle obstacle)
    {
        (string reason, string action) = obstacle switch
        {
            TrustObstacle.Difference => ("it is the difference of two maps", "Test each of the two."),
            TrustObstacle.Likeness => ("it explains a likeness and no class", "Give the map of a class or concept."),
            TrustObstacle.Average => ("it is an average of several inputs", "Compute it at one -Scale and without -Flip."),
            TrustObstacle.UnknownInput => (
                "its network's input does not follow from its settings",
                "Compute it again with Get-ClassActivationMap; maps of other programs cannot be tested."),
            _ => ($"'{model.Name}' has not its class, concept or layer", $"Test it with its own network: -Model {map.Model}."),
        };
        return Record(
            Argument($"The map of {map} cannot be tested: {reason}."), "MapNotTestable", ErrorCategory.InvalidArgument, map, action);
    }

    public static ErrorRecord OtherNetwork(ClassActivationMap map, CamModel model, string? action = null) => Record(
        Argument(map.Question.IsLikeness
            ? $"The map of '{map.Path}' explains the likeness to '{map.SimilarTo}' and no class, so that there is"
                + " no probability to measure."
            : $"The map of '{map.Path}' explains '{map.Label}', which {model.Name} does not know."),
        map.Question.IsLikeness ? "MapOfLikeness" : "MapOfOtherNetwork",
        ErrorCategory.InvalidArgument,
        map,
        map.Question.IsLikeness
            ? "Give the map of a class or concept."
            : action ?? $"Measure it with its own network: -Model {map.Model}.");

    public static ErrorRecord LikenessOfClass() => Record(
        Argument(
            "-SimilarTo asks why two photos are alike, and not for a class: it does not go with -Class, -Concept,"
            + " -Contrast or what is expected."),
        "LikenessOfClass", ErrorCategory.InvalidArgument, null, "Leave out one or the other.");

    public static ErrorRecord LikenessMethod(CamMethod method) => Record(
        Argument($"The method {method} stands on a classifier's answers, and explains no likeness."),
        "LikenessMethod", ErrorCategory.InvalidArgument, method, "Use -Method Cam, or leave it out.");

    public static ErrorRecord LikenessGone(CamQuestion question) => Record(
        Argument($"The photo '{question.SimilarTo}', whose likeness was explained, is not at hand any more, or another is in its place."),
        "LikenessGone", ErrorCategory.ObjectNotFound, question.SimilarTo, "Name it with -SimilarTo.");

    public static ErrorRecord FeatureMap(int index, CamModel model) => Record(
        Argument($"{model.Name} has no feature map {index}; it has {Counted.Of(model.Info.FeatureCount, "map")}, numbered from 0."),
        "FeatureMapNotFound", ErrorCategory.InvalidArgument, index, "Give a smaller -Index.");

    public static ErrorRecord Question(Exception exception) => Record(
        exception, "QuestionInvalid", ErrorCategory.InvalidArgument, null,
        "Give a hashtable of parameters of Get-ClassActivationMap, such as @{ Class = 'tabby' }, or maps.");

    public static ErrorRecord NoReference(ClassActivationMap map, IReadOnlyList<ClassActivationMap> references) => Record(
        Argument(references.Count == 1
            ? $"'{map.Path}' and '{references[0].Path}' are two photos; only maps of one photo can be compared."
            : $"None of the {references.Count} reference maps is of '{map.Path}'; only maps of one photo can be compared."),
        "MapsOfDifferentPhotos", ErrorCategory.InvalidArgument, map, "Give a map of the same photo as -ReferenceObject.");

    public static ErrorRecord NotComparable(ArgumentException exception, ClassActivationMap map) =>
        Record(exception, "MapsNotComparable", ErrorCategory.InvalidArgument, map, "Compute both maps again, from the same file.");

    public static ErrorRecord Scale(double scale, int resolution) => Record(
        Argument(
            $"The scale {scale} of the resolution {resolution} is an input of {Math.Round(scale * resolution)} pixels; it must have"
            + $" {InputGeometry.MinResolution} to {InputGeometry.MaxResolution}."),
        "ScaleOutOfRange", ErrorCategory.LimitsExceeded, scale, "Give another -Scale or -Resolution.");

    public static ErrorRecord ScaleOfFixedSize(CamModelInfo network) => Record(
        Argument(
            $"The network '{network.Name}' takes photos of {network.Resolution}×{network.Resolution} pixels alone, at no other scale."),
        "ScaleOfFixedSize", ErrorCategory.InvalidArgument, network.Name,
        "Leave out -Scale; -Flip and an earlier -Layer make maps finer here.");

    public static ErrorRecord Layer(string name, string model) => Record(
        Argument($"{model} has no layer '{name}'."),
        "LayerNotFound", ErrorCategory.ObjectNotFound, name, "Get-CamModelLayer without a name lists all layers.");

    public static ErrorRecord GroundTruth(Exception exception, string path) => exception switch
    {
        InvalidDataException => Record(
            exception, "GroundTruthInvalid", ErrorCategory.InvalidData, path,
            "See 'Get-Help Measure-CamLocalization -Parameter GroundTruth' for the columns."),
        FileNotFoundException or DirectoryNotFoundException => Record(
            exception, "GroundTruthNotFound", ErrorCategory.ObjectNotFound, path, "Check the path.",
            $"There is no table of true boxes '{path}'."),
        _ => Record(
            exception, "GroundTruthUnreadable", ErrorCategory.ReadError, path,
            "Check that it is a file, its permissions, and whether another program holds it open.",
            $"The table of true boxes '{path}' cannot be read: {exception.Message}"),
    };

    public static ErrorRecord Interchange(Exception exception, string path, string content) => exception switch
    {
        InvalidDataException => Record(
            exception,
            "FileInvalid",
            ErrorCategory.InvalidData,
            path,
            "Check that the file is whole, and what the cmdlet's help says of its form."),
        FileNotFoundException e => Record(
            exception, "FileNotFound", ErrorCategory.ObjectNotFound, path,
            "Check the path. A map of another tool needs -PhotoPath.", $"There is no file '{e.FileName ?? path}' to read {content} from."),
        DirectoryNotFoundException => Record(
            exception, "FileNotFound", ErrorCategory.ObjectNotFound, path, "Check the path.", $"There is no file '{path}'."),
        _ => Record(
            exception, "FileUnreadable", ErrorCategory.ReadError, path,
            "Check that it is a file, its permissions, and whether another program holds it open.",
            $"'{path}' cannot be read: {exception.Message}"),
    };

    public static ErrorRecord FileNotFound(string path, string content) => Record(
        new FileNotFoundException(null, path), "FileNotFound", ErrorCategory.ObjectNotFound, path, "Check the path.",
        WildcardPattern.ContainsWildcardCharacters(path)
            ? $"There is no file '{path}' to read {content} from, and none whose name matches it."
            : $"There is no file '{path}' to read {content} from.");

    public static ErrorRecord NoAnnotation(PSObject item, Exception exception) => Record(
        exception, "AnnotationInvalid", ErrorCategory.InvalidType, item,
        "Pipe regions of Get-CamRegion, or objects with the properties Path, Label, Left, Top, Width and Height.",
        $"{GivenObject.Of(item).Words} has no box: {exception.Message}");

    public static ErrorRecord AnnotationsNotWritten(ArgumentException exception, string path) => Record(
        exception, "AnnotationsNotWritten", ErrorCategory.InvalidArgument, path, "Write them as Coco, or in parts.");

    public static ErrorRecord FileExtension(string path, string[] extensions) => Record(
        Argument($"'{path}' does not end in {string.Join(" or ", extensions)}."),
        "FileExtensionInvalid", ErrorCategory.InvalidArgument, path, $"End the path in {extensions[0]}.");

    public static ErrorRecord RightLabels(Exception exception, string path) => exception switch
    {
        InvalidDataException => Record(
            exception, "RightLabelsInvalid", ErrorCategory.InvalidData, path,
            "The table needs a header line with the columns file and label."),
        FileNotFoundException or DirectoryNotFoundException => Record(
            exception, "RightLabelsNotFound", ErrorCategory.ObjectNotFound, path, "Check the path.",
            $"There is no table of right labels '{path}'."),
        _ => Record(
            exception, "RightLabelsUnreadable", ErrorCategory.ReadError, path,
            "Check that it is a file, its permissions, and whether another program holds it open.",
            $"The table of right labels '{path}' cannot be read: {exception.Message}"),
    };

    public static ErrorRecord ReportInput(PSObject item, Exception? exception = null) => Record(
        exception ?? Argument(TakesAttribute.Refusal(Taken.Results, item) ?? $"{GivenObject.Of(item).Words} is not shown in a report."),
        "ReportInputInvalid", ErrorCategory.InvalidType, item, "Pipe predictions, maps, regions, comparisons or faithfulness.");

    public static ErrorRecord NoTrueBox(ClassActivationMap map, string groundTruthPath) => Record(
        Argument($"'{groundTruthPath}' has no box of the class {map.Label} for the photo '{map.Path}'; it was not measured."),
        "GroundTruthLacksPhoto", ErrorCategory.ObjectNotFound, map.Path,
        "Compute the map of the true box's class with Get-ClassActivationMap -Class, or add the box.");

    public static ErrorRecord Conversion(Exception exception, string path) => exception switch
    {
        PictureException e => Picture(e),
        ModelException e => Model(e, path),
        OutOfMemoryException => Record(
            exception, "OutOfMemory", ErrorCategory.ResourceUnavailable, path,
            "Convert the network where there is more memory, or end other programs first.",
            exception is InsufficientMemoryException ? exception.Message : $"'{path}' needs more memory than there is."),
        ModelImportException => Record(
            exception, "ConversionFailed", ErrorCategory.InvalidData, path,
            "See 'Get-Help ConvertTo-CamModel -Full' for the networks that can be converted."),
        _ => Record(
            exception, "ConversionNotWritten", ErrorCategory.WriteError, path, "Check the folder's permissions and the space left.",
            $"What was made of '{path}' could not be written: {exception.Message}"),
    };

    public static ErrorRecord NoUserFolder(string path) => Record(
        new IOException("The system names no folder for this user's data."), "NoUserFolder", ErrorCategory.ResourceUnavailable, path,
        $"Put the network into a folder of your own, and name that in the environment variable {ModelFolders.EnvironmentVariable}.");

    public static ErrorRecord ModelName(string name) => Record(
        Argument($"'{name}' cannot be a network's name, since it cannot be a file's."), "InvalidModelName", ErrorCategory.InvalidArgument,
        name,
        "Choose a name of letters and digits.");

    public static ErrorRecord ModelExists(string name) => Record(
        new IOException(ShownText.Of($"There is a network '{name}' already.")), "ModelExists", ErrorCategory.ResourceExists, name,
        "Choose another name with -Name, or take -Force: a network in your folder is found before one of the same name elsewhere.");

    public static ErrorRecord ModelNotWritten(Exception exception, string path) => Record(
        exception, "ModelNotWritten", ErrorCategory.WriteError, path, "Check the folder's permissions and the space left.",
        $"The network '{path}' could not be copied: {exception.Message}");

    public static ErrorRecord ModelFolder(string path) => Record(
        new DirectoryNotFoundException(ShownText.Of($"There is no folder '{path}'.")), "ModelFolderNotFound", ErrorCategory.ObjectNotFound,
        path,
        "Name a folder with networks that ConvertTo-CamModel made.");

    public static ErrorRecord ProbeClass(string name, string path) => Record(
        Argument($"The network '{path}' has no class '{name}'."), "ProbeClassNotFound", ErrorCategory.InvalidArgument, name,
        "Name a class by its index, from 0, or by its label where the network has labels.");

    public static ErrorRecord InputConstant(string name) => Record(
        Argument($"The constant for the input '{name}' is neither a number nor a list of numbers."), "InvalidInputConstant",
        ErrorCategory.InvalidArgument, name, "Give it as in -InputConstant @{ age = 40 }.");

    public static ErrorRecord Quantization(Exception exception, string path) => exception is QuantizationException or InvalidDataException
        ? Record(exception, "QuantizationFailed", ErrorCategory.InvalidData, path, "See 'Get-Help ConvertTo-QuantizedCamModel -Full'.")
        : Conversion(exception, path);

    public static ErrorRecord NoCalibrationPhotos(string model) => Record(
        Argument($"No photo was shown to '{model}', so its 8-bit copy cannot be calibrated."),
        "NoCalibrationPhotos", ErrorCategory.InvalidArgument, model,
        "Name about 100 varied photos with -CalibrationPhoto, or a file of ranges with -RangePath.");

    public static ErrorRecord Record(
        Exception exception, string id, ErrorCategory category, object? target, string action, string? message = null)
    {
        var record = new ErrorRecord(exception, id, category, target)
        {
            ErrorDetails = new ErrorDetails(ShownText.Of(message ?? exception.Message)) { RecommendedAction = ShownText.Of(action) },
        };
        record.CategoryInfo.TargetName = ShownText.Of(record.CategoryInfo.TargetName);
        return record;
    }

    private static ArgumentException Argument(string message) => new(ShownText.Of(message));
}
