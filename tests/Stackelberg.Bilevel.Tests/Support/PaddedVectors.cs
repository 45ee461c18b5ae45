using Stackelberg.Primitives;
using Stackelberg.Tensors;
using Dense = MathNet.Numerics.LinearAlgebra.Matrix<double>;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

internal delegate void WriteTo(Span<double> result);

/// <summary>Between vectors with padding and vectors of real coordinates alone.</summary>
internal static class PaddedVectors
{
    /// <summary>Twelve coordinates, as many as <see cref="LinearSystem.Size"/>, in 48 elements of storage.</summary>
    public static ParameterLayout Layout { get; } = new([("a", 2, 3), ("b", 1, 6)]);

    public static CoordinateMap Map => Layout.Coordinates;

    /// <summary>What is written to storage that held NaN, so that an element left out shows.</summary>
    public static double[] Ask(int length, WriteTo write)
    {
        double[] result = new double[length];
        Array.Fill(result, double.NaN);
        write(result);
        return result;
    }

    /// <summary>The real coordinates; what lies between them must be zero.</summary>
    public static Vector Real(this double[] padded, CoordinateMap map)
    {
        Vector real = Vector.Build.Dense(map.Count, i => padded[map[i]]);
        real.Spread(map, padded.Length).ShouldBe(padded, "padding is zero");
        return real;
    }

    public static double[] Spread(this Vector real, CoordinateMap map, int length)
    {
        double[] padded = new double[length];
        for (int i = 0; i < map.Count; i++)
        {
            padded[map[i]] = real[i];
        }

        return padded;
    }

    /// <summary>A dense matrix as an operator on padded storage.</summary>
    public static DelegateOperator<double> Padded(this Dense matrix, OperatorProperties properties)
    {
        return new DelegateOperator<double>(
            Layout.Length, Map, properties, (x, result) => Product(matrix, x, result), (x, result) => Product(matrix.Transpose(), x, result));

        static void Product(Dense by, ReadOnlySpan<double> x, Span<double> result) => (by * x.ToArray().Real(Map)).Spread(Map, result.Length).CopyTo(result);
    }

    /// <summary>The matrix of an operator over its real coordinates, one product per column.</summary>
    public static Dense Columns(this ILinearOperator<double> a, bool transposed = false) => Dense.Build.DenseOfColumnVectors(
        Enumerable.Range(0, a.Coordinates.Count).Select(j =>
        {
            double[] unit = new double[a.Dimension];
            unit[a.Coordinates[j]] = 1;
            return Ask(a.Dimension, s => (transposed ? (OperatorProduct<double>)a.MultiplyTransposed : a.Multiply)(unit, s)).Real(a.Coordinates);
        }));

    public static Dense Normals(int rows, int columns, RandomStream random) => Dense.Build.Dense(rows, columns, (_, _) => random.NextNormal());

    /// <summary>‖actual − expected‖ ≤ tolerance · (1 + ‖expected‖), for what may be zero.</summary>
    public static void ShouldBeNear(this Vector actual, Vector expected, double tolerance, string? what = null) =>
        (actual - expected).L2Norm().ShouldBeLessThanOrEqualTo(tolerance * (1 + expected.L2Norm()), $"{what}: {actual} is not {expected}");

    public static void ShouldBeNear(this Dense actual, Dense expected, double tolerance, string? what = null) =>
        (actual - expected).FrobeniusNorm().ShouldBeLessThanOrEqualTo(tolerance * (1 + expected.FrobeniusNorm()), $"{what}: {actual} is not {expected}");
}
