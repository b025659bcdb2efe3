using System.Globalization;
using ClassActivation.Methods;
using ClassActivation.Photos;

namespace ClassActivation.Identity;

/// <summary>
/// Says in words how a question differs from the plain one, in names of pictures, legends and headings. What is plain is
/// fixed here for good: whatever the defaults of a later version, of a network or of a user are, a name goes on meaning
/// what it meant.
/// </summary>
internal static class QuestionWords
{
    private const string PlainModel = "ResNet50";

    // The module's own networks, of this version and earlier ones: a network of their name that is another says so.
    private static readonly HashSet<string> KnownNetworks = new(StringComparer.Ordinal)
    {
        "",
        "6A355F07067229E4EE95778BA1256B9F",
        "644821C60299DF1AC7671C99B5DBEE88",
        "ECD0F6791677488AFF610CB7E8F6FAB6",
        "30F0EAC951AE633072A738CAA7F35BF7",
    };

    private static readonly HashSet<string> PlainMasking =
        new(StringComparer.Ordinal) { "", "window 32 stride 16 Mean", "1000 masks Mean" };

    private static readonly Setting[] Settings =
    [
        new(static q => q.Model == PlainModel && IsKnown(q) ? "" : Network(q), Network),
        new(static q => q.Method == CamMethod.Cam ? "" : q.Method.ToString(), static q => q.Method.ToString()),
        new(static q => q.Layer is null ? "" : $"layer {q.Layer}", static q => q.Layer is null ? "last layer" : $"layer {q.Layer}"),
        new(
            static q => q.MaxStep is 0 or 128 ? "" : $"{Number(q.MaxStep)} steps",
            static q => q.MaxStep == 0 ? "no steps" : $"{Number(q.MaxStep)} steps"),
        new(
            static q => q.ContrastClass.Length == 0 ? "" : $"not {q.Contrast}",
            static q => q.ContrastClass.Length == 0 ? "no contrast" : $"contrast to {q.Contrast}"),
        new(
            static q => q.ContrastClass.Length == 0 || q.ContrastStrength == 0.6 ? "" : $"strength {Number(q.ContrastStrength)}",
            static q => $"strength {Number(q.ContrastStrength)}"),
        new(static q => q.Fit == InputFit.FullFrame ? "" : q.Fit.ToString(), static q => q.Fit.ToString()),
        new(static q => q.Resolution == 224 ? "" : $"{Number(q.Resolution)}px", static q => $"{Number(q.Resolution)}px"),
        new(static q => q.Resampling == Resampling.Bilinear ? "" : q.Resampling.ToString(), static q => q.Resampling.ToString()),
        new(static q => q.Decoding == PhotoDecoding.Exact ? "" : $"{q.Decoding} decoding", static q => $"{q.Decoding} decoding"),
        new(
            static q => q.Reading == PhotoReading.Upright ? "" : "as stored",
            static q => q.Reading == PhotoReading.Upright ? "upright" : "as stored"),
        new(static q => PlainMasking.Contains(q.Masking) ? "" : q.Masking, static q => q.Masking.Length == 0 ? "no masks" : q.Masking),
        new(static q => q.Scale == "1" ? "" : $"scale {q.Scale}", static q => $"scale {q.Scale}"),
        new(static q => q.Flip ? "flip" : "", static q => q.Flip ? "flip" : "no flip"),
    ];

    /// <summary>What differs from the plain question, a text for each setting; none for the plain question.</summary>
    public static IReadOnlyList<string> Of(CamQuestion question) =>
        [.. Settings.Select(setting => setting.Unusual(question)).Where(static words => words.Length > 0)];

    /// <summary>The settings in which two questions differ, in words for each; the class or concept is none.</summary>
    public static IEnumerable<(string One, string Other)> Differing(CamQuestion one, CamQuestion other) =>
        from setting in Settings
        let words = setting.Always(one)
        let otherWords = setting.Always(other)
        where words != otherWords
        select (words, otherWords);

    /// <summary>The network, with part of its hash where it is none of the module's own.</summary>
    public static string Network(CamQuestion question) =>
        IsKnown(question) ? question.Model : $"{question.Model}-{question.ModelHash[..8].ToLowerInvariant()}";

    private static bool IsKnown(CamQuestion question) => KnownNetworks.Contains(question.ModelHash);

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private sealed record Setting(Func<CamQuestion, string> Unusual, Func<CamQuestion, string> Always);
}
