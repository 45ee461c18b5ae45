using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Tests;

public sealed class FlatVectorTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(1000)]
    public unsafe void Storage_is_aligned_zero_and_rounded_up(int length)
    {
        var single = new FlatVector<float>(length);
        var twice = new FlatVector<double>(length);
        ((nint)single.Pointer % 64).ShouldBe(0);
        ((nint)twice.Pointer % 64).ShouldBe(0);
        single.Span.Length.ShouldBe(length);
        single.Capacity.ShouldBe(Padding.RoundUp(length));
        for (int i = 0; i < twice.Capacity; i++)
        {
            twice.Pointer[i].ShouldBe(0);
        }

        GC.KeepAlive(single);
        GC.KeepAlive(twice);
    }

    [Fact]
    public unsafe void Span_and_pointer_see_the_same_elements()
    {
        var vector = new FlatVector<double>(5);
        vector.Span[3] = 2;
        vector.Pointer[3].ShouldBe(2);
        vector[3] = 4;
        vector.Pointer[3].ShouldBe(4);
        vector.Clear();
        vector.Span.ToArray().ShouldAllBe(x => x == 0);
    }

    [Fact]
    public void A_span_keeps_its_memory_alive()
    {
        Span<float> span = Marked();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var others = new List<FlatVector<float>>();
        for (int i = 0; i < 100; i++)
        {
            var other = new FlatVector<float>(1000);
            other.Span.Fill(-1);
            others.Add(other);
        }

        span.ToArray().ShouldAllBe(x => x == 7);
        others.Count.ShouldBe(100);

        static Span<float> Marked()
        {
            var vector = new FlatVector<float>(1000);
            vector.Span.Fill(7);
            return vector.Span;
        }
    }

    [Fact]
    public void CopyFrom_refuses_another_length()
    {
        var three = new FlatVector<float>(3);
        Should.Throw<ArgumentException>(() => three.CopyFrom(new FlatVector<float>(2))).Message.ShouldContain("3 elements cannot take the 2");
    }

    [Fact]
    public void Saved_elements_come_back_to_the_last_bit()
    {
        var vector = new FlatVector<double>(4) { [0] = double.NaN, [1] = -0.0, [2] = double.Epsilon, [3] = 1.0 / 3 };
        var state = new MemoryState();
        vector.Save(state.Writer, "vector");
        var back = new FlatVector<double>(4);
        back.Load(state.Reader, "vector");
        back.Span.ToArray().Select(BitConverter.DoubleToInt64Bits).ShouldBe(vector.Span.ToArray().Select(BitConverter.DoubleToInt64Bits));
        Should.Throw<StateException>(() => new FlatVector<double>(5).Load(state.Reader, "vector"));
        Should.Throw<StateException>(() => new FlatVector<float>(4).Load(state.Reader, "vector"));
    }

    [Fact]
    public void Rows_of_a_matrix_are_padded_and_separate()
    {
        var matrix = new Matrix<float>(3, 5);
        matrix.Stride.ShouldBe(16);
        matrix.Row(1).Fill(2);
        matrix[2, 4] = 3;
        matrix.Span.ToArray().Sum().ShouldBe(13);
        matrix.Span[16].ShouldBe(2);
        matrix.Span[36].ShouldBe(3);
        new Matrix<float>(3, 1).Stride.ShouldBe(1);
        Should.Throw<ArgumentOutOfRangeException>(() => matrix.Row(3).Length);
    }

    [Theory]
    [InlineData(1 << 27, 17)]
    [InlineData((1 << 28) + 1, 16)]
    [InlineData(2, int.MaxValue)]
    [InlineData(0, 3)]
    [InlineData(3, -1)]
    public void A_matrix_whose_number_of_elements_overflows_or_is_not_positive_is_refused(int rows, int columns) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Matrix<float>(rows, columns));

    [Fact]
    public void A_vector_beyond_the_largest_is_refused() => Should.Throw<ArgumentOutOfRangeException>(() => new FlatVector<float>(int.MaxValue));
}
