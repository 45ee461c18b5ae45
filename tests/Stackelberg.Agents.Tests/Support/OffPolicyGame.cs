using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Problems;
using Stackelberg.Agents.Replay;
using Stackelberg.Bilevel;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>
/// A small off-policy learner in double precision, with a batch drawn: its objectives as plain functions of both players' parameters, for finite
/// differences. Noise is the same in every evaluation.
/// </summary>
internal sealed class OffPolicyGame : IDisposable
{
    public static readonly NetworkOptions Network = OffPolicyOptions.Wide([5, 4]) with { Activation = Activation.Tanh };

    private readonly MemoryState noise;

    private OffPolicyGame(IAlgorithm learner)
    {
        Learner = (Learner<double>)learner;
        (Replay, Objectives, Round) = learner switch
        {
            Ddpg<double> ddpg => (ddpg.Replay, ddpg.Objectives, ddpg.Round),
            Td3<double> td3 => (td3.Replay, td3.Objectives, td3.Round),
            Sac<double> sac => (sac.Replay, sac.Objectives, sac.Round),
            _ => throw new ArgumentException($"{learner.GetType().Name} has no replay buffer.", nameof(learner)),
        };
        Replay.Collect(400, new RecordingSink());
        Replay.Sample();
        // the first draws of the noise are those that every evaluation gets
        noise = MemoryState.Of(Objectives.Noise);
    }

    public Learner<double> Learner { get; }

    public Replay<double> Replay { get; }

    public ReplayObjectives<double> Objectives { get; }

    public Round<double> Round { get; }

    public IDifferentiableBilevelProblem<double> Problem => Round.Problem;

    public ReparameterisedActor<double> Policy => (ReparameterisedActor<double>)Learner.Policy;

    public Player<double> Actor => Objectives.Actor;

    public Player<double> Critic => Objectives.Critic;

    public IReadOnlyList<QNetwork<double>> Critics => Objectives.Critics.Networks;

    public MlpLayout CriticLayout => Objectives.Critics.Layout;

    /// <summary>How many critics, from the first, the actor's loss takes the minimum of.</summary>
    public int ActorCritics => Objectives.CriticDimension / Objectives.NetworkLength;

    public static OffPolicyGame Of(string id, Func<OffPolicyOptions, OffPolicyOptions>? change = null, int batch = 24)
    {
        AlgorithmDescriptor descriptor = AlgorithmCatalogue.BuiltIn.Find(id)!;
        OffPolicyOptions options = (OffPolicyOptions)descriptor.CreateOptions() with
        {
            Actor = Network,
            Critic = Network,
            BatchSize = batch,
            BufferSize = 600,
            Precision = Precision.Double,
        };
        var environment = new Drift(discrete: false, 30) { ActionSpace = new BoxSpace([-2, -0.5], [1, 1.5]) };
        options = change?.Invoke(options) ?? options;
        var context = new AlgorithmContext(environment, RandomStream.FromSeed(5), 10_000, 1);
        return new OffPolicyGame(descriptor.Create(context, options));
    }

    /// <summary>Takes the players as they are as the problem's point, with the noise of every evaluation.</summary>
    public void Linearise()
    {
        RestoreNoise();
        Problem.Linearise();
    }

    public void RestoreNoise() => noise.Restore(Objectives.Noise);

    /// <summary>Plays the round that is due and draws the next batch.</summary>
    public RoundLosses Play(RecordingSink? sink = null)
    {
        RoundLosses losses = Round.Play(Learner.Steps, new TrainingClock(), sink ?? new RecordingSink());
        Replay.Sample();
        return losses;
    }

    /// <summary>f of the actor's step: mean (α log π − min Q). Leaves its gradient in the actor.</summary>
    public double ActorLoss()
    {
        RestoreNoise();
        Objectives.Linearise(Asked.CriticGradient | Asked.ActorGradient);
        Objectives.ActorGradient(Actor.Gradient.Span);
        return Objectives.ActorLoss();
    }

    /// <summary>Σ_k mean (Q_k(s, a) − y_θ)². Leaves its gradient in the critics.</summary>
    public double BellmanLoss()
    {
        RestoreNoise();
        Objectives.Linearise(Asked.CriticGradient);
        return Critics.Count * Objectives.CriticGradient(Critic.Gradient.Span);
    }

    /// <summary>Σ_k mean (Q_k(s, a_θ(s)) − y)² over the critics of the actor's loss, at given y. Leaves its gradient in those critics.</summary>
    public double PolicyLoss(double[] targets)
    {
        ActorLoss();
        double sum = 0;
        for (int k = 0; k < ActorCritics; k++)
        {
            Linearisation<double> q = Critics[k].AtPolicy;
            q.SetSquaredLoss(targets);
            q.LossGradient(Critic.Gradient.Span.Slice(k * Objectives.NetworkLength, Objectives.NetworkLength));
            sum += targets.Select((y, i) => (q.Outputs[i, 0] - y) * (q.Outputs[i, 0] - y)).Average();
        }

        return sum;
    }

    /// <summary>The gradient that the last loss left in the first critics, one after the other.</summary>
    public double[] CriticGradient(int count) => Critic.Gradient.Span[..(count * Objectives.NetworkLength)].ToArray();

    /// <summary>Central differences of a vector-valued function along the coordinates of a parameter vector.</summary>
    public static double[] Differences(FlatVector<double> parameters, CoordinateMap coordinates, Func<double> value, double step = 1e-5)
    {
        double[] result = new double[parameters.Length];
        for (int i = 0; i < coordinates.Count; i++)
        {
            int position = coordinates[i];
            double kept = parameters[position];
            parameters[position] = kept + step;
            double above = value();
            parameters[position] = kept - step;
            double below = value();
            parameters[position] = kept;
            result[position] = (above - below) / (2 * step);
        }

        return result;
    }

    /// <summary>A random direction with zero padding.</summary>
    public static double[] Direction(CoordinateMap coordinates, int length, ulong seed)
    {
        RandomStream random = RandomStream.FromSeed(seed);
        double[] result = new double[length];
        for (int i = 0; i < coordinates.Count; i++)
        {
            result[coordinates[i]] = random.NextNormal();
        }

        return result;
    }

    public void Dispose() => Learner.Dispose();
}
