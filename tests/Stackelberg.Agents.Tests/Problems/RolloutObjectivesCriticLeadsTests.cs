using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Rollouts;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>
/// The critic's total derivative against finite differences with the actor solved anew. The sampled f₂ = −J has no minimum of its own, so the
/// follower is given the damping as a proximal term and a linear term that makes θ₀ stationary; both leave the derivatives in question alone.
/// </summary>
public sealed class RolloutObjectivesCriticLeadsTests
{
    [Theory]
    [InlineData(ActorCriticForm.Official, true)]
    [InlineData(ActorCriticForm.Official, false)]
    [InlineData(ActorCriticForm.PaperQ, true)]
    [InlineData(ActorCriticForm.PaperQ, false)]
    public void Total_derivative_equals_the_difference_quotient_of_the_solved_actor(ActorCriticForm form, bool discrete)
    {
        // returns are not normalised in the form paper-q, so its curvature is larger
        double damping = form == ActorCriticForm.Official ? 3 : 500;
        AcOptions options = Learners.Small(form).Led(LeaderRole.Critic);
        options = options.Changed(o => o with { Damping = damping });
        using ActorCritic<double> stac = Learners.Prepared(options, discrete, limit: 20);
        Rollout<double> rollout = stac.Rollout;
        int count = rollout.Count;
        double[] theta = stac.Actor().Parameters.Span.ToArray();
        double[] w = stac.Values.Parameters.Span.ToArray();
        double[] logBase = LogProbabilities(stac, theta);
        double scale = AdvantageDeviation(stac, options);
        double[] advantages = [.. rollout.Advantages];

        var sink = new RecordingSink();
        FlatVector<double> gradient = Learners.Gradient(stac, sink);
        sink.Reports.Count.ShouldBe(1);
        FlatVector<double> direct = Learners.Direct(stac);

        double[] stationary = FollowerGradient(stac, theta, Psi(stac, options, w, scale));
        var random = RandomStream.FromSeed(4);
        double[] direction = new double[w.Length];
        CoordinateMap coordinates = stac.Values.Layout.Parameters.Coordinates;
        for (int i = 0; i < coordinates.Count; i++)
        {
            direction[coordinates[i]] = random.NextNormal();
        }

        const double Step = 1e-4;
        double quotient = (ImplicitObjective(Step) - ImplicitObjective(-Step)) / (2 * Step);
        double implicitPart = Vectors.Dot<double>(gradient.Span, direction) - Vectors.Dot<double>(direct.Span, direction);
        quotient.ShouldBe(implicitPart, 1e-5 * Math.Abs(implicitPart));

        // f₁ without the regression loss itself, which is zero-th order in θ: what is left moves through the follower alone
        double ImplicitObjective(double step)
        {
            double[] moved = [.. w.Zip(direction, (a, d) => a + (step * d))];
            double[] psi = Psi(stac, options, moved, scale);
            double[] response = [.. theta];
            for (int iteration = 0; iteration < 400; iteration++)
            {
                double[] g = FollowerGradient(stac, response, psi);
                for (int i = 0; i < response.Length; i++)
                {
                    response[i] -= (g[i] - stationary[i] + (damping * (response[i] - theta[i]))) / damping;
                }
            }

            double[] log = LogProbabilities(stac, response);
            double[] values = Values(stac, moved);
            double objective = 0;
            foreach (Trajectory trajectory in rollout.Trajectories)
            {
                double error = rollout.Returns[trajectory.Start] - values[trajectory.Start];
                for (int t = trajectory.Start; t < trajectory.End; t++)
                {
                    double change = log[t] - logBase[t];
                    double discount = Math.Pow(options.Gamma, t - trajectory.Start) / rollout.Trajectories.Length;
                    objective += change * (form, t == trajectory.Start) switch
                    {
                        (ActorCriticForm.Official, _) => 2 * (rollout.Returns[0] - values[0]) * advantages[t] / count,
                        (_, true) => error * error / rollout.Trajectories.Length,
                        _ => 2 * discount * error * rollout.Returns[t],
                    };
                }
            }

            return objective;
        }
    }

    [Fact]
    public void The_critic_may_lead_over_many_iterations()
    {
        AcOptions options = Learners.Small().Led(LeaderRole.Critic);
        options = options.Changed(o => o with { Damping = 1, Solver = "minres", Curvature = Curvature.Hessian });
        using ActorCritic<double> stac = Learners.Create(options);
        var sink = new RecordingSink();
        for (int i = 0; i < 5; i++)
        {
            stac.Iterate(60, sink);
        }

        sink.Reports.Count.ShouldBe(5);
        sink.Reports.ShouldAllBe(r => r.Solve.RelativeResidual < 1e-6);
    }

    /// <summary>−ψ_t(w): the weights of log π in f₂, with the normalisation's scale held fixed.</summary>
    private static double[] Psi(ActorCritic<double> stac, AcOptions options, double[] w, double scale)
    {
        double[] values = Values(stac, w);
        Rollout<double> rollout = stac.Rollout;
        double[] psi = new double[rollout.Count];
        foreach (Trajectory trajectory in rollout.Trajectories)
        {
            double next = trajectory.Bootstrap;
            double advantage = 0;
            for (int t = trajectory.End - 1; t >= trajectory.Start; t--)
            {
                advantage = rollout.Rewards[t] + (options.Gamma * next) - values[t] + (options.Gamma * options.GaeLambda * advantage);
                next = values[t];
                psi[t] = options.Form == ActorCriticForm.Official
                    ? advantage / (scale * rollout.Count)
                    : Math.Pow(options.Gamma, t - trajectory.Start) * values[t] / rollout.Trajectories.Length;
            }
        }

        double mean = options.Form == ActorCriticForm.Official ? psi.Average() : 0;
        return [.. psi.Select(p => mean - p)];
    }

    private static double AdvantageDeviation(ActorCritic<double> stac, AcOptions options)
    {
        AcOptions raw = options with { Form = ActorCriticForm.Official };
        double[] psi = options.Form == ActorCriticForm.Official
            ? Psi(stac, raw, stac.Values.Parameters.Span.ToArray(), 1.0 / stac.Rollout.Count)
            : [1, -1];
        double mean = psi.Average();
        return Math.Sqrt(psi.Average(p => (p - mean) * (p - mean)));
    }

    private static double[] FollowerGradient(ActorCritic<double> stac, double[] theta, double[] weights)
    {
        theta.CopyTo(stac.Actor().Parameters.Span);
        stac.Actor().Evaluate(stac.Rollout.Observations, stac.Rollout.Count);
        var gradient = new FlatVector<double>(theta.Length);
        stac.Actor().Score(stac.Rollout.Actions, weights, gradient);
        return gradient.Span.ToArray();
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

    private static double[] Values(ActorCritic<double> stac, double[] w)
    {
        double[] saved = stac.Values.Parameters.Span.ToArray();
        w.CopyTo(stac.Values.Parameters.Span);
        stac.Values.Evaluate(stac.Rollout.Count);
        double[] values = [.. Enumerable.Range(0, stac.Rollout.Count).Select(t => stac.Values.Linearisation.Outputs[t, 0])];
        saved.CopyTo(stac.Values.Parameters.Span);
        stac.Values.Evaluate(stac.Rollout.Count);
        return values;
    }
}
