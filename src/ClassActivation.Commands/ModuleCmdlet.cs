using System.Management.Automation;
using ClassActivation.Identity;
using ClassActivation.Inference;
using ClassActivation.Isolation;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>What all cmdlets of the module share: the networks, and being stopped.</summary>
public abstract class ModuleCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    static ModuleCmdlet() => FurtherFormats.FindCompanion = CompanionFormats.Find;

    /// <summary>The networks of this process.</summary>
    internal static CamModelStore Models { get; } = new(ModelFolders.All);

    /// <summary>Cancelled when the pipeline stops.</summary>
    private protected CancellationToken StopToken => _stopping.Token;

    // Messages name files and classes; they are cleaned here, so that no cmdlet forgets to.
    private protected new void WriteVerbose(string text) => base.WriteVerbose(ShownText.Of(text));

    private protected new void WriteDebug(string text) => base.WriteDebug(ShownText.Of(text));

    private protected new bool ShouldProcess(string target, string action) =>
        base.ShouldProcess(ShownText.Of(target), ShownText.Of(action));

    /// <summary>Ends whatever the cmdlet is doing.</summary>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>Ends whatever the cmdlet is still doing.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Ends whatever the cmdlet is still doing.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    /// <summary>The network that a user's <c>-Model</c> means, loaded; ends the command where there is none.</summary>
    private protected CamModel LoadModel(string nameOrPath, bool isolated = false, string? device = null)
    {
        try
        {
            string resolved = ResolveModel(nameOrPath);
            CamModel model = isolated ? Models.Get(resolved, Isolation())
                : Models.Get(resolved, device is null ? ComputeDevice.Cpu : ComputeDevice.Parse(device));
            if (model.SpeedNote is { } note)
            {
                WriteVerbose($"{note} ConvertTo-QuantizedCamModel -WeightBits 7 makes one.");
            }

            return model;
        }
        catch (ModelException e)
        {
            ThrowTerminatingError(CamErrors.Model(e, nameOrPath));
            throw;
        }
        catch (NativeLibraryException e)
        {
            ThrowTerminatingError(CamErrors.NativeLibrary(e));
            throw;
        }
    }

    private IsolationOptions Isolation()
    {
        IsolationOptions? options = PowerShellWorker.Options();
        if (options is null)
        {
            ThrowTerminatingError(CamErrors.NoWorker());
        }

        return options!;
    }

    /// <summary>
    /// The full path of a file or folder to write, its name taken as it is; ends the command where it is in no file system.
    /// </summary>
    private protected string ResolveFilePath(string path)
    {
        try
        {
            string resolved = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            if (!PhotoSources.IsFileSystem(provider))
            {
                ThrowTerminatingError(CamErrors.NotAFile(path, provider.Name));
            }

            return resolved;
        }
        catch (Exception e) when (PhotoSources.IsBadPath(e))
        {
            ThrowTerminatingError(CamErrors.BadPath(e, path));
            throw;
        }
    }

    /// <summary>
    /// The full path of one file to read: of exactly that name, or else the one that matches its wildcards. Where there
    /// is none it is the name as it is, for whoever reads it to say so; several end the command.
    /// </summary>
    internal string ResolveExistingFile(string path)
    {
        string literal = ResolveFilePath(path);
        if (System.IO.Path.Exists(literal) || !WildcardPattern.ContainsWildcardCharacters(path))
        {
            return literal;
        }

        IReadOnlyList<string> matching = this.FilesOf(path, static _ => { });
        if (matching.Count > 1)
        {
            ThrowTerminatingError(CamErrors.AmbiguousPath(path, matching.Count));
        }

        return matching.Count == 1 ? matching[0] : literal;
    }

    /// <summary>A network's name as it is; the path of a network's file made full, from the session's location.</summary>
    private protected string ResolveModel(string nameOrPath) =>
        IsModelPath(nameOrPath) ? ResolveExistingFile(nameOrPath) : nameOrPath;

    /// <summary>Whether a user's <c>-Model</c> is the path of a network's file, and not a name.</summary>
    internal static bool IsModelPath(string nameOrPath) =>
        nameOrPath.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
        || nameOrPath.AsSpan().IndexOfAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar) >= 0;

    /// <summary>
    /// The classes of the network that a user's <c>-Model</c> means, without loading it; ends the command where there is none.
    /// </summary>
    private protected ClassTable ReadClasses(string nameOrPath)
    {
        try
        {
            return Models.Describe(ResolveModel(nameOrPath)).ReadClasses();
        }
        catch (ModelException e)
        {
            ThrowTerminatingError(CamErrors.Model(e, nameOrPath));
            throw;
        }
    }

    /// <summary>The concepts that a user's <c>-Concept</c> means; ends the command where one means none or several.</summary>
    internal IReadOnlyList<Concept> ResolveConcepts(IEnumerable<string> names, ClassTable classes, string model)
    {
        var concepts = new List<Concept>();
        foreach (string name in names)
        {
            IReadOnlyList<Concept> found = classes.Concepts.Find(name);
            if (found.Count != 1)
            {
                ThrowTerminatingError(CamErrors.Concept(name, found, classes, model));
            }

            if (!concepts.Contains(found[0]))
            {
                concepts.Add(found[0]);
            }
        }

        return concepts;
    }

    /// <summary>The classes that a user's <c>-Class</c> means; ends the command where one means none or several.</summary>
    private protected IReadOnlyList<int> ResolveClasses(IEnumerable<string> names, CamModel model) =>
        ResolveClasses(names, model.Classes, model.Name);

    /// <summary>The classes that a user's <c>-Class</c> means; ends the command where one means none or several.</summary>
    internal IReadOnlyList<int> ResolveClasses(
        IEnumerable<string> names, ClassTable classes, string model, string conceptParameter = "Concept")
    {
        var indexes = new List<int>();
        foreach (string name in names)
        {
            IReadOnlyList<ImageClass> found = classes.Find(name);
            if (found.Count != 1)
            {
                ThrowTerminatingError(CamErrors.Class(name, found, classes, model, conceptParameter));
            }

            if (!indexes.Contains(found[0].Index))
            {
                indexes.Add(found[0].Index);
            }
        }

        return indexes;
    }

    /// <summary>What a user's <c>-Contrast</c> means; null for nothing. Ends the command where it cannot be.</summary>
    internal ClassContrast? ResolveContrast(
        string[] names, double strength, IEnumerable<CamMethod> methods, ClassTable classes, string model)
    {
        if (names.Length == 0)
        {
            return null;
        }

        if (methods.Contains(CamMethod.SoftmaxCam))
        {
            ThrowTerminatingError(CamErrors.ContrastWithSoftmax());
        }

        if (names is [{ } only] && only.Equals(ContrastCompleter.Auto, StringComparison.OrdinalIgnoreCase))
        {
            return new ClassContrast([], strength);
        }

        ILookup<bool, string> isConcept = names.ToLookup(classes.NamesConcept);
        return new ClassContrast(ResolveClasses(isConcept[false], classes, model, conceptParameter: "Contrast"), strength)
        {
            Concepts = ResolveConcepts(isConcept[true], classes, model),
        };
    }

    /// <summary>Ends the command where a scale makes the input too small or too large.</summary>
    internal void CheckScales(IReadOnlyCollection<double> scales, int resolution, CamModelInfo network)
    {
        if (network.IsFixedSize && scales.Any(static scale => scale != 1))
        {
            ThrowTerminatingError(CamErrors.ScaleOfFixedSize(network));
        }

        var settings = new InputSettings(Resolution: resolution);
        foreach (double scale in scales.Where(
            scale => settings.At(scale).Resolution is < InputGeometry.MinResolution or > InputGeometry.MaxResolution))
        {
            ThrowTerminatingError(CamErrors.Scale(scale, resolution));
        }
    }
}
