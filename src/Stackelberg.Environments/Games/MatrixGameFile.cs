using System.Text.Json;
using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>Reads matrix games of any number of players from JSON.</summary>
/// <remarks>
/// <code>
/// { "name": "Maintain", "players": ["leader", "follower"], "actions": [["A", "B", "C"], ["X", "Y", "Z"]],
///   "payoffs": [[[20, 0, 0], [30, 10, 0], [0, 0, 5]], [[15, 0, 0], [0, 5, 0], [0, 0, 10]]] }
/// </code>
/// <c>payoffs</c> holds one nested array per player, indexed by the actions in the order of play. <c>name</c> may be left out.
/// </remarks>
public static class MatrixGameFile
{
    private static readonly string[] Keys = ["name", "players", "actions", "payoffs"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">The file is no JSON or no game; the message names file and place.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static MatrixGame Load(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>Reads JSON text; <paramref name="source"/> is what messages call it, and names the game where the text does not.</summary>
    /// <exception cref="FormatException">The text is no JSON or no game; the message names source and place.</exception>
    public static MatrixGame Parse(string json, string source = "game")
    {
        try
        {
            using JsonDocument document = StrictJson.Parse(json);
            return Read(document.RootElement, Path.GetFileNameWithoutExtension(source));
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            throw new FormatException($"{source}: {ExceptionText.Of(exception)}", exception);
        }
    }

    private static MatrixGame Read(JsonElement root, string name)
    {
        Require(root, JsonValueKind.Object, "the top level");
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!Keys.Contains(property.Name))
            {
                throw new FormatException($"unknown key '{property.Name}'; known are {string.Join(", ", Keys)}.");
            }
        }

        string[] players = Names(Get(root, "players"), "players");
        JsonElement lists = Get(root, "actions");
        Require(lists, JsonValueKind.Array, "actions");
        RequireCount(lists, players.Length, "actions", "one list per player");
        string[][] actions = [.. lists.EnumerateArray().Select((list, i) => Names(list, $"actions[{i}]"))];
        JsonElement tables = Get(root, "payoffs");
        Require(tables, JsonValueKind.Array, "payoffs");
        RequireCount(tables, players.Length, "payoffs", "one nested array per player");
        double[][] payoffs = [.. tables.EnumerateArray().Select((table, i) =>
        {
            List<double> values = [];
            Flatten(table, actions, 0, $"payoffs[{i}]", values);
            return values.ToArray();
        })];
        return new MatrixGame(root.TryGetProperty("name", out JsonElement given) ? Text(given, "name") : name, players, actions, payoffs);
    }

    private static void Flatten(JsonElement element, string[][] actions, int depth, string place, List<double> values)
    {
        if (depth == actions.Length)
        {
            Require(element, JsonValueKind.Number, place);
            values.Add(element.GetDouble());
            return;
        }

        Require(element, JsonValueKind.Array, place);
        RequireCount(element, actions[depth].Length, place, $"one entry per action of player {depth}");
        int index = 0;
        foreach (JsonElement entry in element.EnumerateArray())
        {
            Flatten(entry, actions, depth + 1, $"{place}[{index++}]", values);
        }
    }

    private static string[] Names(JsonElement element, string place)
    {
        Require(element, JsonValueKind.Array, place);
        string[] names = [.. element.EnumerateArray().Select((e, i) => Text(e, $"{place}[{i}]"))];
        return names.Length > 0 && names.Distinct().Count() == names.Length
            ? names
            : throw new FormatException($"{place} is [{string.Join(", ", names)}]; give at least one name, each only once.");
    }

    private static string Text(JsonElement element, string place)
    {
        Require(element, JsonValueKind.String, place);
        string text = element.GetString() ?? "";
        return text.Length > 0 ? text : throw new FormatException($"{place} is empty; give a name.");
    }

    private static JsonElement Get(JsonElement root, string key) =>
        root.TryGetProperty(key, out JsonElement value) ? value : throw new FormatException($"the key '{key}' is missing.");

    private static void Require(JsonElement element, JsonValueKind kind, string place)
    {
        if (element.ValueKind != kind)
        {
            throw new FormatException($"{place} is {Word(element.ValueKind)}; {Word(kind)} is needed.");
        }
    }

    private static string Word(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a truth value",
    };

    private static void RequireCount(JsonElement element, int count, string place, string why)
    {
        if (element.GetArrayLength() != count)
        {
            throw new FormatException($"{place} has {element.GetArrayLength()} entries; {count} are needed, {why}.");
        }
    }
}
