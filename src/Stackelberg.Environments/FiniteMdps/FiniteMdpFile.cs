using System.Text.Json;
using Stackelberg.Environments.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>Reads and writes a <see cref="FiniteMdp"/> as JSON.</summary>
/// <remarks>
/// Keys: <c>name</c>, <c>states</c> and <c>actions</c> (arrays of names, or numbers of them), <c>transitions</c> [S][A][S], <c>rewards</c> [S][A][S] or
/// [S][A], and, where wanted, <c>initial</c> [S] (left out: the first state), <c>terminal</c> (array of state names or indices), <c>discount</c> (left
/// out: 1) and <c>horizon</c> (left out: none).
/// </remarks>
public static class FiniteMdpFile
{
    private static readonly string[] Keys = ["name", "states", "actions", "transitions", "rewards", "initial", "terminal", "discount", "horizon"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">The file is no JSON or no MDP; the message names file, key and index.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FiniteMdp Load(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>Reads JSON text; <paramref name="source"/> is what messages call it.</summary>
    /// <exception cref="FormatException">The text is no JSON or no MDP; the message names source, key and index.</exception>
    public static FiniteMdp Parse(string json, string source = "MDP")
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

    /// <summary>Writes a model so that <see cref="Parse"/> gives back the same bits.</summary>
    public static string Format(FiniteMdp mdp)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true, IndentSize = 1 }))
        {
            int[] states = [.. Enumerable.Range(0, mdp.StateCount)], actions = [.. Enumerable.Range(0, mdp.ActionCount)];
            Dictionary<string, object> content = new()
            {
                ["name"] = mdp.Name,
                ["states"] = mdp.States,
                ["actions"] = mdp.Actions,
                ["initial"] = mdp.Initial.ToArray(),
                ["terminal"] = states.Where(mdp.IsTerminal).Select(s => mdp.States[s]),
                ["discount"] = mdp.Discount,
                ["transitions"] = states.Select(s => actions.Select(a => mdp.Transition(s, a).ToArray())),
                ["rewards"] = states.Select(s => actions.Select(a => states.Select(next => mdp.Reward(s, a, next)))),
            };
            if (mdp.Horizon is int horizon)
            {
                content["horizon"] = horizon;
            }

            JsonSerializer.Serialize(writer, content);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static FiniteMdp Read(JsonElement root, string fallbackName)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"expected an object with the keys {string.Join(", ", Keys)}; got {Kind(root)}");
        }

        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!Keys.Contains(property.Name))
            {
                IReadOnlyList<string> near = Spelling.Nearest(property.Name, Keys);
                throw new FormatException($"unknown key '{property.Name}'; " +
                    (near.Count > 0 ? $"did you mean '{near[0]}'?" : $"known are {string.Join(", ", Keys)}"));
            }
        }

        string[] states = Names(Required(root, "states"), "states", "s"), actions = Names(Required(root, "actions"), "actions", "a");
        double[] initial = new double[states.Length];
        initial[0] = 1;
        if (root.TryGetProperty("initial", out JsonElement start))
        {
            Numbers(start, "initial", initial);
        }

        // before anything is allocated: a number of states is written quickly
        RequireArray(Required(root, "transitions"), "transitions", states.Length);
        RequireArray(Required(root, "rewards"), "rewards", states.Length);
        RequireArray(Required(root, "transitions")[0], "transitions[0]", actions.Length);
        RequireArray(Required(root, "transitions")[0][0], "transitions[0][0]", states.Length);
        double[] transitions = new double[checked((long)states.Length * actions.Length * states.Length)], rewards = new double[transitions.Length];
        Tensor(Required(root, "transitions"), "transitions", states.Length, actions.Length, transitions, expand: false);
        Tensor(Required(root, "rewards"), "rewards", states.Length, actions.Length, rewards, expand: true);
        string name = root.TryGetProperty("name", out JsonElement named) ? Text(named, "name") : fallbackName;
        return new FiniteMdp(name, states, actions, transitions, rewards, initial, Terminal(root, states))
        {
            Discount = root.TryGetProperty("discount", out JsonElement discount) ? Number(discount, "discount") : 1,
            Horizon = root.TryGetProperty("horizon", out JsonElement horizon) ? Whole(horizon, "horizon") : null,
        };
    }

    private static JsonElement Required(JsonElement root, string key) => root.TryGetProperty(key, out JsonElement value)
        ? value
        : throw new FormatException($"the key '{key}' is missing");

    private static string[] Names(JsonElement element, string key, string prefix)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.GetArrayLength() > 0
                ? [.. element.EnumerateArray().Select((e, i) => Text(e, $"{key}[{i}]"))]
                : throw new FormatException($"{key} is empty; name at least one");
        }

        int count = Whole(element, key);
        return count is > 0 and <= 100_000
            ? RandomMdps.Names(prefix, count)
            : throw new FormatException($"{key} is {count}; give 1 to 100000, or an array of names");
    }

    private static bool[] Terminal(JsonElement root, string[] states)
    {
        bool[] terminal = new bool[states.Length];
        if (!root.TryGetProperty("terminal", out JsonElement element))
        {
            return terminal;
        }

        RequireArray(element, "terminal", null);
        int i = 0;
        foreach (JsonElement entry in element.EnumerateArray())
        {
            int state = entry.ValueKind == JsonValueKind.String ? Array.IndexOf(states, entry.GetString()) : Whole(entry, $"terminal[{i}]");
            if (state < 0 || state >= states.Length)
            {
                throw new FormatException($"terminal[{i}] is {entry.GetRawText()}, which is no state; states are {string.Join(", ", states.Take(20))}");
            }

            terminal[state] = true;
            i++;
        }

        return terminal;
    }

    private static void Tensor(JsonElement element, string key, int states, int actions, double[] into, bool expand)
    {
        RequireArray(element, key, states);
        for (int s = 0; s < states; s++)
        {
            RequireArray(element[s], $"{key}[{s}]", actions);
            for (int a = 0; a < actions; a++)
            {
                Span<double> row = into.AsSpan(((s * actions) + a) * states, states);
                if (expand && element[s][a].ValueKind == JsonValueKind.Number)
                {
                    row.Fill(Number(element[s][a], $"{key}[{s}][{a}]"));
                }
                else
                {
                    Numbers(element[s][a], $"{key}[{s}][{a}]", row);
                }
            }
        }
    }

    private static void Numbers(JsonElement element, string key, Span<double> into)
    {
        RequireArray(element, key, into.Length);
        for (int i = 0; i < into.Length; i++)
        {
            into[i] = Number(element[i], $"{key}[{i}]");
        }
    }

    private static void RequireArray(JsonElement element, string key, int? length)
    {
        if (element.ValueKind != JsonValueKind.Array || (length is int n && element.GetArrayLength() != n))
        {
            string given = element.ValueKind == JsonValueKind.Array ? $"an array of {element.GetArrayLength()}" : Kind(element);
            throw new FormatException($"{key} is {given}; expected an array{(length is int needed ? $" of {needed}" : "")}");
        }
    }

    private static double Number(JsonElement element, string key) => element.ValueKind == JsonValueKind.Number
        ? element.GetDouble()
        : throw new FormatException($"{key} is {Kind(element)}; expected a number");

    private static int Whole(JsonElement element, string key) => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value)
        ? value
        : throw new FormatException($"{key} is {Kind(element)}; expected a whole number");

    private static string Text(JsonElement element, string key) => element.ValueKind == JsonValueKind.String
        ? element.GetString()!
        : throw new FormatException($"{key} is {Kind(element)}; expected a text");

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => element.GetRawText(),
    };
}
