using Stackelberg.Agents;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Tests.Fakes;

/// <summary>
/// A learner that drifts at random, with everything a checkpoint must carry: weights, a large buffer, counters, streams, an unfinished episode, an
/// environment. Iterations take 13 steps, so they end on no round number.
/// </summary>
internal sealed class RandomSearch : IAlgorithm, IPolicy
{
    public const int StepsPerIteration = 13;

    private readonly IEnvironment environment;
    private readonly RandomStream random;
    private readonly float[] weights = new float[12];
    private readonly float[] recent = new float[500];
    private readonly double[] observation = new double[1];
    private readonly double[] action = new double[1];
    private readonly Action<RandomSearch>? beforeIteration;
    private double episodeReturn;
    private long episodeLength;

    public RandomSearch(AlgorithmContext context, Action<RandomSearch>? beforeIteration = null)
    {
        environment = context.Environment;
        random = context.Random.Split("learner");
        this.beforeIteration = beforeIteration;
        random.FillNormal(weights);
        environment.Reset(random.NextUInt64(), observation);
    }

    public long Steps { get; private set; }

    public long Iterations { get; private set; }

    public TrainingClock Clock { get; } = new();

    public IPolicy Policy => this;

    public IReadOnlyList<(string Network, int Parameters)> Networks => [("actor", weights.Length)];

    public bool IsDisposed { get; private set; }

    public void Iterate(long maximumSteps, ITrainingSink sink)
    {
        beforeIteration?.Invoke(this);
        for (int i = 0; i < Math.Min(maximumSteps, StepsPerIteration); i++)
        {
            Act(observation, action, PolicyMode.Stochastic, random);
            StepResult step = environment.Step(action, observation);
            recent[Steps % recent.Length] = (float)step.Reward;
            episodeReturn += step.Reward;
            episodeLength++;
            Steps++;
            if (step.Ended)
            {
                sink.Episode(new EpisodeSummary(Steps, episodeReturn, (int)episodeLength, step.Terminated));
                (episodeReturn, episodeLength) = (0, 0);
                environment.Reset(null, observation);
            }
        }

        foreach (ref float weight in weights.AsSpan())
        {
            weight += 0.01f * (float)random.NextNormal() * recent[0];
        }

        Iterations++;
        sink.Metric("actor/norm", weights.Sum());
        if (Iterations % 7 == 0)
        {
            sink.Metric("rare/metric", Steps);
        }

        if (Steps > 300)
        {
            sink.Metric("late/metric", Steps % 2 == 0 ? double.NaN : 1.0 / Steps);
        }

        var solve = new LinearSolution(SolveStatus.IterationLimit, 10, weights[0], double.NaN, 0.5);
        sink.Hypergradient(new HypergradientReport("cg", weights[1], weights[2], double.NaN, 1, solve, false, Environment.TickCount64));
    }

    public void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
    {
        double mean = Math.Tanh(weights[0] + (weights[1] * observation[0]));
        action[0] = mode == PolicyMode.Greedy ? mean : Math.Clamp(mean + (0.1 * random.NextNormal()), -1, 1);
    }

    public void Save(StateWriter writer)
    {
        writer.Write("steps", Steps);
        writer.Write("iterations", Iterations);
        writer.Write("random", random);
        writer.Write("environment", environment);
        writer.Group("actor").WriteTensor("weight", weights, [4, 3]);
        writer.Group("buffer").WriteArray("rewards", recent);
        writer.WriteArray("observation", observation);
        writer.Write("episode_return", episodeReturn);
        writer.Write("episode_length", episodeLength);
    }

    public void Load(StateReader reader)
    {
        Steps = reader.ReadInt64("steps");
        Iterations = reader.ReadInt64("iterations");
        reader.Read("random", random);
        reader.Read("environment", environment);
        reader.Group("actor").ReadTensor("weight", weights, [4, 3]);
        reader.Group("buffer").ReadArray("rewards", recent);
        reader.ReadArray("observation", observation);
        episodeReturn = reader.ReadDouble("episode_return");
        episodeLength = reader.ReadInt64("episode_length");
    }

    public void Dispose()
    {
        IsDisposed = true;
        environment.Dispose();
    }
}
