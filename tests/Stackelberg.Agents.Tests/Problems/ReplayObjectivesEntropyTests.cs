using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Agents.Tests.Problems;

/// <summary>
/// The derivatives of which ST-SAC's leader gradient is made, against finite differences of f₁ and f₂ at fixed noise: twin critics as one follower or
/// leader, entropy in both losses.
/// </summary>
public sealed class ReplayObjectivesEntropyTests : IDisposable
{
    private Sac<double> sac = null!;

    public void Dispose() => sac.Dispose();

    [Fact]
    public void With_the_actor_leading_the_right_hand_side_is_the_gradient_of_the_actors_loss_by_both_critics()
    {
        IBilevelProblem<double> problem = Prepare(LeaderRole.Actor);
        double[] result = new double[problem.FollowerDimension];
        problem.RightHandSide(result);
        RequireBothCritics();
        double[] expected = ByCritics(() => [ActorLoss()])[0];
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-7);
    }

    [Fact]
    public void With_the_actor_leading_the_mixed_product_goes_through_the_targets_action_and_its_entropy()
    {
        IBilevelProblem<double> problem = Prepare(LeaderRole.Actor);
        double[] v = Direction(problem.FollowerDimension, critics: true);
        double[] result = new double[problem.LeaderDimension];
        problem.MixedProduct(v, result);
        double[] expected = SacLearners.Differences(Actor.Parameters, sac.Actor().Layout, () => [Vectors.Dot<double>(CriticGradient(), v)])[0];
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void With_the_actor_leading_the_mixed_product_at_its_own_actions_sums_over_both_critics()
    {
        IBilevelProblem<double> problem = Prepare(LeaderRole.Actor, FollowerLoss.Policy);
        double[] v = Direction(problem.FollowerDimension, critics: true);
        double[] result = new double[problem.LeaderDimension];
        problem.MixedProduct(v, result);
        double[] targets = [.. sac.Objectives.Targets];
        double Product()
        {
            ActorLoss();
            double sum = 0;
            for (int k = 0; k < 2; k++)
            {
                Linearisation<double> q = sac.Critics()[k].AtPolicy;
                q.SetSquaredLoss(targets);
                q.LossGradient(Critic.Gradient);
                sum += Vectors.Dot<double>(Critic.Gradient.Span[..NetworkLength], v.AsSpan(k * NetworkLength, NetworkLength));
            }

            return sum;
        }

        double[] expected = SacLearners.Differences(Actor.Parameters, sac.Actor().Layout, () => [Product()])[0];
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void With_the_actor_leading_the_curvature_is_the_hessian_of_both_critics_losses()
    {
        IBilevelProblem<double> problem = Prepare(LeaderRole.Actor);
        double[] v = Direction(problem.FollowerDimension, critics: true);
        double[] result = new double[v.Length];
        problem.FollowerCurvature(Curvature.Hessian).Multiply(v, result);
        double[] expected = Central(h => ShiftCritics(v, h), CriticGradient);
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void With_the_critics_leading_the_right_hand_side_is_the_gradient_of_their_loss_by_the_actor()
    {
        IBilevelProblem<double> problem = Prepare(LeaderRole.Critic);
        double[] result = new double[problem.FollowerDimension];
        problem.RightHandSide(result);
        double[] expected = SacLearners.Differences(Actor.Parameters, sac.Actor().Layout, () => [CriticLoss()])[0];
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-7);
    }

    [Fact]
    public void With_the_critics_leading_the_mixed_product_is_how_the_actors_gradient_moves_with_both_critics()
    {
        IBilevelProblem<double> problem = Prepare(LeaderRole.Critic);
        double[] v = Direction(problem.FollowerDimension, critics: false);
        double[] result = new double[problem.LeaderDimension];
        problem.MixedProduct(v, result);
        RequireBothCritics();
        double[] expected = ByCritics(() => [Vectors.Dot<double>(ActorGradient(), v)])[0];
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void With_the_critics_leading_the_curvature_is_the_hessian_of_the_actors_loss_with_its_entropy()
    {
        IBilevelProblem<double> problem = Prepare(LeaderRole.Critic);
        double[] v = Direction(problem.FollowerDimension, critics: false);
        double[] result = new double[v.Length];
        problem.FollowerCurvature(Curvature.Hessian).Multiply(v, result);
        double[] expected = Central(h => Vectors.AddScaled(Actor.Parameters.Span, h, v), ActorGradient);
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-6);
    }

    [Theory]
    [InlineData(LeaderRole.Actor)]
    [InlineData(LeaderRole.Critic)]
    public void Training_reports_every_leader_update(LeaderRole leader)
    {
        SacOptions small = SacLearners.Small(Options(leader, FollowerLoss.Bellman)) with { LearningStarts = 200, UpdateAfter = 200 };
        Sac<double> learner = sac = new Sac<double>(SacLearners.Context(), small);
        var sink = new RecordingSink();
        for (int i = 0; i < 6; i++)
        {
            learner.Iterate(50, sink);
        }

        sink.Reports.Count.ShouldBe(3 * 50);
        sink.Reports.ShouldAllBe(r => double.IsFinite(r.ImplicitNorm) && r.ImplicitNorm > 0);
        sink.Metrics.Keys.ShouldContain("actor/entropy_before");
    }

    private Player<double> Actor => sac.Objectives.Actor;

    private Player<double> Critic => sac.Objectives.Critic;

    private int NetworkLength => sac.Objectives.NetworkLength;

    private static SacOptions Options(LeaderRole leader, FollowerLoss loss) => (SacOptions)OffPolicyStackelberg.With(
        (SacOptions)AlgorithmCatalogue.BuiltIn.Find("st-sac")!.CreateOptions() with { Temperature = 0.3 }, leader, loss);

    /// <summary>Makes the learner with a batch and level critics, and takes its problem's point.</summary>
    private IBilevelProblem<double> Prepare(LeaderRole leader, FollowerLoss loss = FollowerLoss.Bellman)
    {
        sac = SacLearners.Prepared(Options(leader, loss));
        SacLearners.Level(sac);
        sac.Round.Problem.Linearise();
        return sac.Round.Problem;
    }

    /// <summary>Either critic is the smaller one in some rows.</summary>
    private void RequireBothCritics() =>
        sac.RowsOfFirst().ShouldBeInRange(1, sac.Batch().Rows - 1);

    /// <summary>f₁ of the actor, with the draws that follow those of the targets.</summary>
    private double ActorLoss()
    {
        CriticLoss();
        return sac.ActorLossGradient();
    }

    private double[] ActorGradient()
    {
        ActorLoss();
        return Actor.Gradient.Span.ToArray();
    }

    /// <summary>L = Σ_k mean (Q_k − y_θ)².</summary>
    private double CriticLoss()
    {
        SacLearners.Rewind(sac);
        sac.TakeTargets();
        return sac.CriticLossGradient();
    }

    private double[] CriticGradient()
    {
        CriticLoss();
        return Critic.Gradient.Span.ToArray();
    }

    private double[][] ByCritics(Func<double[]> numbers)
    {
        double[][] first = SacLearners.Differences(sac.Critics()[0].Parameters, sac.CriticLayout(), numbers);
        double[][] second = SacLearners.Differences(sac.Critics()[1].Parameters, sac.CriticLayout(), numbers);
        return [.. first.Zip(second, static (a, b) => (double[])[.. a, .. b])];
    }

    private void ShiftCritics(double[] direction, double scale)
    {
        int length = sac.Critics()[0].Parameters.Length;
        Vectors.AddScaled<double>(sac.Critics()[0].Parameters.Span, scale, direction.AsSpan(0, length));
        Vectors.AddScaled<double>(sac.Critics()[1].Parameters.Span, scale, direction.AsSpan(length));
    }

    private static double[] Central(Action<double> shift, Func<double[]> gradient)
    {
        shift(1e-5);
        double[] above = gradient();
        shift(-2e-5);
        double[] below = gradient();
        shift(1e-5);
        return [.. above.Zip(below, static (a, b) => (a - b) / 2e-5)];
    }

    /// <summary>Random with zero padding: an actor's parameters, or both critics'.</summary>
    private double[] Direction(int length, bool critics)
    {
        CoordinateMap coordinates = critics ? sac.CriticLayout().Parameters.Coordinates : sac.Actor().Layout.Parameters.Coordinates;
        int part = critics ? length / 2 : length;
        double[] direction = new double[length];
        RandomStream random = RandomStream.FromSeed(31);
        for (int start = 0; start < length; start += part)
        {
            for (int i = 0; i < coordinates.Count; i++)
            {
                direction[start + coordinates[i]] = random.NextNormal();
            }
        }

        return direction;
    }
}
