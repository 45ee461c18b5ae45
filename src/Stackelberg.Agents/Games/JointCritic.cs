using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Games;

/// <summary>Q_i(o_i, a): an agent's critic of joint actions, written in the order of play.</summary>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
internal sealed class JointCritic<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int agent;
    private readonly AgentCodes<T> codes;
    private readonly GameOptions options;
    private readonly double[] targets, joint;
    private readonly Matrix<T> inputGradient, actionGradient;
    private readonly int observationInputs, actionInputs, products;

    /// <summary>Allocates and initialises a critic.</summary>
    /// <param name="maximumRows">Rows of a batch, times the most actions that one agent has.</param>
    /// <param name="quadratic">Whether it also reads the products of all pairs of action codes.</param>
    public JointCritic(
        string name, int agent, AgentCodes<T> codes, NetworkOptions network, GameOptions options, int maximumRows, RandomStream random, RowParallelism? parallelism, bool quadratic = false)
    {
        (this.agent, this.codes, this.options) = (agent, codes, options);
        (observationInputs, actionInputs) = (codes.ObservationInputs(agent), codes.JointActionInputs);
        products = quadratic ? actionInputs * (actionInputs + 1) / 2 : 0;
        Network = new AgentNetwork<T>(name, observationInputs + actionInputs + products, 1, network, options, maximumRows, random, parallelism);
        (targets, joint) = (new double[maximumRows], new double[codes.Agents.ActionSize]);
        (inputGradient, actionGradient) = (new Matrix<T>(maximumRows, Network.Layout.Inputs), new Matrix<T>(maximumRows, actionInputs));
    }

    /// <summary>The network and its player.</summary>
    public AgentNetwork<T> Network { get; }

    /// <summary>Q_i of a row of the last evaluation.</summary>
    public double this[int row] => Network[row];

    /// <summary>Q_i(o_i, a).</summary>
    public double ValueOf(ReadOnlySpan<double> observations, ReadOnlySpan<double> actions)
    {
        Write(observations, actions, Network.Input);
        return Widths.Widen(Network.Evaluate()[0]);
    }

    /// <summary>Makes a joint action a row of the next evaluation.</summary>
    public void Write(int row, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions) => Write(observations, actions, Network.Inputs.Row(row));

    /// <summary>Makes every action of the agent's own a row of the next evaluation, the others' as given: a block of rows.</summary>
    /// <param name="block">Number of the block.</param>
    /// <param name="count">Actions of the agent.</param>
    public void WriteOwnActions(int block, int count, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions)
    {
        actions.CopyTo(joint);
        for (int a = 0; a < count; a++)
        {
            joint[codes.Agents.ActionOffset(agent)] = a;
            Write((block * count) + a, observations, joint);
        }
    }

    /// <summary>∂Q_i/∂a of the rows of the last evaluation, in the codes of all agents' actions, [rows × codes].</summary>
    public Matrix<T> ActionGradient(int rows)
    {
        for (int r = 0; r < rows; r++)
        {
            Network.Cotangents.Row(r)[0] = T.One;
        }

        Network.InputGradient(inputGradient);
        for (int r = 0; r < rows; r++)
        {
            ReadOnlySpan<T> slopes = inputGradient.Row(r)[observationInputs..];
            slopes[..actionInputs].CopyTo(actionGradient.Row(r));
            if (products > 0)
            {
                AddProducts(Network.Inputs.Row(r).Slice(observationInputs, actionInputs), slopes[actionInputs..], actionGradient.Row(r));
            }
        }

        return actionGradient;
    }

    /// <summary>y_i = r_i + γ (1 − terminated) Q̄_i(o_i′, a′) of every row.</summary>
    /// <param name="following">a′ of every row, one joint action after another; empty where all rows terminated.</param>
    public ReadOnlySpan<double> Targets(JointBatch batch, ReadOnlySpan<double> following)
    {
        int width = joint.Length;
        for (int r = 0; r < batch.Rows && following.Length > 0; r++)
        {
            Write(r, batch.NextObservations(r), following.Slice(r * width, width));
        }

        if (following.Length > 0)
        {
            Network.Forward(batch.Rows, target: true);
        }

        for (int r = 0; r < batch.Rows; r++)
        {
            targets[r] = (options.RewardScale * batch.Reward(r, agent)) + (batch.Terminated(r) ? 0 : options.Gamma * Network[r]);
        }

        return targets.AsSpan(0, batch.Rows);
    }

    /// <summary>One step down mean Huber(Q_i(o_i, a) − y_i); returns the loss before it.</summary>
    /// <param name="towards">y_i of every row.</param>
    /// <param name="update">Updates made before.</param>
    public double Regress(JointBatch batch, ReadOnlySpan<double> towards, long update)
    {
        for (int r = 0; r < batch.Rows; r++)
        {
            Write(r, batch.Observations(r), batch.Actions(r));
        }

        Network.Forward(batch.Rows);
        double loss = 0;
        for (int r = 0; r < batch.Rows; r++)
        {
            (double part, double slope) = options.LossOf(Network[r] - towards[r]);
            loss += batch.Weights[r] * part;
            Network.Cotangents.Row(r)[0] = Widths.Narrow<T>(batch.Weights[r] * slope);
        }

        Network.Step(update);
        return loss;
    }

    private void Write(ReadOnlySpan<double> observations, ReadOnlySpan<double> actions, Span<T> inputs)
    {
        codes.WriteJoint(agent, observations, actions, inputs);
        if (products == 0)
        {
            return;
        }

        ReadOnlySpan<T> a = inputs.Slice(observationInputs, actionInputs);
        int at = observationInputs + actionInputs;
        for (int k = 0; k < a.Length; k++)
        {
            for (int l = k; l < a.Length; l++)
            {
                inputs[at++] = a[k] * a[l];
            }
        }
    }

    // ∂(a_k a_l)/∂a_k = a_l
    private static void AddProducts(ReadOnlySpan<T> a, ReadOnlySpan<T> ofProducts, Span<T> result)
    {
        int at = 0;
        for (int k = 0; k < a.Length; k++)
        {
            for (int l = k; l < a.Length; l++)
            {
                result[k] += ofProducts[at] * a[l];
                result[l] += ofProducts[at++] * a[k];
            }
        }
    }
}
