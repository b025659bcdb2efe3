using System.Diagnostics;
using System.Management.Automation;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Networks;
using ClassActivation.Photos;
using ClassActivation.Quantization;

namespace ClassActivation.Commands;

/// <summary>Makes an 8-bit copy of a network: about three times as fast and a quarter of the size, with nearly the same maps.</summary>
[Cmdlet(VerbsData.ConvertTo, "QuantizedCamModel", SupportsShouldProcess = true, DefaultParameterSetName = PhotoSet,
    HelpUri = HelpPages.Address + "ConvertTo-QuantizedCamModel.md")]
[OutputType(typeof(CamModelInfo))]
public sealed class ConvertToQuantizedCamModelCommand : ModuleCmdlet
{
    private const string PhotoSet = "CalibrationPhoto";
    private const string LiteralPathSet = "LiteralPath";
    private const string RangeSet = "Range";

    private readonly ProgressRecord _progress = new(0, "Calibrating an 8-bit network", "Loading the network");
    private readonly Stopwatch _watch = new();
    private string _source = "";
    private string _destination = "";
    private bool _mayProceed;
    private QuantizedCopy? _copy;

    /// <summary>The float32 network: a name that <c>Get-CamModel</c> lists, or the path of an ONNX file.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelCompleter))]
    public string Model { get; set; } = CamModelStore.DefaultModelName;

    /// <summary>The ONNX file to make; its weights go beside it, with <c>.data</c> behind the name.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [ValidateNotNullOrEmpty]
    public string DestinationPath { get; set; } = "";

    /// <summary>The photos to calibrate on, about 100 that are as varied as those to come; wildcards are expanded.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PhotoSet)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.PhotoFiles)]
    public string[] CalibrationPhoto { get; set; } = [];

    /// <summary>The photos to calibrate on, their paths taken as they are.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP", "FullName")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>A file of ranges that an earlier calibration of the same network saved; no photos are needed then.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RangeSet)]
    [ValidateNotNullOrEmpty]
    public string RangePath { get; set; } = "";

    /// <summary>Saves the calibrated ranges as a text file, from which the same 8-bit network can be made again.</summary>
    [Parameter(ParameterSetName = PhotoSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string? SaveRangePath { get; set; }

    /// <summary>What of the photo the network sees in calibration.</summary>
    [Parameter(ParameterSetName = PhotoSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public InputFit Fit { get; set; } = InputFit.FullFrame;

    /// <summary>The side in pixels that the network's input is resized to in calibration.</summary>
    [Parameter(ParameterSetName = PhotoSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(InputGeometry.MinResolution, InputGeometry.MaxResolution)]
    public int Resolution { get; set; } = 224;

    /// <summary>
    /// The most pixels, width times height, that a photo may have; one with more is an error, before memory is taken for
    /// it. The default, 268,435,456, is a square of 16,384.
    /// </summary>
    [Parameter(ParameterSetName = PhotoSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(1L, long.MaxValue)]
    public long MaxPixels { get; set; } = PhotoSource.DefaultMaxPixels;

    /// <summary>
    /// The bits of a weight. Weights of 7 bits are a little less exact, and fast on x86 processors without VNNI
    /// instructions too, where those of 8 bits need slower kernels.
    /// </summary>
    [Parameter]
    [ValidateSet("7", "8")]
    public int WeightBits { get; set; } = 8;

    /// <summary>Replaces files too that are write-protected, or that this module did not write.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Leaves existing files as they are.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Checks where the network comes from and goes to, before the first photo.</summary>
    protected override void BeginProcessing() => OrEnd(() =>
    {
        _source = Models.Describe(ResolveModel(Model)).Path;
        _destination = ResolveFilePath(DestinationPath);
        SaveRangePath = SaveRangePath is null ? null : ResolveFilePath(SaveRangePath);
        NetworkDestination.CheckMayWrite(_destination, Force, NoClobber);
        if (SaveRangePath is not null)
        {
            OwnedFile.CheckMayWrite(SaveRangePath, ActivationRanges.IsOne, Force, NoClobber);
        }

        _mayProceed = ShouldProcess(_destination, $"Make an 8-bit copy of '{_source}'");
        _watch.Start();
    });

    /// <summary>Shows the network the photos that this pipeline object names.</summary>
    protected override void ProcessRecord()
    {
        if (!_mayProceed || ParameterSetName == RangeSet)
        {
            return;
        }

        foreach (PhotoSource photo
            in ParameterSetName == PhotoSet ? this.FromPaths(CalibrationPhoto, WriteError) : this.FromLiteralPaths(LiteralPath, WriteError))
        {
            OrEnd(() => Calibrate(photo.WithMaxPixels(MaxPixels)));
        }
    }

    /// <summary>Writes the 8-bit network.</summary>
    protected override void EndProcessing()
    {
        if (!_mayProceed)
        {
            return;
        }

        OrEnd(() =>
        {
            if (Force)
            {
                NetworkDestination.Unprotect(_destination);
            }

            if (ParameterSetName == RangeSet)
            {
                ModelQuantizer.Quantize(_source, _destination, ActivationRanges.Read(ResolveExistingFile(RangePath)), WeightBits);
            }
            else
            {
                MakeFromPhotos();
            }

            CamModelInfo made = Models.Describe(_destination);
            WriteVerbose($"Wrote {made.Length / 1e6:N1} MB with weights of {WeightBits} bits after {_watch.Elapsed.TotalSeconds:N1} s.");
            WriteObject(made);
        });
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _copy?.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Calibrate(PhotoSource photo)
    {
        _copy ??= new QuantizedCopy(_source, new InputSettings(Fit, Resolution));
        _progress.StatusDescription = ShownText.Of(photo.DisplayPath);
        _progress.CurrentOperation = $"{_copy.CalibrationPhotos + _copy.HeldBackPhotos} photos so far";
        WriteProgress(_progress);
        try
        {
            _copy.Add(photo, StopToken);
        }
        catch (PhotoException e)
        {
            WriteError(CamErrors.Photo(e, photo.DisplayPath));
        }
    }

    private void MakeFromPhotos()
    {
        if (_copy is not { CalibrationPhotos: > 0 })
        {
            ThrowTerminatingError(CamErrors.NoCalibrationPhotos(Model));
            return;
        }

        _copy.Write(_destination, WeightBits, SaveRanges, new TensorProgress(this, _progress), StopToken);
        _progress.RecordType = ProgressRecordType.Completed;
        WriteProgress(_progress);
        WriteVerbose($"Calibrated on {_copy.CalibrationPhotos} photos, {_copy.HeldBackPhotos} held back; kept in float32: {_copy.Kept}.");
        if (_copy.Agreement is { Share: < AnswerAgreement.Target } agreement)
        {
            WriteWarning(
                $"The 8-bit copy gives the network's answer on {agreement}, which is below {100 * AnswerAgreement.Target:0}%; give more"
                + " photos, such as are to come, or stay with the network itself.");
        }
    }

    private void SaveRanges(ActivationRanges ranges)
    {
        if (SaveRangePath is not null)
        {
            PictureFile.Write(SaveRangePath, Force, NoClobber, ranges.Write);
        }
    }

    /// <summary>Ends the command with one clear error for whatever stands in the way of the network.</summary>
    private void OrEnd(Action action)
    {
        try
        {
            action();
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
        catch (Exception e) when (
            e is QuantizationException or ModelException or PictureException or InvalidDataException or IOException
                or UnauthorizedAccessException or OutOfMemoryException)
        {
            ThrowTerminatingError(CamErrors.Quantization(e, _source.Length > 0 ? _source : Model));
        }
    }

    /// <summary>Shows each refined tensor at once, on the pipeline's own thread.</summary>
    private sealed class TensorProgress(Cmdlet cmdlet, ProgressRecord record) : IProgress<ConversionProgress>
    {
        public void Report(ConversionProgress value)
        {
            record.StatusDescription = ShownText.Of(value.Layer);
            record.CurrentOperation = "Refining the ranges";
            record.PercentComplete = 100 * value.Completed / value.Total;
            cmdlet.WriteProgress(record);
        }
    }
}
