using Stackelberg.Primitives;

namespace Stackelberg.Examples.Solver;

/// <summary>What <c>--plugin</c> looks for: a public class with a constructor without parameters.</summary>
public sealed class ExamplePlugin : ISolverPlugin, ILinearSolverFactory
{
    /// <inheritdoc/>
    public void Register(SolverCatalogue catalogue) => catalogue.Add(new SolverDescriptor(
        Chebyshev<double>.Id, "Richardson iteration with Chebyshev acceleration", OperatorProperties.Symmetric, NeedsTransposed: false,
        [nameof(SolverOptions.Iterations), nameof(SolverOptions.Tolerance)], "positive definite A + λI to converge", this));

    /// <summary>Makes the solver; it draws nothing at random.</summary>
    public ILinearSolver<T> Create<T>(SolverOptions options, RandomStream? random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new Chebyshev<T>(options);
}
