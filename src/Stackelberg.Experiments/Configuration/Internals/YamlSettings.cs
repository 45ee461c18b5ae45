using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Stackelberg.Experiments.Configuration.Internals;

/// <summary>Reads a YAML file into settings, each with its place; nested mappings become dotted keys.</summary>
internal sealed class YamlSettings
{
    private readonly string file;
    private readonly List<Setting> settings = [];
    private readonly List<ConfigurationError> errors;

    private YamlSettings(string file, List<ConfigurationError> errors)
    {
        this.file = file;
        this.errors = errors;
    }

    /// <summary>Reads a file; faults are added to <paramref name="errors"/> and the rest is read on.</summary>
    public static IReadOnlyList<Setting> Read(string file, List<ConfigurationError> errors)
    {
        YamlSettings reader = new(file, errors);
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            reader.Fault(null, "", $"the configuration file '{file}' cannot be read: {e.Message}", "a YAML file that exists", "check the path given with -c");
            return [];
        }

        try
        {
            reader.ReadDocument(new Parser(new StringReader(text)));
        }
        catch (InvalidOperationException)
        {
            // the parser's answer to an end of the file inside a list or group
            reader.Fault(null, "", "not valid YAML: a list or group is not closed", "key: value lines, groups indented by spaces", "close every [ and {");
        }
        catch (YamlException e)
        {
            reader.Fault(PlaceOf(e, text), "", $"not valid YAML: {e.InnerException?.Message ?? e.Message}", "key: value lines, groups indented by spaces", "mend the line named above");
        }

        return reader.settings;
    }

    private void ReadDocument(Parser parser)
    {
        parser.Consume<StreamStart>();
        if (Peek<StreamEnd>(parser) is not null)
        {
            return;
        }

        parser.Consume<DocumentStart>();
        if (Take<MappingStart>(parser) is not null)
        {
            ReadMapping(parser, "");
        }
        else if (Peek<Scalar>(parser) is { } empty && empty.Value.Length == 0)
        {
            parser.MoveNext();
        }
        else
        {
            Fault(parser.Current!.Start, "", "the file does not hold a mapping", "key: value lines", "see 'stackelberg config show' for the form");
            return;
        }

        parser.Consume<DocumentEnd>();
        if (Peek<DocumentStart>(parser) is { } second)
        {
            Fault(second.Start, "", "a second document begins here", "one document", "split the file in two");
        }
    }

    private void ReadMapping(Parser parser, string prefix)
    {
        while (Take<MappingEnd>(parser) is null)
        {
            if (Take<Scalar>(parser) is not { } name)
            {
                Fault(parser.Current!.Start, prefix, "a key that is not a text", "plain names", "write key: value");
                parser.SkipThisAndNestedEvents();
                parser.SkipThisAndNestedEvents();
                continue;
            }

            ReadValue(parser, prefix + name.Value, name.Start);
        }
    }

    private void ReadValue(Parser parser, string key, Mark at)
    {
        if (Take<MappingStart>(parser) is not null)
        {
            ReadMapping(parser, key + ".");
        }
        else if (Take<Scalar>(parser) is { } scalar)
        {
            Add(new Setting(key, scalar.Value, Origin(scalar.Value.Length > 0 ? scalar.Start : at)), at);
        }
        else if (Take<SequenceStart>(parser) is { } sequence)
        {
            List<string> items = [];
            while (Take<SequenceEnd>(parser) is null)
            {
                if (Take<Scalar>(parser) is { } item)
                {
                    items.Add(item.Value);
                }
                else
                {
                    Fault(parser.Current!.Start, key, $"the list '{key}' holds something that is not a plain value", "a flat list", "write [a, b, c]");
                    parser.SkipThisAndNestedEvents();
                }
            }

            Add(new Setting(key, string.Join(',', items), items, Origin(sequence.Start)), at);
        }
        else
        {
            Fault(parser.Current!.Start, key, $"'{key}' uses an alias", "plain values", "write the value out");
            parser.SkipThisAndNestedEvents();
        }
    }

    private void Add(Setting setting, Mark at)
    {
        if (settings.Find(s => s.Key == setting.Key) is { } first)
        {
            Fault(at, setting.Key, $"'{setting.Key}' is given twice (first in line {first.Origin.Line})", "each key once", "remove one of the two");
            return;
        }

        settings.Add(setting);
    }

    private static T? Peek<T>(Parser parser)
        where T : ParsingEvent => parser.Accept<T>(out _) ? (T)parser.Current! : null;

    private static T? Take<T>(Parser parser)
        where T : ParsingEvent
    {
        T? next = Peek<T>(parser);
        if (next is not null)
        {
            parser.MoveNext();
        }

        return next;
    }

    private SettingOrigin Origin(Mark mark) => new(SettingLayer.File, file, mark.Line, mark.Column);

    // the parser does not say where a tab indents a line
    private static Mark PlaceOf(YamlException e, string text)
    {
        int tab = e.Start.Equals(Mark.Empty) && e.Message.Contains("tab", StringComparison.Ordinal)
            ? Array.FindIndex(text.Split('\n'), static l => l.StartsWith('\t'))
            : -1;
        return tab < 0 ? e.Start : new Mark(0, tab + 1, 1);
    }

    // a fault of the file as a whole has no place
    private void Fault(Mark? at, string key, string problem, string allowed, string next) =>
        errors.Add(new ConfigurationError(at is { } mark ? Origin(mark) : new SettingOrigin(SettingLayer.File, file), key, problem, allowed, next));
}
