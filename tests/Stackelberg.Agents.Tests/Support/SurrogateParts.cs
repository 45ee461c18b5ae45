using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Problems;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>How a step of <see cref="SurrogateParts"/> ends, if at all.</summary>
internal enum StepEnd
{
    None,

    /// <summary>The episode terminates, or a time limit counts so.</summary>
    Terminal,

    /// <summary>A time limit with a value after it.</summary>
    Truncated,

    /// <summary>The rollout is cut.</summary>
    Cut,
}

/// <summary>
/// Actor, critic and a minibatch of 21 steps from the middle of a rollout, filled by hand: ratios far from 1, a termination, a bootstrapped time limit,
/// a time limit that counts as terminal, and a cut at its end; before and behind it lie other copies' steps with ends of their own.
/// </summary>
internal sealed class SurrogateParts
{
    public const int First = 5, Count = 21, Rows = 30, ObservationSize = 3;

    private static readonly Dictionary<int, StepEnd> Ends = new()
    {
        [2] = StepEnd.Truncated, [4] = StepEnd.Cut, [9] = StepEnd.Terminal, [10] = StepEnd.Terminal, [15] = StepEnd.Truncated, [19] = StepEnd.Terminal,
        [20] = StepEnd.Truncated, [25] = StepEnd.Cut, [29] = StepEnd.Cut,
    };

    public SurrogateParts(PpoOptions options, bool discrete)
    {
        Options = options;
        RandomStream random = RandomStream.FromSeed(53);
        var observations = new BoxSpace(ObservationSize, -10, 10);
        Space actions = discrete ? new DiscreteSpace(3) : new BoxSpace(2, -1, 1);
        Policy = StochasticActor<double>.For(observations, actions, options.Actor, Rows, random.Split("actor"), null);
        Values = new Critic<double>(observations, null, options.Critic, Rows, random.Split("critic"), null);
        Actor = new Player<double>("actor", Policy.Layout.Parameters, Policy.Parameters, options.Actor);
        Critic = new Player<double>("critic", Values.Layout.Parameters, Values.Parameters, options.Critic);
        Rollout = new Rollout<double>(Rows, ObservationSize, Policy.ActionSize, keepsEnds: true);
        Fill(random.Split("rollout"), discrete);
        Batch = new Minibatch<double>(Count, ObservationSize, Policy.ActionSize, Values.Layout.Inputs, !Values.HasFixedFeatures);
        Objectives = new SurrogateObjectives<double>(Policy, Actor, Values, Critic, Batch, options, random.Split("response"), null);
        Problem = new ActorCriticProblem<double>(Objectives, options.Leading.Leader);
        Values.Load(Rollout);
        Values.LoadEnds(Rollout);
        Batch.Slice(Rollout, Values.Inputs, Values.EndInputs, First, Count);
        Objectives.BeginMinibatch();
    }

    public PpoOptions Options { get; }

    public StochasticActor<double> Policy { get; }

    public Critic<double> Values { get; }

    public Player<double> Actor { get; }

    public Player<double> Critic { get; }

    public Rollout<double> Rollout { get; }

    public Minibatch<double> Batch { get; }

    public SurrogateObjectives<double> Objectives { get; }

    public ActorCriticProblem<double> Problem { get; }

    /// <summary>The observations behind the steps of the rollout whose trajectory goes on, by row.</summary>
    public Dictionary<int, double[]> After { get; } = [];

    public static StepEnd EndOf(int row) => Ends.GetValueOrDefault(row);

    public static PpoOptions Small(LeaderRole leader, ResponseOptions? response = null) => new()
    {
        Gamma = 0.9,
        GaeLambda = 0.8,
        Precision = Precision.Double,
        Minibatches = MinibatchKind.PerEnvironment,
        Advantages = AdvantageTiming.PerMinibatch,
        NormaliseAdvantages = false,
        EntropyCoefficient = 0.03,
        ValueCoefficient = 1,
        Actor = new ActorOptions { Hidden = [5, 4], LogStd = -0.3 },
        Critic = new CriticOptions { Hidden = [4, 3] },
        Response = response ?? new(),
        Leading = new LeaderOptions { Leader = leader },
    };

    private void Fill(RandomStream random, bool discrete)
    {
        double[] observation = new double[ObservationSize], action = new double[Policy.ActionSize];
        for (int t = 0; t < Rows; t++)
        {
            random.FillNormal(observation);
            random.FillNormal(action);
            action[0] = discrete ? random.NextInt32(3) : action[0];
            Rollout.Begin(observation, action);
            double reward = (t % 2 == 0 ? 2 : -2) + (0.5 * random.NextNormal());
            StepEnd end = EndOf(t);
            if (end is StepEnd.Truncated or StepEnd.Cut)
            {
                After[t] = new double[ObservationSize];
                random.FillNormal(After[t]);
                Rollout.CompleteAt(reward, isComplete: end == StepEnd.Truncated, After[t]);
            }
            else
            {
                Rollout.Complete(reward, ends: end == StepEnd.Terminal, isComplete: end == StepEnd.Terminal, bootstrap: 0);
            }
        }

        Policy.Evaluate(Rollout.Observations, Rows);
        Policy.LogProbabilities(Rollout.Actions, Rollout.LogProbabilities);
        for (int t = 0; t < Rows; t++)
        {
            // ratios about 1.05, 1.35, 0.41, 1.82 and 0.67: on every branch of a clip at 0.2 and of one at 0.5
            Rollout.LogProbabilities[t] -= new[] { 0.05, 0.3, -0.9, 0.6, -0.4 }[t / 2 % 5] + (0.02 * random.NextNormal());
            Rollout.Targets[t] = Rollout.Returns[t] = random.NextNormal();
            Rollout.Values[t] = random.NextNormal();
        }
    }
}
