using System.Numerics;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Policies;

/// <summary>
/// The Hessian of Σ_t weight_t log π_θ(a_t | s_t) over a rollout, by differentiating a recorded gradient once more.
/// </summary>
/// <remarks>Indefinite in general: weights have both signs.</remarks>
internal sealed class ActorHessian<T>(StochasticActor<T> actor, Rollout<T> rollout, double[] weights) : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tape<T> tape = new();
    private readonly Variable[] parameters = new Variable[actor.Layout.Parameters.Blocks.Count];
    private readonly Variable[] gradients = new Variable[actor.Layout.Parameters.Blocks.Count];
    private readonly Variable[] seeds = new Variable[actor.Layout.Parameters.Blocks.Count];
    private readonly FlatVector<T> direction = new(actor.Parameters.Length);
    private readonly FlatVector<T> product = new(actor.Parameters.Length);
    private readonly Matrix<T> weightColumn = new(rollout.Capacity, 1);
    private TapeMark recorded;
    private bool isRecorded;

    public int Dimension => actor.Parameters.Length;

    public CoordinateMap Coordinates => actor.Layout.Parameters.Coordinates;

    public OperatorProperties Properties => OperatorProperties.Symmetric;

    /// <summary>To be called when parameters, rollout or weights have changed: the next product records them anew.</summary>
    public void Forget() => isRecorded = false;

    public void Multiply(ReadOnlySpan<T> x, Span<T> result)
    {
        if (!isRecorded)
        {
            Record();
        }

        x.CopyTo(direction.Span);
        tape.Rewind(recorded);
        tape.Leaves(actor.Layout.Parameters, direction, seeds);
        tape.Gradient(gradients, seeds, parameters, actor.Layout.Parameters, product);
        product.Span.CopyTo(result);
    }

    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => Multiply(x, result);

    /// <summary>Records the gradient at the actor's present parameters, rollout and weights.</summary>
    private void Record()
    {
        for (int t = 0; t < rollout.Count; t++)
        {
            weightColumn[t, 0] = T.CreateTruncating(weights[t]);
        }

        tape.Reset();
        tape.Leaves(actor.Layout.Parameters, actor.Parameters, parameters);
        Variable log = actor.RecordLogProbabilities(tape, parameters, rollout.Observations, rollout.Actions, rollout.Count);
        Variable sum = tape.Sum(tape.Multiply(log, tape.Leaf(weightColumn, rollout.Count)));
        tape.Gradient(sum, parameters, gradients);
        recorded = tape.Mark();
        isRecorded = true;
    }
}
