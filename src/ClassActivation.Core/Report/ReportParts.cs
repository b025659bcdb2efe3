using ClassActivation.Localization;

namespace ClassActivation.Report;

/// <summary>A region, and which of its photo's maps it was found in.</summary>
/// <param name="Region">The region.</param>
/// <param name="MapNumber">The map's place in <see cref="ReportPhoto.Maps"/>.</param>
public sealed record ReportRegion(CamRegion Region, int MapNumber);

/// <summary>Values measured for a photo, such as how faithful a map is.</summary>
/// <param name="Title">What was measured, in the same words for all photos.</param>
/// <param name="Subject">What it was measured on in this photo, such as the class.</param>
/// <param name="Values">Names and values, in the order to show them; a value may be not a number.</param>
public sealed record ReportFigures(string Title, string Subject, IReadOnlyList<KeyValuePair<string, double>> Values);

/// <summary>A photo that could not be read, or not worked on.</summary>
/// <param name="Path">The photo's path as far as it is known.</param>
/// <param name="ErrorId">The id that tells kinds of errors apart.</param>
/// <param name="Message">What happened, for people.</param>
public sealed record ReportProblem(string Path, string ErrorId, string Message);

/// <summary>A small picture of a photo, encoded.</summary>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
/// <param name="Content">The picture file's bytes.</param>
public sealed record ReportPicture(int Width, int Height, byte[] Content);
