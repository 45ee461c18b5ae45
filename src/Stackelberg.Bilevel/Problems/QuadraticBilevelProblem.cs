using System.Numerics;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>
/// Both losses quadratic: f₂(x, y) = ½yᵀQy + yᵀBx + cᵀy and f₁(x, y) = ½xᵀDx + eᵀx + ½yᵀFy + gᵀy. Everything has a closed form.
/// </summary>
/// <remarks>
/// At (x, y): ∂₁f₁ = Dx + e, ∂₂f₁ = Fy + g, ∂₂f₂ = Qy + Bx + c, (∂₁₂f₂)v = Bᵀv. If Q is not positive definite the linear system still
/// defines the derivative of the follower's stationary point y* = −Q⁻¹(Bx + c), which is then not a minimum.
/// </remarks>
public sealed class QuadraticBilevelProblem<T> : IDifferentiableBilevelProblem<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DenseOperator<T> curvature, leaderMatrix, couplingMatrix;
    private readonly T[] b, c, e, g, x, y, work;
    private readonly int n, m;

    /// <summary>Copies the coefficients and stands at their (x, y).</summary>
    /// <exception cref="ArgumentException">A length is wrong or Q, D or F is not symmetric.</exception>
    public QuadraticBilevelProblem(QuadraticCoefficients coefficients)
    {
        coefficients.Check();
        Coefficients = coefficients;
        (n, m) = (coefficients.LeaderDimension, coefficients.FollowerDimension);
        curvature = new DenseOperator<T>(m, Narrow(coefficients.Q), PropertiesOf(coefficients.Q, m));
        leaderMatrix = new DenseOperator<T>(n, Narrow(coefficients.D), OperatorProperties.Symmetric);
        couplingMatrix = new DenseOperator<T>(m, Narrow(coefficients.F), OperatorProperties.Symmetric);
        b = Narrow(coefficients.B);
        (c, e, g) = (Narrow(coefficients.C), Narrow(coefficients.E), Narrow(coefficients.G));
        (x, y) = (Narrow(coefficients.X), Narrow(coefficients.Y));
        work = new T[Math.Max(n, m)];
        LeaderCoordinates = CoordinateMap.Identity(n);
    }

    /// <summary>What the problem was built from.</summary>
    public QuadraticCoefficients Coefficients { get; }

    /// <inheritdoc/>
    public int LeaderDimension => n;

    /// <inheritdoc/>
    public int FollowerDimension => m;

    /// <inheritdoc/>
    public CoordinateMap LeaderCoordinates { get; }

    /// <inheritdoc/>
    public ReadOnlySpan<T> Leader => x;

    /// <inheritdoc/>
    public ReadOnlySpan<T> Follower => y;

    /// <summary>The derivatives are computed when asked for: nothing to do.</summary>
    public void Linearise(Derivatives needs = Derivatives.All)
    {
    }

    /// <summary>Q, of either kind: a quadratic has no residuals to leave out. Declared diagonal where it is, and positive semidefinite where it is positive definite.</summary>
    public ILinearOperator<T> FollowerCurvature(Curvature kind) => curvature;

    /// <inheritdoc/>
    public void MoveTo(ReadOnlySpan<T> leader, ReadOnlySpan<T> follower)
    {
        leader.CopyTo(x);
        follower.CopyTo(y);
    }

    /// <inheritdoc/>
    public double LeaderLoss()
    {
        leaderMatrix.Multiply(x, work.AsSpan(0, n));
        double loss = (0.5 * Vectors.Dot<T>(x, work.AsSpan(0, n))) + Vectors.Dot<T>(e, x);
        couplingMatrix.Multiply(y, work.AsSpan(0, m));
        return loss + (0.5 * Vectors.Dot<T>(y, work.AsSpan(0, m))) + Vectors.Dot<T>(g, y);
    }

    /// <inheritdoc/>
    public double FollowerLoss()
    {
        Span<T> product = work.AsSpan(0, m);
        curvature.Multiply(y, product);
        Vectors.Scale(product, 0.5);
        AddCoupling(product);
        Vectors.AddScaled<T>(product, 1, c);
        return Vectors.Dot<T>(y, product);
    }

    /// <inheritdoc/>
    public double DirectGradient(Span<T> result)
    {
        leaderMatrix.Multiply(x, result);
        Vectors.AddScaled<T>(result, 1, e);
        return LeaderLoss();
    }

    /// <inheritdoc/>
    public void RightHandSide(Span<T> result)
    {
        couplingMatrix.Multiply(y, result);
        Vectors.AddScaled<T>(result, 1, g);
    }

    /// <inheritdoc/>
    public void FollowerGradient(Span<T> result)
    {
        curvature.Multiply(y, result);
        AddCoupling(result);
        Vectors.AddScaled<T>(result, 1, c);
    }

    /// <inheritdoc/>
    public void FollowerLossLeaderGradient(Span<T> result) => MixedProduct(y, result);

    /// <inheritdoc/>
    public void MixedProduct(ReadOnlySpan<T> v, Span<T> result)
    {
        result.Clear();
        for (int row = 0; row < m; row++)
        {
            Vectors.AddScaled(result, double.CreateTruncating(v[row]), b.AsSpan(row * n, n));
        }
    }

    /// <summary>The total derivative at x with the follower at its stationary point, whatever y is, in double precision.</summary>
    /// <returns>Dx + e − BᵀQ⁻¹(Fy* + g) with y* = −Q⁻¹(Bx + c); null when Q is singular.</returns>
    public double[]? ClosedForm()
    {
        QuadraticCoefficients q = Coefficients;
        double[] factors = (double[])q.Q.Clone();
        int[] pivots = new int[m];
        if (!DenseMatrix.FactorLu(factors, pivots, DenseMatrix.PivotThreshold<double>(factors, m)))
        {
            return null;
        }

        double[] stationary = new double[m];
        for (int i = 0; i < m; i++)
        {
            stationary[i] = -q.C[i];
            for (int j = 0; j < n; j++)
            {
                stationary[i] -= q.B[(i * n) + j] * double.CreateTruncating(x[j]);
            }
        }

        DenseMatrix.SolveLu(factors, pivots, stationary);
        double[] adjoint = new double[m];
        for (int i = 0; i < m; i++)
        {
            adjoint[i] = q.G[i] + Vectors.Dot<double>(q.F.AsSpan(i * m, m), stationary);
        }

        DenseMatrix.SolveLu(factors, pivots, adjoint);
        double[] result = new double[n];
        for (int j = 0; j < n; j++)
        {
            result[j] = q.E[j];
            for (int k = 0; k < n; k++)
            {
                result[j] += q.D[(j * n) + k] * double.CreateTruncating(x[k]);
            }

            for (int i = 0; i < m; i++)
            {
                result[j] -= q.B[(i * n) + j] * adjoint[i];
            }
        }

        return result;
    }

    // result ← result + B x
    private void AddCoupling(Span<T> result)
    {
        for (int row = 0; row < m; row++)
        {
            result[row] += T.CreateTruncating(Vectors.Dot<T>(b.AsSpan(row * n, n), x));
        }
    }

    private static OperatorProperties PropertiesOf(double[] matrix, int side)
    {
        OperatorProperties properties = OperatorProperties.Diagonal;
        for (int i = 0; i < matrix.Length; i++)
        {
            if (i / side != i % side && matrix[i] != 0)
            {
                properties = OperatorProperties.Symmetric;
                break;
            }
        }

        bool definite = DenseMatrix.FactorCholesky((double[])matrix.Clone(), side, 0);
        return definite ? properties | OperatorProperties.PositiveSemidefinite : properties;
    }

    private static T[] Narrow(double[] values) => Array.ConvertAll(values, T.CreateTruncating);
}
