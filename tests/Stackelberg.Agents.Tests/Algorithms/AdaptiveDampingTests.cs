using Stackelberg.Agents.Algorithms;
using Stackelberg.Agents.Critics;
using Stackelberg.Agents.Tests.Support;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Algorithms;

public sealed class AdaptiveDampingTests
{
    [Fact]
    public void The_quadratic_model_predicts_small_steps_to_third_order()
    {
        using Stac<double> stac = Learners.Prepared(Learners.Small());
        stac.Critic.Linearisation.SetSquaredLoss(stac.Rollout.Targets.AsSpan(0, stac.Rollout.Count));
        var check = new QuadraticModelCheck<double>(stac.Critic);
        check.Mark();
        double[] start = stac.Critic.Parameters.Span.ToArray();
        double[] direction = new double[start.Length];
        CoordinateMap coordinates = stac.Critic.Layout.Parameters.Coordinates;
        var random = RandomStream.FromSeed(1);
        for (int i = 0; i < coordinates.Count; i++)
        {
            direction[coordinates[i]] = random.NextNormal();
        }

        double previousError = double.NaN;
        foreach (double step in (double[])[0.004, 0.002, 0.001])
        {
            start.CopyTo(stac.Critic.Parameters.Span);
            double before = Loss(stac);
            Vectors.AddScaled<double>(stac.Critic.Parameters.Span, step, direction);
            double[] moved = stac.Critic.Parameters.Span.ToArray();
            double actual = before - Loss(stac);
            double predicted = check.PredictedReduction(new NetworkHessian<double>(stac.Critic.Linearisation));

            stac.Critic.Parameters.Span.ToArray().ShouldBe(moved);
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
        StacOptions options = Learners.Small();
        options = options with
        {
            Critic = options.Critic with { Optimiser = OptimiserKind.Sgd, LearningRate = learningRate, Updates = 3 },
            Hypergradient = options.Hypergradient with { DampingSchedule = DampingKind.Adaptive, Damping = 10 },
        };
        using Stac<double> stac = Learners.Create(options);
        var sink = new RecordingSink();
        for (int i = 0; i < 4; i++)
        {
            stac.Iterate(60, sink);
        }

        sink.Reports[0].Solve.Damping.ShouldBe(10);
        return sink.Reports[^1].Solve.Damping;
    }

    private static double Loss(Stac<double> stac) => stac.CriticGradient(new FlatVector<double>(stac.Critic.Parameters.Length));
}
