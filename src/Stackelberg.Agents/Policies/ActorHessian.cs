using System.Numerics;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Policies;

/// <summary>Records a function of an actor's parameters.</summary>
/// <param name="parameters">The leaves of the actor's parameters, in the layout's order.</param>
internal delegate Variable RecordActorLoss<T>(Tape<T> tape, ReadOnlySpan<Variable> parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>;

/// <summary>The Hessian of an actor's loss at its present parameters, by differentiating a recorded gradient once more: indefinite in general.</summary>
internal sealed class ActorHessian<T>(StochasticActor<T> actor, RecordActorLoss<T> record) : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Tape<T> tape = new();
    private readonly Variable[] parameters = new Variable[actor.Layout.Parameters.Blocks.Count];
    private readonly Variable[] gradients = new Variable[actor.Layout.Parameters.Blocks.Count];
    private readonly Variable[] seeds = new Variable[actor.Layout.Parameters.Blocks.Count];
    private readonly FlatVector<T> direction = new(actor.Parameters.Length);
    private readonly FlatVector<T> product = new(actor.Parameters.Length);
    private TapeMark recorded;
    private bool isRecorded;

    public int Dimension => actor.Parameters.Length;

    public CoordinateMap Coordinates => actor.Layout.Parameters.Coordinates;

    public OperatorProperties Properties => OperatorProperties.Symmetric;

    /// <summary>To be called when parameters or data have changed: the next product records them anew.</summary>
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

    private void Record()
    {
        tape.Reset();
        tape.Leaves(actor.Layout.Parameters, actor.Parameters, parameters);
        tape.Gradient(record(tape, parameters), parameters, gradients);
        recorded = tape.Mark();
        isRecorded = true;
    }
}
