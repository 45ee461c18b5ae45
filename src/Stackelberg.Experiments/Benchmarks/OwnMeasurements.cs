using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Experiments.Configuration;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Experiments.Benchmarks;

/// <summary>Our side of the cases that are more than a product; seconds per call on one thread.</summary>
internal static class OwnMeasurements
{
    private const double Slice = 0.2;
    private const int Repeats = 3;
    private const int EpochSteps = 4000;
    private const int RolloutSteps = 2048;

    // the compiler makes its last version of the code in the background, and not before so much time has passed
    private const double WarmSeconds = 1.5;

    /// <summary>Hessian-vector product of the mean squared loss of a tanh network [inputs, hidden, hidden, 1].</summary>
    public static double Hvp(int rows, int inputs, int hidden)
    {
        MlpLayout layout = new(inputs, [hidden, hidden], 1, Activation.Tanh);
        RandomStream random = RandomStream.FromSeed(0).Split("benchmark");
        FlatVector<float> parameters = Parameters(layout, random);
        FlatVector<float> direction = Parameters(layout, random);
        FlatVector<float> result = new(layout.Parameters.Length);
        Matrix<float> observations = new(rows, inputs);
        for (int row = 0; row < rows; row++)
        {
            random.FillNormal(observations.Row(row));
        }

        float[] targets = new float[rows];
        random.FillNormal(targets);
        Linearisation<float> linearisation = new(layout, rows);
        linearisation.Forward(parameters, observations, rows);
        linearisation.SetSquaredLoss(targets);
        return CpuTimer.SecondsPerCall(() => linearisation.Hvp(direction.Span, result.Span), Slice, Repeats);
    }

    /// <summary>A Gaussian action, its log-probability and the value of one observation.</summary>
    public static double ActStep()
    {
        const int Observations = 11;
        const int Actions = 3;
        RandomStream random = RandomStream.FromSeed(0).Split("benchmark");
        MlpLayout actor = new(Observations, [64, 64], Actions, Activation.Tanh);
        MlpLayout critic = new(Observations, [64, 64], 1, Activation.Tanh);
        FlatVector<float> actorParameters = Parameters(actor, random);
        FlatVector<float> criticParameters = Parameters(critic, random);
        MlpEvaluator<float> policy = new(actor);
        MlpEvaluator<float> value = new(critic);
        float[] observation = new float[Observations], mean = new float[Actions], action = new float[Actions], logStd = [-0.5f, -0.5f, -0.5f], estimate = new float[1];
        random.FillNormal(observation);
        float sink = 0;
        double seconds = CpuTimer.SecondsPerCall(
            () =>
            {
                policy.Evaluate(actorParameters, observation, mean);
                float logProbability = 0;
                for (int i = 0; i < Actions; i++)
                {
                    float z = (float)random.NextNormal();
                    action[i] = mean[i] + (MathF.Exp(logStd[i]) * z);
                    logProbability -= (0.5f * z * z) + logStd[i] + 0.91893853f;
                }

                value.Evaluate(criticParameters, observation, estimate);
                sink += logProbability + estimate[0];
            },
            Slice, Repeats);
        GC.KeepAlive(sink);
        return seconds;
    }

    /// <summary>All that STAC does after the last step of an iteration: advantages, leader step, critic steps.</summary>
    public static double StacEpoch()
    {
        NoiseEnvironment environment = new() { EpochSteps = EpochSteps };
        using IAlgorithm algorithm = Build(
            "stac",
            environment,
            [
                $"steps_per_iteration={EpochSteps}", "actor.optimiser=adam", "actor.learning_rate=3e-4", "critic.optimiser=adam", "critic.learning_rate=1e-3",
                "critic.updates=80", "hypergradient.iterations=10", "hypergradient.tolerance=0", "hypergradient.damping=0",
            ],
            new KeyValuePair<string, string>("preset", "paper"));
        return LeastAfterCollecting(algorithm, environment, 3 * Repeats);
    }

    /// <summary>All that PPO does after the last step of a rollout of 2048: advantages, 10 epochs of 32 minibatches of 64.</summary>
    public static double PpoEpoch()
    {
        NoiseEnvironment environment = new() { EpochSteps = RolloutSteps };
        using IAlgorithm algorithm = Build("ppo", environment, [], new KeyValuePair<string, string>("preset", "sb3"));
        return LeastAfterCollecting(algorithm, environment, 10 * Repeats);
    }

    /// <summary>One total derivative of BLPO on a rollout of 2048 steps: gradients, the solve and the mixed product.</summary>
    public static double BlpoHypergradient(string id, params IReadOnlyList<string> assignments)
    {
        using IAlgorithm algorithm = Build(
            id,
            new NoiseEnvironment { EpochSteps = RolloutSteps },
            ["environments=1", $"rollout_steps={RolloutSteps}", "epochs=1", "critic.updates=1", "hypergradient.log_every=1000000000", .. assignments]);
        for (double start = CpuTimer.Now; CpuTimer.Now - start < WarmSeconds;)
        {
            algorithm.Iterate(RolloutSteps, new NoSink());
        }

        double best = double.PositiveInfinity;
        for (int i = 0; i < 10 * Repeats; i++)
        {
            // one leader's update per iteration; the clock counts wall time, of which the least is that of an undisturbed moment
            double before = algorithm.Clock.HypergradientSeconds;
            algorithm.Iterate(RolloutSteps, new NoSink());
            best = Math.Min(best, algorithm.Clock.HypergradientSeconds - before);
        }

        return best;
    }

    /// <summary>One update of an off-policy method: batch 100 of noise of the sizes of Hopper, two hidden layers, drawing the batch included.</summary>
    public static double OffPolicyUpdate(string id, int hidden, params IReadOnlyList<string> assignments)
    {
        // one step in the environment per 200 updates does not show in their time
        const int Collected = 1;
        const int Updates = 200;
        using IAlgorithm algorithm = Build(
            id,
            new NoiseEnvironment(),
            [
                $"actor.hidden={hidden},{hidden}", $"critic.hidden={hidden},{hidden}", "buffer_size=10000", "update_after=1",
                $"update_every={Collected}", $"updates={Updates}", .. assignments,
            ]);
        for (double start = CpuTimer.Now; CpuTimer.Now - start < WarmSeconds;)
        {
            algorithm.Iterate(Collected, new NoSink());
        }

        double best = double.PositiveInfinity;
        for (int i = 0; i < 10 * Repeats; i++)
        {
            double start = CpuTimer.Now;
            algorithm.Iterate(Collected, new NoSink());
            best = Math.Min(best, (CpuTimer.Now - start) / Updates);
        }

        return best;
    }

    private static double LeastAfterCollecting(IAlgorithm algorithm, NoiseEnvironment environment, int repeats)
    {
        for (double start = CpuTimer.Now; CpuTimer.Now - start < WarmSeconds;)
        {
            algorithm.Iterate(environment.EpochSteps, new NoSink());
        }

        double best = double.PositiveInfinity;
        for (int i = 0; i < repeats; i++)
        {
            algorithm.Iterate(environment.EpochSteps, new NoSink());
            best = Math.Min(best, CpuTimer.Now - environment.LastEpochEnd);
        }

        return best;
    }

    private static IAlgorithm Build(string id, NoiseEnvironment environment, IReadOnlyList<string> assignments, params IReadOnlyList<KeyValuePair<string, string>> flags)
    {
        EnvironmentCatalogue catalogue = new();
        ResolvedConfiguration configuration = ConfigurationResolver.Resolve(new ConfigurationRequest
        {
            Environments = _ =>
            {
                catalogue.Add(NoiseEnvironment.Facts, () => new NoiseEnvironment());
                return catalogue;
            },
            Flags = [new("algo", id), new("env", NoiseEnvironment.Facts.Id), .. flags],
            Assignments = assignments,
        });
        return configuration.MakeAlgorithm(new AlgorithmContext(environment, RandomStream.FromSeed(0), 1_000_000, 1));
    }

    private static FlatVector<float> Parameters(MlpLayout layout, RandomStream random)
    {
        FlatVector<float> parameters = new(layout.Parameters.Length);
        MlpInitialisation.PyTorchDefault(layout, parameters, random);
        return parameters;
    }

    private sealed class NoSink : ITrainingSink
    {
        public void Episode(in EpisodeSummary episode)
        {
        }

        public void Metric(string name, double value)
        {
        }

        public void Hypergradient(in HypergradientReport report)
        {
        }
    }

    /// <summary>Noise of the sizes of Hopper, in episodes of 1000 steps; notes the time at the last step of every iteration.</summary>
    private sealed class NoiseEnvironment : IEnvironment
    {
        private readonly RandomStream random = RandomStream.FromSeed(0).Split("noise");
        private int steps;

        public static EnvironmentSpec Facts { get; } = new("Noise-v0", 1000, null) { Description = "Noise of the sizes of Hopper." };

        public int EpochSteps { get; init; } = 1000;

        public double LastEpochEnd { get; private set; }

        public EnvironmentSpec Spec => Facts;

        public Space ObservationSpace { get; } = new BoxSpace(11, double.NegativeInfinity, double.PositiveInfinity);

        public Space ActionSpace { get; } = new BoxSpace(3, -1, 1);

        public void Reset(ulong? seed, Span<double> observation) => random.FillNormal(observation);

        public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
        {
            random.FillNormal(observation);
            if (++steps % EpochSteps == 0)
            {
                LastEpochEnd = CpuTimer.Now;
            }

            return new StepResult(random.NextNormal(), false, steps % 1000 == 0);
        }

        public void Save(StateWriter writer) => writer.Write("random", random);

        public void Load(StateReader reader) => reader.Read("random", random);

        public void Dispose()
        {
        }
    }
}
