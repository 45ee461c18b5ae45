using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>
/// The whole Stackelberg gradient against finite differences of the leader's objective with the follower solved anew for every perturbed θ.
/// </summary>
/// <remarks>
/// On a fixed rollout the sampled objectives are functions: L(θ, w) = mean (V_w − R)² + Λ(θ, w) − Λ(θ₀, w), where Λ is the surrogate whose
/// θ-gradient is that of Theorem 1 or Proposition 1, and J(θ, w) = log-likelihood surrogate + mean V_w. A linear term, which no second derivative
/// sees, makes the follower stationary at (θ₀, w₀); for perturbed θ it is converged by Newton's method.
/// </remarks>
public sealed class RolloutObjectivesDifferencesTests
{
    [Theory]
    [InlineData(ActorCriticForm.Official, true)]
    [InlineData(ActorCriticForm.Official, false)]
    [InlineData(ActorCriticForm.Paper, true)]
    [InlineData(ActorCriticForm.Paper, false)]
    [InlineData(ActorCriticForm.PaperQ, true)]
    [InlineData(ActorCriticForm.PaperQ, false)]
    public void Total_derivative_equals_the_difference_quotient_of_the_solved_follower(ActorCriticForm form, bool discrete)
    {
        AcOptions options = Learners.Small(form);
        options = options.Changed(o => o with { Solver = "cg" });
        using ActorCritic<double> stac = Learners.Prepared(options, discrete);
        double[] theta = stac.Actor().Parameters.Span.ToArray();
        double[] targets = stac.Rollout.Targets[..stac.Rollout.Count];
        double[] start = stac.Values.Parameters.Span.ToArray();
        double[] offset = SetLoss(stac, start, targets, new double[targets.Length], new double[targets.Length]);

        double[] frozenAdvantages = [.. stac.Rollout.Advantages];
        double[] frozenValues = [.. stac.Rollout.Values];
        double[] total = Learners.Gradient(stac).Span.ToArray();
        var random = RandomStream.FromSeed(17);
        for (int trial = 0; trial < 3; trial++)
        {
            double[] direction = new double[theta.Length];
            CoordinateMap coordinates = stac.Actor().Layout.Parameters.Coordinates;
            for (int i = 0; i < coordinates.Count; i++)
            {
                direction[coordinates[i]] = random.NextNormal();
            }

            const double Step = 1e-5;
            double quotient = (LeaderObjective(Step) - LeaderObjective(-Step)) / (2 * Step);
            double product = Vectors.Dot<double>(total, direction);
            Math.Abs(quotient - product).ShouldBeLessThan(1e-5 * Math.Abs(product), $"trial {trial}: {quotient} against {product}");

            double LeaderObjective(double step)
            {
                double[] logBase = LogProbabilities(stac, theta);
                double[] moved = [.. theta.Zip(direction, (t, d) => t + (step * d))];
                double[] log = LogProbabilities(stac, moved);
                double[] change = [.. log.Zip(logBase, (a, b) => a - b)];

                // ∂_w of L gains Σ_t linear_t ∇_w V_w(s_t): Λ is linear in the values except for Theorem 1's squared first error
                (double[] linear, double[] quadratic) = Coupling(stac.Rollout, form, options.Gamma, frozenAdvantages, change);
                double[] w = Solve(stac, start, targets, offset, linear, quadratic);
                double[] values = Values(stac, w);
                double objective = 0;
                foreach (Trajectory trajectory in stac.Rollout.Trajectories)
                {
                    for (int t = trajectory.Start; t < trajectory.End; t++)
                    {
                        double discount = Math.Pow(options.Gamma, t - trajectory.Start) / stac.Rollout.Trajectories.Length;
                        objective -= values[t] / stac.Rollout.Count;
                        objective -= change[t] * form switch
                        {
                            ActorCriticForm.Official => frozenAdvantages[t] / stac.Rollout.Count,
                            ActorCriticForm.Paper => discount * targets[t],
                            _ => discount * frozenValues[t],
                        };
                    }
                }

                return objective;
            }
        }
    }

    /// <summary>Coefficients of Λ(θ, w) − Λ(θ₀, w) = Σ_t linear_t V_t + Σ_t quadratic_t (V_t − R_t)².</summary>
    private static (double[] Linear, double[] Quadratic) Coupling(
        Rollout<double> rollout, ActorCriticForm form, double gamma, double[] advantages, double[] change)
    {
        double[] linear = new double[rollout.Count];
        double[] quadratic = new double[rollout.Count];
        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            for (int t = trajectory.Start; t < trajectory.End; t++)
            {
                double discount = Math.Pow(gamma, t - trajectory.Start) / rollout.Trajectories.Length;
                if (form == ActorCriticForm.Official)
                {
                    linear[0] -= 2 * change[t] * advantages[t] / rollout.Count;
                }
                else if (form == ActorCriticForm.PaperQ && t == trajectory.Start)
                {
                    quadratic[t] += change[t] / rollout.Trajectories.Length;
                }
                else
                {
                    linear[trajectory.Start] -= 2 * discount * change[t] * rollout.Returns[t];
                }
            }
        }

        return (linear, quadratic);
    }

    private static double[] LogProbabilities(ActorCritic<double> stac, double[] theta)
    {
        double[] saved = stac.Actor().Parameters.Span.ToArray();
        theta.CopyTo(stac.Actor().Parameters.Span);
        stac.Actor().Evaluate(stac.Rollout.Observations, stac.Rollout.Count);
        double[] into = new double[stac.Rollout.Count];
        stac.Actor().LogProbabilities(stac.Rollout.Actions, into);
        saved.CopyTo(stac.Actor().Parameters.Span);
        stac.Actor().Evaluate(stac.Rollout.Observations, stac.Rollout.Count);
        return into;
    }

    private static void SetCritic(ActorCritic<double> stac, double[] w) => w.CopyTo(stac.Values.Parameters.Span);

    private static double[] Values(ActorCritic<double> stac, double[] w)
    {
        SetCritic(stac, w);
        stac.Values.Evaluate(stac.Rollout.Count);
        Matrix<double> outputs = stac.Values.Linearisation.Outputs;
        return [.. Enumerable.Range(0, stac.Rollout.Count).Select(t => outputs[t, 0])];
    }

    /// <summary>
    /// The stationary point near w₀ of mean (V − R)² + Σ linear_t V_t + Σ quadratic_t (V_t − R_t)² − offset · w, by Newton's method.
    /// </summary>
    private static double[] Solve(ActorCritic<double> stac, double[] start, double[] targets, double[] offset, double[] linear, double[] quadratic)
    {
        double[] w = [.. start];
        CoordinateMap coordinates = stac.Values.Layout.Parameters.Coordinates;
        int n = coordinates.Count;
        for (int iteration = 0; ; iteration++)
        {
            double[] gradient = SetLoss(stac, w, targets, linear, quadratic);
            double norm = 0;
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] -= offset[i];
                norm += gradient[i] * gradient[i];
            }

            if (iteration == 12)
            {
                Math.Sqrt(norm).ShouldBeLessThan(1e-9, "the follower must have converged");
                return w;
            }

            var hessian = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(n, n);
            double[] unit = new double[w.Length];
            double[] column = new double[w.Length];
            for (int j = 0; j < n; j++)
            {
                unit[coordinates[j]] = 1;
                stac.Values.Linearisation.Hvp(unit, column);
                unit[coordinates[j]] = 0;
                for (int i = 0; i < n; i++)
                {
                    hessian[i, j] = column[coordinates[i]];
                }
            }

            double[] right = [.. Enumerable.Range(0, n).Select(i => gradient[coordinates[i]])];
            double[] step = [.. MinimumNorm(hessian, MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(right))];
            for (int i = 0; i < n; i++)
            {
                w[coordinates[i]] -= step[i];
            }
        }
    }

    /// <summary>
    /// The smallest solution of a symmetric system that may be singular: with one-hot actions, which sum to one, a constant moved from a hidden unit's
    /// bias to its action weights changes nothing.
    /// </summary>
    private static MathNet.Numerics.LinearAlgebra.Vector<double> MinimumNorm(
        MathNet.Numerics.LinearAlgebra.Matrix<double> matrix, MathNet.Numerics.LinearAlgebra.Vector<double> right)
    {
        var eigen = ((matrix + matrix.Transpose()) / 2).Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        double largest = eigen.EigenValues.Max(value => Math.Abs(value.Real));
        var solution = MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(right.Count);
        for (int i = 0; i < right.Count; i++)
        {
            double value = eigen.EigenValues[i].Real;
            if (Math.Abs(value) > 1e-12 * largest)
            {
                var vector = eigen.EigenVectors.Column(i);
                solution += vector * (vector * right / value);
            }
        }

        return solution;
    }

    /// <summary>Linearises the follower's objective (without its offset) at w and returns its gradient.</summary>
    private static double[] SetLoss(ActorCritic<double> stac, double[] w, double[] targets, double[] linear, double[] quadratic)
    {
        int rows = targets.Length;
        double[] values = Values(stac, w);
        var outputGradient = new Matrix<double>(stac.Rollout.Capacity, 1);
        var outputCurvature = new Matrix<double>(stac.Rollout.Capacity, 1);
        for (int t = 0; t < rows; t++)
        {
            double weight = (1.0 / rows) + quadratic[t];
            outputGradient[t, 0] = (2 * weight * (values[t] - targets[t])) + linear[t];
            outputCurvature[t, 0] = 2 * weight;
        }

        var gradient = new FlatVector<double>(w.Length);
        stac.Values.Linearisation.SetLoss(outputGradient, outputCurvature);
        stac.Values.Linearisation.LossGradient(gradient);
        return gradient.Span.ToArray();
    }
}
