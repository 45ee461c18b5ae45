using System.Reflection;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Stackelberg.Reports.Reproductions;

/// <summary>Reads entries and says all that is wrong with one.</summary>
public static class EntryReader
{
    private const string Allowed = "a YAML file as docs/reproduce.md describes it";

    // far above what any entry needs, and low enough for the reader's recursion
    private const int MostLevels = 32;

    private static readonly Type[] Forms = [typeof(ReproductionEntry), typeof(Arm), typeof(Quantity), typeof(ClaimText)];

    /// <summary>Reads an entry.</summary>
    /// <param name="text">The YAML.</param>
    /// <param name="name">What it is called in messages, such as its path.</param>
    /// <exception cref="ReproductionException">It is none; all faults at once where it can be read at all.</exception>
    public static ReproductionEntry Read(string text, string name)
    {
        ReproductionEntry entry;
        try
        {
            RequireValues(text);
            IDeserializer reader = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build();
            entry = reader.Deserialize<ReproductionEntry>(text) ?? throw new ReproductionException($"'{name}' is empty", Allowed, "copy an entry: 'stackelberg reproduce show ID --yaml' prints one");
        }
        catch (YamlException e)
        {
            throw new ReproductionException($"{name}:{e.Start.Line}:{e.Start.Column}: {Message(e)}", Allowed, "mend the line, or compare it with an entry: 'stackelberg reproduce show ID --yaml'");
        }
        // the parser's answers to an end of the file inside a list or group, and to a key of no characters
        catch (Exception e) when (e is InvalidOperationException or EndOfStreamException)
        {
            throw new ReproductionException($"{name}: a list or group is not closed, or a key is missing before a colon", Allowed, "close every [ and {, and write key: value");
        }

        string[] faults = [.. EntryFaults.Of(entry)];
        return faults.Length == 0 ? entry : throw new ReproductionException($"'{name}': {string.Join("; ", faults)}", Allowed, "mend what is named");
    }

    // what the deserializer would take for nothing, or drown in
    private static void RequireValues(string text)
    {
        Parser parser = new(new StringReader(text));
        Stack<Level> levels = [];
        while (parser.MoveNext())
        {
            if (parser.Current is MappingEnd or SequenceEnd)
            {
                levels.Pop();
                continue;
            }

            if (parser.Current is not NodeEvent node)
            {
                continue;
            }

            string name = "";
            if (levels.TryPeek(out Level? level))
            {
                if (level is { IsMapping: true, Key: null })
                {
                    level.Key = (node as Scalar)?.Value ?? "a key";
                    continue;
                }

                name = level.IsMapping ? $"'{level.Key}'" : $"an item of {level.Name}";
                level.Key = null;
            }

            switch (node)
            {
                case Scalar { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" } empty when name.Length > 0:
                    throw new YamlException(empty.Start, empty.End, $"{name} has no value");
                case MappingStart or SequenceStart when levels.Count == MostLevels:
                    throw new YamlException(node.Start, node.End, $"groups or lists are nested more than {MostLevels} deep");
                case MappingStart or SequenceStart:
                    levels.Push(new Level(node is MappingStart, name));
                    break;
            }
        }
    }

    // a key that no property stands for is told by YamlDotNet with the property's type
    private static string Message(YamlException e)
    {
        string text = (e.InnerException ?? e).Message;
        int at = text.IndexOf("Property '", StringComparison.Ordinal);
        if (at < 0 || text[(at + 10)..].Split('\'') is not [{ } key, _, { } type, ..])
        {
            return text.Split(" (Line")[0].ReplaceLineEndings(" ");
        }

        IEnumerable<string> keys = Forms.Where(f => f.FullName == type)
            .SelectMany(f => f.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Where(p => p.CanWrite).Select(p => UnderscoredNamingConvention.Instance.Apply(p.Name));
        return $"'{key}' is no key here{EntryFaults.Hint(key, keys)}";
    }

    private sealed class Level(bool isMapping, string name)
    {
        public bool IsMapping => isMapping;

        public string Name => name;

        public string? Key { get; set; }
    }
}
