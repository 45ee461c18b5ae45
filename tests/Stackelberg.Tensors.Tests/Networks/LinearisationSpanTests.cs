using System.Numerics;
using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

/// <summary>Products that write to any span of memory: the bits of the aligned ones, and not an element beyond.</summary>
public sealed class LinearisationSpanTests
{
    private const double Untouched = 42.5;

    public static TheoryData<string> Networks => new()
    {
        { "5-1 tanh identity x7" },
        { "1-5-1 tanh identity x6" },
        { "5-16-17-1 tanh identity x9 extra" },
        { "11-33-15-1 relu tanh x13 extra" },
        { "5-17-1 tanh identity x513 extra" },
        { "4-15-1 relu identity x777" },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Vjp_into_a_span_is_Vjp_into_a_vector_bit_for_bit(string text)
    {
        Check<float>(text);
        Check<double>(text);

        static void Check<T>(string text)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var test = new NetworkCase<T>(text);
            Linearisation<T> linearisation = test.Linearise();
            Matrix<T> cotangents = test.RandomBatch(1), inputs = new(test.Rows, test.Layout.Inputs), others = new(test.Rows, test.Layout.Inputs);
            var gradient = new FlatVector<T>(test.Length);
            linearisation.Vjp(cotangents, gradient, accumulate: false, inputs);
            AtEveryShift<T>(gradient.Span, span => linearisation.Vjp(cotangents, span, accumulate: false, others));
            ((ReadOnlySpan<T>)others.Span).ShouldBeSameBits<T>(inputs.Span);
            AtEveryShift<T>(gradient.Span, span => linearisation.Vjp(cotangents, span));
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Vjp_that_accumulates_into_a_span_adds_the_same_bits_as_into_a_vector(string text)
    {
        var test = new NetworkCase<float>(text);
        Linearisation<float> linearisation = test.Linearise();
        Matrix<float> cotangents = test.RandomBatch(1);
        FlatVector<float> start = test.RandomParameters(), sum = new(test.Length);
        sum.CopyFrom(start);
        linearisation.Vjp(cotangents, sum, accumulate: true);
        sum.Span.ToArray().ShouldNotBe(start.Span.ToArray());
        AtEveryShift<float>(sum.Span, span =>
        {
            start.Span.CopyTo(span);
            linearisation.Vjp(cotangents, span, accumulate: true);
        });
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void LossGradient_and_SquaredLossGradient_into_a_span_are_those_into_a_vector_bit_for_bit(string text)
    {
        Check<float>(text);
        Check<double>(text);

        static void Check<T>(string text)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var test = new NetworkCase<T>(text);
            Linearisation<T> linearisation = test.Linearise();
            T[] targets = test.RandomBatch(1).Span.ToArray();
            linearisation.SetSquaredLoss(targets);
            var gradient = new FlatVector<T>(test.Length);
            linearisation.LossGradient(gradient);
            AtEveryShift<T>(gradient.Span, linearisation.LossGradient);
            double loss = linearisation.SquaredLossGradient(test.Parameters, test.Inputs, targets, test.Rows, gradient);
            AtEveryShift<T>(
                gradient.Span, span => linearisation.SquaredLossGradient(test.Parameters, test.Inputs, targets, test.Rows, span).ShouldBe(loss));
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void MixedParameterProduct_into_a_span_is_that_into_a_vector_bit_for_bit(string text)
    {
        Check<float>(text);
        Check<double>(text);

        static void Check<T>(string text)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            var test = new NetworkCase<T>(text);
            Linearisation<T> linearisation = test.Linearise();
            Matrix<T> tangents = test.RandomBatch(test.Layout.Inputs), cotangents = test.RandomBatch(1);
            Matrix<T> expected = new(test.Rows, test.Layout.Inputs), result = new(test.Rows, test.Layout.Inputs);
            var gradient = new FlatVector<T>(test.Length);
            linearisation.MixedParameterProduct(tangents, cotangents, gradient, expected);
            AtEveryShift<T>(gradient.Span, span => linearisation.MixedParameterProduct(tangents, cotangents, span, result));
            ((ReadOnlySpan<T>)result.Span).ShouldBeSameBits<T>(expected.Span);
            AtEveryShift<T>(gradient.Span, span => linearisation.MixedParameterProduct(tangents, cotangents, span));

            FlatVector<T> start = test.RandomParameters(), sum = new(test.Length);
            sum.CopyFrom(start);
            linearisation.MixedParameterProduct(tangents, cotangents, sum, accumulate: true);
            AtEveryShift<T>(sum.Span, span =>
            {
                start.Span.CopyTo(span);
                linearisation.MixedParameterProduct(tangents, cotangents, span, accumulate: true);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Directions_and_results_of_products_may_lie_anywhere(string text)
    {
        var test = new NetworkCase<float>(text);
        Linearisation<float> linearisation = test.Linearise();
        float[] targets = test.RandomBatch(1).Span.ToArray();
        linearisation.SetSquaredLoss(targets);
        float[] direction = test.RandomParameters().Span.ToArray();
        FlatVector<float> result = new(test.Length), aligned = new(test.Length);
        Matrix<float> cotangents = test.RandomBatch(1), tangents = new(test.Rows, 1), others = new(test.Rows, 1);
        Matrix<float> mixed = new(test.Rows, test.Layout.Inputs), otherMixed = new(test.Rows, test.Layout.Inputs);
        direction.CopyTo(aligned.Span);
        linearisation.Jvp(aligned.Span, tangents);
        linearisation.MixedInputProduct(aligned.Span, cotangents, mixed);
        for (int shift = 1; shift < 6; shift++)
        {
            float[] shifted = [.. new float[shift], .. direction];
            linearisation.Jvp(shifted.AsSpan(shift), others);
            ((ReadOnlySpan<float>)others.Span).ShouldBeSameBits<float>(tangents.Span);
            linearisation.MixedInputProduct(shifted.AsSpan(shift), cotangents, otherMixed);
            ((ReadOnlySpan<float>)otherMixed.Span).ShouldBeSameBits<float>(mixed.Span);
        }

        linearisation.Hvp(aligned.Span, result.Span);
        AtEveryShift<float>(result.Span, span => linearisation.Hvp(direction, span));
        linearisation.GaussNewtonProduct(aligned.Span, result.Span);
        AtEveryShift<float>(result.Span, span => linearisation.GaussNewtonProduct(direction, span));
        linearisation.PerSampleSquares(targets, result.Span);
        AtEveryShift<float>(result.Span, span => linearisation.PerSampleSquares(targets, span));
        int last = test.Layout.Weight(test.Layout.Layers - 1).Offset;
        linearisation.HessianColumns([last], result.Span);
        AtEveryShift<float>(result.Span, span => linearisation.HessianColumns([last], span));
    }

    [Fact]
    public void A_longer_span_is_written_up_to_the_storage_length()
    {
        var test = new NetworkCase<double>("5-16-1 tanh identity x7");
        Linearisation<double> linearisation = test.Linearise();
        Matrix<double> cotangents = test.RandomBatch(1);
        var expected = new double[test.Length];
        linearisation.Vjp(cotangents, expected);
        double[] longer = [.. Enumerable.Repeat(Untouched, test.Length + 9)];
        linearisation.Vjp(cotangents, longer);
        longer[..test.Length].ShouldBe(expected);
        longer[test.Length..].ShouldAllBe(value => value == Untouched);
    }

    [Fact]
    public void Spans_that_are_too_short_and_vectors_that_are_missing_are_refused_by_name()
    {
        var test = new NetworkCase<double>("5-16-1 tanh identity x4");
        Linearisation<double> linearisation = test.Linearise();
        linearisation.SetSquaredLoss(new double[4]);
        Matrix<double> c = test.RandomBatch(1), u = test.RandomBatch(5);
        var kept = new double[test.Length - 1];
        Refused(() => linearisation.Vjp(c, kept));
        Refused(() => linearisation.LossGradient(kept));
        Refused(() => linearisation.SquaredLossGradient(test.Parameters, test.Inputs, new double[4], 4, kept));
        Refused(() => linearisation.MixedParameterProduct(u, c, kept));
        kept.ShouldAllBe(value => value == 0);
        FlatVector<double> none = null!;
        Missing(() => linearisation.Vjp(c, none));
        Missing(() => linearisation.LossGradient(none));
        Missing(() => linearisation.SquaredLossGradient(test.Parameters, test.Inputs, new double[4], 4, none));
        Missing(() => linearisation.MixedParameterProduct(u, c, none));

        void Refused(Action action)
        {
            ArgumentException error = Should.Throw<ArgumentException>(action);
            error.ParamName.ShouldBe("gradient");
            error.Message.ShouldContain($"{test.Length - 1} elements; expected at least the layout's storage length {test.Length}");
        }

        static void Missing(Action action) => Should.Throw<ArgumentNullException>(action).ParamName.ShouldBe("gradient");
    }

    private delegate void Write<T>(Span<T> span);

    /// <summary>Writes at every distance from a line of 64 bytes and expects the same bits, and the elements around untouched.</summary>
    private static void AtEveryShift<T>(ReadOnlySpan<T> expected, Write<T> write)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T mark = T.CreateTruncating(Untouched);
        var room = new FlatVector<T>(expected.Length + 24);
        for (int shift = 0; shift < 18; shift += shift < 5 ? 1 : 4)
        {
            room.Span.Fill(mark);
            write(room.Span.Slice(shift, expected.Length));
            ((ReadOnlySpan<T>)room.Span.Slice(shift, expected.Length)).ShouldBeSameBits(expected);
            room.Span[..shift].IndexOfAnyExcept(mark).ShouldBe(-1);
            room.Span[(shift + expected.Length)..].IndexOfAnyExcept(mark).ShouldBe(-1);
        }
    }
}
