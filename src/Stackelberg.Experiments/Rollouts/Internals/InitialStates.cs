using System.Text.Json;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Rollouts.Internals;

/// <summary>
/// The states episodes start from, read from JSON: an object with the parts of one state, or an array of such objects, one per episode; or an
/// object that has either under the environment's id.
/// </summary>
internal sealed class InitialStates
{
    private const string Flag = "--initial-state";
    private readonly IReadOnlyList<double[]> states;

    private InitialStates(IReadOnlyList<double[]> states, bool isList)
    {
        this.states = states;
        Count = isList ? states.Count : null;
    }

    /// <summary>How many are listed; null when one state serves every episode.</summary>
    public int? Count { get; }

    /// <summary>The state of an episode, counted from 0.</summary>
    public ReadOnlySpan<double> this[int episode] => states[Count is null ? 0 : episode];

    /// <summary>Reads the file.</summary>
    /// <exception cref="RolloutException">It cannot be read, has nothing for this environment, or a part is missing, too much or of wrong length.</exception>
    public static InitialStates Read(string path, string id, IReadOnlyList<StatePart> parts)
    {
        string form = Form(parts);
        try
        {
            using JsonDocument document = StrictJson.Parse(InputFile.ReadText(path, Flag));
            JsonElement found = Entry(document.RootElement, path, id, parts, form);
            bool isList = found.ValueKind == JsonValueKind.Array;
            return isList && found.GetArrayLength() == 0
                ? throw new RolloutException($"the list of states in '{path}' is empty", $"at least one {form}", "add a state, or leave the flag out")
                : new InitialStates(isList ? [.. found.EnumerateArray().Select((e, i) => State(e, $"state {i} in '{path}'", parts, form))] : [State(found, $"'{path}'", parts, form)], isList);
        }
        catch (FormatException e)
        {
            throw new RolloutException($"'{path}' cannot be used: {e.Message}", form, $"mend the file given with {Flag}", e);
        }
    }

    private static JsonElement Entry(JsonElement root, string path, string id, IReadOnlyList<StatePart> parts, string form)
    {
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(id, out JsonElement entry))
        {
            return entry;
        }

        // An object whose members are objects or lists of them has entries for other environments.
        string[] entries = root.ValueKind == JsonValueKind.Object
            ? [.. root.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.Object || (m.Value.ValueKind == JsonValueKind.Array && m.Value.EnumerateArray().Any(e => e.ValueKind == JsonValueKind.Object))).Select(m => m.Name)]
            : [];
        if (entries.Length > 0 && !parts.Any(p => root.TryGetProperty(p.Name, out _)))
        {
            string? nearest = Suggestions.Nearest(id, entries);
            throw new RolloutException(
                $"'{path}' has no entry '{id}'", string.Join(", ", entries), nearest is null ? $"add {form} under \"{id}\"" : $"did you mean '{nearest}'?");
        }

        return root;
    }

    private static double[] State(JsonElement element, string where, IReadOnlyList<StatePart> parts, string form)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new RolloutException($"{where} is {Kind(element)}, not an object", form, "write the state as an object");
        }

        string[] names = [.. parts.Select(p => p.Name), .. parts.Select(p => p.Synonym).OfType<string>()];
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                string? nearest = Suggestions.Nearest(member.Name, names);
                throw new RolloutException($"{where} has a member '{member.Name}', which is no part of a state", form, nearest is null ? "delete it" : $"did you mean '{nearest}'?");
            }
        }

        return [.. parts.SelectMany(part => Part(element, where, part, form))];
    }

    private static double[] Part(JsonElement state, string where, StatePart part, string form)
    {
        if (!state.TryGetProperty(part.Name, out JsonElement list) && !(part.Synonym is { } other && state.TryGetProperty(other, out list)))
        {
            throw new RolloutException($"{where} has no '{part.Name}'", form, "a state needs every part");
        }

        // One number may go without brackets.
        if (part.Length == 1 && list.ValueKind == JsonValueKind.Number)
        {
            return [Number(list, 0, where, part)];
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != part.Length)
        {
            string given = list.ValueKind == JsonValueKind.Array ? $"{list.GetArrayLength()} numbers" : Kind(list);
            throw new RolloutException($"'{part.Name}' of {where} is {given}; {part.Length} numbers are needed", form, $"give a list of {part.Length} numbers");
        }

        return [.. list.EnumerateArray().Select((number, i) => Number(number, i, where, part))];
    }

    private static double Number(JsonElement number, int index, string where, StatePart part) =>
        number.ValueKind == JsonValueKind.Number && number.TryGetDouble(out double value) && double.IsFinite(value)
            ? value
            : throw new RolloutException($"entry {index} of '{part.Name}' of {where} is {number}", "a finite number", "mend that entry");

    private static string Form(IReadOnlyList<StatePart> parts) =>
        "{" + string.Join(", ", parts.Select(p => p.Length == 1 ? $"\"{p.Name}\": number" : $"\"{p.Name}\": [{p.Length} numbers]")) + "}";

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => element.ToString() is { Length: > 0 } text ? text : "null",
    };
}
