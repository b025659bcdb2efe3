using System.Text.Json;
using ClassActivation.Isolation;

namespace ClassActivation.Import;

/// <summary>Converts networks in this process for another one. The request is that of <see cref="IsolatedImport"/>.</summary>
internal sealed class ImportService : IWorkerService
{
    /// <summary>The name that requests for it bear.</summary>
    public const string ServiceName = "import";

    /// <summary>How an import ended.</summary>
    internal enum Outcome : byte
    {
        Converted,
        NotConvertible,
        NotWritten,
        Denied,
    }

    public string Name => ServiceName;

    public void Handle(BinaryReader request, BinaryWriter reply)
    {
        ImportRequest wanted = JsonSerializer.Deserialize(request.ReadString(), ImportMessages.Default.ImportRequest)!;
        // What is left where this process is ended goes with the other one's folder.
        foreach (string variable in new[] { "TMPDIR", "TMP", "TEMP" })
        {
            Environment.SetEnvironmentVariable(variable, wanted.WorkFolder);
        }

        try
        {
            ConversionResult result = NetworkImporter.Convert(wanted.Path, wanted.DestinationPath, wanted.Options);
            Write(reply, Outcome.Converted, JsonSerializer.Serialize(result, ImportMessages.Default.ConversionResult));
        }
        catch (ModelImportException e)
        {
            Write(reply, Outcome.NotConvertible, e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            Write(reply, Outcome.Denied, e.Message);
        }
        catch (IOException e)
        {
            Write(reply, Outcome.NotWritten, e.Message);
        }
    }

    private static void Write(BinaryWriter reply, Outcome outcome, string text)
    {
        reply.Write((byte)outcome);
        reply.Write(text);
    }
}
