using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Stackelberg.Bilevel;

/// <summary>Games as text.</summary>
internal static class GameWriter
{
    public static string Nfg(NormalFormGame game)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"NFG 1 R {Quoted(game.Name)} {{ {string.Join(' ', game.Players.Select(Quoted))} }}\n\n{{\n");
        foreach (IReadOnlyList<string> own in game.Actions)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {{ {string.Join(' ', own.Select(Quoted))} }}\n");
        }

        text.Append("}\n\n");
        int[] actions = new int[game.Players.Count];
        for (int k = 0; k < game.ProfileCount; k++)
        {
            int profile = 0;
            for (int player = 0; player < actions.Length; player++)
            {
                profile += actions[player] * game.Stride(player);
            }

            text.AppendJoin(' ', Enumerable.Range(0, actions.Length).Select(player => game.Payoffs(player)[profile])).Append('\n');

            // the first player's action changes fastest
            for (int player = 0; player < actions.Length && ++actions[player] == game.Actions[player].Count; player++)
            {
                actions[player] = 0;
            }
        }

        return text.ToString();
    }

    public static string Lrs(NormalFormGame game) => $"{game.Actions[0].Count} {game.Actions[1].Count}\n\n{Block(game, 0, ' ')}\n{Block(game, 1, ' ')}";

    public static string Csv(NormalFormGame game) => $"{Block(game, 0, ',')}\n{Block(game, 1, ',')}";

    public static string Json(NormalFormGame game)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("name", game.Name);
            WriteNames(writer, "players", game.Players);
            writer.WriteStartArray("actions");
            foreach (IReadOnlyList<string> own in game.Actions)
            {
                WriteNames(writer, null, own);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("payoffs");
            for (int player = 0; player < game.Players.Count; player++)
            {
                WriteTable(writer, game, player, 0, 0);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan) + "\n";
    }

    private static void WriteNames(Utf8JsonWriter writer, string? key, IReadOnlyList<string> names)
    {
        if (key is not null)
        {
            writer.WritePropertyName(key);
        }

        writer.WriteStartArray();
        foreach (string name in names)
        {
            writer.WriteStringValue(name);
        }

        writer.WriteEndArray();
    }

    private static void WriteTable(Utf8JsonWriter writer, NormalFormGame game, int player, int depth, int profile)
    {
        if (depth == game.Players.Count)
        {
            Rational value = game.Payoffs(player)[profile];

            // what double precision holds is a number to every reader
            if (value.IsInteger && BigInteger.Abs(value.Numerator) <= 1L << 53)
            {
                writer.WriteNumberValue((long)value.Numerator);
            }
            else
            {
                writer.WriteStringValue(value.ToString());
            }

            return;
        }

        writer.WriteStartArray();
        for (int action = 0; action < game.Actions[depth].Count; action++)
        {
            WriteTable(writer, game, player, depth + 1, profile + (action * game.Stride(depth)));
        }

        writer.WriteEndArray();
    }

    private static string Block(NormalFormGame game, int player, char separator)
    {
        StringBuilder text = new();
        int columns = game.Actions[1].Count;
        for (int i = 0; i < game.Actions[0].Count; i++)
        {
            text.AppendJoin(separator, game.Payoffs(player).Slice(i * columns, columns).ToArray()).Append('\n');
        }

        return text.ToString();
    }

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
