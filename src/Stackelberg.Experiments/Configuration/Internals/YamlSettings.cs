using Stackelberg.Primitives;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Stackelberg.Experiments.Configuration.Internals;

/// <summary>Reads a YAML file into settings, each with its place; nested mappings become dotted keys.</summary>
internal sealed class YamlSettings
{
    // far above what any settings need, and low enough that every file is answered at once
    private const int MostCharacters = 1_000_000, MostLevels = 32;

    private readonly string file;
    private readonly List<Setting> settings = [];
    private readonly Dictionary<string, Setting> first = [];
    private readonly List<ConfigurationError> errors;

    private YamlSettings(string file, List<ConfigurationError> errors)
    {
        this.file = file;
        this.errors = errors;
    }

    /// <summary>Reads a file; faults are added to <paramref name="errors"/> and the rest is read on.</summary>
    /// <returns>Null where there is no reading on: the file cannot be read, or is no YAML.</returns>
    public static IReadOnlyList<Setting>? Read(string file, List<ConfigurationError> errors)
    {
        YamlSettings reader = new(file, errors);
        string? text;
        try
        {
            text = ReadText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            reader.Fault(null, "", $"the configuration file '{file}' cannot be read: {FileFaultText.Of(e, file)}", "a YAML file that exists", "check the path given with -c");
            return null;
        }

        if (text is null)
        {
            reader.Fault(null, "", "the file is too long for settings", $"at most {MostCharacters} characters", "check the path given with -c; 'stackelberg config show' shows the form");
            return null;
        }

        return reader.Parse(text) ? reader.settings : null;
    }

    /// <summary>The text of a file; null where it is longer than any settings.</summary>
    private static string? ReadText(string file)
    {
        using StreamReader reader = new(file);
        char[] buffer = new char[MostCharacters + 1];
        int count = reader.ReadBlock(buffer);
        return count > MostCharacters ? null : new string(buffer, 0, count);
    }

    private bool Parse(string text)
    {
        const string Form = "key: value lines, groups indented by spaces";
        try
        {
            return ReadDocument(new Parser(new StringReader(text)));
        }
        catch (TooDeepException e)
        {
            Fault(e.At, "", $"groups or lists are nested more than {MostLevels} deep here", Form, "see 'stackelberg config show' for the form");
        }
        catch (EndOfStreamException)
        {
            // a key of no characters puts the parser one event out of step
            Fault(null, "", "not valid YAML: a key is missing before a colon, or a list or group is not closed", Form, "write key: value, and close every [ and {");
        }
        catch (InvalidOperationException)
        {
            // the parser's answer to an end of the file inside a list or group
            Fault(null, "", "not valid YAML: a list or group is not closed", Form, "close every [ and {");
        }
        catch (YamlException e)
        {
            // what is inside is of the runtime
            string words = e.InnerException is null ? e.Message : "this cannot be read";
            Fault(PlaceOf(e, text), "", $"not valid YAML: {words}", Form, "mend the line named above");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // the parser's own mishaps with odd files, of which there is no end of kinds
            Fault(null, "", "not valid YAML", Form, "check the path given with -c; 'stackelberg config show' shows the form");
        }

        return false;
    }

    private bool ReadDocument(Parser parser)
    {
        parser.Consume<StreamStart>();
        if (Peek<StreamEnd>(parser) is not null)
        {
            return true;
        }

        parser.Consume<DocumentStart>();
        if (Take<MappingStart>(parser) is not null)
        {
            ReadMapping(parser, "", 1);
        }
        else if (Peek<Scalar>(parser) is { } empty && empty.Value.Length == 0)
        {
            parser.MoveNext();
        }
        else
        {
            Fault(parser.Current!.Start, "", "the file does not hold a mapping", "key: value lines", "see 'stackelberg config show' for the form");
            return false;
        }

        parser.Consume<DocumentEnd>();
        if (Peek<DocumentStart>(parser) is { } second)
        {
            Fault(second.Start, "", "a second document begins here", "one document", "split the file in two");
        }

        return true;
    }

    private void ReadMapping(Parser parser, string prefix, int level)
    {
        RequireLevel(parser, level);
        while (Take<MappingEnd>(parser) is null)
        {
            if (Take<Scalar>(parser) is not { } name)
            {
                Fault(parser.Current!.Start, prefix, "a key that is not a text", "plain names", "write key: value");
                Skip(parser, level);
                Skip(parser, level);
                continue;
            }

            ReadValue(parser, prefix + name.Value, name.Start, level);
        }
    }

    private void ReadValue(Parser parser, string key, Mark at, int level)
    {
        if (Take<MappingStart>(parser) is not null)
        {
            ReadMapping(parser, key + ".", level + 1);
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
                    Fault(parser.Current!.Start, key, $"the list '{Quoted.Short(key)}' holds something that is not a plain value", "a flat list", "write [a, b, c]");
                    Skip(parser, level + 1);
                }
            }

            Add(new Setting(key, string.Join(',', items), items, Origin(sequence.Start)), at);
        }
        else
        {
            Fault(parser.Current!.Start, key, $"'{Quoted.Short(key)}' uses an alias", "plain values", "write the value out");
            Skip(parser, level);
        }
    }

    /// <summary>Passes over a value and all within.</summary>
    private static void Skip(Parser parser, int level)
    {
        int open = 0;
        do
        {
            open += parser.Current!.NestingIncrease;
            RequireLevel(parser, level + open);
            parser.MoveNext();
        }
        while (open > 0);
    }

    // each level costs the parser and this reader a frame of the stack or a pass over all the others
    private static void RequireLevel(Parser parser, int level)
    {
        if (level > MostLevels)
        {
            throw new TooDeepException(parser.Current!.Start);
        }
    }

    private void Add(Setting setting, Mark at)
    {
        if (!first.TryAdd(setting.Key, setting))
        {
            Fault(at, setting.Key, $"'{Quoted.Short(setting.Key)}' is given twice (first in line {first[setting.Key].Origin.Line})", "each key once", "remove one of the two");
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

    private sealed class TooDeepException(Mark at) : Exception
    {
        public Mark At { get; } = at;
    }
}
