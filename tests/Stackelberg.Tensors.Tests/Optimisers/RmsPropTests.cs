using Stackelberg.Primitives;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Tensors.Tests.Optimisers;

public sealed class RmsPropTests
{
    [Fact]
    public void Steps_divide_by_the_root_of_the_running_mean_square_plus_epsilon()
    {
        // β 3/4, α 1, ε 1/2, g = 2, −4, 0: v = 1, 19/4, 57/16; the second moment starts at 0, without correction
        var optimiser = new RmsProp<double>(1, 1.0, epsilon: 0.5, decay: 0.75);
        var parameters = new FlatVector<double>(1);
        double expected = 0;
        foreach ((double gradient, double square) in new[] { (2.0, 1.0), (-4.0, 4.75), (0.0, 3.5625) })
        {
            optimiser.Step(parameters, new FlatVector<double>(1) { [0] = gradient });
            expected -= gradient / (Math.Sqrt(square) + 0.5);
            parameters[0].ShouldBe(expected, 1e-15);
        }

        optimiser.Steps.ShouldBe(3);
    }

    [Fact]
    public void The_default_decay_is_99_hundredths()
    {
        // v = 0.01 g² after the first step, so that it is ten times the rate
        var optimiser = new RmsProp<double>(1, 0.001, epsilon: 1e-12);
        var parameters = new FlatVector<double>(1);
        optimiser.Step(parameters, new FlatVector<double>(1) { [0] = -3 });
        parameters[0].ShouldBe(0.01, 1e-10);
    }

    [Fact]
    public void The_schedule_sets_the_rate_and_the_state_continues_bit_for_bit()
    {
        (RmsProp<float> whole, RmsProp<float> parts) = (Make(), Make());
        FlatVector<float> first = new(3), second = new(3), gradient = new(3) { [0] = 1, [1] = -0.1f, [2] = 7 };
        whole.Step(first, gradient);
        whole.LearningRate.ShouldBe(0.75);
        MemoryState.Of(whole).Restore(parts);
        second.CopyFrom(first);
        whole.Step(first, gradient);
        parts.Step(second, gradient);
        second.Span.ToArray().ShouldBe(first.Span.ToArray());
        parts.Steps.ShouldBe(2);

        static RmsProp<float> Make() => new(3, LearningRateSchedule.Linear(1, 0, 4));
    }

    [Theory]
    [InlineData(0, 0.99)]
    [InlineData(1e-60, 0.99)]
    [InlineData(1e-8, 1)]
    [InlineData(1e-8, -0.1)]
    [InlineData(1e-8, double.NaN)]
    public void Options_outside_their_range_are_refused(double epsilon, double decay) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RmsProp<float>(3, 1e-3, epsilon, decay));
}
