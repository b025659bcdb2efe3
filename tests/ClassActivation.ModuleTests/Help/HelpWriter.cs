using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ClassActivation.ModuleTests.Help;

/// <summary>
/// Makes the file that <c>Get-Help</c> reads (MAML): parameters, types and defaults from the cmdlets as the engine sees
/// them, their descriptions from the sources' XML documentation, the rest from <see cref="HelpPage"/>.
/// </summary>
internal sealed partial class HelpWriter(XmlDocs docs)
{
    private static readonly XNamespace Help = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    /// <summary>The help file's content.</summary>
    /// <param name="cmdlets">The module's cmdlets; each needs its page.</param>
    /// <param name="pages">The pages; those of other cmdlets are left out.</param>
    public string Write(IEnumerable<CmdletInfo> cmdlets, IEnumerable<HelpPage> pages)
    {
        Dictionary<string, HelpPage> byName = pages.ToDictionary(static page => page.Name);
        var items = new XElement(
            Help + "helpItems", new XAttribute("schema", "maml"), cmdlets.Select(cmdlet => WriteCommand(cmdlet, byName[cmdlet.Name])));
        return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- Made by 'build.ps1 -Task Help' from the sources'"
            + " comments and docs/help. -->\n"
            + items.ToString().ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>The description of a parameter, and what it accepts; the first paragraph is the source's.</summary>
    public IEnumerable<string> DescribeParameter(CmdletInfo cmdlet, ParameterMetadata parameter)
    {
        yield return parameter.Name switch
        {
            "WhatIf" => "Says what the cmdlet would do, and does not do it.",
            "Confirm" => "Asks before each thing that the cmdlet does.",
            _ => docs.Find($"P:{cmdlet.ImplementingType.GetProperty(parameter.Name)!.DeclaringType}.{parameter.Name}")
                ?? throw new InvalidDataException($"{cmdlet.Name} -{parameter.Name} has no XML documentation."),
        };

        foreach (ValidateArgumentsAttribute attribute in parameter.Attributes.OfType<ValidateArgumentsAttribute>())
        {
            switch (attribute)
            {
                case ValidateRangeAttribute { MaxRange: int.MaxValue } range:
                    yield return $"Accepted: {range.MinRange} or more.";
                    break;
                case ValidateRangeAttribute range:
                    yield return string.Create(CultureInfo.InvariantCulture, $"Accepted: {range.MinRange} to {range.MaxRange}.");
                    break;
                case ValidateSetAttribute set:
                    yield return $"Accepted: {string.Join(", ", set.ValidValues)}.";
                    break;
            }
        }

        Type type = ElementType(parameter.ParameterType);
        if (type.IsEnum)
        {
            foreach (string name in Enum.GetNames(type))
            {
                yield return $"- {name}: {docs.Find($"F:{type}.{name}")}";
            }
        }
    }

    /// <summary>The default value of a parameter as the help shows it.</summary>
    public static string DefaultOf(CmdletInfo cmdlet, ParameterMetadata parameter)
    {
        if (parameter.ParameterType == typeof(SwitchParameter))
        {
            return "False";
        }

        if (parameter.Name == "ThrottleLimit")
        {
            return "The number of processors";
        }

        object instance = Activator.CreateInstance(cmdlet.ImplementingType)!;
        bool isMandatory = parameter.ParameterSets.Values.All(static set => set.IsMandatory);
        object? value = isMandatory ? null : cmdlet.ImplementingType.GetProperty(parameter.Name)!.GetValue(instance);
        string text = value is IEnumerable items and not string
            ? string.Join(", ", items.Cast<object>())
            : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.Length > 0 ? text : "None";
    }

    /// <summary>How a parameter takes pipeline input, as the help shows it.</summary>
    public static string PipelineInputOf(IEnumerable<ParameterSetMetadata> sets)
    {
        ParameterSetMetadata[] all = [.. sets];
        string[] ways =
        [
            .. all.Any(static set => set.ValueFromPipeline) ? ["ByValue"] : Array.Empty<string>(),
            .. all.Any(static set => set.ValueFromPipelineByPropertyName) ? ["ByPropertyName"] : Array.Empty<string>(),
        ];
        return ways.Length == 0 ? "False" : $"True ({string.Join(", ", ways)})";
    }

    /// <summary>The parameters of a cmdlet's own, without the common ones of all cmdlets; -WhatIf and -Confirm last.</summary>
    public static IEnumerable<ParameterMetadata> ParametersOf(CmdletInfo cmdlet) => cmdlet.Parameters.Values
        .Where(static parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))
        .OrderBy(static parameter => Cmdlet.OptionalCommonParameters.Contains(parameter.Name));

    /// <summary>A type as it is written in PowerShell: without its namespace, and without its being nullable.</summary>
    public static string TypeName(Type type) =>
        type.IsArray ? ElementType(type).Name + "[]" : ElementType(type).Name;

    private static Type ElementType(Type type) =>
        type.IsArray ? type.GetElementType()! : Nullable.GetUnderlyingType(type) ?? type;

    private XElement WriteCommand(CmdletInfo cmdlet, HelpPage page)
    {
        string summary = docs.Find($"T:{cmdlet.ImplementingType}")!;
        return new XElement(
            Command + "command",
            new XAttribute(XNamespace.Xmlns + "maml", Maml),
            new XAttribute(XNamespace.Xmlns + "command", Command),
            new XAttribute(XNamespace.Xmlns + "dev", Dev),
            new XElement(
                Command + "details",
                new XElement(Command + "name", cmdlet.Name),
                new XElement(Command + "verb", cmdlet.Verb),
                new XElement(Command + "noun", cmdlet.Noun),
                Description([SentenceEnd().Split(summary)[0]])),
            Description(page.Description),
            new XElement(Command + "syntax", cmdlet.ParameterSets.Select(set => WriteSyntax(cmdlet, set))),
            new XElement(Command + "parameters", ParametersOf(cmdlet).Select(parameter => WriteParameter(cmdlet, parameter))),
            new XElement(
                Command + "inputTypes",
                InputsOf(cmdlet).Select(input => Typed("inputType", input.Type, input.Text))
                    .DefaultIfEmpty(Typed("inputType", "None", "The cmdlet takes no pipeline input."))),
            new XElement(
                Command + "returnValues",
                cmdlet.OutputType.Select(output => Typed("returnValue", output.Name, docs.Find($"T:{output.Name}") ?? "Lines of text."))),
            new XElement(Maml + "alertSet", new XElement(Maml + "alert", page.Notes.Select(Paragraph))),
            new XElement(Command + "examples", page.Examples.Select(WriteExample)),
            new XElement(
                Maml + "relatedLinks",
                page.Links.Select(
                    static link =>
                        new XElement(Maml + "navigationLink", new XElement(Maml + "linkText", link), new XElement(Maml + "uri")))));
    }

    private static XElement WriteSyntax(CmdletInfo cmdlet, CommandParameterSetInfo set)
    {
        IEnumerable<ParameterMetadata> parameters = ParametersOf(cmdlet)
            .Where(parameter => set.Parameters.Any(p => p.Name == parameter.Name))
            .OrderBy(parameter => (uint)SetOf(parameter).Position)
            .ThenByDescending(parameter => SetOf(parameter).IsMandatory);
        return new XElement(
            Command + "syntaxItem",
            new XElement(Maml + "name", cmdlet.Name),
            parameters.Select(parameter => new XElement(
                Command + "parameter",
                Attributes(parameter, [SetOf(parameter)]),
                new XElement(Maml + "name", parameter.Name),
                WriteValue(parameter))));

        ParameterSetMetadata SetOf(ParameterMetadata parameter) =>
            parameter.ParameterSets.GetValueOrDefault(set.Name) ?? parameter.ParameterSets[ParameterAttribute.AllParameterSets];
    }

    private XElement WriteParameter(CmdletInfo cmdlet, ParameterMetadata parameter) => new(
        Command + "parameter",
        Attributes(parameter, [.. parameter.ParameterSets.Values]),
        new XElement(Maml + "name", parameter.Name),
        Description(DescribeParameter(cmdlet, parameter)),
        WriteValue(parameter),
        new XElement(Dev + "type", new XElement(Maml + "name", TypeName(parameter.ParameterType)), new XElement(Maml + "uri")),
        new XElement(Dev + "defaultValue", DefaultOf(cmdlet, parameter)));

    private static XAttribute[] Attributes(ParameterMetadata parameter, ParameterSetMetadata[] sets)
    {
        int position = sets.Max(static set => set.Position);
        return
        [
            new("required", sets.All(static set => set.IsMandatory) ? "true" : "false"),
            new("variableLength", parameter.ParameterType.IsArray ? "true" : "false"),
            new("globbing", parameter.Attributes.OfType<SupportsWildcardsAttribute>().Any() ? "true" : "false"),
            new("pipelineInput", PipelineInputOf(sets)),
            new("position", position >= 0 ? position.ToString(CultureInfo.InvariantCulture) : "named"),
            new("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none"),
        ];
    }

    private static XElement? WriteValue(ParameterMetadata parameter) => parameter.ParameterType == typeof(SwitchParameter)
        ? null
        : new XElement(
            Command + "parameterValue",
            new XAttribute("required", "true"),
            new XAttribute("variableLength", parameter.ParameterType.IsArray ? "true" : "false"),
            TypeName(parameter.ParameterType));

    // What comes by value, and files: they come by their property FullName or PSPath.
    private IEnumerable<(string Type, string Text)> InputsOf(CmdletInfo cmdlet)
    {
        foreach (ParameterMetadata parameter in ParametersOf(cmdlet))
        {
            if (parameter.ParameterSets.Values.Any(static set => set.ValueFromPipeline))
            {
                yield return (ElementType(parameter.ParameterType).FullName!, DescribeParameter(cmdlet, parameter).First());
            }
            else if (parameter.Aliases.Contains("FullName")
                && parameter.ParameterSets.Values.Any(static set => set.ValueFromPipelineByPropertyName))
            {
                yield return ("System.IO.FileInfo", "Files, as Get-ChildItem and Get-Item give them.");
            }
            else if (parameter.Aliases.Contains("ModelName")
                && parameter.ParameterSets.Values.Any(static set => set.ValueFromPipelineByPropertyName))
            {
                yield return ("ClassActivation.Networks.CamModelInfo", "Networks, as Get-CamModel gives them.");
            }
        }
    }

    private static XElement Typed(string kind, string type, string text) => new(
        Command + kind, new XElement(Dev + "type", new XElement(Maml + "name", type)), Description([text]));

    private static XElement WriteExample(HelpExample example, int index)
    {
        string title = $"Example {index + 1}: {example.Title}";
        return new XElement(
            Command + "example",
            new XElement(Maml + "title", title),
            new XElement(Dev + "code", example.Output.Length == 0 ? example.Code : $"{example.Code}\n\n{example.Output}"),
            new XElement(Dev + "remarks", example.Remarks.Select(Paragraph)));
    }

    private static XElement Description(IEnumerable<string> paragraphs) => new(Maml + "description", paragraphs.Select(Paragraph));

    private static XElement Paragraph(string text) => new(Maml + "para", text);

    [GeneratedRegex(@"(?<=\.)\s+(?=\p{Lu})")]
    private static partial Regex SentenceEnd();
}
