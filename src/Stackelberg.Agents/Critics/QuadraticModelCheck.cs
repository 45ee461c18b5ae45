using System.Numerics;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Critics;

/// <summary>
/// Compares what the quadratic model of a critic's loss at one point w₀ promised for a step with what the step brought: the ratio that steers
/// Levenberg-Marquardt damping.
/// </summary>
internal sealed class QuadraticModelCheck<T>(Critic<T> critic)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T> start = new(critic.Parameters.Length);
    private readonly FlatVector<T> end = new(critic.Parameters.Length);
    private readonly FlatVector<T> step = new(critic.Parameters.Length);
    private readonly FlatVector<T> product = new(critic.Parameters.Length);

    /// <summary>Remembers w₀, at which the critic has just been evaluated.</summary>
    public void Mark() => start.CopyFrom(critic.Parameters);

    /// <summary>−(∇L · d + ½ dᵀ∂²L d) for the step d from w₀ to the critic's present parameters.</summary>
    public double PredictedReduction(ILinearOperator<T> curvature)
    {
        end.CopyFrom(critic.Parameters);
        step.CopyFrom(end);
        Vectors.AddScaled<T>(step.Span, -1, start.Span);

        // the linearisation reads the live parameters: derivatives at w₀ need w₀ back for a moment
        critic.Parameters.CopyFrom(start);
        critic.Linearisation.LossGradient(product);
        double linear = Vectors.Dot<T>(product.Span, step.Span);
        curvature.Multiply(step.Span, product.Span);
        double quadratic = Vectors.Dot<T>(product.Span, step.Span);
        critic.Parameters.CopyFrom(end);
        return -linear - (0.5 * quadratic);
    }
}
