using System.Numerics;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Policies;

/// <summary>
/// A parametrised distribution π_θ(a | s) whose parameters are one flat vector: what a policy-gradient method needs of its actor.
/// </summary>
/// <remarks>
/// Batches hold one observation per row [rows × observation size] and one stored action per row [rows × action size]; a discrete action is
/// stored as its index. Not thread-safe.
/// </remarks>
public abstract class StochasticActor<T> : IPolicy
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly MlpEvaluator<T> evaluator;
    private readonly T[] input;
    private readonly T[] output;

    /// <summary>Allocates parameters and workspace.</summary>
    /// <param name="layout">From the observation to the distribution's natural parameters.</param>
    /// <param name="maximumRows">Largest batch.</param>
    /// <param name="parallelism">Threads for large batches, or null for one.</param>
    protected StochasticActor(MlpLayout layout, int maximumRows, RowParallelism? parallelism)
    {
        Layout = layout;
        Parameters = new FlatVector<T>(layout.Parameters.Length);
        Linearisation = new Linearisation<T>(layout, maximumRows, parallelism);
        Cotangents = new Matrix<T>(maximumRows, layout.Outputs);
        evaluator = new MlpEvaluator<T>(layout);
        input = new T[layout.Inputs];
        output = new T[layout.Outputs];
    }

    /// <summary>The network and any further parameters of the distribution.</summary>
    public MlpLayout Layout { get; }

    /// <summary>θ</summary>
    public FlatVector<T> Parameters { get; }

    /// <summary>Numbers per stored action.</summary>
    public abstract int ActionSize { get; }

    /// <summary>The network at the parameters and batch of the last <see cref="Evaluate"/>.</summary>
    protected Linearisation<T> Linearisation { get; }

    /// <summary>Workspace for output cotangents, [maximum rows × outputs].</summary>
    protected Matrix<T> Cotangents { get; }

    /// <summary>Makes the actor that fits an action space: categorical for discrete, diagonal Gaussian for boxes.</summary>
    /// <exception cref="NotSupportedException">The space is neither.</exception>
    public static StochasticActor<T> For(
        Space observations, Space actions, ActorOptions options, int maximumRows, RandomStream random, RowParallelism? parallelism)
    {
        StochasticActor<T> actor = actions switch
        {
            DiscreteSpace discrete => new CategoricalActor<T>(observations.Size, discrete.Count, options, maximumRows, parallelism),
            BoxSpace box => new GaussianActor<T>(observations.Size, box, options, maximumRows, parallelism),
            _ => throw new NotSupportedException($"No stochastic actor for the action space {actions}; there are actors for discrete and box spaces."),
        };
        options.Fill(actor.Layout, actor.Parameters, random, headGain: 0.01);
        actor.InitialiseDistribution(options);
        return actor;
    }

    /// <inheritdoc/>
    public void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
    {
        Draw(observation, action, mode, random);
        ToEnvironment(action);
    }

    /// <summary>Picks the action that is stored and whose log-probability counts; <see cref="ToEnvironment"/> makes it fit for the environment.</summary>
    public void Draw(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
    {
        for (int i = 0; i < input.Length; i++)
        {
            input[i] = T.CreateTruncating(observation[i]);
        }

        evaluator.Evaluate(Parameters, input, output);
        Choose(output, action, mode, random);
    }

    /// <summary>Turns a drawn action into what the environment is given, in place.</summary>
    public virtual void ToEnvironment(Span<double> action)
    {
    }

    /// <summary>Evaluates the network on a batch; the other batch methods refer to it until parameters change.</summary>
    public void Evaluate(Matrix<T> observations, int rows)
    {
        Linearisation.Forward(Parameters, observations, rows);
        AfterEvaluate();
    }

    /// <summary>log π(a_i | s_i) of every row of the evaluated batch.</summary>
    public abstract void LogProbabilities(Matrix<T> actions, Span<double> into);

    /// <summary>gradient ← Σ_i weight_i ∇_θ log π(a_i | s_i) + c ∇_θ H over the evaluated batch, H the mean entropy.</summary>
    /// <param name="entropyWeight">c</param>
    /// <remarks>Every policy gradient, and every closed mixed product of an actor that leads, is of this form.</remarks>
    public abstract void Score(Matrix<T> actions, ReadOnlySpan<double> weights, FlatVector<T> gradient, double entropyWeight = 0);

    /// <summary>into_i ← ∇_θ log π(a_i | s_i) · direction for every row of the evaluated batch.</summary>
    public abstract void ScoreProducts(Matrix<T> actions, ReadOnlySpan<T> direction, Span<double> into);

    /// <summary>Records log π(a_i | s_i), [rows × 1], on a tape, for derivatives of any order.</summary>
    /// <param name="parameters">The leaves of <see cref="Parameters"/>, in the layout's order.</param>
    public abstract Variable RecordLogProbabilities(
        Tape<T> tape, ReadOnlySpan<Variable> parameters, Matrix<T> observations, Matrix<T> actions, int rows);

    /// <summary>Mean entropy of the evaluated batch, in nats.</summary>
    public abstract double MeanEntropy();

    /// <summary>Records the mean entropy of a batch, [1 × 1].</summary>
    /// <param name="parameters">The leaves of <see cref="Parameters"/>, in the layout's order.</param>
    public abstract Variable RecordMeanEntropy(Tape<T> tape, ReadOnlySpan<Variable> parameters, Matrix<T> observations, int rows);

    /// <summary>Records the network on a batch.</summary>
    protected Variable RecordNetwork(Tape<T> tape, ReadOnlySpan<Variable> parameters, Matrix<T> observations, int rows)
    {
        Variable x = tape.Leaf(observations, rows);
        for (int layer = 0; layer < Layout.Layers; layer++)
        {
            x = tape.Linear(x, parameters[2 * layer], parameters[(2 * layer) + 1], Layout.ActivationOf(layer));
        }

        return x;
    }

    /// <summary>Picks an action from the network's output for one observation.</summary>
    protected abstract void Choose(ReadOnlySpan<T> output, Span<double> action, PolicyMode mode, RandomStream random);

    /// <summary>Prepares what the batch methods read of the network's outputs and of the parameters.</summary>
    protected abstract void AfterEvaluate();

    /// <summary>Sets parameters that are no network weights.</summary>
    protected virtual void InitialiseDistribution(ActorOptions options)
    {
    }
}
