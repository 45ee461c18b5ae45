using System.Text;
using System.Text.Json;

namespace Stackelberg.Bilevel;

/// <summary>
/// JSON: <c>{"leader": [[…]], "follower": [[…]]}</c>, the same with keys <c>A</c> and <c>B</c>, or <c>players</c>, <c>actions</c> and one nested array
/// of <c>payoffs</c> per player. Payoffs are numbers, of whose text no digit is lost, or texts such as "1/3". Comments and trailing commas are allowed.
/// </summary>
internal sealed class JsonGameReader(GameText source)
{
    private static readonly string[] Keys = ["leader", "follower", "A", "B", "name", "players", "actions", "payoffs"];

    private readonly byte[] bytes = Encoding.UTF8.GetBytes(source.Text);

    public NormalFormGame Read()
    {
        Node root = Tree();
        if (root.Kind != JsonTokenType.StartObject)
        {
            throw Fault(root, $"the top level is {Word(root)}; an object is needed");
        }

        foreach ((string key, Node value) in root.Members)
        {
            if (!Keys.Contains(key))
            {
                throw Fault(value, $"unknown key '{key}'; known are {string.Join(", ", Keys)}");
            }
        }

        (string leader, string follower) = root.Find("A") is not null || root.Find("B") is not null ? ("A", "B") : ("leader", "follower");
        bool matrices = root.Find(leader) is not null || root.Find(follower) is not null;
        if (matrices && root.Find("payoffs") is { } both)
        {
            throw Fault(both, $"'payoffs' beside '{leader}' and '{follower}'; give one or the other");
        }

        string name = root.Find("name") is { } given ? TextOf(given, "name") : "";
        return matrices ? FromMatrices(root, name, leader, follower) : FromPayoffs(root, name);
    }

    private NormalFormGame FromMatrices(Node root, string name, string leaderKey, string followerKey)
    {
        if (root.Members.Find(m => m.Key is "leader" or "follower" && leaderKey == "A") is { Value: { } mixed, Key: { } key })
        {
            throw Fault(mixed, $"'{key}' beside 'A' or 'B'; give leader and follower, or A and B");
        }

        Node leader = Need(root, leaderKey), follower = Need(root, followerKey);
        int rows = Items(leader, leaderKey).Count, columns = Items(leader.Children[0], $"{leaderKey}[0]").Count;
        source.RequireSize([rows, columns], OffsetOf(leader));
        string[][] actions = root.Find("actions") is { } lists ? Lists(lists, 2) : [GameText.Numbered(rows), GameText.Numbered(columns)];
        string[] players = root.Find("players") is { } names ? Names(names, "players") : ["leader", "follower"];
        return Finish(root, name, players, actions, [(leader, leaderKey), (follower, followerKey)], [rows, columns]);
    }

    private NormalFormGame FromPayoffs(Node root, string name)
    {
        if (root.Find("payoffs") is not { } tables)
        {
            throw Fault(root, "no payoffs: give 'leader' and 'follower', or 'A' and 'B', or 'players', 'actions' and 'payoffs'");
        }

        string[] players = Names(Need(root, "players"), "players");
        string[][] actions = Lists(Need(root, "actions"), players.Length);
        RequireCount(tables, players.Length, "payoffs", "one nested array per player");
        source.RequireSize([.. actions.Select(a => a.Length)], OffsetOf(tables));
        return Finish(root, name, players, actions, [.. tables.Children.Select((t, i) => (t, $"payoffs[{i}]"))], [.. actions.Select(a => a.Length)]);
    }

    private NormalFormGame Finish(Node root, string name, string[] players, string[][] actions, (Node Table, string Place)[] tables, int[] counts)
    {
        if (players.Length != tables.Length)
        {
            throw Fault(Need(root, "players"), $"{players.Length} name(s) for {tables.Length} players");
        }

        List<Rational>[] payoffs = [.. tables.Select(_ => new List<Rational>())];
        for (int player = 0; player < tables.Length; player++)
        {
            Flatten(tables[player].Table, counts, 0, tables[player].Place, payoffs[player]);
        }

        for (int player = 0; player < counts.Length; player++)
        {
            if (actions[player].Length != counts[player])
            {
                throw Fault(Need(root, "actions"), $"actions[{player}] has {actions[player].Length} name(s) for {counts[player]} action(s)");
            }
        }

        return new NormalFormGame(name, players, actions, payoffs);
    }

    private void Flatten(Node node, int[] counts, int depth, string place, List<Rational> values)
    {
        if (depth == counts.Length)
        {
            values.Add(node.Kind is not (JsonTokenType.Number or JsonTokenType.String)
                ? throw Fault(node, $"{place} is {Word(node)}; a number or a text such as \"1/3\" is needed")
                : Rational.TryParse(node.Text, out Rational value, out string? fault) ? value
                : throw Fault(node, $"{place}: {fault}"));
            return;
        }

        RequireCount(node, counts[depth], place, $"one per action of player {depth}");
        for (int i = 0; i < counts[depth]; i++)
        {
            Flatten(node.Children[i], counts, depth + 1, $"{place}[{i}]", values);
        }
    }

    private string[][] Lists(Node node, int players)
    {
        RequireCount(node, players, "actions", "one list per player");
        return [.. node.Children.Select((list, i) => Names(list, $"actions[{i}]"))];
    }

    private string[] Names(Node node, string place) => [.. Items(node, place).Select((n, i) => TextOf(n, $"{place}[{i}]"))];

    private string TextOf(Node node, string place) =>
        node.Kind == JsonTokenType.String ? node.Text : throw Fault(node, $"{place} is {Word(node)}; a text is needed");

    private List<Node> Items(Node node, string place) => node.Kind != JsonTokenType.StartArray ? throw Fault(node, $"{place} is {Word(node)}; an array is needed")
        : node.Children.Count == 0 ? throw Fault(node, $"{place} is empty")
        : node.Children;

    private void RequireCount(Node node, int count, string place, string why)
    {
        if (Items(node, place).Count != count)
        {
            throw Fault(node, $"{place} has {node.Children.Count} entries; {count} are needed, {why}");
        }
    }

    private Node Need(Node root, string key) => root.Find(key) ?? throw Fault(root, $"the key '{key}' is missing");

    private GameFormatException Fault(Node node, string problem) => source.Fault(OffsetOf(node), problem);

    private int OffsetOf(Node node) => Encoding.UTF8.GetCharCount(bytes, 0, node.Offset);

    private static string Word(Node node) => node.Kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a truth value",
    };

    private Node Tree()
    {
        Utf8JsonReader reader = new(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        try
        {
            reader.Read();
            Node root = Tree(ref reader);
            reader.Read();
            return root;
        }
        catch (JsonException e)
        {
            throw source.Fault(OffsetOf(e), $"not valid JSON: {Words(e.Message)}");
        }
        catch (InvalidOperationException)
        {
            throw source.Fault(Encoding.UTF8.GetCharCount(bytes, 0, (int)reader.TokenStartIndex), "a text with half of a surrogate pair");
        }
    }

    private Node Tree(ref Utf8JsonReader reader)
    {
        Node node = new(reader.TokenType, (int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    (string key, int at) = (reader.GetString()!, (int)reader.TokenStartIndex);
                    if (node.Find(key) is not null)
                    {
                        throw source.Fault(Encoding.UTF8.GetCharCount(bytes, 0, at), $"the key '{key}' is given twice");
                    }

                    if (node.Members.Count == Keys.Length)
                    {
                        throw source.Fault(Encoding.UTF8.GetCharCount(bytes, 0, at), $"unknown key '{key}'; known are {string.Join(", ", Keys)}");
                    }

                    reader.Read();
                    node.Members.Add((key, Tree(ref reader)));
                }

                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (node.Children.Count == NormalFormGame.MostActions)
                    {
                        throw source.Fault(Encoding.UTF8.GetCharCount(bytes, 0, (int)reader.TokenStartIndex), $"more than {NormalFormGame.MostActions} entries in one array");
                    }

                    node.Children.Add(Tree(ref reader));
                }

                break;
            case JsonTokenType.String:
                node.Text = reader.GetString()!;
                break;
            default:
                node.Text = Encoding.UTF8.GetString(reader.ValueSpan);
                break;
        }

        return node;
    }

    private int OffsetOf(JsonException fault)
    {
        int start = 0;
        for (long line = fault.LineNumber ?? 0; line > 0 && start < bytes.Length; line--)
        {
            start += Math.Max(bytes.AsSpan(start).IndexOf((byte)'\n') + 1, 1);
        }

        return Encoding.UTF8.GetCharCount(bytes, 0, (int)Math.Min(bytes.Length, start + (fault.BytePositionInLine ?? 0)));
    }

    private static string Words(string message)
    {
        int end = message.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.');
    }

    private sealed class Node(JsonTokenType kind, int offset)
    {
        // most nodes are numbers and have neither
        private static readonly List<Node> NoChildren = [];
        private static readonly List<(string Key, Node Value)> NoMembers = [];

        public JsonTokenType Kind => kind;

        /// <summary>In bytes.</summary>
        public int Offset => offset;

        public string Text { get; set; } = "";

        public List<Node> Children { get; } = kind == JsonTokenType.StartArray ? [] : NoChildren;

        public List<(string Key, Node Value)> Members { get; } = kind == JsonTokenType.StartObject ? [] : NoMembers;

        public Node? Find(string key) => Members.Find(m => m.Key == key).Value;
    }
}
