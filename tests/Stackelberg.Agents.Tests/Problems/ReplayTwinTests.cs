using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Tensors;
using Question = System.Func<Stackelberg.Bilevel.IDifferentiableBilevelProblem<double>, double[]>;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>The fused problems of DDPG, TD3 and SAC on a batch against the two formulas each stands for.</summary>
public sealed class ReplayTwinTests
{
    private static readonly Curvature[] Both = [Curvature.Hessian, Curvature.GaussNewton];

    public static TheoryData<string, LeaderRole, FollowerLoss> Cases()
    {
        var cases = new TheoryData<string, LeaderRole, FollowerLoss>();
        foreach (string id in new[] { "ddpg", "td3", "sac" })
        {
            foreach (LeaderRole leader in new[] { LeaderRole.Actor, LeaderRole.Critic })
            {
                cases.Add(id, leader, FollowerLoss.Policy);
                cases.Add(id, leader, FollowerLoss.Bellman);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_derivative_is_that_of_the_recorded_formulas(string id, LeaderRole leader, FollowerLoss loss)
    {
        using ReplayParts parts = ReplayParts.Of(id, leader, loss);
        parts.Problem.Linearise();
        TapeProblem<double> twin = ReplayTwin.Of(parts);
        twin.Linearise();
        Dictionary<string, Question> questions = Twins.Questions(twin, losses: true, Both);
        questions.Ask(parts.Problem, order: 1).ShouldAgree(questions.Ask(twin, order: 2));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Questions_may_be_asked_in_any_order(string id, LeaderRole leader, FollowerLoss loss)
    {
        using ReplayParts parts = ReplayParts.Of(id, leader, loss);
        Dictionary<string, Question> questions = Twins.Questions(parts.Problem, losses: true, Both);
        int length = leader == LeaderRole.Actor ? parts.Critics.Player.Parameters.Length : parts.Problem.FollowerDimension;
        questions["what the follower descends"] = p => Twins.Ask(length, s => p.FollowerDescent(s));
        questions["its loss"] = p => [p.FollowerDescent(new double[length])];
        questions["the leader's loss with its gradient"] = static p => [p.DirectGradient(new double[p.LeaderDimension])];
        parts.Problem.Linearise();
        Dictionary<string, double[]> once = questions.Ask(parts.Problem, order: 3);
        foreach (ulong order in new ulong[] { 4, 5, 6, 7 })
        {
            questions.Ask(parts.Problem, order).ShouldBeSameBits(once);
        }
    }

    /// <summary>Without a leader places share memory, yet a player's gradient and loss are the same whoever was asked before.</summary>
    [Theory]
    [InlineData("ddpg")]
    [InlineData("td3")]
    [InlineData("sac")]
    public void Without_a_leader_both_gradients_are_those_of_one_that_has_one_in_any_order(string id)
    {
        using ReplayParts parts = ReplayParts.Of(id, LeaderRole.None, FollowerLoss.Policy), led = ReplayParts.Of(id, LeaderRole.Actor, FollowerLoss.Policy);
        int length = parts.Critics.Player.Parameters.Length;
        var questions = new Dictionary<string, Question>
        {
            ["∂f_A/∂θ"] = static p => Twins.Ask(p.LeaderDimension, s => p.DirectGradient(s)),
            ["f_A"] = static p => [p.DirectGradient(new double[p.LeaderDimension])],
            ["∂L/∂w"] = p => Twins.Ask(length, s => p.FollowerDescent(s)),
            ["L"] = p => [p.FollowerDescent(new double[length])],
        };
        parts.Problem.Linearise(Derivatives.Direct | Derivatives.Descent);
        led.Problem.Linearise();
        Dictionary<string, double[]> expected = questions.Ask(led.Problem, order: 1);
        foreach (ulong order in new ulong[] { 2, 3, 4 })
        {
            questions.Ask(parts.Problem, order).ShouldBeSameBits(expected);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Moving_away_and_back_changes_nothing_and_a_moved_point_is_one_of_its_own(string id, LeaderRole leader, FollowerLoss loss)
    {
        using ReplayParts parts = ReplayParts.Of(id, leader, loss);
        ActorCriticDirections directions = new(parts.Problem);
        parts.Problem.Linearise();
        Dictionary<string, Question> questions = Twins.Questions(parts.Problem, losses: true, Both);
        Dictionary<string, double[]> before = questions.Ask(parts.Problem, order: 3);
        (double[] x, double[] y) = (parts.Problem.Leader.ToArray(), parts.Problem.Follower.ToArray());
        foreach ((double[] leaderPoint, double[] followerPoint) in new[] { (x, directions.Follower(y)), (directions.Leader(x), directions.Follower(y)) })
        {
            parts.Problem.MoveTo(leaderPoint, followerPoint);
            TapeProblem<double> twin = ReplayTwin.Of(parts);
            twin.Linearise();
            Dictionary<string, double[]> moved = questions.Ask(parts.Problem, order: 8);
            moved.ShouldAgree(questions.Ask(twin, order: 9));
            moved["∂₂f₂"].ShouldNotBe(before["∂₂f₂"]);
        }

        parts.Problem.MoveTo(x, y);
        questions.Ask(parts.Problem, order: 10).ShouldBeSameBits(before);
    }

    [Theory]
    [InlineData("ddpg", FollowerLoss.Policy)]
    [InlineData("td3", FollowerLoss.Policy)]
    [InlineData("td3", FollowerLoss.Bellman)]
    [InlineData("sac", FollowerLoss.Bellman)]
    public void Critics_descend_the_loss_at_the_batchs_actions_all_of_them(string id, FollowerLoss loss)
    {
        using ReplayParts parts = ReplayParts.Of(id, LeaderRole.Actor, loss);
        parts.Problem.Linearise(Derivatives.Descent);
        TapeProblem<double> twin = ReplayTwin.Descent(parts);
        twin.Linearise(Derivatives.Direct);
        double[] descent = new double[parts.Critics.Player.Parameters.Length];
        double value = parts.Problem.FollowerDescent(descent);
        Twins.Near(descent, Twins.Ask(descent.Length, s => twin.DirectGradient(s)), "descent");
        value.ShouldBe(twin.LeaderLoss() / parts.Critics.Networks.Count, 1e-12);
    }

    [Fact]
    public void Smoothing_clips_some_of_the_next_actions_of_these_cases_and_not_others()
    {
        using ReplayParts parts = ReplayParts.Of("td3", LeaderRole.Actor, FollowerLoss.Bellman);
        parts.Problem.Linearise();
        var options = (Td3Options)parts.Options;
        double[] noise = [.. parts.Objectives.Smoothing!.Draws.ToArray().Select(e => options.TargetNoise * e)];
        noise.Count(e => Math.Abs(e) > options.NoiseClip).ShouldBeInRange(1, noise.Length - 1);

        // the fused problem masks what the box cut off: without the mask the actor's part of these rows would not vanish
        int atEdge = 0;
        for (int i = 0; i < parts.Batch.Rows; i++)
        {
            double[] action = new double[2];
            parts.Policy.Act(parts.Batch.NextObservations.Row(i), action, PolicyMode.Greedy, Primitives.RandomStream.FromSeed(0));
            double[] moved = [.. action.Select((a, j) => a + (parts.Policy.HalfRange[j] * Math.Clamp(noise[(2 * i) + j], -options.NoiseClip, options.NoiseClip)))];
            atEdge += moved.Where((m, j) => Math.Abs(m - parts.Policy.Centre[j]) > parts.Policy.HalfRange[j]).Count();
        }

        atEdge.ShouldBeInRange(1, noise.Length - 1);
    }

    [Theory]
    [InlineData("td3")]
    [InlineData("sac")]
    public void Each_twin_is_the_smaller_one_in_some_rows_of_these_cases(string id)
    {
        using ReplayParts parts = ReplayParts.Of(id, LeaderRole.Actor, FollowerLoss.Bellman);
        parts.Problem.Linearise();
        Smaller(static n => n.AtNext.Outputs);
        if (id == "sac")
        {
            Smaller(static n => n.AtPolicy.Outputs);
        }

        void Smaller(Func<Critics.QNetwork<double>, Matrix<double>> place)
        {
            (double[] first, double[] second) = (place(parts.Critics.Networks[0]).Span.ToArray(), place(parts.Critics.Networks[1]).Span.ToArray());
            first.Zip(second, static (a, b) => a < b).Distinct().Count().ShouldBe(2);
        }
    }

    [Theory]
    [InlineData("ddpg")]
    [InlineData("td3")]
    [InlineData("sac")]
    public void Without_error_terms_the_mixed_product_is_that_of_first_derivatives_alone(string id)
    {
        using ReplayParts parts = ReplayParts.Of(id, LeaderRole.Actor, FollowerLoss.Policy, static o => o with { ErrorTerms = false });
        using ReplayParts full = ReplayParts.Of(id, LeaderRole.Actor, FollowerLoss.Policy);
        parts.Problem.Linearise();
        full.Problem.Linearise();
        TapeProblem<double> twin = ReplayTwin.Of(parts);
        twin.Linearise();
        double[] v = Twins.Direction(parts.Problem.FollowerCurvature(Curvature.Hessian).Coordinates, parts.Problem.FollowerDimension, 3);
        double[] product = Mixed(parts.Problem, v);
        Twins.Near(product, Mixed(twin, v), "mixed product");
        product.ShouldNotBe(Mixed(full.Problem, v));
    }

    [Theory]
    [InlineData("ddpg")]
    [InlineData("td3")]
    [InlineData("sac")]
    public void Outer_products_of_means_are_made_of_the_actors_loss_alone(string id)
    {
        using ReplayParts parts = ReplayParts.Of(
            id, LeaderRole.Actor, FollowerLoss.Policy, static o => o with { Curvature = Curvature.GaussNewton, OuterProduct = OuterProduct.OfMeans });
        parts.Problem.Linearise();
        TapeProblem<double> twin = ReplayTwin.Of(parts);
        twin.Linearise();
        double[] byActor = Twins.Ask(twin.LeaderDimension, s => twin.DirectGradient(s));
        double[] byCritic = Twins.Ask(twin.FollowerDimension, twin.RightHandSide);
        ILinearOperator<double> curvature = parts.Problem.FollowerCurvature(Curvature.GaussNewton);
        double[] v = Twins.Direction(curvature.Coordinates, byCritic.Length, 3);
        double along = Vectors.Dot<double>(byCritic, v);
        Twins.Near(Mixed(parts.Problem, v), [.. byActor.Select(g => 2 * g * along)], "2 ḡ_θ (ḡ_w · v)");
        Twins.Near(Twins.Ask(v.Length, s => curvature.Multiply(v, s)), [.. byCritic.Select(g => 2 * g * along)], "2 ḡ_w (ḡ_w · v)");
    }

    [Fact]
    public void Linearising_anew_draws_anew_and_moving_does_not()
    {
        using ReplayParts parts = ReplayParts.Of("sac", LeaderRole.Actor, FollowerLoss.Bellman);
        parts.Problem.Linearise();
        (double[] own, double[] next) = (parts.Objectives.AtObservations.Draws.ToArray(), parts.Objectives.AtNext.Draws.ToArray());
        own.ShouldNotBe(next);
        parts.Problem.MoveTo(parts.Problem.Leader.ToArray(), parts.Problem.Follower.ToArray());
        parts.Objectives.AtObservations.Draws.ToArray().ShouldBe(own);
        parts.Objectives.AtNext.Draws.ToArray().ShouldBe(next);
        parts.Problem.Linearise();
        parts.Objectives.AtObservations.Draws.ToArray().ShouldNotBe(own);
        parts.Objectives.AtNext.Draws.ToArray().ShouldNotBe(next);
    }

    private static double[] Mixed(IBilevelProblem<double> problem, double[] v) => Twins.Ask(problem.LeaderDimension, s => problem.MixedProduct(v, s));

    /// <summary>Points near a problem's own.</summary>
    private sealed class ActorCriticDirections(IDifferentiableBilevelProblem<double> problem)
    {
        public double[] Leader(double[] from) => Near(from, problem.LeaderCoordinates, 41);

        public double[] Follower(double[] from) => Near(from, problem.FollowerCurvature(Curvature.Hessian).Coordinates, 42);

        private static double[] Near(double[] from, CoordinateMap map, ulong seed)
        {
            double[] step = Twins.Direction(map, from.Length, seed);
            return [.. from.Select((value, i) => value + (0.2 * step[i]))];
        }
    }
}
