using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Games;

/// <summary>One network of an agent: its player with a target copy, room for a batch, and a single evaluation.</summary>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
internal sealed class AgentNetwork<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GameOptions options;
    private readonly Linearisation<T> at;
    private readonly MlpEvaluator<T> evaluator;
    private readonly T[] input, output;
    private readonly ParameterBlock[] blocks;

    /// <summary>Allocates and initialises a network.</summary>
    /// <param name="name">Of the player, such as <c>leader_critic</c>.</param>
    /// <param name="maximumRows">Rows of the largest batch.</param>
    /// <param name="outputActivation">Of the last layer.</param>
    public AgentNetwork(
        string name, int inputs, int outputs, NetworkOptions network, GameOptions options, int maximumRows, RandomStream random, RowParallelism? parallelism,
        Activation outputActivation = Activation.Identity)
    {
        this.options = options;
        Layout = new MlpLayout(inputs, network.Hidden, outputs, network.Activation, outputActivation);
        FlatVector<T> parameters = new(Layout.Parameters.Length);
        network.Fill(Layout, parameters, random, headGain: 1);
        Player = new Player<T>(name, Layout.Parameters, parameters, network, options.Polyak) { TrackingDelay = options.TargetEvery };
        at = new Linearisation<T>(Layout, maximumRows, parallelism);
        evaluator = new MlpEvaluator<T>(Layout);
        (Inputs, Cotangents) = (new Matrix<T>(maximumRows, inputs), new Matrix<T>(maximumRows, outputs));
        (input, output) = (new T[inputs], new T[outputs]);
        blocks = [.. Layout.Parameters.Blocks];
    }

    /// <summary>The network.</summary>
    public MlpLayout Layout { get; }

    /// <summary>θ, its optimiser and its target copy.</summary>
    public Player<T> Player { get; }

    /// <summary>To be filled before <see cref="Forward"/>, [rows × inputs].</summary>
    public Matrix<T> Inputs { get; }

    /// <summary>To be filled before a derivative is taken: ∂loss/∂outputs, [rows × outputs].</summary>
    public Matrix<T> Cotangents { get; }

    /// <summary>Input of a single evaluation.</summary>
    public Span<T> Input => input;

    /// <summary>An output of the last <see cref="Forward"/>.</summary>
    public double this[int row, int column = 0] => Widths.Widen(at.Outputs.Row(row)[column]);

    /// <summary>Evaluates <see cref="Inputs"/>.</summary>
    /// <param name="target">At the target's parameters.</param>
    public void Forward(int rows, bool target = false) => at.Forward(target ? Player.Target : Player.Parameters, Inputs, rows);

    /// <summary>Evaluates <see cref="Input"/>.</summary>
    public ReadOnlySpan<T> Evaluate()
    {
        evaluator.Evaluate(Player.Parameters, input, output);
        return output;
    }

    /// <summary>The outputs of a row of the last <see cref="Forward"/>.</summary>
    public ReadOnlySpan<T> Outputs(int row) => at.Outputs.Row(row);

    /// <summary>Row by row, Σ cotangent · ∂output/∂input at the last <see cref="Forward"/>.</summary>
    public void InputGradient(Matrix<T> result) => at.InputVjp(Cotangents, result);

    /// <summary>One step along <see cref="Cotangents"/>, each tensor's gradient clipped; the target follows where it is due.</summary>
    /// <param name="update">Updates made before, for the target's schedule.</param>
    public void Step(long update)
    {
        at.Vjp(Cotangents, Player.Gradient);
        if (!double.IsPositiveInfinity(options.MaxGradientNorm))
        {
            foreach (ParameterBlock block in blocks)
            {
                Span<T> part = Player.Gradient.Span.Slice(block.Offset, block.Length);
                double norm = Vectors.Norm<T>(part);
                if (norm > options.MaxGradientNorm)
                {
                    Vectors.Scale(part, options.MaxGradientNorm / norm);
                }
            }
        }

        Player.Step(Player.Tracks(update));
    }
}
