using Stackelberg.Primitives;
using Stackelberg.Tensors.Optimisers;
using Stackelberg.Tensors.Tests.Kernels;

namespace Stackelberg.Tensors.Tests.Optimisers;

public sealed class SgdTests
{
    [Fact]
    public void Plain_descent_subtracts_the_scaled_gradient()
    {
        var optimiser = new Sgd<double>(2, 0.25);
        var parameters = new FlatVector<double>(2) { [0] = 1, [1] = -2 };
        optimiser.Step(parameters, new FlatVector<double>(2) { [0] = 4, [1] = -8 });
        parameters.Span.ToArray().ShouldBe([0, 0]);
        optimiser.Steps.ShouldBe(1);
    }

    [Fact]
    public void Momentum_sums_past_gradients()
    {
        // gradient 1 at every step, μ = 1/2, α = 1: b = 1, 3/2, 7/4, so θ = −1, −5/2, −17/4
        var optimiser = new Sgd<double>(1, 1.0, momentum: 0.5);
        var parameters = new FlatVector<double>(1);
        var gradient = new FlatVector<double>(1) { [0] = 1 };
        var path = new List<double>();
        for (int i = 0; i < 3; i++)
        {
            optimiser.Step(parameters, gradient);
            path.Add(parameters[0]);
        }

        path.ShouldBe([-1, -2.5, -4.25]);
    }

    [Fact]
    public void The_schedule_sets_the_rate_of_each_step()
    {
        var optimiser = new Sgd<double>(1, LearningRateSchedule.Linear(1, 0, 2));
        var parameters = new FlatVector<double>(1);
        var gradient = new FlatVector<double>(1) { [0] = -1 };
        optimiser.Step(parameters, gradient);
        parameters[0].ShouldBe(1);
        optimiser.Step(parameters, gradient);
        parameters[0].ShouldBe(1.5);
        optimiser.Step(parameters, gradient);
        parameters[0].ShouldBe(1.5);
        optimiser.Schedule = 2.0;
        optimiser.LearningRate.ShouldBe(2);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.9)]
    public void A_restored_optimiser_goes_on_bit_for_bit(double momentum)
    {
        var optimiser = new Sgd<float>(20, LearningRateSchedule.Linear(1, 0, 10), momentum);
        FlatVector<float> parameters = KernelData.Uniform<float>("parameters", 20);
        FlatVector<float> gradient = KernelData.Uniform<float>("gradient", 20);
        optimiser.Step(parameters, gradient);
        var restored = new Sgd<float>(20, LearningRateSchedule.Linear(1, 0, 10), momentum);
        MemoryState.Of(optimiser).Restore(restored);
        var copy = new FlatVector<float>(20);
        copy.CopyFrom(parameters);
        optimiser.Step(parameters, gradient);
        restored.Step(copy, gradient);
        copy.Span.ToArray().ShouldBe(parameters.Span.ToArray());
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void Momentum_outside_its_range_is_refused(double momentum) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Sgd<float>(3, 0.1, momentum)).ParamName.ShouldBe("momentum");

    [Fact]
    public void Vectors_of_another_length_are_refused() =>
        Should.Throw<ArgumentException>(() => new Sgd<float>(3, 0.1).Step(new FlatVector<float>(4), new FlatVector<float>(4)));
}
