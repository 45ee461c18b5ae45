using System.Numerics;
using Stackelberg.Agents.Policies;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Critics;

/// <summary>Q_w(s, a), or twins of it, as one player; each network with the places at which derivatives are taken.</summary>
public sealed class QCritics<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Allocates and initialises critics.</summary>
    /// <param name="count">1, or 2 for twins.</param>
    /// <param name="trackingDelay">Every how many updates the target networks follow.</param>
    /// <param name="parallelism">Threads that share the rows, or null for the caller's own.</param>
    public QCritics(int count, AlgorithmContext context, ReparameterisedActor<T> actor, OffPolicyOptions options, RowParallelism? parallelism, int trackingDelay = 1)
    {
        Layout = new MlpLayout(actor.Layout.Inputs + actor.ActionSize, options.Critic.Hidden, 1, options.Critic.Activation);
        int length = Layout.Parameters.Length;
        var parameters = new FlatVector<T>(count * length);
        ParameterLayout joint = count == 1
            ? Layout.Parameters
            : ParameterLayout.Concatenate(Enumerable.Range(1, count).Select(i => ($"critic{i}", Layout.Parameters)));
        for (int i = 0; i < count; i++)
        {
            options.Critic.Fill(Layout, parameters.Slice(i * length, length), context.Random.Split("critic", i), headGain: 1);
        }

        Player = new Player<T>("critic", joint, parameters, options.Critic, options.Polyak) { TrackingDelay = trackingDelay };
        bool separate = options.Leading.Leader != LeaderRole.None;
        Networks = [.. Enumerable.Range(0, count).Select(i => new QNetwork<T>(
            Layout, parameters.Slice(i * length, length), Player.Target.Slice(i * length, length), options.BatchSize, parallelism, separate))];
    }

    /// <summary>Each network.</summary>
    public MlpLayout Layout { get; }

    /// <summary>All networks' parameters, targets and optimiser.</summary>
    public Player<T> Player { get; }

    /// <summary>One, or both of twins.</summary>
    public IReadOnlyList<QNetwork<T>> Networks { get; }
}

/// <summary>One Q_w(s, a) at three places: the batch's actions, the actor's, and the next ones.</summary>
public sealed class QNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    internal QNetwork(MlpLayout layout, FlatVector<T> parameters, FlatVector<T> target, int maximumRows, RowParallelism? parallelism, bool separatePlaces)
    {
        (Parameters, Target) = (parameters, target);
        AtBatch = new Linearisation<T>(layout, maximumRows, parallelism);
        // without a leader one place is used after the other: they share memory
        AtPolicy = separatePlaces ? new Linearisation<T>(layout, maximumRows, parallelism) : AtBatch;
        AtNext = separatePlaces ? new Linearisation<T>(layout, maximumRows, parallelism) : AtBatch;
    }

    /// <summary>w of this network.</summary>
    public FlatVector<T> Parameters { get; }

    /// <summary>w of its target.</summary>
    public FlatVector<T> Target { get; }

    /// <summary>Q_w at the batch's own actions, (s, a).</summary>
    internal Linearisation<T> AtBatch { get; }

    /// <summary>Q_w at the actor's actions, (s, a_θ(s)).</summary>
    internal Linearisation<T> AtPolicy { get; }

    /// <summary>The target network at the next actions, (s′, a′).</summary>
    internal Linearisation<T> AtNext { get; }
}
