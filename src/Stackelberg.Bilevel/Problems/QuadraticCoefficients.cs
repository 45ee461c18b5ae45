namespace Stackelberg.Bilevel;

/// <summary>
/// f₂(x, y) = ½yᵀQy + yᵀBx + cᵀy and f₁(x, y) = ½xᵀDx + eᵀx + ½yᵀFy + gᵀy at a point (x, y). Matrices are row-major; Q, D and F are
/// symmetric.
/// </summary>
/// <param name="LeaderDimension">n, at least 1.</param>
/// <param name="FollowerDimension">m, at least 1.</param>
/// <param name="Q">[m × m]</param>
/// <param name="B">[m × n]</param>
/// <param name="C">[m]</param>
/// <param name="D">[n × n]</param>
/// <param name="E">[n]</param>
/// <param name="F">[m × m]</param>
/// <param name="G">[m]</param>
/// <param name="X">[n]</param>
/// <param name="Y">[m]</param>
public sealed record QuadraticCoefficients(
    int LeaderDimension,
    int FollowerDimension,
    double[] Q,
    double[] B,
    double[] C,
    double[] D,
    double[] E,
    double[] F,
    double[] G,
    double[] X,
    double[] Y)
{
    /// <summary>Checks every length, and that Q, D and F are finite and symmetric.</summary>
    /// <exception cref="ArgumentException">Names the coefficient and what is wrong.</exception>
    public void Check()
    {
        int n = LeaderDimension, m = FollowerDimension;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n, nameof(LeaderDimension));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(m, nameof(FollowerDimension));
        CheckLength(nameof(Q), Q, (long)m * m);
        CheckLength(nameof(B), B, (long)m * n);
        CheckLength(nameof(C), C, m);
        CheckLength(nameof(D), D, (long)n * n);
        CheckLength(nameof(E), E, n);
        CheckLength(nameof(F), F, (long)m * m);
        CheckLength(nameof(G), G, m);
        CheckLength(nameof(X), X, n);
        CheckLength(nameof(Y), Y, m);
        CheckFiniteAndSymmetric(nameof(Q), Q, m);
        CheckFiniteAndSymmetric(nameof(D), D, n);
        CheckFiniteAndSymmetric(nameof(F), F, m);
    }

    private static void CheckLength(string name, double[] values, long expected)
    {
        if (values.Length != expected)
        {
            throw new ArgumentException($"'{name}' has {values.Length} entries; it needs {expected}.");
        }
    }

    private static void CheckFiniteAndSymmetric(string name, double[] values, int side)
    {
        for (int i = 0; i < side; i++)
        {
            for (int j = 0; j < side; j++)
            {
                if (!double.IsFinite(values[(i * side) + j]))
                {
                    throw new ArgumentException(FormattableString.Invariant(
                        $"'{name}' is not finite: {name}[{i}][{j}] is {values[(i * side) + j]}."));
                }
            }

            for (int j = 0; j < i; j++)
            {
                double lower = values[(i * side) + j], upper = values[(j * side) + i];
                if (Math.Abs(lower - upper) > 1e-12 * (Math.Abs(lower) + Math.Abs(upper)))
                {
                    string fault = FormattableString.Invariant(
                        $"'{name}' is not symmetric: {name}[{i}][{j}] is {lower}, {name}[{j}][{i}] is {upper}.");
                    throw new ArgumentException(
                        $"{fault} Only its symmetric part matters in the loss, so give ({name} + {name}ᵀ) / 2.");
                }
            }
        }
    }
}
