using System.Diagnostics;
using System.Globalization;

namespace Stackelberg.Experiments.Tests.Fakes;

/// <summary>Training as a process of its own, for tests that end it the hard way.</summary>
internal static class ChildProgram
{
    /// <summary>Starts training of one seed, new or resumed, with about a millisecond per iteration.</summary>
    public static Process Start(string root, RunMode mode)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ChildProgram).Assembly.Location, root, mode.ToString()])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    public static RunPlan Plan(string root, Action<RandomSearch>? beforeIteration = null) => FakeRuns.Plan(
        root, 7, FakeRuns.Options with { TotalTimesteps = 6500, CheckpointEvery = 100, EvaluateEvery = 500, KeepCheckpoints = 2 }, beforeIteration);

    private static int Main(string[] args)
    {
        RunMode mode = Enum.Parse<RunMode>(args[1]);
        IReadOnlyList<RunResult> results = TrainingSession.Run(
            [Plan(args[0], _ => Thread.Sleep(1))], new SessionOptions { Mode = mode }, new StepPrinter());
        Console.WriteLine(results[0].Failure?.Message ?? results[0].CheckpointHash);
        return results[0].Status == RunStatus.Finished ? 0 : 1;
    }

    /// <summary>Says where training stands, so that the test knows when to strike.</summary>
    private sealed class StepPrinter : IRunObserver
    {
        public void Started(RunPlan plan, long steps) => Print("started", steps);

        public void Saved(RunPlan plan, CheckpointInfo checkpoint) => Print("saved", checkpoint.Step);

        private static void Print(string what, long steps)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {steps}"));
            Console.Out.Flush();
        }
    }
}
