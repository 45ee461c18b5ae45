using System.Text.Json.Nodes;
using Stackelberg.Primitives;

namespace Stackelberg.Faults.Fuzzing;

/// <summary>Changes JSON by its structure: members removed, renamed, doubled, of another type, arrays longer, shorter, nested.</summary>
internal sealed class JsonMutator(RandomStream random)
{
    // stands in the tree for text that no tree can hold
    private const string Marker = "@raw@";

    /// <summary>The text with one to three changes; what cannot be read is given back as it is.</summary>
    public string Change(string json)
    {
        JsonNode? root = JsonNode.Parse(json);
        List<string> raw = [];
        for (int changes = 1 + random.NextInt32(1 + random.NextInt32(3)); changes > 0 && root is not null; changes--)
        {
            root = ChangeOnce(root, raw);
        }

        string text = root?.ToJsonString() ?? "null";
        for (int i = 0; i < raw.Count; i++)
        {
            text = text.Replace($"\"{Marker}{i}\"", raw[i], StringComparison.Ordinal);
        }

        return random.NextInt32(6) == 0 ? DoubleMember(text) : text;
    }

    private JsonNode? ChangeOnce(JsonNode root, List<string> raw)
    {
        List<JsonNode> parents = [];
        Collect(root, parents);
        if (parents.Count == 0 || random.NextInt32(40) == 0)
        {
            return JsonValue.Create(Raw(raw));
        }

        switch (parents[random.NextInt32(parents.Count)])
        {
            case JsonObject { Count: > 0 } members:
                string key = members.ElementAt(random.NextInt32(members.Count)).Key;
                JsonNode? value = members[key];
                members.Remove(key);
                switch (random.NextInt32(4))
                {
                    case 0:
                        break;
                    case 1:
                        members[Pick(Extremes.Texts)] = value;
                        break;
                    default:
                        members[key] = Other(value, raw);
                        break;
                }

                break;
            case JsonArray { Count: > 0 } items:
                int at = random.NextInt32(items.Count);
                JsonNode? item = items[at];
                switch (random.NextInt32(5))
                {
                    case 0:
                        items.RemoveAt(at);
                        break;
                    case 1:
                        items.Insert(at, item?.DeepClone());
                        break;
                    default:
                        items[at] = Other(item, raw);
                        break;
                }

                break;
        }

        return root;
    }

    private JsonNode? Other(JsonNode? value, List<string> raw) => random.NextInt32(8) switch
    {
        0 => null,
        1 => new JsonArray(value?.DeepClone()),
        2 => new JsonObject { ["a"] = value?.DeepClone() },
        3 => new JsonArray(),
        _ => JsonValue.Create(Raw(raw)),
    };

    private string Raw(List<string> raw)
    {
        raw.Add(random.NextInt32(3) > 0 ? Pick(Extremes.Numbers) : random.NextInt32(2) == 0 ? Pick(Extremes.Texts) : $"\"{Pick(Extremes.Texts)}\"");
        return $"{Marker}{raw.Count - 1}";
    }

    private string DoubleMember(string text)
    {
        int at = text.IndexOf('{', random.NextInt32(Math.Max(1, text.Length)));
        int colon = at < 0 ? -1 : text.IndexOf(':', at);
        return colon < 0 ? text : $"{text[..(at + 1)]}{text[(at + 1)..colon]}:{Pick(Extremes.Numbers)},{text[(at + 1)..]}";
    }

    private static void Collect(JsonNode? node, List<JsonNode> parents)
    {
        if (node is JsonObject or JsonArray)
        {
            parents.Add(node);
            foreach (JsonNode? below in node is JsonObject members ? members.Select(m => m.Value) : (JsonArray)node)
            {
                Collect(below, parents);
            }
        }
    }

    private T Pick<T>(IReadOnlyList<T> choices) => choices[random.NextInt32(choices.Count)];
}
