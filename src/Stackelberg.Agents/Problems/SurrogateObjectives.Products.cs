using Stackelberg.Agents.Internals;
using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Problems;

/// <content>
/// What the implicit term is made of. Where f_C's targets are sampled returns, ∂_θ f_C is a sum of scores: f₂(θ, w) = −2 s c Σ_t l_t(θ, w) G_t(w) with the
/// surrogate's terms l_t = min(r_t Â_t, clip(r_t, 1 ± C) Â_t), G_t = R_t − V_w(s_t) or its sum over later steps, c = 1 or 1/T, s = 1 as released.
/// </content>
internal sealed partial class SurrogateObjectives<T>
{
    private readonly RandomStream random;
    private readonly ActorHessian<T> actorHessian;
    private readonly FisherInformation<T> fisher;
    private readonly NetworkHessian<T> criticHessian;
    private readonly NetworkGaussNewton<T> criticGaussNewton;
    private readonly FlatVector<T> trueTerm;
    private readonly Matrix<T> weightColumn, oldColumn;
    private readonly double[] valueTangents, advantageTangents;

    /// <summary>∂f_A/∂w through Â and the values after trajectories, or −∂ mean V_w/∂w.</summary>
    public void ActorLossByCritic(Span<T> result)
    {
        if (options.Response.CriticObjective == CriticObjective.MeanValue)
        {
            perStep.Span[..Count].Fill(Widths.Narrow<T>(-1.0 / Count));
            critic.Linearisation.Vjp(perStep, result);
            return;
        }

        for (int t = 0; t < Count; t++)
        {
            cotangents[t] = -ChosenRatio(t) / Count;
        }

        ThroughAdvantages(result);
    }

    public void CriticLossByCritic(Span<T> result) => critic.Linearisation.LossGradient(result);

    /// <summary>∂f₂/∂θ = −2 s c Σ_t m_t r_t Â_t G_t ∇log π(a_t|s_t).</summary>
    public void CriticLossByActor(Span<T> result)
    {
        double error = 0;
        for (int t = Count - 1; t >= 0; t--)
        {
            error = Accumulate(error, t, Widths.Widen(batch.Targets[t]) - values[t]);
            weights[t] = CriticWeight * ResponseWeight(t, advantages[t] * error);
        }

        Score(result);
    }

    /// <summary>
    /// ∂_θ(∂_w f₂ · v) = −2 s c Σ_t m_t r_t k_t ∇log π(a_t|s_t) with k_t = dÂ_t G_t − Â_t W_t: v enters through dV_t = ∇V_w(s_t) · v alone, and dÂ is
    /// its advantage; W is to dV what G is to R − V.
    /// </summary>
    public void CriticMixedProduct(ReadOnlySpan<T> v, Span<T> result)
    {
        AdvantagesAlong(v);
        double error = 0, tangent = 0;
        for (int t = Count - 1; t >= 0; t--)
        {
            error = Accumulate(error, t, Widths.Widen(batch.Targets[t]) - values[t]);
            tangent = Accumulate(tangent, t, valueTangents[t]);
            weights[t] = ResponseWeight(t, (advantageTangents[t] * error) - (advantages[t] * tangent));
        }

        Score(result);
        if (options.Response.Weights == ResponseWeights.Random)
        {
            Randomise(result);
        }
    }

    /// <summary>∂_w(∂_θ f_A · v) = −mean_t m_t r_t (∇log π(a_t|s_t) · v) ∂Â_t/∂w.</summary>
    public void ActorMixedProduct(ReadOnlySpan<T> v, Span<T> result)
    {
        policy.ScoreProducts(batch.Actions, v, cotangents);
        for (int t = 0; t < Count; t++)
        {
            cotangents[t] *= IsClipped(t, Clip) ? 0 : -ratios[t] / Count;
        }

        ThroughAdvantages(result);
    }

    public ILinearOperator<T> ActorCurvature(Curvature kind) => kind == Curvature.GaussNewton ? fisher : actorHessian;

    public ILinearOperator<T> CriticCurvature(Curvature kind) => kind == Curvature.GaussNewton ? criticGaussNewton : criticHessian;

    /// <summary>Where errors of later steps count, each is a mean over the steps before it.</summary>
    private double Accumulate(double later, int t, double error) =>
        options.Response.Form == ResponseForm.PerStep ? error : later + (error / (t + 1));

    private double ResponseWeight(int t, double factor)
    {
        double sign = options.Response.Sign == ResponseSign.Released ? -2 : 2;
        double scale = options.Response.Reduction == ResponseReduction.Sum ? sign : sign / Count;
        return IsClipped(t, options.Response.Clip) ? 0 : scale * ratios[t] * factor;
    }

    /// <summary>A control: the same sum of scores with normal weights, as long as it was.</summary>
    private void Randomise(Span<T> result)
    {
        double norm = Vectors.Norm<T>(result);
        for (int t = 0; t < Count; t++)
        {
            weights[t] = random.NextNormal();
        }

        Score(result);
        double drawn = Vectors.Norm<T>(result);
        Vectors.Scale(result, drawn > 0 ? norm / drawn : 0);
    }

    /// <summary>dV and dÂ for a change v of w.</summary>
    private void AdvantagesAlong(ReadOnlySpan<T> v)
    {
        critic.Linearisation.Jvp(v, perStep);
        for (int t = 0; t < Count; t++)
        {
            valueTangents[t] = Widths.Widen(perStep.Span[t]);
        }

        if (batch.EndCount > 0)
        {
            ends.Jvp(v, perEnd);
        }

        double mean = 0;
        foreach (Trajectory trajectory in batch.Trajectories)
        {
            double end = trajectory.EndRow < 0 ? 0 : Widths.Widen(perEnd[trajectory.EndRow, 0]);
            Gae.Tangents(trajectory, valueTangents, end, options.Gamma, options.GaeLambda, advantageTangents);
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                mean += advantageTangents[t] / Count;
            }
        }

        for (int t = 0; Normalises && t < Count; t++)
        {
            advantageTangents[t] = (advantageTangents[t] - mean) / advantageScale;
        }
    }

    /// <summary>result ← Σ_t cotangent_t ∂Â_t/∂w.</summary>
    private void ThroughAdvantages(Span<T> result)
    {
        if (Normalises)
        {
            double mean = 0;
            for (int t = 0; t < Count; t++)
            {
                mean += cotangents[t] / Count;
            }

            for (int t = 0; t < Count; t++)
            {
                cotangents[t] = (cotangents[t] - mean) / advantageScale;
            }
        }

        foreach (Trajectory trajectory in batch.Trajectories)
        {
            double end = Gae.Adjoint(trajectory, cotangents, options.Gamma, options.GaeLambda, weights);
            if (trajectory.EndRow >= 0)
            {
                perEnd[trajectory.EndRow, 0] = Widths.Narrow<T>(end);
            }
        }

        for (int t = 0; t < Count; t++)
        {
            perStep.Span[t] = Widths.Narrow<T>(weights[t]);
        }

        critic.Linearisation.Vjp(perStep, result);
        if (batch.EndCount > 0)
        {
            ends.Vjp(perEnd, result, accumulate: true);
        }
    }

    // the shift of normalised advantages is differentiated; their scale is held fixed, as AC's is
    private bool Normalises => options.NormaliseAdvantages && Count > 1;

    /// <summary>f_A on a tape, each step on the branch it is on.</summary>
    private Variable RecordActorLoss(Tape<T> tape, ReadOnlySpan<Variable> parameters)
    {
        for (int t = 0; t < Count; t++)
        {
            weightColumn[t, 0] = Widths.Narrow<T>(IsClipped(t, Clip) ? 0 : -advantages[t] / Count);
            oldColumn[t, 0] = Widths.Narrow<T>(batch.LogProbabilities[t]);
        }

        Variable log = policy.RecordLogProbabilities(tape, parameters, batch.Observations, batch.Actions, Count);
        Variable ratio = tape.Exp(tape.Subtract(log, tape.Leaf(oldColumn, Count)));
        Variable surrogate = tape.Sum(tape.Multiply(ratio, tape.Leaf(weightColumn, Count)));
        return options.EntropyCoefficient == 0 ? surrogate : tape.Subtract(
            surrogate, tape.Scale(policy.RecordMeanEntropy(tape, parameters, batch.Observations, Count), options.EntropyCoefficient));
    }
}
