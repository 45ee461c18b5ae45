using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Primitives;
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

    /// <summary>One step up the critic in what the agent saw, the others' actions as they were.</summary>
    /// <param name="gradient">How the critic is seen.</param>
    /// <param name="temperature">Of Gumbel-softmax.</param>
    /// <param name="update">Updates made before.</param>
    public void Improve(JointBatch batch, JointCritic<T> critic, ActorGradient gradient, double temperature, RandomStream random, long update)
    {
        for (int r = 0; r < batch.Rows; r++)
        {
            Write(r, batch.Observations(r), batch.Actions(r));
        }

        Network.Forward(batch.Rows);
        if (gradient == ActorGradient.Gumbel)
        {
            SeeThroughGumbel(batch, critic, temperature, random);
        }
        else
        {
            critic.EvaluateOwnActions(batch, count);
            SeeValues(batch, critic, gradient == ActorGradient.Score ? random : null);
        }

        Network.Step(update);
    }

    // ∂ Σ p Q / ∂z_a = p_a (Q_a − Σ p Q);  of log p_d Q_d, d drawn from p: (1{a = d} − p_a) Q_d
    private void SeeValues(JointBatch batch, JointCritic<T> critic, RandomStream? draws)
    {
        for (int r = 0; r < batch.Rows; r++)
        {
            SoftChoice.Probabilities(Network.Outputs(r), probabilities);
            int drawn = draws is null ? -1 : SoftChoice.Draw(probabilities, draws), first = r * count;
            double mean = 0;
            for (int a = 0; a < count; a++)
            {
                mean += probabilities[a] * critic[first + a];
            }

            for (int a = 0; a < count; a++)
            {
                double ascent = drawn < 0 ? probabilities[a] * (critic[first + a] - mean) : ((a == drawn ? 1 : 0) - probabilities[a]) * critic[first + drawn];
                Network.Cotangents.Row(r)[a] = Widths.Narrow<T>(-batch.Weights[r] * ascent);
            }
        }
    }

    // a = onehot(argmax y) forward, y = softmax((z + g) / τ) backward:  ∂Q/∂z_a = y_a (∂Q/∂a_a − Σ y ∂Q/∂a) / τ; the others' actions carry nothing
    private void SeeThroughGumbel(JointBatch batch, JointCritic<T> critic, double temperature, RandomStream random)
    {
        for (int r = 0; r < batch.Rows; r++)
        {
            Span<double> y = soft.AsSpan(r * count, count);
            for (int a = 0; a < count; a++)
            {
                y[a] = (Widths.Widen(Network.Outputs(r)[a]) + SoftChoice.Gumbel(random)) / temperature;
            }

            batch.Actions(r).CopyTo(joint);
            joint[codes.Agents.ActionOffset(agent)] = SoftChoice.Largest(y);
            SoftChoice.Probabilities<double>(y, y);
            critic.Write(r, batch.Observations(r), joint);
        }

        critic.Network.Forward(batch.Rows);
        Tensors.Matrix<T> slopes = critic.ActionGradient(batch.Rows);
        for (int r = 0; r < batch.Rows; r++)
        {
            ReadOnlySpan<double> y = soft.AsSpan(r * count, count);
            ReadOnlySpan<T> slope = slopes.Row(r).Slice(codes.ActionColumn(agent), count);
            double mean = 0;
            for (int a = 0; a < count; a++)
            {
                mean += y[a] * Widths.Widen(slope[a]);
            }

            for (int a = 0; a < count; a++)
            {
                Network.Cotangents.Row(r)[a] = Widths.Narrow<T>(-batch.Weights[r] * y[a] * (Widths.Widen(slope[a]) - mean) / temperature);
            }
        }
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
