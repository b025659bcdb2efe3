namespace ClassActivation.Interchange;

/// <summary>In which files boxes are written for other tools.</summary>
public enum AnnotationFormat
{
    /// <summary>One JSON file for all photos, as of Microsoft COCO.</summary>
    Coco,

    /// <summary>An XML file for each photo, as of the Pascal Visual Object Classes challenge.</summary>
    PascalVoc,

    /// <summary>A text file for each photo, with places as shares of its size, and a list of the classes.</summary>
    Yolo,
}

/// <summary>A file to write: its path below the folder or file that was asked for, with slashes, and its content.</summary>
/// <param name="Name">The path; empty for the file that was asked for itself.</param>
/// <param name="Content">The bytes.</param>
public sealed record AnnotationFile(string Name, byte[] Content);
