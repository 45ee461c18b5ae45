using System.Diagnostics;
using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>The checks every solve begins with.</summary>
[StackTraceHidden]
internal static class SolverArguments
{
    public static void Check<T>(
        ILinearSolver<T> solver, bool needsTransposed, ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if ((a.Properties & solver.Requires) != solver.Requires || (needsTransposed && !a.HasTransposed))
        {
            ThrowUnsuitable(solver, needsTransposed, a);
        }

        if (b.Length != a.Dimension || x.Length != a.Dimension)
        {
            throw new ArgumentException(
                $"The operator has dimension {a.Dimension}, but b has {b.Length} elements and x has {x.Length}; all three must agree.");
        }

        if (b.Overlaps(x))
        {
            throw new ArgumentException("b and x share memory; the right-hand side is still needed after x has changed, so pass two buffers.");
        }

        CheckDamping(damping);
    }

    public static void CheckDamping(double damping)
    {
        if (!(damping >= 0) || double.IsInfinity(damping))
        {
            throw new ArgumentOutOfRangeException(nameof(damping), damping, "The damping is added to the diagonal: a finite number ≥ 0.");
        }
    }

    private static void ThrowUnsuitable<T>(ILinearSolver<T> solver, bool needsTransposed, ILinearOperator<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string needs = solver.Requires == OperatorProperties.None ? "transposed products" : solver.Requires.ToString();
        string transposed = needsTransposed && !a.HasTransposed ? " and has no transposed products" : string.Empty;
        throw new ArgumentException(
            $"Solver '{solver.Name}' needs {needs}, but the operator declares {a.Properties}{transposed}. "
            + $"Use one of: {string.Join(", ", SolverCatalogue.BuiltIn.NamesFor(a.Properties, a.HasTransposed))}; "
            + "or declare the property if the operator has it.");
    }
}
