using System.Globalization;
using Stackelberg.Bilevel;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;

namespace Stackelberg.Cli.Verbs;

/// <summary>Trajectories of a toy game on standard output.</summary>
internal static class ToyReport
{
    private const double Near = 0.01;

    public static string Describe(ToyGame game, ToyOptions options)
    {
        ToyPoint start = options.Start ?? game.Start;
        string rates = options.ActorLearningRate.Equals(options.CriticLearningRate)
            ? $"learning rate {Text(options.ActorLearningRate)}"
            : $"learning rates {Text(options.ActorLearningRate)} (actor), {Text(options.CriticLearningRate)} (critic)";
        return $"start ({Text(start.Theta)}, {Text(start.W)}), optimum ({Text(game.Optimum.Theta)}, {Text(game.Optimum.W)}); "
            + $"{options.Steps} steps, {(options.Order == ToyOrder.CriticFirst ? "critic first" : "simultaneous")}, {rates}";
    }

    public static void Write(ToyTrajectory[] ways, string note, string? file, bool asJson)
    {
        if (asJson)
        {
            WriteJson(ways, file);
            return;
        }

        Console.Out.WriteLine($"game {ways[0].Game.Name}: {ways[0].Game.Summary}");
        Console.Out.WriteLine(note);
        Console.Out.WriteLine();
        Columns.Write(Console.Out, ["method", "step", "θ", "w", "distance"], [.. ways.SelectMany(way => Shown(way).Select(step => new[]
        {
            way.Label, step.ToString(CultureInfo.InvariantCulture), Text(way.Points[step].Theta), Text(way.Points[step].W), Text(way.Distance(step)),
        }))]);
        Console.Out.WriteLine();
        Columns.Write(Console.Out, ["method", "largest distance", $"first ≤ {Text(Near)}", "end"], [.. ways.Select(way => new[]
        {
            way.Label, Text(way.LargestDistance()), way.FirstWithin(Near) is { } at ? $"step {at}" : "-",
            way.DivergedAt is { } lost ? $"diverged at step {lost}" : $"distance {Text(way.Distance(way.Points.Count - 1))}",
        })]);
        if (file is not null)
        {
            Console.Out.WriteLine(Path.GetExtension(file) == ".html" ? $"open {file} in a browser" : $"all steps: {file}");
        }
    }

    // 0, the powers of ten, the last
    private static IEnumerable<int> Shown(ToyTrajectory way)
    {
        int last = way.Points.Count - 1;
        yield return 0;
        for (int step = 1; step < last; step *= 10)
        {
            yield return step;
        }

        if (last > 0)
        {
            yield return last;
        }
    }

    private static void WriteJson(ToyTrajectory[] ways, string? file) => Json.Write(Console.Out, w =>
    {
        ToyGame game = ways[0].Game;
        ToyOptions options = ways[0].Options;
        w.WriteString("command", "toy");
        w.WriteString("game", game.Name);
        w.Numbers("start", [ways[0].Points[0].Theta, ways[0].Points[0].W]);
        w.Numbers("optimum", [game.Optimum.Theta, game.Optimum.W]);
        w.WriteNumber("steps", options.Steps);
        w.WriteNumber("actor_learning_rate", options.ActorLearningRate);
        w.WriteNumber("critic_learning_rate", options.CriticLearningRate);
        w.WriteString("order", options.Order == ToyOrder.CriticFirst ? "critic-first" : "simultaneous");
        w.WriteString("file", file);
        w.WriteStartArray("trajectories");
        foreach (ToyTrajectory way in ways)
        {
            w.WriteStartObject();
            w.WriteString("method", way.Method.ToString().ToLowerInvariant());
            w.Number("damping", way.Method == ToyMethod.Ddpg ? double.NaN : way.Options.Damping);
            w.WriteString("sign", way.Options.Sign.ToString().ToLowerInvariant());
            int[] shown = [.. Shown(way)];
            w.Numbers("step", shown.Select(s => (double)s));
            w.Numbers("theta", shown.Select(s => way.Points[s].Theta));
            w.Numbers("w", shown.Select(s => way.Points[s].W));
            w.Numbers("distance", shown.Select(way.Distance));
            w.Number("largest_distance", way.LargestDistance());
            w.Number("first_within_0.01", way.FirstWithin(Near) ?? double.NaN);
            w.Number("diverged_at", way.DivergedAt ?? double.NaN);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    });

    private static string Text(double value) => Texts.Number(value, "G5");
}
