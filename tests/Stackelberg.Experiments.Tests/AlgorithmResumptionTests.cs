using Stackelberg.Agents;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Games;
using Stackelberg.Environments;
using Stackelberg.Experiments.Tests.Fakes;
using Stackelberg.MuJoCo;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Experiments.Tests;

/// <summary>The promise of resumption, kept by every algorithm there is.</summary>
public sealed class AlgorithmResumptionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (AlgorithmDescriptor algorithm in AlgorithmCatalogue.BuiltIn.All)
            {
                if (algorithm.IsMultiAgent)
                {
                    cases.Add(algorithm.Id, algorithm.OptionsType == typeof(BiAcContinuousOptions) ? "Oligopoly3-v0" : "MatchingPennies-v0");
                    continue;
                }

                // deterministic actors need a bounded box of actions
                cases.Add(algorithm.Id, algorithm.OptionsType.IsAssignableTo(typeof(OffPolicyOptions)) ? "Pendulum-v1" : "CartPole-v1");
                cases.Add(algorithm.Id, "Hopper-v4");
            }

            return cases;
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Resuming_a_cancelled_run_ends_with_the_same_hash_and_tables(string algorithm, string environment)
    {
        RunResult whole = FakeRuns.Train(Plan("whole", algorithm, environment, null));
        whole.Failure.ShouldBeNull();
        TablesAgreeOnIterations(whole.Directory);
        using (var source = new CancellationTokenSource())
        {
            RunResult first = FakeRuns.Train(Plan("parts", algorithm, environment, source), RunMode.New, source.Token);
            first.Status.ShouldBe(RunStatus.Interrupted);
            first.Steps.ShouldBeLessThan(whole.Steps);
        }

        RunResult second = FakeRuns.Train(Plan("parts", algorithm, environment, null), RunMode.Resume);

        second.Failure.ShouldBeNull();
        second.CheckpointHash.ShouldBe(whole.CheckpointHash);
        FakeRuns.Tables(second.Directory).ShouldBe(FakeRuns.Tables(whole.Directory));
    }

    /// <summary>A leader update is made in the iteration that ends at its step, and is numbered.</summary>
    private static void TablesAgreeOnIterations(string run)
    {
        static IEnumerable<string[]> Lines(string file) => File.ReadLines(file).Select(line => line.Split(','));
        static IEnumerable<(string Step, string Iteration)> Rows(string file) => Lines(file).Skip(1).Select(cells => (cells[0], cells[1]));
        string leader = Path.Combine(run, "hypergradient.csv");
        Rows(leader).Except(Rows(Path.Combine(run, "progress.csv"))).ShouldBeEmpty();
        Lines(leader).Select(cells => cells[2]).ShouldBe(["update", .. Enumerable.Range(0, Lines(leader).Count() - 1).Select(i => $"{i}")]);
    }

    private RunPlan Plan(string name, string algorithm, string environment, CancellationTokenSource? cancelAtFirstCheckpoint)
    {
        var environments = new EnvironmentCatalogue();
        ClassicControl.Register(environments);
        MujocoTasks.Register(environments);
        environments.AddAll(MultiAgentCatalogue.WithAll());
        int made = 0;
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(algorithm)!;
        return FakeRuns.Plan(folder.Below(name)) with
        {
            Environment = environment,
            Algorithm = algorithm,
            Directory = RunDirectory.PathFor(folder.Below(name), environment, algorithm, 7),
            Options = new TrainingOptions { TotalTimesteps = 9000, EvaluateEvery = 3000, EvaluationEpisodes = 2, CheckpointEvery = 3000 },
            MakeEnvironment = () =>
            {
                // the second environment made is that of the first evaluation
                if (++made == 2)
                {
                    cancelAtFirstCheckpoint?.Cancel();
                }

                return environments.Make(environment);
            },
            MakeAlgorithm = context => descriptor.Create(context, Quick(descriptor.CreateOptions())),
        };
    }

    /// <summary>
    /// The defaults; small networks, few updates, an early start and a ring that wraps around where there is a replay buffer, a tuned temperature where there is one.
    /// </summary>
    private static object Quick(object options)
    {
        var network = new NetworkOptions { Hidden = [5, 4], Activation = Activation.Relu, LearningRate = 1e-3 };
        if (options is PpoOptions ppo)
        {
            // rollouts that do not divide the steps between checkpoints, and all that has a state
            return ppo with
            {
                RolloutSteps = Math.Min(ppo.RolloutSteps, 130),
                NormaliseObservations = true,
                NormaliseRewards = true,
                Actor = ppo.Actor with { Hidden = [5, 4] },
                Critic = ppo.Critic with { Hidden = [5, 4] },
                Leading = ppo.Leading with { Hypergradient = ppo.Leading.Hypergradient with { LogEvery = 1 } },
            };
        }

        if (options is GameOptions game)
        {
            return game with { BatchSize = 16, BufferSize = 700, UpdateEvery = 7, StepsPerIteration = 130 };
        }

        options = options is SacOptions sac ? sac with { Autotune = true } : options;
        return options is OffPolicyOptions offPolicy
            ? offPolicy with { Actor = network, Critic = network, LearningStarts = 1000, Updates = 10, BufferSize = 5000 }
            : options;
    }
}
