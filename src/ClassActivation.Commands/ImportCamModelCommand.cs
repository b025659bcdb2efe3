using System.Management.Automation;
using ClassActivation.Networks;

namespace ClassActivation.Commands;

/// <summary>Puts a network into the user's own folder, so that its name finds it from then on.</summary>
[Cmdlet(VerbsData.Import, "CamModel", SupportsShouldProcess = true, HelpUri = HelpPages.Address + "Import-CamModel.md")]
[OutputType(typeof(CamModelInfo))]
public sealed class ImportCamModelCommand : ModuleCmdlet
{
    /// <summary>The network's file, as <c>ConvertTo-CamModel</c> makes it, or an object of <c>Get-CamModel</c>.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "FullName")]
    [ValidateNotNullOrEmpty]
    [Takes(Taken.NetworkFiles)]
    public string Path { get; set; } = "";

    /// <summary>The name by which <c>-Model</c> is to find it; that of its file where none is given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>
    /// Replaces a network of that name, a write-protected one and files that this module did not write too, or hides one of
    /// another folder.
    /// </summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string source = ResolveExistingFile(Path);
        try
        {
            string name = Name ?? Models.Describe(source).Name;
            if (ModelFolders.OfUser is not { } folder)
            {
                WriteError(CamErrors.NoUserFolder(source));
            }
            else if (name.AsSpan().IndexOfAny(System.IO.Path.GetInvalidFileNameChars()) >= 0 || name.Trim('.', ' ') != name)
            {
                WriteError(CamErrors.ModelName(name));
            }
            else
            {
                Import(source, name, System.IO.Path.Combine(folder, name + ".onnx"));
            }
        }
        catch (PictureException e)
        {
            WriteError(CamErrors.Picture(e));
        }
        catch (ModelException e)
        {
            WriteError(CamErrors.Model(e, source));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            WriteError(CamErrors.ModelNotWritten(e, source));
        }
    }

    private void Import(string source, string name, string destination)
    {
        if (!Force && Models.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            WriteError(CamErrors.ModelExists(name));
            return;
        }

        NetworkDestination.CheckMayWrite(destination, Force, noClobber: false);
        if (ShouldProcess(destination, $"Import '{source}'"))
        {
            if (Force)
            {
                NetworkDestination.Unprotect(destination);
            }

            CamModelFile.Copy(source, destination);
            WriteObject(Models.Describe(destination));
        }
    }
}
