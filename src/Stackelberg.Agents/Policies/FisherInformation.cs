using System.Numerics;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Policies;

/// <summary>The empirical Fisher information mean(∇log π ∇log πᵀ) over a batch: what stands for a Gauss-Newton matrix of an actor.</summary>
internal sealed class FisherInformation<T>(StochasticActor<T> actor, IPolicyBatch<T> batch) : ILinearOperator<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] scores = new double[batch.Capacity];
    private readonly FlatVector<T> product = new(actor.Parameters.Length);

    public int Dimension => actor.Parameters.Length;

    public CoordinateMap Coordinates => actor.Layout.Parameters.Coordinates;

    public OperatorProperties Properties => OperatorProperties.PositiveSemidefinite;

    public void Multiply(ReadOnlySpan<T> x, Span<T> result)
    {
        actor.ScoreProducts(batch.Actions, x, scores);
        for (int t = 0; t < batch.Count; t++)
        {
            scores[t] /= batch.Count;
        }

        actor.Score(batch.Actions, scores, product);
        product.Span.CopyTo(result);
    }

    public void MultiplyTransposed(ReadOnlySpan<T> x, Span<T> result) => Multiply(x, result);
}
