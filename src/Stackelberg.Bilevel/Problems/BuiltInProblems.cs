using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>One problem of <c>hypergradient check</c>.</summary>
/// <param name="Name">In reports.</param>
/// <param name="Summary">One line.</param>
/// <param name="Damping">λ it is checked with.</param>
/// <param name="Create">Builds it; the same each time.</param>
public sealed record BuiltInProblem(string Name, string Summary, double Damping, Func<IDifferentiableBilevelProblem<double>> Create)
{
    /// <summary>The curvature it is checked with.</summary>
    public Curvature Curvature { get; init; }
}

/// <summary>Problems that need no file, from easy to impossible.</summary>
public static class BuiltInProblems
{
    private const int Leader = 4, Follower = 8;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<BuiltInProblem> All { get; } =
    [
        Quadratic("well-conditioned", "quadratic; follower Hessian with eigenvalues 1 to 10", i => 1 + (9.0 * i / (Follower - 1))),
        Quadratic("ill-conditioned", "quadratic; eigenvalues 1e-6 to 1, geometric", i => Math.Pow(10, -6.0 * i / (Follower - 1))),
        Quadratic("indefinite", "quadratic; eigenvalues from -3 to 5, none near zero: a stationary point, not a minimum",
            i => i < 3 ? i - 3 : i - 2),
        Quadratic("singular", "quadratic; two eigenvalues zero: the follower's response is not unique", i => i < 2 ? 0 : i),
        new("mlp-critic", "tanh network 3-5-1 on 16 samples with weight decay 0.1, exact Hessian", 0,
            () => new MlpCriticProblem(Stream("mlp-critic"), 0.1)),
        new("mlp-critic-gauss-newton", "the same network without weight decay, Gauss-Newton curvature, damping 0.1", 0.1,
            () => new MlpCriticProblem(Stream("mlp-critic"), 0)) { Curvature = Curvature.GaussNewton },
    ];

    /// <summary>A random quadratic problem whose follower Hessian has the given eigenvalues.</summary>
    /// <param name="leader">n</param>
    /// <param name="eigenvalues">Those of Q, m of them.</param>
    /// <param name="random">Where the rotation and the other coefficients are drawn from.</param>
    public static QuadraticCoefficients RandomQuadratic(int leader, double[] eigenvalues, RandomStream random)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(leader);
        ArgumentOutOfRangeException.ThrowIfZero(eigenvalues.Length);
        int m = eigenvalues.Length;
        return new QuadraticCoefficients(
            leader,
            m,
            Rotated(eigenvalues, random),
            Normals(m * leader, random),
            Normals(m, random),
            Symmetric(leader, random),
            Normals(leader, random),
            Symmetric(m, random),
            Normals(m, random),
            Normals(leader, random),
            Normals(m, random));
    }

    private static BuiltInProblem Quadratic(string name, string summary, Func<int, double> eigenvalue) => new(name, summary, 0, () =>
    {
        double[] eigenvalues = new double[Follower];
        for (int i = 0; i < Follower; i++)
        {
            eigenvalues[i] = eigenvalue(i);
        }

        return new QuadraticBilevelProblem<double>(RandomQuadratic(Leader, eigenvalues, Stream(name)));
    });

    private static RandomStream Stream(string name) => RandomStream.FromSeed(0).Split("built-in problems").Split(name);

    // R diag(eigenvalues) Rᵀ, R a product of Householder reflections
    private static double[] Rotated(double[] eigenvalues, RandomStream random)
    {
        int m = eigenvalues.Length;
        double[] matrix = new double[m * m];
        for (int i = 0; i < m; i++)
        {
            matrix[(i * m) + i] = eigenvalues[i];
        }

        for (int reflection = 0; reflection < m; reflection++)
        {
            double[] v = Normals(m, random);
            Reflect(matrix, v, m);
            Transpose(matrix, m);
            Reflect(matrix, v, m);
        }

        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double mean = (matrix[(i * m) + j] + matrix[(j * m) + i]) / 2;
                (matrix[(i * m) + j], matrix[(j * m) + i]) = (mean, mean);
            }
        }

        return matrix;
    }

    // every row r ← r − 2 v (v·r) / (v·v)
    private static void Reflect(double[] matrix, double[] v, int m)
    {
        double square = 0;
        foreach (double value in v)
        {
            square += value * value;
        }

        for (int row = 0; row < m; row++)
        {
            double projection = 0;
            for (int j = 0; j < m; j++)
            {
                projection += v[j] * matrix[(row * m) + j];
            }

            for (int j = 0; j < m; j++)
            {
                matrix[(row * m) + j] -= 2 * projection / square * v[j];
            }
        }
    }

    private static void Transpose(double[] matrix, int m)
    {
        for (int i = 0; i < m; i++)
        {
            for (int j = 0; j < i; j++)
            {
                (matrix[(i * m) + j], matrix[(j * m) + i]) = (matrix[(j * m) + i], matrix[(i * m) + j]);
            }
        }
    }

    private static double[] Symmetric(int side, RandomStream random)
    {
        double[] matrix = Normals(side * side, random);
        for (int i = 0; i < side; i++)
        {
            for (int j = 0; j < i; j++)
            {
                matrix[(i * side) + j] = matrix[(j * side) + i];
            }
        }

        return matrix;
    }

    private static double[] Normals(int count, RandomStream random)
    {
        double[] values = new double[count];
        random.FillNormal(values);
        return values;
    }
}
