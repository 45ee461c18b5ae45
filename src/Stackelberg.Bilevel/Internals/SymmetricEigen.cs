using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>Eigenvalues and eigenvectors of small symmetric matrices by cyclic Jacobi rotations (Golub and Van Loan, section
/// 8.5).</summary>
internal static class SymmetricEigen
{
    private const int MaximumSweeps = 60;

    /// <summary>Decomposes A = Vᵀ diag(w) V.</summary>
    /// <param name="n">Side.</param>
    /// <param name="a">A, row-major; destroyed.</param>
    /// <param name="values">w, unordered.</param>
    /// <param name="vectors">V, one eigenvector per row.</param>
    public static void Decompose(int n, Span<double> a, Span<double> values, Span<double> vectors)
    {
        vectors.Clear();
        for (int i = 0; i < n; i++)
        {
            vectors[(i * n) + i] = 1;
        }

        double size = Vectors.Norm<double>(a);
        for (int sweep = 0; sweep < MaximumSweeps; sweep++)
        {
            double off = 0;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    off = Math.Max(off, Math.Abs(a[(p * n) + q]));
                    Rotate(n, a, vectors, p, q);
                }
            }

            if (off <= 1e-17 * size)
            {
                break;
            }
        }

        for (int i = 0; i < n; i++)
        {
            values[i] = a[(i * n) + i];
        }
    }

    private static void Rotate(int n, Span<double> a, Span<double> vectors, int p, int q)
    {
        double apq = a[(p * n) + q];
        if (apq == 0)
        {
            return;
        }

        double theta = (a[(q * n) + q] - a[(p * n) + p]) / (2 * apq);
        double t = Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
        for (int k = 0; k < n; k++)
        {
            Turn(ref a[(k * n) + p], ref a[(k * n) + q], c, s);
        }

        for (int k = 0; k < n; k++)
        {
            Turn(ref a[(p * n) + k], ref a[(q * n) + k], c, s);
            Turn(ref vectors[(p * n) + k], ref vectors[(q * n) + k], c, s);
        }

        a[(p * n) + q] = 0;
        a[(q * n) + p] = 0;
    }

    private static void Turn(ref double x, ref double y, double c, double s)
    {
        double turned = (c * x) - (s * y);
        y = (s * x) + (c * y);
        x = turned;
    }
}
