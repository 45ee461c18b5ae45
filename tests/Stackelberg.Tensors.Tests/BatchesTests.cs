using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Tests;

public sealed class BatchesTests
{
    private readonly RandomStream random = RandomStream.FromSeed(41);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 20)]
    [InlineData(11, 3)]
    [InlineData(11, 5)]
    [InlineData(16, 1)]
    [InlineData(15, 2)]
    [InlineData(17, 6)]
    [InlineData(40, 17)]
    public void Join_writes_the_left_row_and_the_scaled_right_row(int left, int right)
    {
        const int rows = 7;
        Matrix<double> a = Random(rows + 1, left), b = Random(rows + 2, right), result = Random(rows + 1, left + right);
        double[] scale = [.. Enumerable.Range(1, right).Select(j => 0.5 * j)], shift = [.. Enumerable.Range(1, right).Select(j => 1.0 / j)];
        double[] beyond = result.Row(rows).ToArray();
        Batches.Join(a, b, scale, shift, rows, result);
        for (int i = 0; i < rows; i++)
        {
            Span<double> row = result.Row(i);
            row[..left].ToArray().ShouldBe(a.Row(i).ToArray());
            for (int j = 0; j < right; j++)
            {
                row[left + j].ShouldBe(Math.FusedMultiplyAdd(scale[j], b[i, j], shift[j]));
            }
        }

        result.Row(rows).ToArray().ShouldBe(beyond);
        PaddingOf(result).ShouldAllBe(value => value == 0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(18)]
    public void ScaleColumns_multiplies_every_row(int columns)
    {
        Matrix<float> source = new(5, columns), result = new(5, columns);
        float[] scale = [.. Enumerable.Range(2, columns).Select(j => 0.3f * j)];
        for (int i = 0; i < 4; i++)
        {
            random.FillNormal(source.Row(i));
        }

        Batches.ScaleColumns(source, scale, 4, result);
        for (int i = 0; i < 5; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                result[i, j].ShouldBe(scale[j] * source[i, j]);
            }
        }

        Batches.ScaleColumns(source, scale, 4, source);
        source.Span.ToArray().ShouldBe(result.Span.ToArray());
    }

    [Fact]
    public void Wrong_shapes_are_refused()
    {
        Matrix<double> a = new(4, 3), b = new(4, 2), result = new(4, 5);
        Should.Throw<ArgumentException>(() => Batches.Join(a, b, [1, 1], [0, 0], 5, result)).Message.ShouldContain("at least 5 rows");
        Should.Throw<ArgumentException>(() => Batches.Join(a, b, [1, 1], [0, 0], 4, a)).Message.ShouldContain("expected 5 columns");
        Should.Throw<ArgumentException>(() => Batches.Join(a, b, [1], [0, 0], 4, result)).Message.ShouldContain("one factor per column, 2");
        Should.Throw<ArgumentException>(() => Batches.Join(a, b, [1, 1], [0], 4, result)).Message.ShouldContain("one summand per column, 2");
        Should.Throw<ArgumentException>(() => Batches.ScaleColumns(a, [1, 1, 1], 4, b)).Message.ShouldContain("expected 3 columns");
        Should.Throw<ArgumentException>(() => Batches.ScaleColumns(a, [1, 1], 4, a)).Message.ShouldContain("one factor per column, 3");
    }

    private Matrix<double> Random(int rows, int columns)
    {
        var matrix = new Matrix<double>(rows, columns);
        for (int i = 0; i < rows; i++)
        {
            random.FillNormal(matrix.Row(i));
        }

        return matrix;
    }

    private static double[] PaddingOf(Matrix<double> matrix)
    {
        var padding = new List<double>();
        for (int i = 0; i < matrix.Rows; i++)
        {
            padding.AddRange(matrix.Span.Slice(i * matrix.Stride, matrix.Stride)[matrix.Columns..]);
        }

        return [.. padding];
    }
}
