using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>Every derivative a leader uses, against central differences in double precision.</summary>
public sealed class ReplayObjectivesDifferencesTests
{
    public static TheoryData<string, FollowerLoss> Games
    {
        get
        {
            var data = new TheoryData<string, FollowerLoss>();
            foreach (string id in Ids)
            {
                data.Add(id, FollowerLoss.Bellman);
                data.Add(id, FollowerLoss.Policy);
            }

            return data;
        }
    }

    private static IEnumerable<string> Ids => ["st-ddpg", "std3-cg", "st-sac"];

    [Theory]
    [MemberData(nameof(Games))]
    public void An_actor_sees_how_its_loss_depends_on_the_critics(string id, FollowerLoss loss)
    {
        using OffPolicyGame game = Game(id, LeaderRole.Actor, loss);
        IBilevelProblem<double> problem = game.Problem;
        double[] direct = new double[problem.LeaderDimension], actual = new double[problem.FollowerDimension];
        game.Linearise();
        problem.DirectGradient(direct);
        problem.RightHandSide(actual);
        double[] expected = [.. Followers(game).SelectMany(c => OffPolicyGame.Differences(c.Parameters, game.CriticLayout.Parameters.Coordinates, game.ActorLoss))];
        Learners.RelativeError(actual, expected).ShouldBeLessThan(1e-7);
        Learners.RelativeError(direct, OffPolicyGame.Differences(game.Actor.Parameters, ActorCoordinates(game), game.ActorLoss)).ShouldBeLessThan(1e-7);
    }

    [Theory]
    [MemberData(nameof(Games))]
    public void An_actors_mixed_product_is_the_derivative_of_the_critics_gradient(string id, FollowerLoss loss)
    {
        using OffPolicyGame game = Game(id, LeaderRole.Actor, loss);
        IBilevelProblem<double> problem = game.Problem;
        double[] v = OffPolicyGame.Direction(problem.FollowerCurvature(Curvature.Hessian).Coordinates, problem.FollowerDimension, 3);
        double[] actual = new double[problem.LeaderDimension];
        game.Linearise();
        problem.MixedProduct(v, actual);
        Func<double> gradientAlong = FollowerGradientAlong(game, loss, v);
        double[] expected = OffPolicyGame.Differences(game.Actor.Parameters, ActorCoordinates(game), gradientAlong);
        Learners.RelativeError(actual, expected).ShouldBeLessThan(1e-7);
    }

    [Theory]
    [MemberData(nameof(Games))]
    public void A_critics_Hessian_is_the_derivative_of_its_gradient(string id, FollowerLoss loss)
    {
        using OffPolicyGame game = Game(id, LeaderRole.Actor, loss);
        IBilevelProblem<double> problem = game.Problem;
        game.Linearise();
        double[] v = OffPolicyGame.Direction(problem.FollowerCurvature(Curvature.Hessian).Coordinates, problem.FollowerDimension, 4);
        double[] actual = new double[v.Length];
        problem.FollowerCurvature(Curvature.Hessian).Multiply(v, actual);
        Func<double> gradientAlong = FollowerGradientAlong(game, loss, v);
        double[] expected = [.. Followers(game).SelectMany(c => OffPolicyGame.Differences(c.Parameters, game.CriticLayout.Parameters.Coordinates, gradientAlong))];
        Learners.RelativeError(actual, expected).ShouldBeLessThan(1e-7);
    }

    [Theory]
    [MemberData(nameof(Games))]
    public void A_critic_sees_how_its_loss_depends_on_the_actor(string id, FollowerLoss loss)
    {
        using OffPolicyGame game = Game(id, LeaderRole.Critic, loss);
        IBilevelProblem<double> problem = game.Problem;
        double[] direct = new double[problem.LeaderDimension], actual = new double[problem.FollowerDimension];
        game.Linearise();
        problem.DirectGradient(direct);
        problem.RightHandSide(actual);
        double[] targets = [.. game.Objectives.Targets];
        Func<double> value = loss == FollowerLoss.Bellman ? game.BellmanLoss : () => game.PolicyLoss(targets);
        Learners.RelativeError(actual, OffPolicyGame.Differences(game.Actor.Parameters, ActorCoordinates(game), value)).ShouldBeLessThan(1e-7);
        double[] expected = [.. game.Critics.SelectMany(c => OffPolicyGame.Differences(c.Parameters, game.CriticLayout.Parameters.Coordinates, game.BellmanLoss))];
        Learners.RelativeError(direct, expected).ShouldBeLessThan(1e-7);
    }

    [Theory]
    [MemberData(nameof(Games))]
    public void An_actors_Hessian_and_its_mixed_product_with_the_critics_are_derivatives_of_its_gradient(string id, FollowerLoss loss)
    {
        using OffPolicyGame game = Game(id, LeaderRole.Critic, loss);
        IBilevelProblem<double> problem = game.Problem;
        game.Linearise();
        double[] v = OffPolicyGame.Direction(ActorCoordinates(game), problem.FollowerDimension, 5);
        double[] hessian = new double[v.Length], mixed = new double[problem.LeaderDimension];
        problem.FollowerCurvature(Curvature.Hessian).Multiply(v, hessian);
        problem.MixedProduct(v, mixed);

        double GradientAlong()
        {
            game.ActorLoss();
            return Vectors.Dot<double>(game.Actor.Gradient.Span, v);
        }

        Learners.RelativeError(hessian, OffPolicyGame.Differences(game.Actor.Parameters, ActorCoordinates(game), GradientAlong)).ShouldBeLessThan(1e-7);
        double[] expected = [.. game.Critics.SelectMany(c => OffPolicyGame.Differences(c.Parameters, game.CriticLayout.Parameters.Coordinates, GradientAlong))];
        Learners.RelativeError(mixed, expected).ShouldBeLessThan(1e-7);
    }

    /// <summary>With the follower solved exactly, the total derivative is the derivative of what the leader gets in the end.</summary>
    [Fact]
    public void The_total_derivative_is_that_of_the_leaders_loss_at_the_followers_Newton_point()
    {
        using OffPolicyGame game = Game("st-ddpg", LeaderRole.Actor, FollowerLoss.Bellman);
        QNetwork<double> critic = game.Critics[0];

        // one damped Newton step of the follower from w₀, whose derivative in θ is −(H + λ)⁻¹ ∂₁₂f₂ to first order where H does not depend on θ
        double[] start = critic.Parameters.Span.ToArray();
        var solver = new ExactSolver<double>();
        var hypergradient = new ImplicitHypergradient<double>(solver);
        double[] total = new double[game.Actor.Parameters.Length];
        IBilevelProblem<double> problem = game.Problem;

        // at the stationary point of the damped model: f₂(w) + λ/2 |w − w₀|² − g₀·w has w₀ as its minimum
        const double damping = 3;
        game.Linearise();
        double[] shift = new double[start.Length];
        problem.FollowerGradient(shift);
        hypergradient.Compute(problem, damping, total);

        double Reached()
        {
            // Newton on the follower's shifted, damped loss from w₀; quadratic convergence
            start.CopyTo(critic.Parameters.Span);
            for (int k = 0; k < 8; k++)
            {
                game.Linearise();
                double[] residual = new double[start.Length];
                problem.FollowerGradient(residual);
                for (int i = 0; i < residual.Length; i++)
                {
                    residual[i] += (damping * (critic.Parameters[i] - start[i])) - shift[i];
                }

                double[] step = new double[residual.Length];
                solver.Solve(problem.FollowerCurvature(Curvature.Hessian), damping, residual, step);
                Vectors.AddScaled<double>(critic.Parameters.Span, -1, step);
            }

            double value = game.ActorLoss();
            start.CopyTo(critic.Parameters.Span);
            return value;
        }

        double[] expected = OffPolicyGame.Differences(game.Actor.Parameters, ActorCoordinates(game), Reached);
        Learners.RelativeError(total, expected).ShouldBeLessThan(1e-6);
    }

    private static Func<double> FollowerGradientAlong(OffPolicyGame game, FollowerLoss loss, double[] v)
    {
        double[] targets = [.. game.Objectives.Targets];
        int count = game.ActorCritics;
        return () =>
        {
            if (loss == FollowerLoss.Bellman)
            {
                game.BellmanLoss();
            }
            else
            {
                game.PolicyLoss(targets);
            }

            return Vectors.Dot<double>(game.CriticGradient(count), v);
        };
    }

    private static IEnumerable<QNetwork<double>> Followers(OffPolicyGame game) => game.Critics.Take(game.ActorCritics);

    private static CoordinateMap ActorCoordinates(OffPolicyGame game) => game.Policy.Layout.Parameters.Coordinates;

    private static OffPolicyGame Game(string id, LeaderRole leader, FollowerLoss loss) =>
        OffPolicyGame.Of(id, options => OffPolicyStackelberg.With(options, leader, loss));
}
