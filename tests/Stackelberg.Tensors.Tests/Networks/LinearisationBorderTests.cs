using Stackelberg.Tensors.Networks;

namespace Stackelberg.Tensors.Tests.Networks;

/// <summary>Batches whose number of rows lies at a border between chunks, against rows taken one by one and for any number of threads.</summary>
public sealed class LinearisationBorderTests
{
    public static TheoryData<string> Networks => new()
    {
        { "3-5-1 tanh identity x511" },
        { "3-5-1 tanh identity x512 extra" },
        { "3-5-1 tanh tanh x513" },
        { "3-5-16-1 tanh identity x767" },
        { "3-17-1 tanh identity x768" },
        { "3-5-1 relu identity x769" },
        { "2-1-1 tanh identity x1024" },
        { "1-5-1 tanh tanh x1025" },
    };

    public static TheoryData<string, int> Threads
    {
        get
        {
            var data = new TheoryData<string, int>();
            string[] texts = ["5-16-15-1 tanh identity x511", "5-16-15-1 tanh identity x512", "5-33-1 relu tanh x513", "4-17-1 tanh tanh x1025"];
            foreach (string text in texts)
            {
                foreach (int threads in (int[])[2, 4, 7])
                {
                    data.Add(text, threads);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void First_order_products_of_a_batch_are_the_sums_over_its_rows(string text)
    {
        var test = new NetworkCase<double>(text);
        Linearisation<double> whole = test.Linearise();
        FlatVector<double> direction = test.RandomParameters(), gradient = new(test.Length);
        Matrix<double> cotangents = test.RandomBatch(1), tangents = new(test.Rows, 1), inputs = new(test.Rows, test.Layout.Inputs);
        whole.Vjp(cotangents, gradient, accumulate: false, inputs);
        whole.Jvp(direction.Span, tangents);
        var sum = new double[test.Length];
        for (int row = 0; row < test.Rows; row++)
        {
            // numbers of order one, and some of them near zero
            whole.Outputs[row, 0].ShouldBe(NaiveMlp.Evaluate(test.Layout, test.Parameters.Span, test.Inputs.Row(row))[0], 1e-14);
            (double[] parameters, double[] input) = NaiveMlp.Pullback(test.Layout, test.Parameters.Span, test.Inputs.Row(row), cotangents.Row(row));
            Vectors.AddScaled<double>(sum, 1, parameters);
            inputs.Row(row).ToArray().ShouldBe(input, 1e-13);
            // the tangent of one output is the direction against the row's gradient
            tangents[row, 0].ShouldBe(Vectors.Dot<double>(parameters, direction.Span) / cotangents[row, 0], 1e-12);
        }

        gradient.Span.ShouldMatch(sum, 1e-13);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Second_order_products_of_a_batch_are_the_sums_over_its_rows(string text)
    {
        var test = new NetworkCase<double>(text);
        int inputs = test.Layout.Inputs;
        Matrix<double> g = test.RandomBatch(1), d = test.RandomBatch(1, positive: true), tangents = test.RandomBatch(inputs);
        FlatVector<double> direction = test.RandomParameters();
        Matrix<double> mixed = new(test.Rows, inputs), curved = new(test.Rows, inputs);
        Products whole = Products.Of(test.Linearise(), test, g, d, tangents, direction, mixed, curved);

        // rows one by one never meet a chunk's border
        var alone = new Linearisation<double>(test.Layout, 1);
        Matrix<double> input = new(1, inputs), gradient = new(1, 1), curvature = new(1, 1), tangent = new(1, inputs);
        Matrix<double> rowMixed = new(1, inputs), rowCurved = new(1, inputs);
        var sum = new Products(test.Length);
        for (int row = 0; row < test.Rows; row++)
        {
            test.Inputs.Row(row).CopyTo(input.Row(0));
            tangents.Row(row).CopyTo(tangent.Row(0));
            (gradient[0, 0], curvature[0, 0]) = (g[row, 0], d[row, 0]);
            alone.Forward(test.Parameters, input, 1);
            sum.Add(Products.Of(alone, test, gradient, curvature, tangent, direction, rowMixed, rowCurved));
            // piecewise linear networks have second derivatives of exactly zero
            mixed.Row(row).ShouldMatch(rowMixed.Row(0), 1e-12);
            curved.Row(row).ShouldMatch(rowCurved.Row(0), 1e-12);
        }

        whole.Hessian.ShouldMatch(sum.Hessian, 1e-12);
        whole.GaussNewton.ShouldMatch(sum.GaussNewton, 1e-12);
        whole.Squares.ShouldMatch(sum.Squares, 1e-12);
        whole.Mixed.ShouldMatch(sum.Mixed, 1e-12);
        whole.Column.ShouldMatch(sum.Column, 1e-12);
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void Any_number_of_threads_gives_the_bits_of_one(string text, int threads)
    {
        using var crew = new RowParallelism(threads);
        var test = new NetworkCase<float>(text);
        float[] targets = test.RandomBatch(1).Span.ToArray();
        FlatVector<float> direction = test.RandomParameters();
        Matrix<float> cotangents = test.RandomBatch(1), tangents = test.RandomBatch(test.Layout.Inputs);
        float[] alone = All(test.Linearise());
        alone.ShouldAllBe(value => float.IsFinite(value));
        Linearisation<float> shared = test.Linearise(crew);
        for (int repeat = 0; repeat < 3; repeat++)
        {
            ((ReadOnlySpan<float>)All(shared)).ShouldBeSameBits<float>(alone);
        }

        float[] All(Linearisation<float> at)
        {
            var all = new List<float>(at.Outputs.Span.ToArray());
            var vector = new FlatVector<float>(test.Length);
            var inputs = new Matrix<float>(test.Rows, test.Layout.Inputs);
            at.InputVjp(cotangents, inputs);
            all.AddRange(inputs.Span);
            at.Vjp(cotangents, vector, accumulate: true);
            all.AddRange(vector.Span);
            at.SetLoss(cotangents, cotangents);
            at.Hvp(direction.Span, vector.Span);
            all.AddRange(vector.Span);
            at.SetSquaredLoss(targets);
            at.LossGradient(vector);
            all.AddRange(vector.Span);
            at.GaussNewtonProduct(direction.Span, vector.Span);
            all.AddRange(vector.Span);
            at.MixedParameterProduct(tangents, cotangents, vector, inputs, accumulate: true);
            all.AddRange(vector.Span);
            all.AddRange(inputs.Span);
            var columns = new float[2 * test.Length];
            at.HessianColumns([0, test.Layout.Bias(test.Layout.Layers - 1).Offset], columns);
            all.AddRange(columns);
            all.Add((float)at.SquaredLossGradient(test.Parameters, test.Inputs, targets, test.Rows, vector));
            all.AddRange(vector.Span);
            return [.. all];
        }
    }

    [Theory]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    public void Room_for_more_rows_changes_nothing(int rows)
    {
        var test = new NetworkCase<double>($"5-16-1 tanh identity x{rows}", capacity: 1025);
        Linearisation<double> exact = test.Linearise();
        var roomy = new Linearisation<double>(test.Layout, 1025);
        roomy.Forward(test.Parameters, test.Inputs, rows);
        double[] targets = test.RandomBatch(1).Span[..rows].ToArray(), a = new double[test.Length], b = new double[test.Length];
        FlatVector<double> direction = test.RandomParameters();
        foreach ((Linearisation<double> at, double[] result) in new[] { (exact, a), (roomy, b) })
        {
            at.SetSquaredLoss(targets);
            at.Hvp(direction.Span, result);
        }

        ((ReadOnlySpan<double>)b).ShouldBeSameBits<double>(a);
        ((ReadOnlySpan<double>)roomy.Outputs.Span[..rows]).ShouldBeSameBits<double>(exact.Outputs.Span);
        roomy.Rows.ShouldBe(rows);
    }

    [Fact]
    public void The_sample_kernel_across_chunks_is_that_of_pairs_of_rows()
    {
        var test = new NetworkCase<double>("3-5-1 tanh identity x513");
        var kernel = new double[test.Rows * test.Rows];
        test.Linearise().SampleKernel(kernel);
        int[] rows = [0, 1, 170, 171, 255, 256, 341, 342, 511, 512];
        double[][] jacobians = [.. rows.Select(row => NaiveMlp.Jacobian(test.Layout, test.Parameters.Span, test.Inputs.Row(row))[0])];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < rows.Length; j++)
            {
                kernel[(rows[i] * test.Rows) + rows[j]].ShouldBe(Vectors.Dot<double>(jacobians[i], jacobians[j]), 1e-12);
            }
        }
    }

    /// <summary>Products that are sums over rows.</summary>
    private sealed record Products(double[] Hessian, double[] GaussNewton, double[] Squares, double[] Mixed, double[] Column)
    {
        public Products(int length)
            : this(new double[length], new double[length], new double[length], new double[length], new double[length])
        {
        }

        public static Products Of(
            Linearisation<double> at,
            NetworkCase<double> test,
            Matrix<double> g,
            Matrix<double> d,
            Matrix<double> tangents,
            FlatVector<double> direction,
            Matrix<double> mixed,
            Matrix<double> curved)
        {
            var result = new Products(test.Length);
            at.SetLoss(g, d);
            at.Hvp(direction.Span, result.Hessian);
            at.GaussNewtonProduct(direction.Span, result.GaussNewton);
            at.PerSampleSquares(d.Span[..at.Rows], result.Squares);
            at.HessianColumns([test.Layout.Weight(test.Layout.Layers - 1).Offset], result.Column);
            at.MixedInputProduct(direction.Span, g, mixed);
            at.MixedParameterProduct(tangents, g, result.Mixed, curved);
            return result;
        }

        public void Add(Products other)
        {
            Vectors.AddScaled<double>(Hessian, 1, other.Hessian);
            Vectors.AddScaled<double>(GaussNewton, 1, other.GaussNewton);
            Vectors.AddScaled<double>(Squares, 1, other.Squares);
            Vectors.AddScaled<double>(Mixed, 1, other.Mixed);
            Vectors.AddScaled<double>(Column, 1, other.Column);
        }
    }
}
