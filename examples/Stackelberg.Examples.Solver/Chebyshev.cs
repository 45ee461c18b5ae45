namespace Stackelberg.Examples.Solver;
/// <summary>
/// Richardson iteration with Chebyshev acceleration (Saad, Iterative Methods for Sparse Linear Systems, algorithm 12.1), smallest on [b/30, b] with b 10 % above the
/// largest eigenvalue that power iteration finds. Eigenvalues below are reached more slowly; on negative ones the residual grows, and the best iterate is returned.
/// </summary>
public sealed class Chebyshev<T>(SolverOptions options) : LinearSolver<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const string Id = "chebyshev";
    private readonly int budget = options.Iterations ?? 200;
    private readonly double tolerance = options.Tolerance ?? 1e-5;
    private FlatVector<T> residual = new(0), direction = new(0), image = new(0), best = new(0);

    public override string Name => Id;
    public override OperatorProperties Requires => OperatorProperties.Symmetric;
    protected override void Resize(int length) => (residual, direction, image, best) = (new(length), new(length), new(length), new(length));

    protected override Outcome Run(ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, double norm, Span<T> x)
    {
        Span<T> r = residual.Span, d = direction.Span;
        double smallest = Residual(a, damping, b, x, r), upper = 1.1 * LargestEigenvalue(a, damping), centre = upper * 31 / 60, half = upper * 29 / 60;
        double rho = half / centre, size = smallest;
        x.CopyTo(best.Span);
        Vectors.Scale<T>(r, 1 / centre, d);
        int k = 0;
        for (; k < budget && size > tolerance * norm && size < 1e3 * smallest; k++)
        {
            Vectors.AddScaled(x, 1, d);
            size = Residual(a, damping, b, x, r);
            double next = 1 / ((2 * centre / half) - rho);
            Vectors.Scale(d, next * rho);
            Vectors.AddScaled(d, 2 * next / half, r);
            rho = next;
            if (size < smallest)
            {
                smallest = size;
                x.CopyTo(best.Span);
            }
        }

        best.Span.CopyTo(x);
        SolveStatus status = smallest <= tolerance * norm ? SolveStatus.Converged : k == budget ? SolveStatus.IterationLimit : SolveStatus.Diverged;
        return new Outcome(status, k, double.NaN, smallest);
    }

    private double LargestEigenvalue(ILinearOperator<T> a, double damping)
    {
        residual.Span.CopyTo(direction.Span);
        double length = Vectors.Norm<T>(direction.Span);
        for (int i = 0; i < 10 && length > 0; i++)
        {
            Vectors.Scale(direction.Span, 1 / length);
            Multiply(a, damping, direction.Span, image.Span);
            length = Vectors.Norm<T>(image.Span);
            image.Span.CopyTo(direction.Span);
        }

        return length;
    }
}
