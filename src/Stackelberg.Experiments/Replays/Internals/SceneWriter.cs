using System.Text.Json;
using Stackelberg.Environments;

namespace Stackelberg.Experiments.Replays.Internals;

/// <summary>Writes what never changes of a scene: shapes, names, payoffs, boards.</summary>
internal static class SceneWriter
{
    // Beyond either, no screen shows a game and a page grows by tens of megabytes; poses hold a state's index in 16 bits.
    private const int MostPayoffs = 1 << 20;
    private const int MostStates = 1 << 16;

    /// <summary>Writes the property <c>scene</c>.</summary>
    /// <exception cref="ReplayException">A game's table is too large.</exception>
    public static void Write(Utf8JsonWriter writer, SceneDescription scene)
    {
        writer.WriteStartObject("scene");
        writer.WriteString("view", scene.View);
        writer.WriteNumber("step_seconds", scene.StepSeconds);
        writer.WriteBoolean("clock", scene.HasClock);
        writer.WriteStartArray("actions");
        foreach (IReadOnlyList<string> names in scene.ActionNames)
        {
            ReplayPage.WriteNames(writer, null, names);
        }

        writer.WriteEndArray();
        if (scene.Game is { Board: { } board })
        {
            WriteBoard(writer, board);
        }
        else if (scene.Game is { } game)
        {
            WriteGame(writer, game);
        }

        writer.WriteStartArray("shapes");
        foreach (SceneShape shape in scene.Shapes)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", shape.Kind.ToString().ToLowerInvariant());
            writer.WriteNumber("body", shape.Body);
            ReplayPage.WriteNumbers(writer, "size", shape.Size);
            if (shape.Colour is { } colour)
            {
                ReplayPage.WriteNumbers(writer, "colour", colour);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteBoard(Utf8JsonWriter writer, GridBoard board)
    {
        writer.WriteStartObject("board");
        writer.WriteNumber("width", board.Width);
        writer.WriteNumber("height", board.Height);
        writer.WriteStartArray("marks");
        foreach (GridMark mark in board.Marks)
        {
            ReplayPage.WriteNumbers(writer, null, [mark.Cell.X, mark.Cell.Y, mark.Value, mark.Player ?? -1]);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("walls");
        foreach (GridWall wall in board.Walls)
        {
            ReplayPage.WriteNumbers(writer, null, [wall.Above.X, wall.Above.Y, wall.Player]);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // Per state and joint action one payoff per player and whether the game ends; once where all states agree.
    private static void WriteGame(Utf8JsonWriter writer, MarkovGame game)
    {
        double size = (double)game.States.Count * game.JointActionCount * game.Players.Count;
        if (size > MostPayoffs || game.States.Count > MostStates)
        {
            throw new ReplayException(
                $"{game.Name} has {size} payoffs in {game.States.Count} states", $"at most {MostPayoffs} payoffs in {MostStates} states for a page", "look at its numbers with 'stackelberg env rollout'");
        }

        int joint = game.JointActionCount, players = game.Players.Count;
        double[][] tables = [.. Enumerable.Range(0, game.States.Count).Select(s => (double[])[.. Enumerable.Range(0, joint).SelectMany(
            k => Enumerable.Range(0, players).Select(p => game.Reward(s, k, p)).Append(game.Terminates(s, k) ? 1.0 : 0))])];
        writer.WriteStartObject("game");
        ReplayPage.WriteNames(writer, "players", game.Players);
        ReplayPage.WriteNames(writer, "states", game.States);
        writer.WriteStartArray("tables");
        foreach (double[] table in tables.Skip(1).All(t => t.AsSpan().SequenceEqual(tables[0])) ? tables[..1] : tables)
        {
            ReplayPage.WriteNumbers(writer, null, table);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
