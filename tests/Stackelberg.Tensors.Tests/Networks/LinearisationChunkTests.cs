using Stackelberg.Tensors.Networks;
using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Tests.Networks;

public sealed class LinearisationChunkTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(511, 1)]
    [InlineData(512, 2)]
    [InlineData(513, 3)]
    [InlineData(4000, 16)]
    [InlineData(100_003, 391)]
    public void Chunks_cover_the_rows_once_in_order(int rows, int expected)
    {
        var chunks = new RowChunks(rows);
        chunks.Count.ShouldBe(expected);
        int next = 0;
        for (int chunk = 0; chunk < chunks.Count; chunk++)
        {
            chunks.Start(chunk).ShouldBe(next);
            chunks.Length(chunk).ShouldBeInRange(1, rows < 512 ? 511 : 256);
            next += chunks.Length(chunk);
        }

        next.ShouldBe(rows);
    }

    [Theory]
    [InlineData("5-16-17-1 tanh identity x1301 extra")]
    [InlineData("5-17-16-1 relu tanh x777")]
    public void A_batch_of_chunks_equals_the_sum_of_its_rows(string text)
    {
        var test = new NetworkCase<double>(text);
        double[][] jacobian = [.. Enumerable.Range(0, test.Rows)
            .Select(row => NaiveMlp.Jacobian(test.Layout, test.Parameters.Span, test.Inputs.Row(row))[0])];
        double[] targets = test.RandomBatch(1).Span[..test.Rows].ToArray();
        Linearisation<double> linearisation = test.Linearise();
        linearisation.SetSquaredLoss(targets);
        FlatVector<double> direction = test.RandomParameters();
        var tangents = new Matrix<double>(test.Rows, 1);
        linearisation.Jvp(direction.Span, tangents);

        var product = new double[test.Length];
        var squares = new double[test.Length];
        var gradient = new double[test.Length];
        for (int row = 0; row < test.Rows; row++)
        {
            double tangent = Vectors.Dot<double>(jacobian[row], direction.Span);
            tangents[row, 0].ShouldBe(tangent, 1e-12);
            Vectors.AddScaled<double>(product, 2 * tangent / test.Rows, jacobian[row]);
            Vectors.AddScaled<double>(gradient, 2 * (linearisation.Outputs[row, 0] - targets[row]) / test.Rows, jacobian[row]);
            for (int i = 0; i < test.Length; i++)
            {
                squares[i] += targets[row] * jacobian[row][i] * jacobian[row][i];
            }
        }

        var actual = new FlatVector<double>(test.Length);
        linearisation.GaussNewtonProduct(direction.Span, actual.Span);
        actual.Span.ShouldMatch(product, 1e-12);
        linearisation.LossGradient(actual);
        actual.Span.ShouldMatch(gradient, 1e-12);
        linearisation.SquaredLossGradient(test.Parameters, test.Inputs, targets, test.Rows, actual);
        actual.Span.ShouldMatch(gradient, 1e-12);
        linearisation.PerSampleSquares(targets, actual.Span);
        actual.Span.ShouldMatch(squares, 1e-12);
    }

    [Fact]
    public void Hvp_of_a_batch_of_chunks_is_the_mean_of_its_parts()
    {
        var test = new NetworkCase<double>("5-16-17-1 tanh identity x900");
        double[] targets = test.RandomBatch(1).Span[..test.Rows].ToArray();
        FlatVector<double> direction = test.RandomParameters();
        Linearisation<double> linearisation = test.Linearise();
        linearisation.SetSquaredLoss(targets);
        var whole = new double[test.Length];
        linearisation.Hvp(direction.Span, whole);

        var sum = new double[test.Length];
        var part = new double[test.Length];
        for (int half = 0; half < 2; half++)
        {
            var inputs = new Matrix<double>(450, 5);
            test.Inputs.Span.Slice(half * 450 * inputs.Stride, 450 * inputs.Stride).CopyTo(inputs.Span);
            linearisation.Forward(test.Parameters, inputs, 450);
            linearisation.SetSquaredLoss(targets.AsSpan(half * 450, 450));
            linearisation.Hvp(direction.Span, part);
            Vectors.AddScaled<double>(sum, 0.5, part);
        }

        whole.ShouldMatch(sum, 1e-13);
    }

    [Theory]
    [InlineData("11-64-64-1 tanh identity x1203 extra")]
    [InlineData("5-17-1 relu tanh x2000")]
    public void Results_are_the_same_bits_for_any_number_of_threads(string text)
    {
        double[] alone = Everything(text, null);
        alone.ShouldAllBe(value => double.IsFinite(value));
        foreach (int threads in (int[])[1, 2, 3])
        {
            using var crew = new RowParallelism(threads);
            ((ReadOnlySpan<double>)Everything(text, crew)).ShouldBeSameBits<double>(alone);
        }
    }

    [Fact]
    public void A_crew_serves_several_networks()
    {
        using var crew = new RowParallelism(2);
        var first = new NetworkCase<float>("5-16-1 tanh identity x600");
        var second = new NetworkCase<float>("4-5-3 relu identity x1000");
        Linearisation<float> a = first.Linearise(crew), b = second.Linearise(crew);
        ((ReadOnlySpan<float>)a.Outputs.Span).ShouldBeSameBits<float>(first.Linearise().Outputs.Span);
        ((ReadOnlySpan<float>)b.Outputs.Span).ShouldBeSameBits<float>(second.Linearise().Outputs.Span);
    }

    [Fact]
    public void Every_chunk_is_run_once()
    {
        using var crew = new RowParallelism(3);
        for (int repeat = 0; repeat < 200; repeat++)
        {
            var counts = new int[1 + (repeat % 7)];
            crew.Run((chunk, worker) => Interlocked.Increment(ref counts[chunk]), counts.Length);
            counts.ShouldAllBe(count => count == 1);
        }
    }

    [Fact]
    public void A_failing_chunk_is_reported_and_the_crew_goes_on()
    {
        using var crew = new RowParallelism(2);
        Should.Throw<AggregateException>(() => crew.Run((chunk, _) => throw new InvalidOperationException($"chunk {chunk}"), 4))
            .InnerException.ShouldBeOfType<InvalidOperationException>();
        int count = 0;
        crew.Run((_, _) => Interlocked.Increment(ref count), 5);
        count.ShouldBe(5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void A_crew_has_1_to_64_threads(int threads) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new RowParallelism(threads)).Message.ShouldContain("1 to 64");

    [Fact]
    public void A_crew_that_is_disposed_refuses_work()
    {
        var crew = new RowParallelism(2);
        crew.Dispose();
        crew.Dispose();
        Should.Throw<ObjectDisposedException>(() => crew.Run((_, _) => { }, 2));
    }

    /// <summary>The results of all operations in a row.</summary>
    private static double[] Everything(string text, RowParallelism? crew)
    {
        var test = new NetworkCase<double>(text);
        double[] targets = test.RandomBatch(1).Span[..test.Rows].ToArray();
        FlatVector<double> direction = test.RandomParameters();
        Linearisation<double> linearisation = test.Linearise(crew);
        linearisation.SetSquaredLoss(targets);
        var all = new List<double>(linearisation.Outputs.Span.ToArray());
        var vector = new FlatVector<double>(test.Length);
        var batch = new Matrix<double>(test.Rows, 1);
        var inputs = new Matrix<double>(test.Rows, test.Layout.Inputs);

        linearisation.Jvp(direction.Span, batch);
        all.AddRange(batch.Span);
        linearisation.Vjp(batch, vector, accumulate: false, inputs);
        all.AddRange(vector.Span);
        all.AddRange(inputs.Span);
        linearisation.Vjp(batch, vector, accumulate: true);
        all.AddRange(vector.Span);
        linearisation.LossGradient(vector);
        all.AddRange(vector.Span);
        linearisation.Hvp(direction.Span, vector.Span);
        all.AddRange(vector.Span);
        linearisation.GaussNewtonProduct(direction.Span, vector.Span);
        all.AddRange(vector.Span);
        linearisation.PerSampleSquares(targets, vector.Span);
        all.AddRange(vector.Span);
        var lastInputs = new Matrix<double>(test.Rows, 3);
        linearisation.InputVjp(batch, test.Layout.Inputs - 3, lastInputs);
        all.AddRange(lastInputs.Span);
        Matrix<double> inputTangents = test.RandomBatch(test.Layout.Inputs);
        linearisation.MixedInputProduct(direction.Span, batch, inputs);
        all.AddRange(inputs.Span);
        linearisation.MixedParameterProduct(inputTangents, batch, vector, inputs);
        all.AddRange(vector.Span);
        all.AddRange(inputs.Span);
        linearisation.InputHessianProduct(inputTangents, batch, inputs);
        all.AddRange(inputs.Span);
        foreach (int layer in Enumerable.Range(0, test.Layout.Layers))
        {
            linearisation.HessianColumns([test.Layout.Weight(layer).Offset + 3], vector.Span);
            all.AddRange(vector.Span);
        }

        all.Add(linearisation.SquaredLossGradient(test.Parameters, test.Inputs, targets, test.Rows, vector));
        all.AddRange(vector.Span);
        return [.. all];
    }
}
