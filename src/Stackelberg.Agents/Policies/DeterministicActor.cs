using System.Numerics;
using Stackelberg.Environments;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Policies;

/// <summary>μ_θ(s) = centre + half range ∘ tanh(network(s)): a deterministic policy onto a bounded box of actions.</summary>
public sealed class DeterministicActor<T> : ReparameterisedActor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Allocates and initialises an actor.</summary>
    /// <exception cref="NotSupportedException">The action space is no box with finite bounds.</exception>
    public DeterministicActor(Space observations, Space actions, NetworkOptions options, RandomStream random)
        : base(observations, actions, options, outputsPerAction: 1, Activation.Tanh, random)
    {
    }

    /// <inheritdoc/>
    public override void Act(ReadOnlySpan<double> observation, Span<double> action, PolicyMode mode, RandomStream random)
    {
        ReadOnlySpan<T> unit = Outputs(observation);
        for (int j = 0; j < unit.Length; j++)
        {
            action[j] = Scale(j, unit[j]);
        }
    }

    /// <inheritdoc/>
    public override void Explore(ReadOnlySpan<double> observation, Span<double> action, double deviation, RandomStream random)
    {
        Act(observation, action, PolicyMode.Greedy, random);
        for (int j = 0; j < action.Length; j++)
        {
            action[j] = Clip(j, action[j] + (deviation * double.CreateTruncating(HalfRange[j]) * random.NextNormal()));
        }
    }

    /// <summary>Records μ_θ(s), [rows × action size], on a tape.</summary>
    /// <param name="observations">s, [rows × observation size].</param>
    /// <param name="parameters">The tensors of θ, or of a target copy, in the layout's order.</param>
    public Variable Record(Tape<T> tape, Variable observations, ReadOnlySpan<Variable> parameters)
    {
        int rows = tape.Rows(observations);
        Variable half = tape.BroadcastRow(tape.Constant(HalfRange, 1, ActionSize), rows);
        Variable centre = tape.BroadcastRow(tape.Constant(Centre, 1, ActionSize), rows);
        return tape.Add(centre, tape.Multiply(half, tape.Mlp(Layout, observations, parameters)));
    }

    /// <inheritdoc/>
    public override ActorPoint<T> CreatePoint(int maximumRows, RowParallelism? parallelism) => new Point(this, maximumRows, parallelism);

    private sealed class Point(DeterministicActor<T> actor, int maximumRows, RowParallelism? parallelism)
        : ActorPoint<T>(actor, maximumRows, parallelism)
    {
        private readonly Matrix<T> noCurvature = new(maximumRows, actor.ActionSize);

        public override void Evaluate(FlatVector<T> parameters, Matrix<T> observations, int rows, RandomStream? noise, Matrix<T> inputs)
        {
            Linearisation.Forward(parameters, observations, rows);
            Batches.Join(observations, Linearisation.Outputs, Actor.HalfRange, Actor.Centre, rows, inputs);
        }

        public override void Vjp(Matrix<T> actions, ReadOnlySpan<T> logProbabilities, Span<T> gradient)
        {
            ToOutputs(actions);
            Linearisation.Vjp(OutputCotangents, gradient);
        }

        public override void Jvp(ReadOnlySpan<T> direction, Matrix<T> actions)
        {
            Linearisation.Jvp(direction, actions);
            Batches.ScaleColumns(actions, Actor.HalfRange, Linearisation.Rows, actions);
        }

        public override void SetCotangents(Matrix<T> actions, ReadOnlySpan<T> logProbabilities)
        {
            ToOutputs(actions);
            Linearisation.SetLoss(OutputCotangents, noCurvature);
        }

        public override void HessianProduct(ReadOnlySpan<T> direction, Span<T> result) => Linearisation.Hvp(direction, result);

        private void ToOutputs(Matrix<T> actions) =>
            Batches.ScaleColumns(actions, Actor.HalfRange, Linearisation.Rows, OutputCotangents);
    }
}
