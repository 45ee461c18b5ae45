using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Games;

/// <summary>How an actor of discrete actions sees its critic.</summary>
public enum ActorGradient
{
    /// <summary>∇ Σ_a π(a) Q(a) over all actions: no sampling noise, as in the Bi-AC code.</summary>
    AllActions,

    /// <summary>∇ log π(a) Q(a) at a sampled action, as printed in the paper.</summary>
    Score,

    /// <summary>Straight-through Gumbel-softmax: a sampled one-hot action forward, its soft sample backward (Jang, Gu and Poole 2017).</summary>
    Gumbel,
}

/// <summary>How an actor goes up its critic.</summary>
/// <param name="Gradient">How it sees it.</param>
/// <param name="Temperature">τ of Gumbel-softmax.</param>
/// <param name="Entropy">Coefficient of the entropy, which keeps answers from hardening before values are known.</param>
/// <param name="LeaderActions">1: at the leader's actions that were taken; or how many it has: at each of them.</param>
internal readonly record struct ActorAscent(ActorGradient Gradient, double Temperature, double Entropy = 0, int LeaderActions = 1);

/// <summary>π_i(a_i | o_i, actions of earlier levels) = softmax of a network's outputs.</summary>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
internal sealed class CategoricalAgent<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int agent, count;
    private readonly bool seesActions;
    private readonly AgentCodes<T> codes;
    private readonly double[] probabilities, joint, soft;

    /// <summary>Allocates and initialises an actor.</summary>
    /// <param name="count">Its actions.</param>
    /// <param name="seesActions">Whether it sees the actions of earlier levels; otherwise its observation alone.</param>
    public CategoricalAgent(
        string name, int agent, int count, bool seesActions, AgentCodes<T> codes, NetworkOptions network, GameOptions options, int maximumRows, RandomStream random, RowParallelism? parallelism)
    {
        (this.agent, this.count, this.seesActions, this.codes) = (agent, count, seesActions, codes);
        int inputs = seesActions ? codes.SeenInputs(agent) : codes.ObservationInputs(agent);
        Network = new AgentNetwork<T>(name, inputs, count, network, options, maximumRows, random, parallelism);
        (probabilities, joint, soft) = (new double[count], new double[codes.Agents.ActionSize], new double[maximumRows * count]);
    }

    /// <summary>The network and its player.</summary>
    public AgentNetwork<T> Network { get; }

    /// <summary>π_i at one point, valid until the next call.</summary>
    public ReadOnlySpan<double> Probabilities(ReadOnlySpan<double> observations, ReadOnlySpan<double> actions)
    {
        Write(observations, actions, Network.Input);
        SoftChoice.Probabilities(Network.Evaluate(), probabilities);
        return probabilities;
    }

    /// <summary>An action at one point: drawn, or the likeliest.</summary>
    public int Answer(ReadOnlySpan<double> observations, ReadOnlySpan<double> actions, PolicyMode mode, RandomStream random) =>
        Pick(Probabilities(observations, actions), mode, random);

    /// <summary>Makes a point a row of the next evaluation.</summary>
    public void Write(int row, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions) => Write(observations, actions, Network.Inputs.Row(row));

    /// <summary>An action at a row of the last evaluation: drawn, or the likeliest.</summary>
    public int Answer(int row, PolicyMode mode, RandomStream random)
    {
        SoftChoice.Probabilities(Network.Outputs(row), probabilities);
        return Pick(probabilities, mode, random);
    }

    /// <summary>One step up the critic.</summary>
    /// <param name="ascent">How the critic is seen, and where.</param>
    /// <param name="random">Draws actions and Gumbel noise.</param>
    /// <param name="update">Updates made before.</param>
    public void Improve(JointBatch batch, JointCritic<T> critic, in ActorAscent ascent, RandomStream random, long update)
    {
        int points = batch.Rows * ascent.LeaderActions;
        for (int p = 0; p < points; p++)
        {
            Write(p, batch.Observations(p / ascent.LeaderActions), JointAt(batch, p, ascent.LeaderActions));
        }

        Network.Forward(points);
        if (ascent.Gradient == ActorGradient.Gumbel)
        {
            SeeThroughGumbel(batch, points, critic, ascent, random);
        }
        else
        {
            SeeValues(batch, points, critic, ascent, random);
        }

        Network.Step(update);
    }

    // ∂ Σ p Q / ∂z_a = p_a (Q_a − Σ p Q);  of log p_d Q_d, d drawn from p: (1{a = d} − p_a) Q_d
    private void SeeValues(JointBatch batch, int points, JointCritic<T> critic, in ActorAscent ascent, RandomStream random)
    {
        for (int p = 0; p < points; p++)
        {
            critic.WriteOwnActions(p, count, batch.Observations(p / ascent.LeaderActions), JointAt(batch, p, ascent.LeaderActions));
        }

        critic.Network.Forward(points * count);
        for (int p = 0; p < points; p++)
        {
            SoftChoice.Probabilities(Network.Outputs(p), probabilities);
            int drawn = ascent.Gradient == ActorGradient.Score ? SoftChoice.Draw(probabilities, random) : -1, first = p * count;
            double mean = 0;
            for (int a = 0; a < count; a++)
            {
                mean += probabilities[a] * critic[first + a];
            }

            for (int a = 0; a < count; a++)
            {
                soft[a] = drawn < 0 ? probabilities[a] * (critic[first + a] - mean) : ((a == drawn ? 1 : 0) - probabilities[a]) * critic[first + drawn];
            }

            Descend(p, batch.Weights[p / ascent.LeaderActions] / ascent.LeaderActions, soft.AsSpan(0, count), ascent.Entropy);
        }
    }

    // a = onehot(argmax y) forward, y = softmax((z + g) / τ) backward:  ∂Q/∂z_a = y_a (∂Q/∂a_a − Σ y ∂Q/∂a) / τ; the others' actions carry nothing
    private void SeeThroughGumbel(JointBatch batch, int points, JointCritic<T> critic, in ActorAscent ascent, RandomStream random)
    {
        for (int p = 0; p < points; p++)
        {
            Span<double> y = soft.AsSpan(p * count, count);
            for (int a = 0; a < count; a++)
            {
                y[a] = (Widths.Widen(Network.Outputs(p)[a]) + SoftChoice.Gumbel(random)) / ascent.Temperature;
            }

            Span<double> actions = JointAt(batch, p, ascent.LeaderActions);
            actions[codes.Agents.ActionOffset(agent)] = SoftChoice.Largest(y);
            SoftChoice.Probabilities<double>(y, y);
            critic.Write(p, batch.Observations(p / ascent.LeaderActions), actions);
        }

        critic.Network.Forward(points);
        Matrix<T> slopes = critic.ActionGradient(points);
        for (int p = 0; p < points; p++)
        {
            Span<double> y = soft.AsSpan(p * count, count);
            ReadOnlySpan<T> slope = slopes.Row(p).Slice(codes.ActionColumn(agent), count);
            double mean = 0;
            for (int a = 0; a < count; a++)
            {
                mean += y[a] * Widths.Widen(slope[a]);
            }

            for (int a = 0; a < count; a++)
            {
                y[a] *= (Widths.Widen(slope[a]) - mean) / ascent.Temperature;
            }

            SoftChoice.Probabilities(Network.Outputs(p), probabilities);
            Descend(p, batch.Weights[p / ascent.LeaderActions] / ascent.LeaderActions, y, ascent.Entropy);
        }
    }

    /// <summary>The cotangent of a point: minus what goes up, and minus the entropy's slope, ∂H/∂z_a = −p_a (ln p_a + H).</summary>
    private void Descend(int point, double weight, ReadOnlySpan<double> upwards, double entropyWeight)
    {
        double entropy = 0;
        for (int a = 0; a < count && entropyWeight > 0; a++)
        {
            entropy -= probabilities[a] > 0 ? probabilities[a] * Math.Log(probabilities[a]) : 0;
        }

        for (int a = 0; a < count; a++)
        {
            double slope = entropyWeight > 0 && probabilities[a] > 0 ? -probabilities[a] * (Math.Log(probabilities[a]) + entropy) : 0;
            Network.Cotangents.Row(point)[a] = Widths.Narrow<T>(-weight * (upwards[a] + (entropyWeight * slope)));
        }
    }

    /// <summary>A transition's joint action, the leader's as it was, or one after the other of all it has.</summary>
    private Span<double> JointAt(JointBatch batch, int point, int leaderActions)
    {
        batch.Actions(point / leaderActions).CopyTo(joint);
        if (leaderActions > 1)
        {
            joint[0] = point % leaderActions;
        }

        return joint;
    }

    private static int Pick(ReadOnlySpan<double> p, PolicyMode mode, RandomStream random) => mode == PolicyMode.Greedy ? SoftChoice.Largest(p) : SoftChoice.Draw(p, random);

    private void Write(ReadOnlySpan<double> observations, ReadOnlySpan<double> actions, Span<T> inputs)
    {
        if (seesActions)
        {
            codes.WriteSeen(agent, observations, actions, inputs);
        }
        else
        {
            codes.WriteObservation(agent, observations, inputs);
        }
    }
}
