using System.Numerics;
using Stackelberg.Primitives;

namespace Stackelberg.Bilevel;

/// <summary>Calls into solvers whose authors may have made mistakes: whatever they throw becomes a <see cref="SolverException"/>.</summary>
internal static class ForeignSolvers
{
    /// <summary>Whether an object's code is not this library's.</summary>
    public static bool IsForeign(object part) => part.GetType().Assembly != typeof(ForeignSolvers).Assembly;

    /// <summary><see cref="ILinearSolver{T}.Solve"/>.</summary>
    /// <exception cref="SolverException">A solver from outside this library threw.</exception>
    public static LinearSolution SolveGuarded<T>(this ILinearSolver<T> solver, ILinearOperator<T> a, double damping, ReadOnlySpan<T> b, Span<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            return solver.Solve(a, damping, b, x);
        }
        catch (Exception e) when (IsForeign(solver))
        {
            throw Fault(solver.Name, solver, nameof(solver.Solve), e);
        }
    }

    /// <summary>Saves a solver that has a state.</summary>
    /// <exception cref="SolverException">A solver from outside this library threw.</exception>
    public static void SaveGuarded<T>(this ILinearSolver<T> solver, StateWriter writer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            (solver as IStateful)?.Save(writer);
        }
        catch (Exception e) when (IsForeign(solver))
        {
            throw Fault(solver.Name, solver, nameof(IStateful.Save), e);
        }
    }

    /// <summary>Restores a solver that has a state.</summary>
    /// <exception cref="SolverException">A solver from outside this library threw; state that does not fit stays a <see cref="StateException"/>.</exception>
    public static void LoadGuarded<T>(this ILinearSolver<T> solver, StateReader reader)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        try
        {
            (solver as IStateful)?.Load(reader);
        }
        catch (Exception e) when (e is not StateException && IsForeign(solver))
        {
            throw Fault(solver.Name, solver, nameof(IStateful.Load), e);
        }
    }

    /// <summary>Makes a solver of a registered kind and sees that it is what its descriptor says.</summary>
    /// <exception cref="SolverException">The factory threw, or the solver is missing or another one.</exception>
    public static ILinearSolver<T> Make<T>(SolverDescriptor descriptor, SolverOptions options, RandomStream? random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ILinearSolver<T>? solver;
        try
        {
            solver = descriptor.Factory.Create<T>(options, random);
        }
        catch (Exception e)
        {
            throw Fault(descriptor.Name, descriptor.Factory, nameof(descriptor.Factory.Create), e);
        }

        string? difference = solver is null ? "made nothing"
            : solver.Name != descriptor.Name ? $"made a solver that calls itself '{solver.Name}'"
            : solver.Requires != descriptor.Requires ? $"made a solver that requires {solver.Requires}, where {descriptor.Requires} is registered"
            : null;
        return difference is null
            ? solver!
            : throw new SolverException($"The factory of the linear solver '{descriptor.Name}' ({AssemblyOf(descriptor.Factory)}) {difference}. Register what it makes.");
    }

    private static SolverException Fault(string name, object part, string call, Exception e)
    {
        // a refusal is what the contract asks for, and says itself what to do
        string what = e is ArgumentException ? "refused" : $"threw {e.GetType().Name} in";
        return new($"The linear solver '{name}' ({AssemblyOf(part)}) {what} {call}: {e.Message}", e);
    }

    private static string? AssemblyOf(object part) => part.GetType().Assembly.GetName().Name;
}
