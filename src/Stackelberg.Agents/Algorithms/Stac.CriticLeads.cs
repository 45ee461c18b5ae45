using Stackelberg.Agents.Policies;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Algorithms;

public sealed partial class Stac<T>
{
    /// <summary>
    /// x₁ = w, x₂ = θ, f₁ = L, f₂ = −J: the order of play the paper leaves to future work (section 5).
    /// </summary>
    /// <remarks>
    /// J depends on w through the advantages (form official, whose standard deviation and bootstrap values are held fixed) or through Q_w
    /// (form paper-q). In the form paper it does not, and there is nothing for the critic to anticipate; that combination is refused.
    /// </remarks>
    private sealed class CriticLeads : IBilevelProblem<T>
    {
        private readonly Stac<T> stac;
        private readonly FlatVector<T> actorVector;
        private readonly FlatVector<T> criticVector;
        private readonly Matrix<T> perStep;
        private readonly double[] weights;
        private readonly double[] scores;

        public CriticLeads(Stac<T> stac, Curvature curvature)
        {
            this.stac = stac;
            actorVector = new FlatVector<T>(stac.Actor.Parameters.Length);
            criticVector = new FlatVector<T>(stac.Critic.Parameters.Length);
            perStep = new Matrix<T>(stac.Rollout.Capacity, 1);
            weights = new double[stac.Rollout.Capacity];
            scores = new double[stac.Rollout.Capacity];
            FollowerCurvature = curvature == Curvature.GaussNewton
                ? new FisherInformation<T>(stac.Actor, stac.Rollout)
                : new ActorHessian<T>(stac.Actor, stac.Rollout, stac.StepWeights);
        }

        public int LeaderDimension => criticVector.Length;

        public int FollowerDimension => actorVector.Length;

        public ILinearOperator<T> FollowerCurvature { get; }

        public void LeaderGradient(Span<T> result)
        {
            (FollowerCurvature as ActorHessian<T>)?.Refresh();
            stac.Critic.Linearisation.LossGradient(criticVector);
            criticVector.Span.CopyTo(result);
        }

        /// <summary>∂L/∂θ by Theorem 1 or by the released code's surrogate 2 mean(log π Â)(R_0 − V_w(s_0)).</summary>
        public void RightHandSide(Span<T> result)
        {
            Rollout<T> rollout = stac.Rollout;
            int trajectories = rollout.Trajectories.Length;
            double firstError = rollout.Returns[0] - rollout.Values[0];
            foreach (Trajectory trajectory in rollout.Trajectories)
            {
                double error = rollout.Returns[trajectory.Start] - rollout.Values[trajectory.Start];
                double discount = 1;
                for (int t = trajectory.Start; t < trajectory.End; t++)
                {
                    weights[t] = stac.options.Form switch
                    {
                        ActorCriticForm.Official => 2 * firstError * rollout.Advantages[t] / rollout.Count,
                        _ when t == trajectory.Start => error * error / trajectories,
                        _ => 2 * error * discount * rollout.Returns[t] / trajectories,
                    };
                    discount *= stac.options.Gamma;
                }
            }

            stac.Actor.Score(rollout.Actions, weights, actorVector);
            actorVector.Span.CopyTo(result);
        }

        /// <summary>∂_w(∂_θ f₂ · v) = −∂_w Σ_t ψ_t(w) s_t, with the directional scores s_t = ∇log π(a_t|s_t) · v.</summary>
        public void MixedProduct(ReadOnlySpan<T> v, Span<T> result)
        {
            Rollout<T> rollout = stac.Rollout;
            stac.Actor.ScoreProducts(rollout.Actions, v, scores);
            double mean = 0;
            for (int t = 0; t < rollout.Count; t++)
            {
                mean += scores[t] / rollout.Count;
            }

            foreach (Trajectory trajectory in rollout.Trajectories)
            {
                if (stac.options.Form == ActorCriticForm.Official)
                {
                    AdjointOfAdvantages(trajectory, mean);
                    continue;
                }

                double discount = 1;
                for (int t = trajectory.Start; t < trajectory.End; t++)
                {
                    perStep.Span[t] = T.CreateTruncating(-discount * scores[t] / rollout.Trajectories.Length);
                    discount *= stac.options.Gamma;
                }
            }

            stac.Critic.Linearisation.Vjp(perStep, criticVector);
            criticVector.Span.CopyTo(result);
        }

        /// <summary>
        /// perStep_t ← ∂/∂V_t of −Σ c_t Â_t: GAE is Â_t = Σ_l (γλ)^l δ_{t+l} with δ_t = r_t + γV_{t+1} − V_t, so its adjoint accumulates forward.
        /// </summary>
        private void AdjointOfAdvantages(Trajectory trajectory, double mean)
        {
            double gamma = stac.options.Gamma;
            double scale = -1 / (stac.Rollout.Count * stac.AdvantageScale);
            double previous = 0;
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                double accumulated = (scale * (scores[t] - mean)) + (gamma * stac.options.GaeLambda * previous);
                perStep.Span[t] = T.CreateTruncating((gamma * previous) - accumulated);
                previous = accumulated;
            }
        }
    }
}
