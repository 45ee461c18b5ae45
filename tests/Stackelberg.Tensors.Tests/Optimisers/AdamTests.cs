using System.Runtime.Intrinsics;
using Stackelberg.Primitives;
using Stackelberg.Tensors.Kernels;
using Stackelberg.Tensors.Optimisers;
using Stackelberg.Tensors.Tests.Kernels;

namespace Stackelberg.Tensors.Tests.Optimisers;

public sealed class AdamTests
{
    [Fact]
    public void First_step_moves_by_the_learning_rate_against_the_sign()
    {
        // after one step the bias-corrected m / √v is g / |g|
        var optimiser = new Adam<double>(3, 0.1);
        FlatVector<double> parameters = Vector(1, 2, 3);
        optimiser.Step(parameters, Vector(4, -0.5, 0));
        parameters.Span.ToArray().ShouldBe([0.9, 2.1, 3], 1e-8);
    }

    [Fact]
    public void Steps_on_a_parabola_follow_the_sequence_worked_out_by_hand()
    {
        // θ₀ = 1, g = θ, α = 0.5, β = (0.5, 0.75), ε = 0.125
        // t = 1: m = 1/2, v = 1/4, m̂ = 1, √v̂ = 1, θ = 1 − 0.5 / 1.125 = 5/9
        // t = 2: m = 1/4 + 5/18 = 19/36, v = 3/16 + 25/324, m̂ = m / (3/4) = 19/27, v̂ = v / (7/16)
        var optimiser = new Adam<double>(1, 0.5, new AdamOptions(0.5, 0.75, 0.125));
        FlatVector<double> parameters = Vector(1);
        optimiser.Step(parameters, Vector(1));
        parameters[0].ShouldBe(5.0 / 9, 1e-15);
        optimiser.Step(parameters, Vector(5.0 / 9));
        double root = Math.Sqrt(((3.0 / 16) + (25.0 / 324)) / (7.0 / 16));
        parameters[0].ShouldBe((5.0 / 9) - (0.5 * (19.0 / 27) / (root + 0.125)), 1e-15);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(37)]
    public void Many_steps_equal_the_formula_element_by_element(int length)
    {
        var schedule = LearningRateSchedule.Linear(1e-2, 1e-3, 20);
        var options = new AdamOptions(0.8, 0.95, 1e-6);
        var optimiser = new Adam<double>(length, schedule, options);
        var single = new Adam<float>(length, schedule, options);
        FlatVector<double> parameters = KernelData.Uniform<double>("parameters", length);
        FlatVector<float> singles = KernelData.Uniform<float>("parameters", length);
        double[] expected = parameters.Span.ToArray();
        var m = new double[length];
        var v = new double[length];
        for (int t = 1; t <= 30; t++)
        {
            FlatVector<double> gradient = KernelData.Uniform<double>($"gradient {t}", length);
            FlatVector<float> singleGradient = KernelData.Uniform<float>($"gradient {t}", length);
            for (int i = 0; i < length; i++)
            {
                m[i] = (0.8 * m[i]) + (0.2 * gradient[i]);
                v[i] = (0.95 * v[i]) + (0.05 * gradient[i] * gradient[i]);
                double corrected = m[i] / (1 - Math.Pow(0.8, t));
                double spread = Math.Sqrt(v[i] / (1 - Math.Pow(0.95, t)));
                expected[i] -= schedule.At(t - 1) * corrected / (spread + 1e-6);
            }

            optimiser.LearningRate.ShouldBe(schedule.At(t - 1));
            optimiser.Step(parameters, gradient);
            single.Step(singles, singleGradient);
        }

        parameters.Span.ToArray().ShouldBe(expected, 1e-13);
        singles.Span.ToArray().Select(x => (double)x).ShouldBe(expected, 1e-5);
        optimiser.Steps.ShouldBe(30);
    }

    [Fact]
    public void StepAndTrack_is_a_step_followed_by_the_average()
    {
        var fused = new Adam<float>(50, 1e-2);
        var plain = new Adam<float>(50, 1e-2);
        FlatVector<float> parameters = KernelData.Uniform<float>("parameters", 50);
        FlatVector<float> same = KernelData.Uniform<float>("parameters", 50);
        FlatVector<float> target = KernelData.Uniform<float>("target", 50);
        FlatVector<float> sameTarget = KernelData.Uniform<float>("target", 50);
        for (int t = 0; t < 5; t++)
        {
            FlatVector<float> gradient = KernelData.Uniform<float>($"gradient {t}", 50);
            fused.StepAndTrack(parameters, gradient, target, 0.75);
            plain.Step(same, gradient);
            for (int i = 0; i < 50; i++)
            {
                sameTarget[i] = (0.75f * sameTarget[i]) + (0.25f * same[i]);
            }
        }

        parameters.Span.ToArray().ShouldBe(same.Span.ToArray());
        target.Span.ToArray().ShouldBe(sameTarget.Span.ToArray(), 1e-6);
    }

    [Fact]
    public unsafe void Every_width_takes_the_same_step_and_keeps_padding_zero()
    {
        var coefficients = new AdamCoefficients<float>(0.9f, 0.1f, 0.999f, 0.001f, -0.01f, 3f, 1e-8f, 0.99f, 0.01f);
        float[]? reference = null;
        foreach (int width in KernelData.Widths)
        {
            FlatVector<float> p = KernelData.Rows<float>("p", 3, 21), g = KernelData.Rows<float>("g", 3, 21);
            FlatVector<float> m = KernelData.Rows<float>("m", 3, 21), v = new(96), target = KernelData.Rows<float>("t", 3, 21);
            float* a = p.Pointer, b = g.Pointer, c = m.Pointer, d = v.Pointer, e = target.Pointer;
            switch (width)
            {
                case 512:
                    AdamKernel.Run<Vector512<float>, Simd512<float>, float>(96, in coefficients, a, b, c, d, e);
                    break;
                case 256:
                    AdamKernel.Run<Vector256<float>, Simd256<float>, float>(96, in coefficients, a, b, c, d, e);
                    break;
                case 128:
                    AdamKernel.Run<Vector128<float>, Simd128<float>, float>(96, in coefficients, a, b, c, d, e);
                    break;
                default:
                    AdamKernel.Run<float, Scalar<float>, float>(96, in coefficients, a, b, c, d, e);
                    break;
            }

            float[] result = [.. p.Span, .. m.Span, .. v.Span, .. target.Span];
            reference ??= result;
            result.ShouldBe(reference);
            for (int i = 0; i < result.Length; i++)
            {
                (result[i] == 0 || i % 32 < 21).ShouldBeTrue($"padding at {i} is {result[i]} with width {width}");
            }

            GC.KeepAlive(g);
        }
    }

    [Fact]
    public void Moments_of_a_parameter_without_gradient_end_at_zero()
    {
        // 0.9 ulp rounds to 1 ulp: without the limit the first moment would stay below the normal numbers, where arithmetic is slow
        var optimiser = new Adam<float>(2, 1e-3, new AdamOptions(0.9, 0.9, 1e-8));
        var parameters = new FlatVector<float>(2);
        optimiser.Step(parameters, new FlatVector<float>(2) { [0] = 1, [1] = -1 });
        for (int t = 0; t < 1000; t++)
        {
            optimiser.Step(parameters, new FlatVector<float>(2));
        }

        StateReader state = MemoryState.Of(optimiser).Reader;
        foreach (string moment in (string[])["first_moment", "second_moment"])
        {
            var stored = new FlatVector<float>(2);
            stored.Load(state, moment);
            stored.Span.ToArray().ShouldBe([0, 0], moment);
        }
    }

    [Fact]
    public void A_gradient_that_is_not_a_number_stays_one()
    {
        var optimiser = new Adam<float>(2, 1e-3);
        var parameters = new FlatVector<float>(2);
        optimiser.Step(parameters, new FlatVector<float>(2) { [0] = float.NaN });
        optimiser.Step(parameters, new FlatVector<float>(2));
        parameters[0].ShouldBe(float.NaN);
        parameters[1].ShouldBe(0);
    }

    [Fact]
    public void A_restored_optimiser_goes_on_bit_for_bit()
    {
        var optimiser = new Adam<float>(20, LearningRateSchedule.Exponential(1e-2, 0.9));
        FlatVector<float> parameters = KernelData.Uniform<float>("parameters", 20);
        FlatVector<float> gradient = KernelData.Uniform<float>("gradient", 20);
        optimiser.Step(parameters, gradient);
        optimiser.Step(parameters, gradient);
        var restored = new Adam<float>(20, LearningRateSchedule.Exponential(1e-2, 0.9));
        MemoryState.Of(optimiser).Restore(restored);
        var copy = new FlatVector<float>(20);
        copy.CopyFrom(parameters);
        optimiser.Step(parameters, gradient);
        restored.Step(copy, gradient);
        copy.Span.ToArray().ShouldBe(parameters.Span.ToArray());
        restored.Steps.ShouldBe(3);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var optimiser = new Adam<float>(100, LearningRateSchedule.Linear(1e-2, 1e-3, 20));
        var parameters = new FlatVector<float>(100);
        var gradient = new FlatVector<float>(100);
        optimiser.Step(parameters, gradient);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 40; i++)
        {
            optimiser.Step(parameters, gradient);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData(1, 0.999, 1e-8)]
    [InlineData(0.9, -0.1, 1e-8)]
    [InlineData(0.9, double.NaN, 1e-8)]
    [InlineData(0.9, 0.999, 0)]
    [InlineData(0.9, 0.999, 1e-60)]
    public void Options_outside_their_range_are_refused(double beta1, double beta2, double epsilon) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Adam<float>(3, 1e-3, new AdamOptions(beta1, beta2, epsilon)));

    [Fact]
    public void Vectors_of_another_length_are_refused()
    {
        var optimiser = new Adam<float>(3, 1e-3);
        Should.Throw<ArgumentException>(() => optimiser.Step(new FlatVector<float>(3), new FlatVector<float>(4))).Message.ShouldContain("3 elements");
        Should.Throw<ArgumentException>(
            () => optimiser.StepAndTrack(new FlatVector<float>(3), new FlatVector<float>(3), new FlatVector<float>(2), 0.5));
        Should.Throw<ArgumentOutOfRangeException>(
            () => optimiser.StepAndTrack(new FlatVector<float>(3), new FlatVector<float>(3), new FlatVector<float>(3), 1.5));
    }

    private static FlatVector<double> Vector(params ReadOnlySpan<double> values)
    {
        var vector = new FlatVector<double>(values.Length);
        values.CopyTo(vector.Span);
        return vector;
    }
}
