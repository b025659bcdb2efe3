namespace ClassActivation.Identity;

/// <summary>What several questions have in common, without what they ask about.</summary>
/// <param name="question">The first of them, without its target.</param>
/// <param name="differing">The names of the settings in which others differ from it.</param>
internal sealed class SharedQuestion(CamQuestion question, IReadOnlySet<string> differing)
{
    /// <summary>What one question has in common with itself.</summary>
    public SharedQuestion(CamQuestion question)
        : this(question, new HashSet<string>())
    {
    }

    /// <summary>What some questions have in common; one or more.</summary>
    public static SharedQuestion Of(IEnumerable<CamQuestion> questions)
    {
        CamQuestion[] settings = [.. questions.Select(static question => question.WithoutTarget)];
        return new SharedQuestion(settings[0], FlatRecord<CamQuestion>.Properties
            .Where(property => settings.Any(other => !Equals(property.GetValue(other), property.GetValue(settings[0]))))
            .Select(static property => property.Name)
            .ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>A setting as a text; null where the questions differ in it.</summary>
    public string? Text(string name, Func<CamQuestion, string?> setting) => differing.Contains(name) ? null : setting(question);

    /// <summary>A setting; null where the questions differ in it.</summary>
    public T? Value<T>(string name, Func<CamQuestion, T> setting)
        where T : struct => differing.Contains(name) ? null : setting(question);
}
