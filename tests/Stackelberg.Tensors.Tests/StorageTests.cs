using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Tests;

/// <summary>Laws of vectors and matrices: places of elements, padding, parts, saving.</summary>
public sealed class StorageTests
{
    [Fact]
    public void Rows_of_a_matrix_partition_its_elements_and_leave_padding_zero() => Laws.Hold(100, static random =>
    {
        int rows = 1 + random.NextInt32(20), columns = 1 + random.NextInt32(40);
        var matrix = new Matrix<double>(rows, columns);
        matrix.Span.Length.ShouldBe(rows * matrix.Stride);
        for (int row = 0; row < rows; row++)
        {
            matrix.Row(row).Length.ShouldBe(columns);
            for (int column = 0; column < columns; column++)
            {
                matrix[row, column] = (row * columns) + column + 1;
            }
        }

        double[] all = matrix.Span.ToArray();
        all.Where(static value => value != 0).ShouldBe(Enumerable.Range(1, rows * columns).Select(static i => (double)i));
        for (int i = 0; i < all.Length; i++)
        {
            all[i].ShouldBe(i % matrix.Stride < columns ? (i / matrix.Stride * columns) + (i % matrix.Stride) + 1 : 0);
        }
    });

    [Theory]
    [InlineData(3, 5)]
    [InlineData(3, 1)]
    [InlineData(1, 16)]
    public void Indices_outside_a_matrix_are_refused(int rows, int columns)
    {
        var matrix = new Matrix<float>(rows, columns);
        Should.Throw<ArgumentOutOfRangeException>(() => matrix.Row(rows).Length).ParamName.ShouldBe("row");
        Should.Throw<ArgumentOutOfRangeException>(() => matrix.Row(-1).Length).ParamName.ShouldBe("row");
        // a place in the padding is not a column
        Should.Throw<IndexOutOfRangeException>(() => matrix[0, columns]);
        Should.Throw<IndexOutOfRangeException>(() => matrix[0, -1]);
    }

    [Fact]
    public void Saved_vectors_of_both_precisions_come_back_to_the_last_bit_at_any_length() => Laws.Hold(60, static random =>
    {
        Check<float>(random);
        Check<double>(random);

        static void Check<T>(RandomStream random)
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            int length = random.NextInt32(70);
            FlatVector<T> vector = new(length), back = new(length);
            foreach (ref T value in vector.Span)
            {
                value = T.CreateTruncating(random.NextNormal());
            }

            var state = new MemoryState();
            vector.Save(state.Writer, "vector");
            T[] kept = vector.Span.ToArray();
            // what was saved is a copy
            vector.Clear();
            back.Load(state.Reader, "vector");
            back.Span.ToArray().ShouldBe(kept);
            Should.Throw<StateException>(() => back.Load(state.Reader, "other"));
            Should.Throw<StateException>(() => new FlatVector<T>(length + 1).Load(state.Reader, "vector"));
            back.Span.ToArray().ShouldBe(kept);
        }
    });

    [Fact]
    public void A_part_saved_and_loaded_into_another_vectors_part_leaves_its_neighbours() => Laws.Hold(60, static random =>
    {
        int offset = Padding.Unit * random.NextInt32(4), length = Padding.Unit * (1 + random.NextInt32(3));
        FlatVector<double> from = new(offset + length), to = new(offset + length + 32);
        random.FillNormal(from.Span);
        random.FillNormal(to.Span);
        double[] expected = to.Span.ToArray();
        from.Span.Slice(offset, length).CopyTo(expected.AsSpan(16));
        var state = new MemoryState();
        from.Slice(offset, length).Save(state.Writer, "part");
        to.Slice(16, length).Load(state.Reader, "part");
        to.Span.ToArray().ShouldBe(expected);
    });

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(17)]
    [InlineData(33)]
    public unsafe void Nothing_that_is_done_to_the_elements_reaches_the_tail(int length)
    {
        FlatVector<float> x = new(length), y = new(length);
        x.Span.Fill(3);
        y.CopyFrom(x);
        Vectors.AddScaled<float>(y.Span, 2, x.Span);
        Vectors.Divide<float>(y.Span, x.Span, y.Span);
        Vectors.Negate(y.Span);
        Vectors.Interpolate<float>(y.Span, 0.25, x.Span);
        y.Span.ToArray().ShouldAllBe(static value => value == 1.5f);
        for (int i = length; i < y.Capacity; i++)
        {
            y.Pointer[i].ShouldBe(0);
            x.Pointer[i].ShouldBe(0);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    [Fact]
    public void Copies_are_independent_and_nothing_is_copied_from_nothing()
    {
        FlatVector<double> x = new(20), y = new(20);
        x.Span.Fill(1);
        y.CopyFrom(x);
        x.Clear();
        y.Span.ToArray().ShouldAllBe(static value => value == 1);
        y.CopyFrom(y);
        y.Span.ToArray().ShouldAllBe(static value => value == 1);
        Should.Throw<ArgumentNullException>(() => y.CopyFrom(null!)).ParamName.ShouldBe("source");
        Should.Throw<ArgumentNullException>(() => y.Save(null!, "y")).ParamName.ShouldBe("writer");
        Should.Throw<ArgumentNullException>(() => y.Load(null!, "y")).ParamName.ShouldBe("reader");
        Should.Throw<ArgumentOutOfRangeException>(() => new FlatVector<double>(-1)).ParamName.ShouldBe("length");
        Should.Throw<IndexOutOfRangeException>(() => y[20]);
    }
}
