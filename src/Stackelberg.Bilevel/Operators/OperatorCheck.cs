using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>What probing an operator showed. Probes can refute a declared property, never prove it.</summary>
/// <param name="Violations">What contradicts the declaration, in words; empty when nothing does.</param>
/// <param name="Asymmetry">Largest |uᵀAv − vᵀAu| / (‖u‖‖Av‖ + ‖v‖‖Au‖); 0 for exactly symmetric products.</param>
/// <param name="SmallestCurvature">Smallest vᵀAv / vᵀv.</param>
/// <param name="LargestGain">Largest ‖Av‖ / ‖v‖: a lower bound of the operator's norm.</param>
public sealed record OperatorCheckResult(
    IReadOnlyList<string> Violations, double Asymmetry, double SmallestCurvature, double LargestGain)
{
    /// <summary>Throws when a probe contradicts the declaration.</summary>
    /// <exception cref="InvalidOperationException">With all violations.</exception>
    public void ThrowIfViolated()
    {
        if (Violations.Count > 0)
        {
            throw new InvalidOperationException("The operator is not what it declares: " + string.Join("; ", Violations) + ".");
        }
    }
}

/// <summary>Probes an operator with random vectors for the properties it declares. For tests and for users' own operators.</summary>
public static class OperatorCheck
{
    /// <summary>Probes symmetry, definiteness, the diagonal form, transposed products and that padding stays zero.</summary>
    /// <param name="a">The operator.</param>
    /// <param name="random">Where the probes come from.</param>
    /// <param name="probes">Pairs of standard normal vectors, at least 1.</param>
    /// <param name="tolerance">Relative rounding allowed; null: 1e-4 in single, 1e-10 in double precision.</param>
    public static OperatorCheckResult Probe<T>(ILinearOperator<T> a, RandomStream random, int probes = 16, double? tolerance = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(probes);
        double allowed = tolerance ?? (typeof(T) == typeof(float) ? 1e-4 : 1e-10);
        var violations = new List<string>();
        T[] u = new T[a.Dimension], v = new T[a.Dimension], au = new T[a.Dimension], av = new T[a.Dimension], atu = new T[a.Dimension];
        double asymmetry = 0, smallest = double.PositiveInfinity, largest = 0, adjoint = 0;
        bool paddingKept = true;
        for (int probe = 0; probe < probes; probe++)
        {
            Fill(a.Coordinates, random, u);
            Fill(a.Coordinates, random, v);
            a.Multiply(u, au);
            a.Multiply(v, av);
            double size = (Vectors.Norm<T>(u) * Vectors.Norm<T>(av)) + (Vectors.Norm<T>(v) * Vectors.Norm<T>(au));
            double uav = Vectors.Dot<T>(u, av);
            asymmetry = Math.Max(asymmetry, Relative(uav - Vectors.Dot<T>(v, au), size));
            smallest = Math.Min(smallest, Vectors.Dot<T>(v, av) / Vectors.Dot<T>(v, v));
            largest = Math.Max(largest, Vectors.Norm<T>(av) / Vectors.Norm<T>(v));
            paddingKept &= IsPaddingZero(a.Coordinates, av);
            if (a.HasTransposed)
            {
                a.MultiplyTransposed(u, atu);
                adjoint = Math.Max(adjoint, Relative(uav - Vectors.Dot<T>(v, atu), size));
            }
        }

        if (a.Properties.HasFlag(OperatorProperties.Symmetric) && !(asymmetry <= allowed))
        {
            violations.Add($"declared symmetric, but uᵀAv and vᵀAu differ by {asymmetry:g3} relative to their size");
        }

        if (a.Properties.HasFlag(OperatorProperties.PositiveSemidefinite) && !(smallest >= -allowed * largest))
        {
            violations.Add($"declared positive semidefinite, but a probe has curvature {smallest:g3}");
        }

        if (a.Properties.HasFlag(OperatorProperties.Diagonal) && !ActsElementwise(a, allowed * largest, u, au, v, av))
        {
            violations.Add("declared diagonal, but Av is not the elementwise product of v with A(1, …, 1)");
        }

        if (a.HasTransposed && !(adjoint <= allowed))
        {
            violations.Add($"uᵀ(Av) and (Aᵀu)ᵀv differ by {adjoint:g3} relative to their size: the transposed product belongs to another matrix");
        }

        if (!paddingKept)
        {
            violations.Add("a product is not zero at padding");
        }

        return new OperatorCheckResult(violations, asymmetry, smallest, largest);
    }

    private static double Relative(double difference, double size) => size == 0 ? 0 : Math.Abs(difference) / size;

    private static void Fill<T>(CoordinateMap coordinates, RandomStream random, T[] vector)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < coordinates.Count; i++)
        {
            vector[coordinates[i]] = T.CreateTruncating(random.NextNormal());
        }
    }

    private static bool IsPaddingZero<T>(CoordinateMap coordinates, T[] vector)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int logical = 0;
        for (int i = 0; i < vector.Length; i++)
        {
            if (logical < coordinates.Count && coordinates[logical] == i)
            {
                logical++;
            }
            else if (!T.IsZero(vector[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool ActsElementwise<T>(ILinearOperator<T> a, double allowedGain, T[] ones, T[] diagonal, T[] v, T[] av)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < a.Coordinates.Count; i++)
        {
            ones[a.Coordinates[i]] = T.One;
        }

        a.Multiply(ones, diagonal);
        for (int i = 0; i < av.Length; i++)
        {
            av[i] -= diagonal[i] * v[i];
        }

        return Vectors.Norm<T>(av) <= allowedGain * Vectors.Norm<T>(v);
    }
}
