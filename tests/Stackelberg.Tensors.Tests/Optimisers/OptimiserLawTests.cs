using Stackelberg.Primitives;
using Stackelberg.Tensors.Networks;
using Stackelberg.Tensors.Optimisers;

namespace Stackelberg.Tensors.Tests.Optimisers;

/// <summary>Laws of Adam, gradient descent and schedules on random gradients, schedules and lengths.</summary>
public sealed class OptimiserLawTests
{
    [Fact]
    public void Adam_with_gradients_and_epsilon_four_times_as_large_takes_the_same_steps() => Laws.Hold(60, static random =>
    {
        // factors that are powers of two change no rounding
        int length = 1 + random.NextInt32(40);
        var options = new AdamOptions(0.9, 0.99, 1e-3);
        var plain = new Adam<double>(length, 0.01, options);
        var scaled = new Adam<double>(length, 0.01, options with { Epsilon = 4e-3 });
        FlatVector<double> parameters = Normal(random, length), same = Copy(parameters);
        for (int t = 0; t < 5; t++)
        {
            FlatVector<double> gradient = Normal(random, length), larger = Copy(gradient);
            Vectors.Scale<double>(larger.Span, 4);
            plain.Step(parameters, gradient);
            scaled.Step(same, larger);
        }

        same.Span.ToArray().ShouldBe(parameters.Span.ToArray());
    });

    [Fact]
    public void Adam_with_a_constant_gradient_moves_by_the_rate_at_every_step() => Laws.Hold(60, static random =>
    {
        // with the bias corrected both moments are those of the constant, g and g², whatever β₁ and β₂
        var options = new AdamOptions(random.NextUniform(0, 0.99), random.NextUniform(0, 0.999), 1e-12);
        var optimiser = new Adam<double>(3, LearningRateSchedule.Linear(0.2, 0.1, 7), options);
        FlatVector<double> gradient = Normal(random, 3), parameters = new(3);
        double moved = 0;
        for (int t = 0; t < 12; t++)
        {
            moved += LearningRateSchedule.Linear(0.2, 0.1, 7).At(t);
            optimiser.Step(parameters, gradient);
            for (int i = 0; i < 3; i++)
            {
                parameters[i].ShouldBe(-moved * Math.Sign(gradient[i]) / (1 + (1e-12 / Math.Abs(gradient[i]))), 1e-11);
            }
        }
    });

    [Fact]
    public void Adam_that_forgets_at_once_follows_the_sign() => Laws.Hold(60, static random =>
    {
        var optimiser = new Adam<double>(21, 0.5, new AdamOptions(0, 0, 1e-12));
        FlatVector<double> parameters = new(21);
        double[] expected = new double[21];
        for (int t = 0; t < 6; t++)
        {
            FlatVector<double> gradient = Normal(random, 21);
            optimiser.Step(parameters, gradient);
            for (int i = 0; i < 21; i++)
            {
                expected[i] -= 0.5 * gradient[i] / (Math.Abs(gradient[i]) + 1e-12);
                parameters[i].ShouldBe(expected[i], 1e-14);
            }
        }
    });

    [Fact]
    public void Tracking_in_the_step_equals_the_step_and_then_the_average_to_rounding() => Laws.Hold(60, static random =>
    {
        int length = 1 + random.NextInt32(70);
        double rho = random.NextUniform(0, 1);
        Adam<double> fused = new(length, 1e-2), plain = new(length, 1e-2);
        FlatVector<double> parameters = Normal(random, length), same = Copy(parameters), target = Normal(random, length), other = Copy(target);
        for (int t = 0; t < 4; t++)
        {
            FlatVector<double> gradient = Normal(random, length);
            fused.StepAndTrack(parameters, gradient, target, rho);
            plain.Step(same, gradient);
            Vectors.Interpolate<double>(other.Span, rho, same.Span);
        }

        parameters.Span.ToArray().ShouldBe(same.Span.ToArray());
        for (int i = 0; i < length; i++)
        {
            target[i].ShouldBe(other[i], 1e-15 * (1 + Math.Abs(target[i])));
        }

        MemoryState.Of(fused).FirstDifference(MemoryState.Of(plain)).ShouldBeNull();
    });

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(33)]
    public void Tracking_with_a_share_of_one_keeps_the_target_and_with_zero_copies(int length)
    {
        RandomStream random = RandomStream.FromSeed(3);
        var optimiser = new Adam<float>(length, 1e-2);
        FlatVector<float> parameters = new(length), gradient = new(length), target = new(length);
        random.FillNormal(gradient.Span);
        random.FillNormal(target.Span);
        float[] before = target.Span.ToArray();
        optimiser.StepAndTrack(parameters, gradient, target, 1);
        target.Span.ToArray().ShouldBe(before);
        optimiser.StepAndTrack(parameters, gradient, target, 0);
        target.Span.ToArray().ShouldBe(parameters.Span.ToArray());
        parameters.Span.ToArray().ShouldAllBe(value => value != 0);
    }

    [Fact]
    public void Descent_with_momentum_follows_the_double_sum() => Laws.Hold(60, static random =>
    {
        // θₜ = θ₀ − Σₛ αₛ Σ_{r ≤ s} μ^(s − r) gᵣ
        const int Steps = 7;
        int length = 1 + random.NextInt32(40);
        double momentum = random.NextUniform(0, 0.95);
        var schedule = LearningRateSchedule.Exponential(0.1, random.NextUniform(0.5, 1));
        var optimiser = new Sgd<double>(length, schedule, momentum);
        FlatVector<double> parameters = Normal(random, length), start = Copy(parameters);
        FlatVector<double>[] gradients = [.. Enumerable.Range(0, Steps).Select(_ => Normal(random, length))];
        foreach (FlatVector<double> gradient in gradients)
        {
            optimiser.Step(parameters, gradient);
        }

        for (int i = 0; i < length; i++)
        {
            double expected = start[i];
            for (int s = 0; s < Steps; s++)
            {
                expected -= schedule.At(s) * Enumerable.Range(0, s + 1).Sum(r => Math.Pow(momentum, s - r) * gradients[r][i]);
            }

            parameters[i].ShouldBe(expected, 1e-14 * (1 + Math.Abs(start[i])));
        }
    });

    [Fact]
    public void Linear_schedules_have_equal_differences_and_exponential_ones_equal_ratios() => Laws.Hold(100, static random =>
    {
        double from = random.NextUniform(0, 1), to = random.NextUniform(0, 1), decay = random.NextUniform(0.5, 1);
        int steps = 1 + random.NextInt32(50);
        var linear = LearningRateSchedule.Linear(from, to, steps);
        var exponential = LearningRateSchedule.Exponential(from, decay);
        linear.At(0).ShouldBe(from);
        linear.At(steps + random.NextInt32(1000)).ShouldBe(to);
        for (int t = 0; t < steps; t++)
        {
            (linear.At(t + 1) - linear.At(t)).ShouldBe((to - from) / steps, 1e-15);
            exponential.At(t + 1).ShouldBe(decay * exponential.At(t), 1e-14 * from);
        }
    });

    [Fact]
    public void Padding_of_a_network_stays_zero_under_every_optimiser() => Laws.Hold(20, static random =>
    {
        var layout = new MlpLayout(1 + random.NextInt32(20), [1 + random.NextInt32(20)], 1 + random.NextInt32(20), Activation.Tanh);
        ParameterLayout tensors = layout.Parameters;
        foreach (IOptimiser<double> optimiser in (IOptimiser<double>[])[new Adam<double>(tensors.Length, 0.1), new Sgd<double>(tensors.Length, 0.1, 0.9)])
        {
            FlatVector<double> parameters = new(tensors.Length), gradient = new(tensors.Length);
            var real = new bool[tensors.Length];
            for (int t = 0; t < 3; t++)
            {
                for (int i = 0; i < tensors.Count; i++)
                {
                    gradient[tensors.Coordinates[i]] = random.NextNormal();
                    real[tensors.Coordinates[i]] = true;
                }

                optimiser.Step(parameters, gradient);
            }

            parameters.Span.ToArray().Zip(real).ShouldAllBe(pair => pair.Second == (pair.First != 0));
        }
    });

    [Fact]
    public void The_state_of_another_length_or_kind_is_refused_and_leaves_the_counter()
    {
        var longer = new Adam<float>(5, 0.1);
        longer.Step(new FlatVector<float>(5), new FlatVector<float>(5));
        var optimiser = new Adam<float>(4, 0.1);
        Should.Throw<StateException>(() => MemoryState.Of(longer).Restore(optimiser));
        Should.Throw<StateException>(() => MemoryState.Of(new Adam<double>(4, 0.1)).Restore(optimiser));
        Should.Throw<StateException>(() => MemoryState.Of(new Sgd<float>(4, 0.1)).Restore(new Sgd<float>(4, 0.1, 0.9)));
        optimiser.Steps.ShouldBe(0);
    }

    private static FlatVector<double> Normal(RandomStream random, int length)
    {
        var vector = new FlatVector<double>(length);
        random.FillNormal(vector.Span);
        return vector;
    }

    private static FlatVector<double> Copy(FlatVector<double> source)
    {
        var copy = new FlatVector<double>(source.Length);
        copy.CopyFrom(source);
        return copy;
    }
}
