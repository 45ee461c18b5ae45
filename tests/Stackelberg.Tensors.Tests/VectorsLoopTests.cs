using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Tests;

/// <summary>Every operation on spans against a loop over elements, to the last bit, at odd lengths, anywhere in memory and in place.</summary>
public sealed class VectorsLoopTests
{
    private static readonly int[] Lengths = [0, 1, 3, 8, 13, 15, 16, 17, 31, 33, 47, 63, 65, 127, 257];

    private delegate void Update<T>(Span<T> y, ReadOnlySpan<T> x);

    private delegate void Map<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> result);

    [Fact]
    public void Updates_of_a_vector_round_once_per_element()
    {
        Check<float>();
        Check<double>();

        static void Check<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T a = T.CreateTruncating(-0.3), rho = T.CreateTruncating(0.9), rest = T.CreateTruncating(1 - 0.9);
            Updates<T>(static (y, x) => Vectors.AddScaled(y, -0.3, x), (y, x) => T.FusedMultiplyAdd(a, x, y));
            Updates<T>(static (y, x) => Vectors.ScaleAndAdd(y, -0.3, x), (y, x) => T.FusedMultiplyAdd(a, y, x));
            Updates<T>(static (y, _) => Vectors.Scale(y, -0.3), (y, _) => a * y);
            Updates<T>(static (y, _) => Vectors.Negate(y), static (y, _) => -y);
            double tolerance = typeof(T) == typeof(float) ? 1e-7 : 2e-16;
            Updates<T>(static (y, x) => Vectors.Interpolate(y, 0.9, x), (y, x) => (rho * y) + (rest * x), tolerance);
        }
    }

    [Fact]
    public void Results_of_two_vectors_are_those_of_their_elements_also_in_the_memory_of_an_operand()
    {
        Check<float>();
        Check<double>();

        static void Check<T>()
            where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T a = T.CreateTruncating(1.7);
            Maps<T>(static (x, y, result) => Vectors.Add(x, y, result), static (x, y) => x + y);
            Maps<T>(static (x, y, result) => Vectors.Subtract(x, y, result), static (x, y) => x - y);
            Maps<T>(static (x, y, result) => Vectors.Multiply(x, y, result), static (x, y) => x * y);
            Maps<T>(static (x, y, result) => Vectors.Divide(x, y, result), static (x, y) => x / y);
            Maps<T>((x, _, result) => Vectors.Scale(x, 1.7, result), (x, _) => a * x);
        }
    }

    [Fact]
    public void A_combination_of_single_precision_rows_is_subtracted_in_order()
    {
        foreach (int length in Lengths)
        {
            for (int terms = 0; terms < 6; terms++)
            {
                int stride = length + 3;
                float[] rows = Random<float>("rows", 6 * stride), factors = Random<float>("factors", terms), y = Random<float>("y", length);
                float[] expected = [.. y];
                for (int p = 0; p < terms; p++)
                {
                    for (int i = 0; i < length; i++)
                    {
                        expected[i] = MathF.FusedMultiplyAdd(-factors[p], rows[(p * stride) + i], expected[i]);
                    }
                }

                Vectors.SubtractCombination<float>(y, factors, rows, stride);
                y.ShouldBe(expected, $"{terms} rows of {length}");
            }
        }
    }

    [Fact]
    public void Dot_products_have_the_laws_of_an_inner_product() => Laws.Hold(200, static random =>
    {
        int length = 1 + random.NextInt32(300);
        double[] x = new double[length], y = new double[length], z = new double[length];
        random.FillNormal(x);
        random.FillNormal(y);
        Vectors.Dot<double>(x, y).ShouldBe(Vectors.Dot<double>(y, x));
        double sum = 0;
        for (int i = 0; i < length; i++)
        {
            sum += x[i] * y[i];
        }

        double size = Vectors.Norm<double>(x) * Vectors.Norm<double>(y);
        Vectors.Dot<double>(x, y).ShouldBe(sum, 1e-14 * size);
        // a power of two changes no rounding
        Vectors.Scale<double>(x, 8, z);
        Vectors.Dot<double>(z, y).ShouldBe(8 * Vectors.Dot<double>(x, y));
        Vectors.Norm<double>(z).ShouldBe(8 * Vectors.Norm<double>(x), 1e-14 * size);
        // ‖x + y‖² + ‖x − y‖² = 2 ‖x‖² + 2 ‖y‖²
        Vectors.Add<double>(x, y, z);
        double squares = Vectors.Dot<double>(z, z);
        Vectors.Subtract<double>(x, y, z);
        squares += Vectors.Dot<double>(z, z);
        double parts = 2 * (Vectors.Dot<double>(x, x) + Vectors.Dot<double>(y, y));
        squares.ShouldBe(parts, 1e-14 * parts);
    });

    [Fact]
    public void Averaging_with_a_share_of_one_keeps_and_with_zero_copies()
    {
        foreach (int length in Lengths)
        {
            float[] x = Random<float>("x", length), y = Random<float>("y", length), target = [.. y];
            Vectors.Interpolate<float>(target, 1, x);
            target.ShouldBe(y);
            Vectors.Interpolate<float>(target, 0, x);
            target.ShouldBe(x);
        }
    }

    [Fact]
    public void Operations_refuse_lengths_that_differ_and_write_nothing()
    {
        double[] three = [1, 2, 3], four = [1, 2, 3, 4];
        foreach (Action action in (Action[])
        [
            () => Vectors.ScaleAndAdd<double>(three, 2, four),
            () => Vectors.Subtract<double>(three, four, four),
            () => Vectors.Multiply<double>(four, three, four),
            () => Vectors.Divide<double>(four, four, three),
            () => Vectors.Interpolate<double>(four, 0.5, three),
        ])
        {
            string message = Should.Throw<ArgumentException>(action).Message;
            (message.Contains("3 and 4", StringComparison.Ordinal) || message.Contains("4 and 3", StringComparison.Ordinal)).ShouldBeTrue(message);
        }

        three.ShouldBe([1, 2, 3]);
        four.ShouldBe([1, 2, 3, 4]);
    }

    private static T[] Random<T>(string name, int length)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RandomStream random = RandomStream.FromSeed(17).Split(name);
        // away from zero, so that quotients are of order one
        return [.. Enumerable.Range(0, length).Select(i => T.CreateTruncating((i % 2 == 0 ? 1 : -1) * random.NextUniform(0.5, 2)))];
    }

    private static void Updates<T>(Update<T> update, Func<T, T, T> element, double tolerance = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int length in Lengths)
        {
            T[] x = Random<T>("x", length), y = Random<T>("y", length);
            for (int shift = 0; shift < 3; shift++)
            {
                T[] room = [.. Random<T>("before", shift), .. y, .. Random<T>("after", 5)], kept = [.. room];
                update(room.AsSpan(shift, length), x);
                for (int i = 0; i < room.Length; i++)
                {
                    T expected = i < shift || i >= shift + length ? kept[i] : element(y[i - shift], x[i - shift]);
                    double error = double.CreateTruncating(T.Abs(room[i] - expected));
                    double limit = tolerance * double.CreateTruncating(T.Abs(expected) + T.One);
                    (error <= limit).ShouldBeTrue($"{i} of {length} from {shift}: {room[i]}, not {expected}");
                }
            }
        }
    }

    private static void Maps<T>(Map<T> map, Func<T, T, T> element)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (int length in Lengths)
        {
            T[] x = Random<T>("x", length), y = Random<T>("y", length), expected = [.. x.Zip(y, element)], kept = [.. x];
            var room = new T[length + 4];
            for (int shift = 0; shift < 3; shift++)
            {
                map(x, y, room.AsSpan(shift, length));
                room.AsSpan(shift, length).ToArray().ShouldBe(expected);
                room.AsSpan(shift + length).IndexOfAnyExcept(T.Zero).ShouldBe(-1);
                room.AsSpan().Clear();
            }

            T[] left = [.. x], right = [.. y];
            map(left, y, left);
            left.ShouldBe(expected);
            map(x, right, right);
            right.ShouldBe(expected);
            x.ShouldBe(kept);
        }
    }
}
