using ClassActivation.Inference;
using ClassActivation.Maps;
using ClassActivation.Methods;
using ClassActivation.Networks;
using ClassActivation.Photos;

namespace ClassActivation.Commands;

/// <summary>Turns what a user asks about maps into a request that a network can answer, or ends the command saying why it cannot.</summary>
/// <param name="cmdlet">The cmdlet.</param>
/// <param name="question">What it was asked.</param>
/// <param name="isExpecting">Whether each photo is set against its own right answer, in place of a contrast.</param>
/// <param name="isOfObjects">Whether objects that are piped in say by which method and against what, where the user does not.</param>
internal sealed class MapQuestionResolver(ModuleCmdlet cmdlet, IMapQuestion question, bool isExpecting = false, bool isOfObjects = false)
{
    /// <summary>The request.</summary>
    /// <param name="network">The network.</param>
    /// <param name="classes">Its classes.</param>
    /// <param name="readLayers">Reads its layers; asked only where they matter.</param>
    public MapRequest Resolve(CamModelInfo network, ClassTable classes, Func<NetworkLayers> readLayers)
    {
        CheckLikeness();
        (CamMethod[] methods, string[] layers) = ResolveMethods(network, readLayers);
        cmdlet.CheckScales(question.Scale, question.Resolution, network);
        if (!isOfObjects)
        {
            foreach (string warning in MethodParameters.WithoutEffect(methods, question.Contrast.Length > 0
                || isExpecting, cmdlet.MyInvocation.BoundParameters.ContainsKey))
            {
                cmdlet.WriteWarning(warning);
            }
        }

        return new MapRequest
        {
            ClassIndexes = cmdlet.ResolveClasses(question.Class, classes, network.Name),
            Concepts = cmdlet.ResolveConcepts(question.Concept, classes, network.Name),
            SimilarTo = ResolveSimilar(),
            Top = question.Top,
            Methods = methods,
            Layers = layers,
            MaxStep = question.MaxStep,
            Contrast = ResolveContrast(methods, classes, network.Name),
            Masking = new MaskingSettings
            {
                Window = question.Window,
                Stride = question.Stride,
                MaskCount = question.MaskCount,
                Baseline = question.MaskBaseline,
            },
            Scales = question.Scale,
            Flip = question.Flip,
        };
    }

    private bool IsMethodGiven => cmdlet.MyInvocation.BoundParameters.ContainsKey(nameof(question.Method));

    private void CheckLikeness()
    {
        if (question.SimilarTo is null)
        {
            return;
        }

        if (question.Class.Length > 0 || question.Concept.Length > 0 || question.Contrast.Length > 0 || isExpecting)
        {
            cmdlet.ThrowTerminatingError(CamErrors.LikenessOfClass());
        }

        if (IsMethodGiven
            && Array.Find(question.Method, static method => !Likeness.IsExplainedBy(method)) is var method and not CamMethod.Cam)
        {
            cmdlet.ThrowTerminatingError(CamErrors.LikenessMethod(method));
        }
    }

    private PhotoSource? ResolveSimilar()
    {
        if (question.SimilarTo is null)
        {
            return null;
        }

        PhotoSource photo = PhotoSource.FromFile(cmdlet.ResolveExistingFile(question.SimilarTo)).WithMaxPixels(question.MaxPixels)
            .WithReading(question.Reading);
        try
        {
            PhotoDecoder.Decode(photo).Recycle();
            photo.HashContent();
            return photo;
        }
        catch (PhotoException e)
        {
            cmdlet.ThrowTerminatingError(CamErrors.Photo(e, photo.DisplayPath));
            throw;
        }
    }

    private (CamMethod[] Methods, string[] Layers) ResolveMethods(CamModelInfo network, Func<NetworkLayers> readLayers)
    {
        bool isLikeness = question.SimilarTo is not null;
        try
        {
            string[] layers = LayerMethods.WithoutTheLast(question.Layer, network, isLikeness);
            _ = layers.Length == 0 ? null : readLayers().Find(layers);
            CamMethod[] methods = [.. question.Method.Distinct()];
            if (!IsMethodGiven)
            {
                methods =
                [
                    !isLikeness
                        ? LayerMethods.Default(network, readLayers, layers)
                        : layers.Length == 0
                        ? CamMethod.Cam
                        : CamMethod.LayerCam
                ];
            }
            else if (layers.Length > 0 || (!network.IsLinear && !isLikeness))
            {
                Array.ForEach(
                    Array.FindAll(methods, static method => MaskingMethods.Find(method) is null),
                    method => LayerMethods.Of(method, network.Name));
            }

            if (Array.Exists(methods, static method => LayerMethods.PlaceOf(method) == MapPlace.Tokens))
            {
                _ = readLayers().Tokens;
            }

            return (methods, layers);
        }
        catch (ModelException e)
        {
            cmdlet.ThrowTerminatingError(CamErrors.Model(e, network.Name));
            throw;
        }
    }

    private ClassContrast? ResolveContrast(CamMethod[] methods, ClassTable classes, string network)
    {
        if (!isExpecting)
        {
            return cmdlet.ResolveContrast(question.Contrast, question.ContrastStrength, methods, classes, network);
        }

        if (question.Contrast.Length > 0)
        {
            cmdlet.ThrowTerminatingError(CamErrors.ExpectedWithContrast());
        }

        if (methods.Contains(CamMethod.SoftmaxCam))
        {
            cmdlet.ThrowTerminatingError(CamErrors.ContrastWithSoftmax());
        }

        return null;
    }
}
