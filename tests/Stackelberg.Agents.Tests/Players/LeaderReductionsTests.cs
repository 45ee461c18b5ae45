using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Players;

/// <summary>What adaptive damping hears of the follower's steps.</summary>
public sealed class LeaderReductionsTests
{
    [Fact]
    public void The_quadratic_model_predicts_small_steps_to_third_order()
    {
        using ActorCritic<double> stac = Learners.Prepared(Learners.Small());
        IDifferentiableBilevelProblem<double> problem = stac.Round.Problem;
        Leader<double> leader = stac.Round.Leader!;
        leader.BeforeFollower(problem);
        double[] start = stac.Values.Parameters.Span.ToArray();
        double[] direction = new double[start.Length];
        CoordinateMap coordinates = stac.Values.Layout.Parameters.Coordinates;
        var random = RandomStream.FromSeed(1);
        for (int i = 0; i < coordinates.Count; i++)
        {
            direction[coordinates[i]] = random.NextNormal();
        }

        double previousError = double.NaN;
        foreach (double step in (double[])[0.004, 0.002, 0.001])
        {
            start.CopyTo(stac.Values.Parameters.Span);
            double before = Loss(stac);
            Vectors.AddScaled<double>(stac.Values.Parameters.Span, step, direction);
            double[] moved = stac.Values.Parameters.Span.ToArray();
            (double actual, double predicted) = leader.Reductions(problem);
            actual.ShouldBe(before - Loss(stac), 1e-14 * before);

            stac.Values.Parameters.Span.ToArray().ShouldBe(moved);
            double error = Math.Abs(actual - predicted);
            if (!double.IsNaN(previousError))
            {
                (previousError / error).ShouldBeInRange(7, 9);
            }

            previousError = error;
        }
    }

    [Fact]
    public void Damping_falls_while_the_model_is_good_and_rises_when_steps_leave_it()
    {
        FinalDamping(learningRate: 1e-4).ShouldBeLessThan(10);
        FinalDamping(learningRate: 0.8).ShouldBeGreaterThan(10);
    }

    private static double FinalDamping(double learningRate)
    {
        AcOptions options = Learners.Small();
        options = options with
        {
            Critic = options.Critic with { Optimiser = OptimiserKind.Sgd, LearningRate = learningRate, Updates = 3 },
        };
        options = options.Changed(static o => o with { DampingSchedule = DampingKind.Adaptive, Damping = 10 });
        using ActorCritic<double> stac = Learners.Create(options);
        var sink = new RecordingSink();
        for (int i = 0; i < 4; i++)
        {
            stac.Iterate(60, sink);
        }

        sink.Reports[0].Solve.Damping.ShouldBe(10);
        return sink.Reports[^1].Solve.Damping;
    }

    private static double Loss(ActorCritic<double> stac) => stac.Round.Problem.FollowerDescent(new double[stac.Values.Parameters.Length]);
}
