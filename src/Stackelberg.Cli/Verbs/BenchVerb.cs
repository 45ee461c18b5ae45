using System.CommandLine;
using Stackelberg.Cli.Internals;
using Stackelberg.Cli.Training;
using Stackelberg.Experiments.Benchmarks;
using Stackelberg.Tensors.Diagnostics;

namespace Stackelberg.Cli.Verbs;

/// <summary><c>bench</c>.</summary>
internal static class BenchVerb
{
    public static Command Create()
    {
        Option<string?> folder = new("--peers") { Description = "folder of the PyTorch scripts, or of the C program (default: benchmarks/peers, benchmarks/mujoco)", HelpName = "DIR" };
        Option<int?> rounds = new("--rounds") { Description = "how often to alternate: the least time counts (default: 2), with --physics the median (default: 5)", HelpName = "N" };
        Option<string> only = new("--only") { Description = "cases whose name contains this text", HelpName = "TEXT" };
        Option<bool> json = new("--json") { Description = "print one JSON object" };
        Option<bool> physics = new("--physics") { Description = "time the steps of the MuJoCo tasks in turn with the same loop in C instead" };
        Command command = new("bench", "Times our updates in turn with PyTorch's, one thread each.") { physics, folder, rounds, only, json };
        command.SetAction(parsed =>
        {
            int count = parsed.GetValue(rounds) ?? (parsed.GetValue(physics) ? 5 : 2);
            string part = parsed.GetValue(only) ?? "";
            if (count < 1)
            {
                throw new UserErrorException($"--rounds cannot be {count}", "an integer ≥ 1", "leave the flag out for the default");
            }

            if (parsed.GetValue(physics))
            {
                return PhysicsBench.Run(parsed.GetValue(folder) ?? DefaultFolder("mujoco"), count, part, parsed.GetValue(json));
            }

            IReadOnlyList<BenchmarkCase> cases = [.. BenchmarkCases.All.Where(c => c.Name.Contains(part, StringComparison.OrdinalIgnoreCase))];
            if (cases.Count == 0)
            {
                throw new UserErrorException($"no case contains '{part}'", string.Join("; ", BenchmarkCases.All.Select(c => c.Name)), "choose a part of one of these names");
            }

            PeerScripts? peers = PeerScripts.Find(parsed.GetValue(folder) ?? DefaultFolder("peers"), out string reason);
            if (peers is null)
            {
                Console.Error.WriteLine($"note: no PyTorch, our times alone: {reason}");
            }

            double peak = PeakFlops.Measure();
            IReadOnlyList<BenchmarkResult> results = PeerComparison.Run(cases, peers, count, Console.Error.WriteLine);
            if (parsed.GetValue(json))
            {
                WriteJson(results, peers, peak);
            }
            else
            {
                WriteTable(results, peers, peak);
            }

            return ExitCode.Success;
        });
        return command;
    }

    // Below the present folder, or else in the checkout that this program was built in.
    private static string DefaultFolder(string name)
    {
        string relative = Path.Combine("benchmarks", name);
        for (DirectoryInfo? above = new(AppContext.BaseDirectory); above is not null && !Directory.Exists(relative); above = above.Parent)
        {
            string candidate = Path.Combine(above.FullName, relative);
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return relative;
    }

    private static void WriteTable(IReadOnlyList<BenchmarkResult> results, PeerScripts? peers, double peak)
    {
        Console.Out.WriteLine($"one thread; peak {Texts.Number(peak, "F0")} GFLOP/s; {(peers is null ? "no peer" : $"PyTorch {peers.Version} in its best environment")}");
        Columns.Write(Console.Out, ["case", "ours µs", "PyTorch µs", "ratio", "GFLOP/s", "of peak"], [.. results.Select(r => new[]
        {
            r.Name, Texts.Number(r.OursMicroseconds, "F2"), Texts.Number(r.PeerMicroseconds, "F2"), Texts.Number(r.Ratio, "F2") + (double.IsNaN(r.Ratio) ? "" : "×"),
            Texts.Number(r.Gflops, "F0"), double.IsNaN(r.Gflops) ? "-" : Texts.Number(100 * r.Gflops / peak, "F0") + "%",
        })]);
    }

    private static void WriteJson(IReadOnlyList<BenchmarkResult> results, PeerScripts? peers, double peak) => Json.Write(Console.Out, w =>
    {
        w.WriteString("command", "bench");
        w.Number("peak_gflops", peak);
        w.WriteString("peer", peers is null ? null : $"PyTorch {peers.Version}");
        w.WriteStartArray("cases");
        foreach (BenchmarkResult result in results)
        {
            w.WriteStartObject();
            w.WriteString("name", result.Name);
            w.Number("ours_us", result.OursMicroseconds);
            w.Number("peer_us", result.PeerMicroseconds);
            w.Number("ratio", result.Ratio);
            w.Number("gflops", result.Gflops);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    });
}
