using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

public sealed class LinearisationContractTests
{
    [Fact]
    public void Room_for_more_rows_than_memory_can_address_is_refused_before_anything_is_allocated()
    {
        var layout = new MlpLayout(1, [17], 1, Activation.Tanh);
        Should.Throw<ArgumentOutOfRangeException>(() => new Linearisation<float>(layout, 1 << 27)).Message.ShouldContain("use fewer rows");
    }

    [Theory]
    [MemberData(nameof(NetworkCases.All), MemberType = typeof(NetworkCases))]
    public void Float_agrees_with_double_to_float_precision(string text)
    {
        var single = new NetworkCase<float>(text);
        var wide = new NetworkCase<double>(text);
        Linearisation<float> a = single.Linearise();
        Linearisation<double> b = wide.Linearise();
        int outputs = single.Layout.Outputs;
        a.SetLoss(single.RandomBatch(outputs), single.RandomBatch(outputs, positive: true));
        b.SetLoss(wide.RandomBatch(outputs), wide.RandomBatch(outputs, positive: true));
        FlatVector<float> x = single.RandomParameters(), fromFloat = new(single.Length);
        FlatVector<double> y = wide.RandomParameters(), fromDouble = new(wide.Length);

        a.Hvp(x.Span, fromFloat.Span);
        b.Hvp(y.Span, fromDouble.Span);
        fromFloat.Span.ShouldMatch(fromDouble.Span, 3e-6);
        a.GaussNewtonProduct(x.Span, fromFloat.Span);
        b.GaussNewtonProduct(y.Span, fromDouble.Span);
        fromFloat.Span.ShouldMatch(fromDouble.Span, 3e-6);
        a.LossGradient(fromFloat);
        b.LossGradient(fromDouble);
        fromFloat.Span.ShouldMatch(fromDouble.Span, 3e-6);

        int inputs = single.Layout.Inputs;
        Matrix<float> c = single.RandomBatch(outputs), u = single.RandomBatch(inputs), p = new(single.Rows, inputs);
        Matrix<double> d = wide.RandomBatch(outputs), v = wide.RandomBatch(inputs), q = new(wide.Rows, inputs);
        a.MixedParameterProduct(u, c, fromFloat, p);
        b.MixedParameterProduct(v, d, fromDouble, q);
        fromFloat.Span.ShouldMatch(fromDouble.Span, 3e-6);
        p.Span.ShouldMatch(q.Span, 3e-6);
        a.MixedInputProduct(x.Span, c, p);
        b.MixedInputProduct(y.Span, d, q);
        p.Span.ShouldMatch(q.Span, 3e-6);
    }

    [Theory]
    [InlineData("11-64-64-1 tanh identity x100")]
    [InlineData("4-17-5-3 relu tanh x600")]
    public void The_same_point_gives_the_same_bits_again_whatever_came_between(string text)
    {
        var test = new NetworkCase<float>(text);
        Matrix<float> gradient = test.RandomBatch(test.Layout.Outputs), curvature = test.RandomBatch(test.Layout.Outputs);
        FlatVector<float> direction = test.RandomParameters(), first = new(test.Length), second = new(test.Length);
        Linearisation<float> linearisation = test.Linearise();
        linearisation.SetLoss(gradient, curvature);
        linearisation.Hvp(direction.Span, first.Span);
        float[] outputs = linearisation.Outputs.Span.ToArray();

        linearisation.Forward(test.RandomParameters(), test.RandomBatch(test.Layout.Inputs), test.Rows / 2);
        linearisation.SetLoss(curvature, gradient);
        linearisation.Hvp(test.RandomParameters().Span, second.Span);
        linearisation.Forward(test.Parameters, test.Inputs, test.Rows);
        linearisation.SetLoss(gradient, curvature);
        linearisation.Hvp(direction.Span, second.Span);

        ((ReadOnlySpan<float>)linearisation.Outputs.Span).ShouldBeSameBits<float>(outputs);
        ((ReadOnlySpan<float>)second.Span).ShouldBeSameBits<float>(first.Span);
    }

    [Fact]
    public void Spans_may_be_unaligned()
    {
        var test = new LossCase("5-17-64-1 tanh identity x7");
        FlatVector<double> direction = test.Network.RandomParameters();
        double[] expected = new double[test.Network.Length];
        test.Linearisation.Hvp(direction.Span, expected);
        for (int shift = 1; shift < 4; shift++)
        {
            double[] shiftedDirection = new double[test.Network.Length + shift], shiftedResult = new double[test.Network.Length + shift];
            direction.Span.CopyTo(shiftedDirection.AsSpan(shift));
            test.Linearisation.Hvp(shiftedDirection.AsSpan(shift), shiftedResult.AsSpan(shift));
            shiftedResult[shift..].ShouldBe(expected);
            shiftedResult[..shift].ShouldAllBe(value => value == 0);
        }
    }

    [Theory]
    [InlineData("11-64-64-1 tanh identity x100", 1)]
    [InlineData("11-16-16-1 relu tanh x600", 1)]
    [InlineData("11-16-16-1 relu tanh x600", 2)]
    public void No_operation_allocates(string text, int threads)
    {
        using var crew = new RowParallelism(threads);
        var test = new NetworkCase<float>(text);
        Linearisation<float> linearisation = test.Linearise(crew);
        float[] targets = new float[test.Rows], kernel = new float[test.Rows * test.Rows];
        FlatVector<float> direction = test.RandomParameters(), vector = new(test.Length);
        Matrix<float> batch = test.RandomBatch(1), inputs = test.RandomBatch(test.Layout.Inputs), inputProducts = new(test.Rows, test.Layout.Inputs);
        var lastInputs = new Matrix<float>(test.Rows, 4);
        var evaluator = new MlpEvaluator<float>(test.Layout);
        All();
        long before = GC.GetAllocatedBytesForCurrentThread();
        All();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);

        void All()
        {
            linearisation.Forward(test.Parameters, test.Inputs, test.Rows);
            linearisation.Vjp(batch, vector, accumulate: true, inputs);
            linearisation.InputVjp(batch, 7, lastInputs);
            linearisation.Jvp(direction.Span, batch);
            linearisation.SetLoss(batch, batch);
            linearisation.SetSquaredLoss(targets);
            linearisation.LossGradient(vector);
            linearisation.Hvp(direction.Span, vector.Span);
            linearisation.GaussNewtonProduct(direction.Span, vector.Span);
            linearisation.PerSampleSquares(targets, vector.Span);
            linearisation.SampleKernel(kernel);
            linearisation.HessianColumns([5], vector.Span);
            linearisation.MixedInputProduct(direction.Span, batch, inputs);
            linearisation.MixedParameterProduct(inputs, batch, vector, inputProducts);
            linearisation.InputHessianProduct(inputs, batch, inputProducts);
            linearisation.SquaredLossGradient(test.Parameters, test.Inputs, targets, test.Rows, vector);
            evaluator.Evaluate(test.Parameters, test.Inputs.Row(0), batch.Row(0));
        }
    }

    [Fact]
    public void Products_before_Forward_or_before_a_loss_say_what_to_call()
    {
        var test = new NetworkCase<double>("5-16-1 tanh identity x4");
        var fresh = new Linearisation<double>(test.Layout, 4);
        Should.Throw<InvalidOperationException>(() => fresh.SetSquaredLoss(new double[4])).Message.ShouldContain("call Forward first");
        Should.Throw<InvalidOperationException>(() => fresh.Vjp(test.RandomBatch(1), new FlatVector<double>(test.Length)));
        Should.Throw<InvalidOperationException>(() => fresh.Jvp(new double[test.Length], test.RandomBatch(1)));
        Should.Throw<InvalidOperationException>(() => fresh.MixedInputProduct(new double[test.Length], test.RandomBatch(1), test.RandomBatch(5)));
        Should.Throw<InvalidOperationException>(
            () => fresh.MixedParameterProduct(test.RandomBatch(5), test.RandomBatch(1), new FlatVector<double>(test.Length)));
        Should.Throw<InvalidOperationException>(() => fresh.InputHessianProduct(test.RandomBatch(5), test.RandomBatch(1), test.RandomBatch(5)));
        fresh.Forward(test.Parameters, test.Inputs, 4);
        Should.Throw<InvalidOperationException>(() => fresh.Hvp(new double[test.Length], new double[test.Length]))
            .Message.ShouldContain("call SetLoss");
        fresh.SetSquaredLoss(new double[4]);
        fresh.Forward(test.Parameters, test.Inputs, 3);
        Should.Throw<InvalidOperationException>(() => fresh.LossGradient(new FlatVector<double>(test.Length)));
    }

    [Fact]
    public void Wrong_shapes_are_refused_with_both_shapes()
    {
        var test = new NetworkCase<double>("5-16-1 tanh identity x4");
        Linearisation<double> linearisation = test.Linearise();
        linearisation.SetSquaredLoss(new double[4]);
        int length = test.Length;
        Refused(() => linearisation.Forward(test.Parameters, test.Inputs, 5), "5 rows", "1 to 4");
        Refused(() => linearisation.Forward(test.Parameters, test.Inputs, 0), "0 rows", "1 to 4");
        Refused(() => linearisation.Forward(new FlatVector<double>(8), test.Inputs, 4), "8 elements", $"{length}");
        Refused(() => linearisation.Forward(test.Parameters, new Matrix<double>(4, 6), 4), "4 × 6", "5 columns");
        Refused(() => linearisation.Forward(test.Parameters, new Matrix<double>(3, 5), 4), "3 × 5", "at least 4 rows");
        Refused(() => linearisation.Vjp(new Matrix<double>(4, 2), new FlatVector<double>(length)), "4 × 2", "1 columns");
        Refused(() => linearisation.Vjp(new Matrix<double>(4, 1), new FlatVector<double>(length - 1)), $"{length - 1} elements");
        Refused(
            () => linearisation.Vjp(new Matrix<double>(4, 1), new FlatVector<double>(length), false, new Matrix<double>(4, 4)), "4 × 4", "5 columns");
        Refused(() => linearisation.Jvp(new double[length + 1], new Matrix<double>(4, 1)), $"{length + 1} elements", $"{length}.");
        Refused(() => linearisation.Hvp(new double[length], new double[length - 1]), $"{length - 1} elements");
        Refused(() => linearisation.SetSquaredLoss(new double[3]), "3 elements", "one target per row, 4");
        Refused(() => linearisation.SampleKernel(new double[15]), "15 elements", "16");
        Refused(() => linearisation.HessianColumns([0, 1], new double[length]), $"{2 * length}");
        Refused(() => linearisation.HessianColumns([length], new double[length]), $"{length - 1}");
        Matrix<double> c = new(4, 1), u = new(4, 5);
        Refused(() => linearisation.InputVjp(c, 5, c), "between 0 and 4");
        Refused(() => linearisation.InputVjp(c, -1, u), "between 0 and 4");
        Refused(() => linearisation.InputVjp(c, 3, u), "4 × 5", "2 columns");
        Refused(() => linearisation.InputVjp(u, 3, new Matrix<double>(4, 2)), "4 × 5", "1 columns");
        Refused(() => linearisation.MixedInputProduct(new double[length + 1], c, u), $"{length + 1} elements", $"{length}.");
        Refused(() => linearisation.MixedInputProduct(new double[length], u, u), "4 × 5", "1 columns");
        Refused(() => linearisation.MixedInputProduct(new double[length], c, c), "4 × 1", "5 columns");
        Refused(() => linearisation.MixedParameterProduct(new Matrix<double>(3, 5), c, test.Parameters), "3 × 5", "at least 4 rows");
        Refused(() => linearisation.MixedParameterProduct(u, u, test.Parameters), "4 × 5", "1 columns");
        Refused(() => linearisation.MixedParameterProduct(u, c, new FlatVector<double>(length - 1)), $"{length - 1} elements");
        Refused(() => linearisation.MixedParameterProduct(u, c, test.Parameters, c), "4 × 1", "5 columns");
        Refused(() => linearisation.InputHessianProduct(u, c, new Matrix<double>(4, 6)), "4 × 6", "5 columns");
        var same = new double[length];
        Refused(() => linearisation.Hvp(same, same), "overlaps");
    }

    [Fact]
    public void Operations_for_one_output_refuse_more()
    {
        var test = new NetworkCase<double>("5-16-3 tanh identity x4");
        Linearisation<double> linearisation = test.Linearise();
        Should.Throw<InvalidOperationException>(() => linearisation.SampleKernel(new double[16])).Message.ShouldContain("this network has 3");
        Should.Throw<InvalidOperationException>(() => linearisation.SetSquaredLoss(new double[4]));
        Should.Throw<InvalidOperationException>(() => linearisation.PerSampleSquares(new double[4], new double[test.Length]));
    }

    private static void Refused(Action action, params string[] parts)
    {
        string message = Should.Throw<ArgumentException>(action).Message;
        foreach (string part in parts)
        {
            message.ShouldContain(part);
        }
    }
}
