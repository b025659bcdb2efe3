using System.Management.Automation;
using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Networks;
using ClassActivation.Photos;
using ClassActivation.Report;

namespace ClassActivation.Commands;

/// <summary>What cmdlets share that set what a network answers against what it should answer.</summary>
public abstract class ExpectingCmdlet : PhotoCmdlet
{
    private RightLabels? _rightLabels;
    private ExpectedAnswer? _ofAll;

    /// <summary>What all photos should show: a label, synonym, WordNet id or index of a class, or the name of a concept.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassCompleter))]
    public string? Expected { get; set; }

    /// <summary>Takes the name of the folder that each photo lies in for what it should show.</summary>
    [Parameter]
    public SwitchParameter ExpectedFromFolder { get; set; }

    /// <summary>
    /// A table of what the photos should show, separated by tabs, commas or semicolons, with a header line: file (a name, or
    /// the end of the photo's path) and label.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ExpectedPath { get; set; }

    /// <summary>Whether the user says what photos should show.</summary>
    private protected bool IsExpecting => Expected is not null || ExpectedFromFolder || ExpectedPath is not null;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if ((Expected is null ? 0 : 1) + (ExpectedFromFolder ? 1 : 0) + (ExpectedPath is null ? 0 : 1) > 1)
        {
            ThrowTerminatingError(CamErrors.SeveralExpectations());
        }

        _rightLabels = ExpectedFromFolder ? RightLabels.FromFolders : null;
        if (ExpectedPath is not null)
        {
            string path = ResolveExistingFile(ExpectedPath);
            try
            {
                _rightLabels = RightLabels.Read(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                ThrowTerminatingError(CamErrors.RightLabels(e, path));
            }
        }
    }

    private protected override void OnModelLoaded(CamModel model)
    {
        if (Expected is not null)
        {
            _ofAll = AnswerOf(Expected, model);
            if (_ofAll is null)
            {
                ThrowTerminatingError(CamErrors.Class(Expected, model.Classes.Find(Expected), model.Classes, model.Name));
            }
        }
    }

    /// <summary>What a photo should show; null where the user does not say. Runs on a worker thread.</summary>
    private protected ExpectedAnswer? ExpectedOf(PhotoSource source)
    {
        if (_rightLabels is null)
        {
            return _ofAll;
        }

        string path = source.Identify().Path;
        CamModel model = LoadedModel!;
        string label = _rightLabels.Of(path) ?? throw new ReportedException(CamErrors.NothingExpected(path));
        return AnswerOf(label, model)
            ?? throw new ReportedException(CamErrors.Class(label, model.Classes.Find(label), model.Classes, model.Name));
    }

    private static ExpectedAnswer? AnswerOf(string name, CamModel model)
    {
        IReadOnlyList<ImageClass> classes = model.Classes.Find(name);
        if (classes.Count > 0)
        {
            // A name of several classes is no answer.
            return classes.Count == 1 ? new ExpectedAnswer(classes[0].Label, [classes[0].Index]) : null;
        }

        return model.Classes.Concepts.Find(name) is [{ } concept]
            ? new ExpectedAnswer(concept.Name, concept.ClassIndexes) { Concept = concept }
            : null;
    }
}
