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
    private readonly Matrix<T> inputGradient;

    /// <summary>Allocates and initialises a critic.</summary>
    /// <param name="maximumRows">Rows of a batch, times the most actions that one agent has.</param>
    public JointCritic(string name, int agent, AgentCodes<T> codes, NetworkOptions network, GameOptions options, int maximumRows, RandomStream random, RowParallelism? parallelism)
    {
        (this.agent, this.codes, this.options) = (agent, codes, options);
        Network = new AgentNetwork<T>(name, codes.ObservationInputs(agent) + codes.JointActionInputs, 1, network, options, maximumRows, random, parallelism);
        (targets, joint) = (new double[maximumRows], new double[codes.Agents.ActionSize]);
        inputGradient = new Matrix<T>(maximumRows, Network.Layout.Inputs);
    }

    /// <summary>The network and its player.</summary>
    public AgentNetwork<T> Network { get; }

    /// <summary>Q_i of a row of the last evaluation.</summary>
    public double this[int row] => Network[row];

    /// <summary>Q_i(o_i, a).</summary>
    public double ValueOf(ReadOnlySpan<double> observations, ReadOnlySpan<double> actions)
    {
        codes.WriteJoint(agent, observations, actions, Network.Input);
        return Widths.Widen(Network.Evaluate()[0]);
    }

    /// <summary>Makes a joint action a row of the next evaluation.</summary>
    public void Write(int row, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions) => codes.WriteJoint(agent, observations, actions, Network.Inputs.Row(row));

    /// <summary>Evaluates Q_i at every action of the agent's own, the others' as they were: rows in blocks, action by action.</summary>
    /// <param name="count">Actions of the agent.</param>
    public void EvaluateOwnActions(JointBatch batch, int count)
    {
        for (int r = 0; r < batch.Rows; r++)
        {
            batch.Actions(r).CopyTo(joint);
            for (int a = 0; a < count; a++)
            {
                joint[codes.Agents.ActionOffset(agent)] = a;
                Write((r * count) + a, batch.Observations(r), joint);
            }
        }

        Network.Forward(batch.Rows * count);
    }

    /// <summary>∂Q_i/∂a_i of the rows of the last evaluation, in the code of the agent's action.</summary>
    /// <returns>Row by row, from the first input of that code on.</returns>
    public Matrix<T> InputGradient(int rows, out int firstColumn)
    {
        for (int r = 0; r < rows; r++)
        {
            Network.Cotangents.Row(r)[0] = T.One;
        }

        Network.InputGradient(inputGradient);
        firstColumn = codes.ActionColumn(agent);
        return inputGradient;
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
            targets[r] = batch.Reward(r, agent) + (batch.Terminated(r) ? 0 : options.Gamma * Network[r]);
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
}
