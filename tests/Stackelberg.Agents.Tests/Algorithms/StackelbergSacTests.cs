using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Algorithms;

/// <summary>
/// The derivatives of which ST-SAC's leader gradient is made, against finite differences of f₁ and f₂ at fixed noise: twin critics as one follower or
/// leader, entropy in both losses.
/// </summary>
public sealed class StackelbergSacTests : IDisposable
{
    private readonly StackelbergSacOptions options = new() { Temperature = 0.3 };
    private readonly Sac<double> sac;

    public StackelbergSacTests()
    {
        sac = SacLearners.Prepared(options);
        SacLearners.Level(sac);
    }

    public void Dispose() => sac.Dispose();

    [Fact]
    public void With_the_actor_leading_the_right_hand_side_is_the_gradient_of_the_actors_loss_by_both_critics()
    {
        OffPolicyActorLeads<double> problem = ActorLeads(options);
        double[] result = new double[problem.FollowerDimension];
        problem.RightHandSide(result);
        RequireBothCritics();
        double[] expected = ByCritics(() => [ActorLoss()])[0];
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-7);
    }

    [Fact]
    public void With_the_actor_leading_the_mixed_product_goes_through_the_targets_action_and_its_entropy()
    {
        OffPolicyActorLeads<double> problem = ActorLeads(options);
        double[] v = Direction(problem.FollowerDimension, critics: true);
        double[] result = new double[problem.LeaderDimension];
        problem.MixedProduct(v, result);
        double[] expected = SacLearners.Differences(sac.Actor.Parameters, sac.Actor.Layout, () => [Vectors.Dot<double>(CriticGradient(), v)])[0];
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void With_the_actor_leading_the_mixed_product_at_its_own_actions_sums_over_both_critics()
    {
        OffPolicyActorLeads<double> problem = ActorLeads(options with { FollowerLoss = FollowerLoss.Policy });
        double[] v = Direction(problem.FollowerDimension, critics: true);
        double[] result = new double[problem.LeaderDimension];
        problem.MixedProduct(v, result);
        double[] targets = [.. sac.Targets];
        double Product()
        {
            ActorLoss();
            double sum = 0;
            for (int k = 0; k < 2; k++)
            {
                sac.Critics[k].LossGradient(sac.PolicyInputs, targets, sac.Batch.Rows);
                sum += Vectors.Dot<double>(sac.Critics[k].Gradient.Span, v.AsSpan(k * sac.Critics[k].Gradient.Length, sac.Critics[k].Gradient.Length));
            }

            return sum;
        }

        double[] expected = SacLearners.Differences(sac.Actor.Parameters, sac.Actor.Layout, () => [Product()])[0];
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void With_the_actor_leading_the_curvature_is_the_hessian_of_both_critics_losses()
    {
        OffPolicyActorLeads<double> problem = ActorLeads(options);
        double[] v = Direction(problem.FollowerDimension, critics: true);
        double[] result = new double[v.Length];
        problem.FollowerCurvature.Multiply(v, result);
        double[] expected = Central(h => ShiftCritics(v, h), CriticGradient);
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void With_the_critics_leading_the_right_hand_side_is_the_gradient_of_their_loss_by_the_actor()
    {
        OffPolicyCriticLeads<double> problem = CriticLeads();
        double[] result = new double[problem.FollowerDimension];
        problem.RightHandSide(result);
        double[] expected = SacLearners.Differences(sac.Actor.Parameters, sac.Actor.Layout, () => [CriticLoss()])[0];
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-7);
    }

    [Fact]
    public void With_the_critics_leading_the_mixed_product_is_how_the_actors_gradient_moves_with_both_critics()
    {
        OffPolicyCriticLeads<double> problem = CriticLeads();
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
        OffPolicyCriticLeads<double> problem = CriticLeads();
        double[] v = Direction(problem.FollowerDimension, critics: false);
        double[] result = new double[v.Length];
        problem.FollowerCurvature.Multiply(v, result);
        double[] expected = Central(h => Vectors.AddScaled(sac.Actor.Parameters.Span, h, v), ActorGradient);
        Learners.RelativeError(result, expected).ShouldBeLessThan(1e-6);
    }

    [Theory]
    [InlineData(Leader.Actor)]
    [InlineData(Leader.Critic)]
    public void Training_reports_every_leader_update(Leader leader)
    {
        StackelbergSacOptions small = SacLearners.Small(options) with { Leader = leader, LearningStarts = 200, UpdateAfter = 200 };
        using var learner = new Sac<double>(SacLearners.Context(), small);
        var sink = new RecordingSink();
        for (int i = 0; i < 6; i++)
        {
            learner.Iterate(50, sink);
        }

        sink.Reports.Count.ShouldBe(3 * 50);
        sink.Reports.ShouldAllBe(r => double.IsFinite(r.ImplicitNorm) && r.ImplicitNorm > 0);
        sink.Metrics.Keys.ShouldContain("actor/entropy");
    }

    private OffPolicyActorLeads<double> ActorLeads(StackelbergSacOptions of)
    {
        var problem = new OffPolicyActorLeads<double>(sac, of, of.Hypergradient);
        SacLearners.Rewind(sac);
        sac.BellmanTargets();
        sac.CriticGradients(fix: true);
        problem.LeaderGradient(new double[problem.LeaderDimension]);
        return problem;
    }

    private OffPolicyCriticLeads<double> CriticLeads()
    {
        var problem = new OffPolicyCriticLeads<double>(sac, options, options.Hypergradient);
        SacLearners.Rewind(sac);
        sac.BellmanTargets();
        sac.CriticGradients(fix: true);
        problem.LeaderGradient(new double[problem.LeaderDimension]);
        return problem;
    }

    /// <summary>Either critic is the smaller one in some rows.</summary>
    private void RequireBothCritics() =>
        sac.ValueWeights[0].Span.ToArray().Count(static w => w == 0).ShouldBeInRange(1, sac.Batch.Rows - 1);

    /// <summary>f₁ of the actor, with the draws that follow those of the targets.</summary>
    private double ActorLoss()
    {
        CriticLoss();
        return sac.ActorLossGradient();
    }

    private double[] ActorGradient()
    {
        ActorLoss();
        return sac.ActorGradient.Span.ToArray();
    }

    /// <summary>L = Σ_k mean (Q_k − y_θ)².</summary>
    private double CriticLoss()
    {
        SacLearners.Rewind(sac);
        sac.BellmanTargets();
        return 2 * sac.CriticGradients();
    }

    private double[] CriticGradient()
    {
        CriticLoss();
        return [.. sac.Critics[0].Gradient.Span, .. sac.Critics[1].Gradient.Span];
    }

    private double[][] ByCritics(Func<double[]> numbers)
    {
        double[][] first = SacLearners.Differences(sac.Critics[0].Parameters, sac.Critics[0].Layout, numbers);
        double[][] second = SacLearners.Differences(sac.Critics[1].Parameters, sac.Critics[1].Layout, numbers);
        return [.. first.Zip(second, static (a, b) => (double[])[.. a, .. b])];
    }

    private void ShiftCritics(double[] direction, double scale)
    {
        int length = sac.Critics[0].Parameters.Length;
        Vectors.AddScaled<double>(sac.Critics[0].Parameters.Span, scale, direction.AsSpan(0, length));
        Vectors.AddScaled<double>(sac.Critics[1].Parameters.Span, scale, direction.AsSpan(length));
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
        CoordinateMap coordinates = critics ? sac.Critics[0].Layout.Parameters.Coordinates : sac.Actor.Layout.Parameters.Coordinates;
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
