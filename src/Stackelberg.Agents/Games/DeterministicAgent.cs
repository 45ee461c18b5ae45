using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Games;

/// <summary>μ_i(o_i, actions of earlier levels), within the bounds of the agent's actions.</summary>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
internal sealed class DeterministicAgent<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int agent;
    private readonly AgentCodes<T> codes;
    private readonly Matrix<T> inputGradient;
    private readonly T[] noisy;

    /// <summary>Allocates and initialises an actor.</summary>
    public DeterministicAgent(string name, int agent, AgentCodes<T> codes, NetworkOptions network, GameOptions options, int maximumRows, RandomStream random, RowParallelism? parallelism)
    {
        (this.agent, this.codes) = (agent, codes);
        Width = codes.ActionInputs(agent);
        Network = new AgentNetwork<T>(name, codes.SeenInputs(agent), Width, network, options, maximumRows, random, parallelism, Activation.Tanh);
        inputGradient = new Matrix<T>(maximumRows, Network.Layout.Inputs);
        noisy = new T[Width];
    }

    /// <summary>Numbers of the action.</summary>
    public int Width { get; }

    /// <summary>The network and its player.</summary>
    public AgentNetwork<T> Network { get; }

    /// <summary>Writes the agent's part of a joint action at one point.</summary>
    /// <param name="noise">Standard deviation of Gaussian noise on the code of the action, whose range is 2; 0 for none.</param>
    public void Act(ReadOnlySpan<double> observations, Span<double> actions, double noise, RandomStream random)
    {
        codes.WriteSeen(agent, observations, actions, Network.Input);
        Network.Evaluate().CopyTo(noisy);
        for (int i = 0; i < Width && noise > 0; i++)
        {
            noisy[i] += Widths.Narrow<T>(noise * random.NextNormal());
        }

        codes.ReadAction(agent, noisy, actions);
    }

    /// <summary>Makes a point a row of the next evaluation.</summary>
    public void Write(int row, ReadOnlySpan<double> observations, ReadOnlySpan<double> actions) => codes.WriteSeen(agent, observations, actions, Network.Inputs.Row(row));

    /// <summary>Writes the agent's part of a joint action from a row of the last evaluation.</summary>
    public void Read(int row, Span<double> actions) => codes.ReadAction(agent, Network.Outputs(row), actions);

    /// <summary>Adds, row by row, what a cotangent of the agent's action means for the actions that it saw.</summary>
    /// <param name="cotangents">In the codes of all agents' actions; the agent's own part is read, earlier levels' parts are added to.</param>
    public void PassBack(int rows, Matrix<T> cotangents)
    {
        int own = codes.ActionColumn(agent);
        for (int r = 0; r < rows; r++)
        {
            cotangents.Row(r).Slice(own, Width).CopyTo(Network.Cotangents.Row(r));
        }

        Network.InputGradient(inputGradient);
        for (int k = 0; k < agent; k++)
        {
            if (!codes.Sees(agent, k))
            {
                continue;
            }

            (int from, int to, int width) = (codes.SeenColumn(agent, k), codes.ActionColumn(k), codes.ActionInputs(k));
            for (int r = 0; r < rows; r++)
            {
                for (int i = 0; i < width; i++)
                {
                    cotangents.Row(r)[to + i] += inputGradient.Row(r)[from + i];
                }
            }
        }
    }

    /// <summary>One step up along cotangents of the agent's action, in the codes of all agents' actions.</summary>
    /// <param name="batch">With the rows' weights.</param>
    /// <param name="update">Updates made before.</param>
    public void Ascend(JointBatch batch, Matrix<T> cotangents, long update)
    {
        int own = codes.ActionColumn(agent);
        for (int r = 0; r < batch.Rows; r++)
        {
            T weight = Widths.Narrow<T>(-batch.Weights[r]);
            for (int i = 0; i < Width; i++)
            {
                Network.Cotangents.Row(r)[i] = weight * cotangents.Row(r)[own + i];
            }
        }

        Network.Step(update);
    }
}
