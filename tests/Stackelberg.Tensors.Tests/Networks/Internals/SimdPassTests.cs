using System.Runtime.Intrinsics;
using Stackelberg.Primitives;
using Stackelberg.Tensors.Kernels;
using Stackelberg.Tensors.Networks.Internals;

namespace Stackelberg.Tensors.Tests.Networks.Internals;

/// <summary>Every pass gives the same bits at every vector width, and touches nothing beyond its batch.</summary>
public sealed unsafe class SimdPassTests
{
    private const int Rows = 7;

    public static TheoryData<int> Columns => [16, 32, 48, 80];

    [Theory]
    [MemberData(nameof(Columns))]
    public void HeadBackwardPass_is_independent_of_the_width(int columns) => SameAtEveryWidth<HeadBackwardPass<float, TanhSlope<float>>>(
        columns, room => new(Rows, columns, room.Batch(0), room.Row(0), room.Row(1), room.Batch(1), room.Row(2), room.Row(3)));

    [Theory]
    [MemberData(nameof(Columns))]
    public void HeadSecondOrderPass_is_independent_of_the_width(int columns) => SameAtEveryWidth<HeadSecondOrderPass<float, TanhSlope<float>>>(
        columns,
        room => new(
            Rows,
            columns,
            room.Batch(0),
            room.Batch(1),
            room.Row(0),
            room.Row(1),
            room.Row(2),
            room.Row(3),
            room.Batch(2),
            room.Row(4),
            room.Row(5)));

    [Theory]
    [MemberData(nameof(Columns))]
    public void TwoDotsPass_is_independent_of_the_width(int columns) => SameAtEveryWidth<TwoDotsPass<float>>(
        columns, room => new(Rows, columns, room.Batch(0), columns, room.Row(0), room.Batch(1), room.Row(1), 0.3f, room.Row(2)));

    [Theory]
    [MemberData(nameof(Columns))]
    public void RowProductPass_is_independent_of_the_width(int columns) => SameAtEveryWidth<RowProductPass<float>>(
        columns, room => new(Rows, columns, room.Row(0), room.Batch(0), room.Row(1), room.Row(2)));

    [Theory]
    [MemberData(nameof(Columns))]
    public void ScaleRowsPass_is_independent_of_the_width(int columns) => SameAtEveryWidth<ScaleRowsPass<float>>(
        columns, room => new(Rows, columns, room.Row(0), room.Batch(0), room.Batch(1), room.Batch(2), room.Row(1), room.Row(2)));

    [Theory]
    [MemberData(nameof(Columns))]
    public void ScaleRowsThroughPass_is_independent_of_the_width(int columns) => SameAtEveryWidth<ScaleRowsThroughPass<float, ReluSlope<float>>>(
        columns,
        room => new(Rows, columns, room.Row(0), room.Batch(0), room.Row(1), room.Row(2), room.Batch(1), room.Batch(2), room.Row(3)));

    [Fact]
    public void RowProductPass_is_bias_plus_row_times_matrix()
    {
        var room = new Room(48);
        double[] expected = new double[48];
        for (int j = 0; j < 48; j++)
        {
            expected[j] = room.Row(1)[j];
            for (int p = 0; p < Rows; p++)
            {
                expected[j] += (double)room.Row(0)[p] * room.Batch(0)[(p * 48) + j];
            }
        }

        SimdPass.Run<float, RowProductPass<float>>(new(Rows, 48, room.Row(0), room.Batch(0), room.Row(1), room.Row(2)));
        new ReadOnlySpan<float>(room.Row(2), 48).ShouldMatch(expected, 1e-6);
    }

    [Fact]
    public void SquaredError_gives_the_sum_of_squares_and_the_scaled_difference()
    {
        foreach (int count in (int[])[1, 2, 7])
        {
            var room = new Room(16);
            float* x = room.Row(0), y = room.Row(1), gradient = room.Row(2);
            float untouched = gradient[count];
            double expected = 0;
            for (int i = 0; i < count; i++)
            {
                expected += Math.Pow(x[i] - y[i], 2);
            }

            RowPasses.SquaredError(count, x, y, 0.5f, gradient).ShouldBe(expected, 1e-6 * expected);
            for (int i = 0; i < count; i++)
            {
                gradient[i].ShouldBe(0.5f * (x[i] - y[i]));
            }

            gradient[count].ShouldBe(untouched);
            RowPasses.Sum(count, x).ShouldBe((float)Enumerable.Range(0, count).Sum(i => (double)x[i]), 1e-5f);
        }
    }

    private static void SameAtEveryWidth<TPass>(int columns, Func<Room, TPass> create)
        where TPass : struct, ISimdPass<float>
    {
        Room scalar = new(columns), narrow = new(columns), middle = new(columns), wide = new(columns);
        float[] before = scalar.Content;
        create(scalar).Run<float, Scalar<float>>();
        create(narrow).Run<Vector128<float>, Simd128<float>>();
        create(middle).Run<Vector256<float>, Simd256<float>>();
        create(wide).Run<Vector512<float>, Simd512<float>>();
        scalar.Content.AsSpan().SequenceEqual(before).ShouldBeFalse();
        foreach (Room other in (Room[])[narrow, middle, wide])
        {
            ((ReadOnlySpan<float>)other.Content).ShouldBeSameBits<float>(scalar.Content);
        }
    }

    /// <summary>Batches and rows of random numbers, the same in every room.</summary>
    private sealed class Room
    {
        private const int Batches = 3, SingleRows = 6;

        private readonly int columns;
        private readonly FlatVector<float> memory;

        public Room(int columns)
        {
            this.columns = columns;
            memory = new FlatVector<float>(((Batches * Rows) + SingleRows) * columns);
            RandomStream.FromSeed(11).FillNormal(memory.Span);
        }

        public float[] Content => memory.Span.ToArray();

        public float* Batch(int index) => memory.Pointer + (index * Rows * columns);

        public float* Row(int index) => memory.Pointer + (((Batches * Rows) + index) * columns);
    }
}
