using System.Numerics;
using MathNet.Numerics.LinearAlgebra;
using Stackelberg.Primitives;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Stackelberg.Bilevel.Tests;

public enum MatrixKind
{
    Spd,
    Diagonal,
    Indefinite,
    Nonsymmetric,
    SingularConsistent,
    SingularInconsistent,
}

/// <summary>A random system with known properties, kept in double and handed out in either precision.</summary>
internal sealed class LinearSystem
{
    public const int Size = 12;

    private LinearSystem(MatrixKind kind, Matrix<double> matrix, Vector rightHandSide)
    {
        Kind = kind;
        Matrix = matrix;
        RightHandSide = rightHandSide;
    }

    public MatrixKind Kind { get; }

    public Matrix<double> Matrix { get; }

    public Vector RightHandSide { get; }

    public OperatorProperties Properties => Kind switch
    {
        MatrixKind.Indefinite => OperatorProperties.Symmetric,
        MatrixKind.Nonsymmetric => OperatorProperties.None,
        MatrixKind.Diagonal => OperatorProperties.Diagonal | OperatorProperties.PositiveSemidefinite,
        _ => OperatorProperties.PositiveSemidefinite,
    };

    /// <summary>Nonzero singular values from 1 down to 1 / condition, geometrically; three of twelve are zero for singular kinds.</summary>
    public static LinearSystem Create(MatrixKind kind, double condition, ulong seed = 1, int size = Size)
    {
        RandomStream random = RandomStream.FromSeed(seed).Split(kind.ToString());
        bool singular = kind is MatrixKind.SingularConsistent or MatrixKind.SingularInconsistent;
        int rank = singular ? size - 3 : size;
        double[] values = new double[size];
        for (int i = 0; i < rank; i++)
        {
            double sign = kind == MatrixKind.Indefinite && i % 2 == 1 ? -1 : 1;
            values[i] = sign * (rank == 1 ? 1 : Math.Pow(condition, -(double)i / (rank - 1)));
        }

        Matrix<double> diagonal = Matrix<double>.Build.DenseOfDiagonalArray(values);
        Matrix<double> left = Orthogonal(size, random);
        Matrix<double> matrix = kind switch
        {
            MatrixKind.Diagonal => diagonal,
            MatrixKind.Nonsymmetric => left * diagonal * Orthogonal(size, random).Transpose(),
            _ => left * diagonal * left.Transpose(),
        };
        if (kind != MatrixKind.Nonsymmetric)
        {
            matrix = (matrix + matrix.Transpose()) / 2;
        }

        Vector solution = Normal(size, random);
        Vector b = kind == MatrixKind.SingularInconsistent ? solution : matrix * solution;
        return new LinearSystem(kind, matrix, b);
    }

    public DenseOperator<T> Operator<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(Matrix.RowCount, Entries<T>(), Properties);

    public T[] Entries<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Array.ConvertAll(Matrix.ToRowMajorArray(), T.CreateTruncating);

    public T[] Right<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Array.ConvertAll(RightHandSide.ToArray(), T.CreateTruncating);

    /// <summary>The dense answer, of minimum norm where the matrix is singular.</summary>
    public Vector Solve(double damping = 0)
    {
        Matrix<double> damped = Matrix + (damping * Matrix<double>.Build.DenseIdentity(Matrix.RowCount));
        return Kind is MatrixKind.SingularConsistent or MatrixKind.SingularInconsistent && damping == 0
            ? PseudoInverse(damped) * RightHandSide
            : damped.LU().Solve(RightHandSide);
    }

    public static Matrix<double> PseudoInverse(Matrix<double> matrix)
    {
        var svd = matrix.Svd();
        Matrix<double> inverse = Matrix<double>.Build.Dense(matrix.ColumnCount, matrix.RowCount);
        for (int i = 0; i < svd.S.Count; i++)
        {
            if (svd.S[i] > 1e-12 * svd.S[0])
            {
                inverse += svd.VT.Row(i).OuterProduct(svd.U.Column(i)) / svd.S[i];
            }
        }

        return inverse;
    }

    public static Matrix<double> Orthogonal(int size, RandomStream random)
    {
        Matrix<double> gaussian = Matrix<double>.Build.Dense(size, size, (_, _) => random.NextNormal());
        return gaussian.QR().Q;
    }

    public static Vector Normal(int size, RandomStream random) => Vector.Build.Dense(size, _ => random.NextNormal());

    public static Vector Widen<T>(ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Vector.Build.DenseOfArray(Array.ConvertAll(values.ToArray(), double.CreateTruncating));
}
