using System.Diagnostics;
using System.Numerics;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Algorithms;

/// <summary>
/// Stackelberg actor-critic (STAC): AC whose leader descends the total derivative of its objective,
/// D f₁ = ∂₁f₁ − (∂₁₂f₂)(∂₂₂f₂ + λI)⁻¹∂₂f₁ (eq. 19).
/// </summary>
/// <remarks>
/// With the actor leading, f₁ = −J(θ, w) and f₂ = L(θ, w), whose dependence on θ is that of the visited returns (Theorem 1, Proposition 1).
/// With the critic leading, f₁ = L and f₂ = −J. The forms, and what each amounts to: docs/algorithms/stac.md.
/// </remarks>
public sealed partial class Stac<T> : ActorCritic<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StacOptions options;
    private readonly LeaderGradient<T> leaderGradient;
    private readonly IBilevelProblem<T>? problem;
    private readonly IBilevelProblem<T>? gaussNewtonProblem;
    private readonly FlatVector<T> implicitCriticGradient;
    private readonly FlatVector<T> directCriticGradient;
    private readonly QuadraticModelCheck<T> modelCheck;

    /// <summary>Builds networks, optimisers, collector and solver.</summary>
    public Stac(AlgorithmContext context, StacOptions options)
        : base(context, options)
    {
        this.options = options;
        leaderGradient = new LeaderGradient<T>(options.Hypergradient, context.Solvers, context.Random.Split("hypergradient"));
        implicitCriticGradient = new FlatVector<T>(Critic.Parameters.Length);
        directCriticGradient = new FlatVector<T>(Critic.Parameters.Length);
        modelCheck = new QuadraticModelCheck<T>(Critic);
        (problem, gaussNewtonProblem) = options.Leader switch
        {
            Leader.Actor => (new ActorLeads(this, options.Hypergradient.Curvature), new ActorLeads(this, Curvature.GaussNewton)),
            Leader.Critic => (new CriticLeads(this, options.Hypergradient.Curvature), new CriticLeads(this, Curvature.GaussNewton)),
            _ => ((IBilevelProblem<T>?)null, (IBilevelProblem<T>?)null),
        };
    }

    /// <inheritdoc/>
    public override void Save(StateWriter writer)
    {
        base.Save(writer);
        writer.Write("hypergradient", leaderGradient);
    }

    /// <inheritdoc/>
    public override void Load(StateReader reader)
    {
        base.Load(reader);
        reader.Read("hypergradient", leaderGradient);
    }

    /// <inheritdoc/>
    internal override void ActorGradient(FlatVector<T> gradient, ITrainingSink sink)
    {
        if (options.Leader == Leader.Actor)
        {
            TotalDerivative(gradient, sink);
            return;
        }

        DirectGradient(gradient);
        if (options.Leader == Leader.Critic)
        {
            // kept for the critic's k steps: D L = ∂L/∂w (fresh in every step) + implicit term (at the point before them)
            TotalDerivative(implicitCriticGradient, sink);
            Critic.Linearisation.LossGradient(directCriticGradient);
            Vectors.AddScaled<T>(implicitCriticGradient.Span, -1, directCriticGradient.Span);
        }
    }

    /// <inheritdoc/>
    internal override double CriticGradient(FlatVector<T> gradient)
    {
        double loss = base.CriticGradient(gradient);
        if (options.Leader == Leader.Critic)
        {
            Vectors.AddScaled<T>(gradient.Span, 1, implicitCriticGradient.Span);
        }

        return loss;
    }

    /// <inheritdoc/>
    internal override void CriticStepped(double lossBefore)
    {
        if (options.Leader == Leader.Actor && leaderGradient.IsAdaptive)
        {
            double loss = base.CriticGradient(directCriticGradient);
            leaderGradient.Adapt(lossBefore - loss, modelCheck.PredictedReduction(problem!.FollowerCurvature));
        }
    }

    private void TotalDerivative(FlatVector<T> result, ITrainingSink sink)
    {
        long start = Stopwatch.GetTimestamp();
        Critic.Linearisation.SetSquaredLoss(Rollout.Targets.AsSpan(0, Rollout.Count));
        modelCheck.Mark();
        HypergradientReport report = leaderGradient.Compute(problem!, gaussNewtonProblem!, Steps, result.Span);
        Clock.Add(report, Stopwatch.GetElapsedTime(start).TotalSeconds);
        leaderGradient.Watch(report, sink);
        sink.Hypergradient(report);
        sink.Metric("hypergradient/guarded_updates", leaderGradient.GuardedUpdates);
        sink.Metric("hypergradient/dropped_updates", leaderGradient.DroppedUpdates);
    }

    /// <summary>x₁ = θ, x₂ = w, f₁ = −J, f₂ = L.</summary>
    private sealed class ActorLeads(Stac<T> stac, Curvature curvature) : IBilevelProblem<T>
    {
        private readonly FlatVector<T> direct = new(stac.Actor.Parameters.Length);
        private readonly FlatVector<T> mixed = new(stac.Actor.Parameters.Length);
        private readonly FlatVector<T> criticVector = new(stac.Critic.Parameters.Length);
        private readonly Matrix<T> perStep = new(stac.Rollout.Capacity, 1);
        private readonly double[] weights = new double[stac.Rollout.Capacity];

        public int LeaderDimension => direct.Length;

        public int FollowerDimension => criticVector.Length;

        public ILinearOperator<T> FollowerCurvature { get; } = curvature == Curvature.GaussNewton
            ? new NetworkGaussNewton<T>(stac.Critic.Linearisation)
            : new NetworkHessian<T>(stac.Critic.Linearisation);

        public void LeaderGradient(Span<T> result)
        {
            stac.DirectGradient(direct);
            direct.Span.CopyTo(result);
        }

        /// <summary>∂f₁/∂w = −mean over the rollout of ∇_w V_w(s_t), or of ∇_w Q_w(s_t, a_t) (eq. 20).</summary>
        public void RightHandSide(Span<T> result)
        {
            int count = stac.Rollout.Count;
            perStep.Span[..count].Fill(T.CreateTruncating(-1.0 / count));
            stac.Critic.Linearisation.Vjp(perStep, criticVector);
            criticVector.Span.CopyTo(result);
        }

        /// <summary>
        /// ∂_θ(∂_w L · v). In each form ∂_θ L is a sum of scores ∇log π weighted by critic errors at first steps, so that v enters through the
        /// numbers p_t = ∇_w V_w(s_t) · v alone and no second derivative is needed.
        /// </summary>
        public void MixedProduct(ReadOnlySpan<T> v, Span<T> result)
        {
            stac.Critic.Linearisation.Jvp(v, perStep);
            ReadOnlySpan<T> products = perStep.Span;
            Rollout<T> rollout = stac.Rollout;
            int trajectories = rollout.Trajectories.Length;
            if (stac.options.Form == ActorCriticForm.Official)
            {
                // ∂_θ L = 2 mean(∇log π Â) (R_0 − V_w(s_0)), with the rollout's very first observation only: a multiple of ∂f₁/∂θ,
                // which every hypergradient asks for before this
                direct.Span.CopyTo(result);
                Vectors.Scale(result, 2 * double.CreateTruncating(products[0]));
                return;
            }

            foreach (Trajectory trajectory in rollout.Trajectories)
            {
                int start = trajectory.Start;
                double p = double.CreateTruncating(products[start]);
                double discount = 1;
                for (int t = start; t < trajectory.End; t++)
                {
                    weights[t] = stac.options.Form switch
                    {
                        // Proposition 1
                        ActorCriticForm.Paper => -2 * p * discount * rollout.Returns[t] / trajectories,

                        // Theorem 1: the first action's own score carries the squared error, later ones the returns
                        _ when t == start => 2 * p * (rollout.Values[t] - rollout.Returns[t]) / trajectories,
                        _ => -2 * p * discount * rollout.Returns[t] / trajectories,
                    };
                    discount *= stac.options.Gamma;
                }
            }

            stac.Actor.Score(rollout.Actions, weights, mixed);
            mixed.Span.CopyTo(result);
        }
    }
}
