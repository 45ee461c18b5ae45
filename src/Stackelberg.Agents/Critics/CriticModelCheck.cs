using System.Numerics;
using Stackelberg.Agents.Algorithms;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Critics;

/// <summary>
/// Compares what the quadratic model of the critics' loss on the present batch promised for a step with what the step brought: the ratio that steers
/// Levenberg-Marquardt damping.
/// </summary>
internal sealed class CriticModelCheck<T>(OffPolicyLearner<T> learner)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly FlatVector<T>[] starts = [.. learner.Critics.Select(c => new FlatVector<T>(c.Parameters.Length))];
    private readonly FlatVector<T> step = new(learner.Critics[0].Parameters.Length);
    private readonly FlatVector<T> product = new(learner.Critics[0].Parameters.Length);
    private double lossBefore;

    /// <summary>Remembers the critics before their step, and the mean over critics of their loss.</summary>
    public void Mark(double loss)
    {
        lossBefore = loss;
        for (int k = 0; k < starts.Length; k++)
        {
            starts[k].CopyFrom(learner.Critics[k].Parameters);
        }
    }

    /// <summary>How much the mean loss fell.</summary>
    public double ActualReduction()
    {
        double loss = 0;
        foreach (QCritic<T> critic in learner.Critics)
        {
            loss += critic.LossGradient(learner.Batch.Inputs, learner.Targets, learner.Batch.Rows) / starts.Length;
        }

        return lossBefore - loss;
    }

    /// <summary>−mean over critics of ∇L · d + ½ dᵀ∂²L d for their step d, with derivatives before it.</summary>
    public double PredictedReduction()
    {
        double sum = 0;
        for (int k = 0; k < starts.Length; k++)
        {
            QCritic<T> critic = learner.Critics[k];
            step.CopyFrom(critic.Parameters);
            Vectors.AddScaled<T>(step.Span, -1, starts[k].Span);
            critic.AtBatch.Forward(starts[k], learner.Batch.Inputs, learner.Batch.Rows);
            critic.AtBatch.SetSquaredLoss(learner.Targets);
            critic.AtBatch.LossGradient(product);
            double linear = Vectors.Dot<T>(product.Span, step.Span);
            critic.AtBatch.Hvp(step.Span, product.Span);
            sum -= linear + (0.5 * Vectors.Dot<T>(product.Span, step.Span));
        }

        return sum / starts.Length;
    }
}
