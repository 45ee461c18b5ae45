using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Stackelberg.Environments;
using Stackelberg.Experiments.Internals;
using Stackelberg.Experiments.Replays.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Replays;

/// <summary>Turns a replay into one HTML file that needs nothing else: no network, no other file.</summary>
public static class ReplayPage
{
    /// <summary>Writes the page; the file appears under its name when it is complete.</summary>
    /// <exception cref="ReplayException">The file cannot be written, a pose is not finite, or a game's table is too large.</exception>
    public static void Write(Replay replay, string path)
    {
        string page = Compose(replay);
        try
        {
            WholeFile.Write(path, page);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ReplayException($"'{path}' cannot be written: {FileFaultText.Of(e, path)}", "the path of a file that can be written", "give another path with --out", e);
        }
    }

    /// <summary>The page's text.</summary>
    /// <exception cref="ReplayException">A pose is not finite, or a game's table is too large.</exception>
    public static string Compose(Replay replay)
    {
        string[] scripts = replay.Scene.View switch
        {
            SceneDescription.Bodies => ["three.min.js", "view3d.js", "player.js"],
            "matrix" => ["viewmatrix.js", "player.js"],
            _ => ["view2d.js", "player.js"],
        };
        return Asset.Read("Replays/page.html")
            .Replace("{{title}}", WebUtility.HtmlEncode(replay.Environment), StringComparison.Ordinal)
            .Replace("{{style}}", Asset.Read("Replays/page.css"), StringComparison.Ordinal)
            .Replace("{{scripts}}", string.Concat(scripts.Select(s => $"<script>\n{Asset.Read($"Replays/{s}")}\n</script>\n")), StringComparison.Ordinal)
            .Replace("{{record}}", Encoding.UTF8.GetString(Record(replay)), StringComparison.Ordinal);
    }

    // The writer's default encoder leaves no '<' in a text, so nothing in it can end the script element it lies in.
    private static byte[] Record(Replay replay)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("environment", replay.Environment);
            writer.WriteString("source", replay.Source);
            WriteNames(writer, "agents", replay.Agents);
            SceneWriter.Write(writer, replay.Scene);
            writer.WriteStartArray("episodes");
            foreach (ReplayEpisode episode in replay.Episodes)
            {
                WriteEpisode(writer, episode, replay.Scene.PoseSize);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static void WriteEpisode(Utf8JsonWriter writer, ReplayEpisode episode, int poseSize)
    {
        var poses = PoseEncoding.Encode(episode.Poses, poseSize);
        writer.WriteStartObject();
        writer.WriteString("end", episode.Terminated ? "terminated" : episode.Truncated ? "truncated" : "");
        writer.WriteBase64String("rewards", MemoryMarshal.AsBytes(episode.Rewards.AsSpan()));
        writer.WriteBase64String("actions", MemoryMarshal.AsBytes(episode.Actions.AsSpan()));
        writer.WriteStartObject("poses");
        WriteNumbers(writer, "low", poses.Low);
        WriteNumbers(writer, "step", poses.Step);
        writer.WriteStartArray("moving");
        foreach (int column in poses.Moving)
        {
            writer.WriteNumberValue(column);
        }

        writer.WriteEndArray();
        writer.WriteBase64String("data", poses.Data);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    internal static void WriteNumbers(Utf8JsonWriter writer, string? name, IEnumerable<double> values)
    {
        WriteStart(writer, name);
        foreach (double value in values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    internal static void WriteNames(Utf8JsonWriter writer, string? name, IEnumerable<string> names)
    {
        WriteStart(writer, name);
        foreach (string text in names)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    // Within an array, arrays have no name.
    private static void WriteStart(Utf8JsonWriter writer, string? name)
    {
        if (name is null)
        {
            writer.WriteStartArray();
        }
        else
        {
            writer.WriteStartArray(name);
        }
    }
}
