using System.Reflection;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Problems;
using Stackelberg.Agents.Replay;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>An actor-critic of a few weights with a rollout of made-up numbers: one terminated, one truncated and one cut trajectory.</summary>
internal sealed class RolloutParts
{
    public const int ObservationSize = 3;

    private RolloutParts(AcOptions options, bool discrete)
    {
        Options = options;
        RandomStream random = RandomStream.FromSeed(31);
        var observations = new BoxSpace(ObservationSize, -10, 10);
        Space actions = discrete ? new DiscreteSpace(3) : new BoxSpace(2, -1, 1);
        Policy = StochasticActor<double>.For(observations, actions, options.Actor, 30, random.Split("actor"), null);
        Values = new Critic<double>(
            observations, options.Form == ActorCriticForm.PaperQ ? actions : null, options.Critic, 30, random.Split("critic"), null);
        Actor = new Player<double>("actor", Policy.Layout.Parameters, Policy.Parameters, options.Actor);
        Critic = new Player<double>("critic", Values.Layout.Parameters, Values.Parameters, options.Critic);
        Rollout = new Rollout<double>(30, ObservationSize, Policy.ActionSize);
        Fill(random.Split("rollout"), discrete);
        Problem = new ActorCriticProblem<double>(
            new RolloutObjectives<double>(Policy, Actor, Values, Critic, Rollout, options), options.Leading.Leader);
    }

    public AcOptions Options { get; }

    public StochasticActor<double> Policy { get; }

    public Critic<double> Values { get; }

    public Player<double> Actor { get; }

    public Player<double> Critic { get; }

    public Rollout<double> Rollout { get; }

    public ActorCriticProblem<double> Problem { get; }

    public static RolloutParts Of(ActorCriticForm form, bool discrete, LeaderRole leader) => new(
        new AcOptions
        {
            Form = form,
            Gamma = 0.9,
            GaeLambda = 0.8,
            Precision = Precision.Double,
            Actor = new ActorOptions { Hidden = [5, 4], LogStd = -0.3 },
            Critic = new CriticOptions { Hidden = [4, 3] },
            Leading = new LeaderOptions { Leader = leader },
        },
        discrete);

    private void Fill(RandomStream random, bool discrete)
    {
        double[] observation = new double[ObservationSize];
        double[] action = new double[Policy.ActionSize];
        for (int t = 0; t < 23; t++)
        {
            random.FillNormal(observation);
            random.FillNormal(action);
            action[0] = discrete ? random.NextInt32(3) : action[0];
            Rollout.Begin(observation, action);
            Rollout.Complete(random.NextNormal(), ends: t is 6 or 15 or 22, isComplete: t is 6 or 15, bootstrap: t is 15 ? 0.7 : t is 22 ? -0.4 : 0);
        }
    }
}

/// <summary>
/// The parts of a small off-policy learner as its constructor put them together, with a batch of made-up transitions instead of collected ones.
/// </summary>
internal sealed class ReplayParts : IDisposable
{
    public const int ObservationSize = 3;

    private readonly IAlgorithm learner;

    private ReplayParts(IAlgorithm learner, OffPolicyOptions options)
    {
        (this.learner, Options) = (learner, options);
        Objectives = Field<ReplayObjectives<double>>("objectives");
        Policy = Field<ReparameterisedActor<double>>("policy");
        Critics = Field<QCritics<double>>("critics");
        Round = Field<Round<double>>("round");
        Problem = (ActorCriticProblem<double>)Round.Problem;
        RandomStream random = RandomStream.FromSeed(77);
        // larger weights than a fresh network's: actions near the edge of their box, and curvature that can be seen
        Enlarge(Objectives.Actor, random.Split("actor"), 0.6);
        Enlarge(Objectives.Critic, random.Split("critic"), 0.3);
        RandomiseBatch(random.Split("batch"));
    }

    public OffPolicyOptions Options { get; }

    public ReplayObjectives<double> Objectives { get; }

    public ReparameterisedActor<double> Policy { get; }

    public QCritics<double> Critics { get; }

    public Round<double> Round { get; }

    public ActorCriticProblem<double> Problem { get; }

    public ReplayBatch<double> Batch => Objectives.Batch;

    /// <summary>α of SAC, 0 elsewhere.</summary>
    public double Temperature => Options is SacOptions sac ? sac.Temperature : 0;

    public static ReplayParts Of(
        string id, LeaderRole leader, FollowerLoss loss, Func<HypergradientOptions, HypergradientOptions>? change = null, UpdateOrder order = UpdateOrder.CriticFirst)
    {
        var hypergradient = new HypergradientOptions { Guard = false };
        var network = new NetworkOptions { Hidden = [5, 4], Activation = Activation.Tanh };
        OffPolicyOptions options = id switch
        {
            "td3" => new Td3Options { TargetNoise = 0.8, NoiseClip = 0.9 },
            "sac" => new SacOptions { Temperature = 0.3 },
            _ => new DdpgOptions(),
        };
        options = options with
        {
            Actor = network,
            Critic = network,
            Gamma = 0.9,
            BatchSize = 12,
            BufferSize = 50,
            TargetPolicy = TargetPolicy.Current,
            Precision = Precision.Double,
            Leading = new() { Leader = leader, FollowerLoss = loss, UpdateOrder = order, Hypergradient = change?.Invoke(hypergradient) ?? hypergradient },
        };
        var environment = new Drift(discrete: false, 30) { ActionSpace = new BoxSpace([-2, -0.5], [1, 1.5]) };
        var context = new AlgorithmContext(environment, RandomStream.FromSeed(9), 1000, 1);
        return new ReplayParts(
            options switch
            {
                Td3Options td3 => new Td3<double>(context, td3),
                SacOptions sac => new Sac<double>(context, sac),
                _ => new Ddpg<double>(context, (DdpgOptions)options),
            },
            options);
    }

    public void Dispose() => learner.Dispose();

    private static void Enlarge(Player<double> player, RandomStream random, double deviation)
    {
        for (int i = 0; i < player.Layout.Coordinates.Count; i++)
        {
            int at = player.Layout.Coordinates[i];
            player.Parameters[at] += deviation * random.NextNormal();
            if (player.HasTarget)
            {
                player.Target[at] = player.Parameters[at] + (0.1 * random.NextNormal());
            }
        }
    }

    private TField Field<TField>(string name) =>
        (TField)learner.GetType().GetField(name, BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(learner)!;

    private void RandomiseBatch(RandomStream random)
    {
        for (int i = 0; i < Batch.Rows; i++)
        {
            random.FillNormal(Batch.Observations.Row(i));
            random.FillNormal(Batch.NextObservations.Row(i));
            Batch.Observations.Row(i).CopyTo(Batch.Inputs.Row(i));
            Span<double> action = Batch.Inputs.Row(i)[Policy.Layout.Inputs..];
            action[0] = random.NextUniform(-2, 1);
            action[1] = random.NextUniform(-0.5, 1.5);
            Batch.Rewards[i] = random.NextNormal();
            Batch.Continues[i] = i % 4 == 3 ? 0 : 1;
        }
    }
}
