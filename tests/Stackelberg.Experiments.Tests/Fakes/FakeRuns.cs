namespace Stackelberg.Experiments.Tests.Fakes;

/// <summary>Plans and whole runs of the fake learner.</summary>
internal static class FakeRuns
{
    public static readonly TrainingOptions Options = new()
    {
        TotalTimesteps = 1000,
        EvaluateEvery = 200,
        EvaluationEpisodes = 3,
        CheckpointEvery = 150,
        LogEvery = 40,
    };

    public static RunPlan Plan(string root, ulong seed = 7, TrainingOptions? options = null, Action<RandomSearch>? beforeIteration = null) => new()
    {
        Environment = "NoisyWalk",
        Algorithm = "random-search",
        Seed = seed,
        Directory = RunDirectory.PathFor(root, "NoisyWalk", "random-search", seed),
        Options = options ?? Options,
        MakeEnvironment = static () => new NoisyWalk(),
        MakeAlgorithm = context => new RandomSearch(context, beforeIteration),
        ConfigurationText = "algo: random-search\n",
        CommandLine = ["train", "--algo", "random-search"],
    };

    public static RunResult Train(RunPlan plan, RunMode mode = RunMode.New, CancellationToken cancellation = default) =>
        TrainingSession.Run([plan], new SessionOptions { Mode = mode }, null, cancellation)[0];

    /// <summary>Why a run cannot be gone on with.</summary>
    public static string Refusal(RunPlan plan)
    {
        RunResult result = Train(plan, RunMode.Resume);
        result.Status.ShouldBe(RunStatus.Failed);
        result.Failure!.Iteration.ShouldBe(0);
        return result.Failure.Message;
    }

    /// <summary>Trains until the first iteration that begins at <paramref name="steps"/> or later, and stops there as Ctrl+C would.</summary>
    public static RunResult TrainUntil(string root, long steps, RunMode mode = RunMode.New, ulong seed = 7, TrainingOptions? options = null)
    {
        using var source = new CancellationTokenSource();
        return Train(Plan(root, seed, options, a => CancelAt(a, steps, source)), mode, source.Token);
    }

    /// <summary>Content of every table of a run, by name.</summary>
    public static Dictionary<string, string> Tables(string run) =>
        Directory.GetFiles(run, "*.csv").ToDictionary(p => Path.GetFileName(p), File.ReadAllText);

    private static void CancelAt(RandomSearch algorithm, long steps, CancellationTokenSource source)
    {
        if (algorithm.Steps >= steps)
        {
            source.Cancel();
        }
    }
}
