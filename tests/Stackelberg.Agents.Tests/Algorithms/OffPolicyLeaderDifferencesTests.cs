using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>Every derivative a leader uses, against central differences in double precision.</summary>
public sealed class OffPolicyLeaderDifferencesTests
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
        using OffPolicyGame game = Game(id, Leader.Actor, loss);
        IBilevelProblem<double> problem = Actor(game, loss);
        double[] direct = new double[problem.LeaderDimension], actual = new double[problem.FollowerDimension];
        game.Rewind();
        problem.LeaderGradient(direct);
        problem.RightHandSide(actual);
        double[] expected = [.. Followers(game).SelectMany(c => OffPolicyGame.Differences(c.Parameters, c.Layout.Parameters.Coordinates, game.ActorLoss))];
        Learners.RelativeError(actual, expected).ShouldBeLessThan(1e-7);
        Learners.RelativeError(direct, OffPolicyGame.Differences(game.Learner.Actor.Parameters, ActorCoordinates(game), game.ActorLoss)).ShouldBeLessThan(1e-7);
    }

    [Theory]
    [MemberData(nameof(Games))]
    public void An_actors_mixed_product_is_the_derivative_of_the_critics_gradient(string id, FollowerLoss loss)
    {
        using OffPolicyGame game = Game(id, Leader.Actor, loss);
        IBilevelProblem<double> problem = Actor(game, loss);
        double[] v = OffPolicyGame.Direction(problem.FollowerCurvature.Coordinates, problem.FollowerDimension, 3);
        double[] actual = new double[problem.LeaderDimension];
        game.Rewind();
        problem.LeaderGradient(actual);
        problem.RightHandSide(new double[problem.FollowerDimension]);
        problem.MixedProduct(v, actual);
        Func<double> gradientAlong = FollowerGradientAlong(game, loss, v);
        double[] expected = OffPolicyGame.Differences(game.Learner.Actor.Parameters, ActorCoordinates(game), gradientAlong);
        Learners.RelativeError(actual, expected).ShouldBeLessThan(1e-7);
    }

    [Theory]
    [MemberData(nameof(Games))]
    public void A_critics_Hessian_is_the_derivative_of_its_gradient(string id, FollowerLoss loss)
    {
        using OffPolicyGame game = Game(id, Leader.Actor, loss);
        IBilevelProblem<double> problem = Actor(game, loss);
        game.Rewind();
        problem.LeaderGradient(new double[problem.LeaderDimension]);
        double[] v = OffPolicyGame.Direction(problem.FollowerCurvature.Coordinates, problem.FollowerDimension, 4);
        double[] actual = new double[v.Length];
        problem.FollowerCurvature.Multiply(v, actual);
        Func<double> gradientAlong = FollowerGradientAlong(game, loss, v);
        double[] expected = [.. Followers(game).SelectMany(c => OffPolicyGame.Differences(c.Parameters, c.Layout.Parameters.Coordinates, gradientAlong))];
        Learners.RelativeError(actual, expected).ShouldBeLessThan(1e-7);
    }

    [Theory]
    [MemberData(nameof(Games))]
    public void A_critic_sees_how_its_loss_depends_on_the_actor(string id, FollowerLoss loss)
    {
        using OffPolicyGame game = Game(id, Leader.Critic, loss);
        IBilevelProblem<double> problem = Critic(game, loss);
        double[] direct = new double[problem.LeaderDimension], actual = new double[problem.FollowerDimension];
        game.Rewind();
        problem.LeaderGradient(direct);
        problem.RightHandSide(actual);
        double[] targets = [.. game.Learner.Targets];
        Func<double> value = loss == FollowerLoss.Bellman ? game.BellmanLoss : () => game.PolicyLoss(targets);
        Learners.RelativeError(actual, OffPolicyGame.Differences(game.Learner.Actor.Parameters, ActorCoordinates(game), value)).ShouldBeLessThan(1e-7);
        double[] expected = [.. game.Critics.SelectMany(c => OffPolicyGame.Differences(c.Parameters, c.Layout.Parameters.Coordinates, game.BellmanLoss))];
        Learners.RelativeError(direct, expected).ShouldBeLessThan(1e-7);
    }

    [Theory]
    [MemberData(nameof(Games))]
    public void An_actors_Hessian_and_its_mixed_product_with_the_critics_are_derivatives_of_its_gradient(string id, FollowerLoss loss)
    {
        using OffPolicyGame game = Game(id, Leader.Critic, loss);
        IBilevelProblem<double> problem = Critic(game, loss);
        game.Rewind();
        problem.LeaderGradient(new double[problem.LeaderDimension]);
        double[] v = OffPolicyGame.Direction(ActorCoordinates(game), problem.FollowerDimension, 5);
        double[] hessian = new double[v.Length], mixed = new double[problem.LeaderDimension];
        problem.FollowerCurvature.Multiply(v, hessian);
        problem.MixedProduct(v, mixed);

        double GradientAlong()
        {
            game.ActorLoss();
            return Vectors.Dot<double>(game.Learner.ActorGradient.Span, v);
        }

        Learners.RelativeError(hessian, OffPolicyGame.Differences(game.Learner.Actor.Parameters, ActorCoordinates(game), GradientAlong)).ShouldBeLessThan(1e-7);
        double[] expected = [.. game.Critics.SelectMany(c => OffPolicyGame.Differences(c.Parameters, c.Layout.Parameters.Coordinates, GradientAlong))];
        Learners.RelativeError(mixed, expected).ShouldBeLessThan(1e-7);
    }

    /// <summary>With the follower solved exactly, the total derivative is the derivative of what the leader gets in the end.</summary>
    [Fact]
    public void The_total_derivative_is_that_of_the_leaders_loss_at_the_followers_Newton_point()
    {
        using OffPolicyGame game = Game("st-ddpg", Leader.Actor, FollowerLoss.Bellman);
        QCritic<double> critic = game.Critics[0];
        OffPolicyLearner<double> learner = game.Learner;

        // one damped Newton step of the follower from w₀, whose derivative in θ is −(H + λ)⁻¹ ∂₁₂f₂ to first order where H does not depend on θ
        double[] start = critic.Parameters.Span.ToArray();
        var solver = new ExactSolver<double>();
        var hypergradient = new ImplicitHypergradient<double>(solver);
        double[] total = new double[learner.Actor.Parameters.Length];
        IBilevelProblem<double> problem = Actor(game, FollowerLoss.Bellman);

        // at the stationary point of the damped model: f₂(w) + λ/2 |w − w₀|² − g₀·w has w₀ as its minimum
        const double damping = 3;
        game.Refresh();
        double[] shift = critic.Gradient.Span.ToArray();
        hypergradient.Compute(problem, damping, total);

        double Reached()
        {
            // Newton on the follower's shifted, damped loss from w₀; quadratic convergence
            start.CopyTo(critic.Parameters.Span);
            for (int k = 0; k < 8; k++)
            {
                game.RestoreNoise();
                learner.BellmanTargets();
                learner.CriticGradients(fix: true);
                double[] residual = critic.Gradient.Span.ToArray();
                for (int i = 0; i < residual.Length; i++)
                {
                    residual[i] += (damping * (critic.Parameters[i] - start[i])) - shift[i];
                }

                double[] step = new double[residual.Length];
                solver.Solve(problem.FollowerCurvature, damping, residual, step);
                Vectors.AddScaled<double>(critic.Parameters.Span, -1, step);
            }

            double value = game.ActorLoss();
            start.CopyTo(critic.Parameters.Span);
            return value;
        }

        double[] expected = OffPolicyGame.Differences(learner.Actor.Parameters, ActorCoordinates(game), Reached);
        Learners.RelativeError(total, expected).ShouldBeLessThan(1e-6);
    }

    private static Func<double> FollowerGradientAlong(OffPolicyGame game, FollowerLoss loss, double[] v)
    {
        double[] targets = [.. game.Learner.Targets];
        int count = game.Learner.ActorCritics;
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

    private static IEnumerable<QCritic<double>> Followers(OffPolicyGame game) => game.Critics.Take(game.Learner.ActorCritics);

    private static CoordinateMap ActorCoordinates(OffPolicyGame game) => game.Learner.Actor.Layout.Parameters.Coordinates;

    private static OffPolicyActorLeads<double> Actor(OffPolicyGame game, FollowerLoss loss) =>
        new(game.Learner, OffPolicyStackelberg.Choice(Leader.Actor, loss), new OffPolicyHypergradientOptions());

    private static OffPolicyCriticLeads<double> Critic(OffPolicyGame game, FollowerLoss loss) =>
        new(game.Learner, OffPolicyStackelberg.Choice(Leader.Critic, loss), new OffPolicyHypergradientOptions());

    private static OffPolicyGame Game(string id, Leader leader, FollowerLoss loss) =>
        OffPolicyGame.Of(id, options => OffPolicyStackelberg.With(options, leader, loss));
}
