using System.Diagnostics;
using System.Numerics;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>The sign of the implicit term.</summary>
public enum ImplicitSign
{
    /// <summary>∂₁f₁ − implicit, the total derivative.</summary>
    Minus,

    /// <summary>∂₁f₁ + implicit, what the listing in appendix I of the FSDDPG paper does.</summary>
    Plus,
}

/// <summary>What the bound on the implicit term does.</summary>
public enum BoundKind
{
    /// <summary>Scales down a term that is longer.</summary>
    AtMost,

    /// <summary>Scales every term to that length, up as well as down, as BLPO's <c>fixedratio</c> does; a term of zero stays zero.</summary>
    Exactly,
}

/// <summary>How <see cref="ImplicitHypergradient{T}"/> treats its implicit term.</summary>
public readonly record struct ImplicitHypergradientOptions
{
    /// <summary>No bound, cold starts, the exact Hessian, no guard.</summary>
    public ImplicitHypergradientOptions()
    {
    }

    /// <summary>
    /// The implicit term is scaled down so that its norm is at most this multiple of the direct gradient's (as BLPO does), ≥ 0; infinity:
    /// no bound. With 0 the result is the direct gradient, bit for bit.
    /// </summary>
    public double Bound { get; init; } = double.PositiveInfinity;

    /// <summary>Whether the bound scales up too; then it is finite.</summary>
    public BoundKind BoundKind { get; init; }

    /// <summary>
    /// Whether the linear solver starts from the previous solution instead of zero. One that was not used is no start, nor is one that solved its system
    /// worse than zero does (relative residual above 1): from there conjugate gradients on an indefinite matrix grow without bound.
    /// </summary>
    public bool WarmStart { get; init; }

    /// <summary>What stands for ∂₂₂f₂.</summary>
    public Curvature Curvature { get; init; }

    /// <summary>Sign of the implicit term; plus is no derivative of f₁.</summary>
    public ImplicitSign Sign { get; init; }

    /// <summary>Inspects the solve before the term is applied; null: the term is used whatever the residual, unless it is not
    /// finite.</summary>
    public IHypergradientGuard? Guard { get; init; }
}

/// <summary>
/// Implicit differentiation: D f₁ = ∂₁f₁ − (∂₁₂f₂) x with (∂₂₂f₂ + λI) x = ∂₂f₁ (implicit function theorem; Proposition 1 of the STAC
/// paper).
/// </summary>
/// <remarks>
/// For a follower Hessian that is not positive definite the result is the derivative along the stationary point that solves the linear
/// system, which need not be a minimum of the follower; the solve's status and smallest curvature tell. An implicit term with NaN or
/// infinity is dropped and reported as guarded, as is that of a solve that ended <see cref="SolveStatus.NonFinite"/>, or with x = 0 for a right-hand
/// side that is not zero.
/// </remarks>
public sealed class ImplicitHypergradient<T> : IHypergradient<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ILinearSolver<T> solver;
    private readonly ImplicitHypergradientOptions options;
    private double bound;
    private FlatVector<T> solution = new(0), rightHandSide = new(0), mixed = new(0);
    private bool isStart = true;

    /// <summary>Combines a solver with a treatment of the implicit term.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is negative or NaN, or infinite where the term is to have exactly that length.</exception>
    public ImplicitHypergradient(ILinearSolver<T> solver, ImplicitHypergradientOptions options)
    {
        this.solver = solver;
        this.options = options;
        Bound = options.Bound;
    }

    /// <summary>The defaults of <see cref="ImplicitHypergradientOptions"/>.</summary>
    public ImplicitHypergradient(ILinearSolver<T> solver)
        : this(solver, new ImplicitHypergradientOptions())
    {
    }

    /// <inheritdoc/>
    public string Name => solver.Name;

    /// <summary>Whether the true residual of every solve is computed (<see cref="LinearSolver{T}.ChecksResidual"/>). A guard needs it.</summary>
    public bool ChecksResidual { get; set; } = true;

    /// <summary>The bound in force, at first that of the options; for schedules, which set it before <see cref="Compute"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative or NaN, or infinite where the term is to have exactly that length.</exception>
    public double Bound
    {
        get => bound;
        set
        {
            if (!(value >= 0))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, "The bound is a multiple of the direct gradient's norm: a number ≥ 0, or infinity for none.");
            }

            if (double.IsInfinity(value) && options.BoundKind == BoundKind.Exactly)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value), value, $"No term has an infinite length: with {nameof(BoundKind)}.{nameof(BoundKind.Exactly)} the bound is a finite number ≥ 0.");
            }

            bound = value;
        }
    }

    /// <summary>∂₂f₁ of the last solve, follower's dimension.</summary>
    public ReadOnlySpan<T> RightHandSide => rightHandSide.Span;

    /// <summary>(∂₁₂f₂) x of the last solve, leader's dimension, with the sign of the options in it and before the bound.</summary>
    public ReadOnlySpan<T> ImplicitTerm => mixed.Span;

    /// <summary>The x of the last solve, follower's dimension; zero when it was not used, empty before the first solve.</summary>
    public ReadOnlySpan<T> Solution => solution.Span;

    /// <inheritdoc/>
    public HypergradientReport Compute(IBilevelProblem<T> problem, double damping, Span<T> result)
    {
        long start = Stopwatch.GetTimestamp();
        HypergradientArguments.CheckResult(problem, result);
        ILinearOperator<T> curvature = HypergradientArguments.CurvatureOf(problem, options.Curvature);
        Prepare(problem);
        Span<T> x = solution.Span, b = rightHandSide.Span, implicitTerm = mixed.Span;
        double loss = problem.DirectGradient(result);
        problem.RightHandSide(b);
        long solving = Stopwatch.GetTimestamp();
        (solver as LinearSolver<T>)?.ChecksResidual = ChecksResidual || options.Guard is not null;
        LinearSolution solve = solver.SolveGuarded(curvature, damping, b, x);
        long mixing = Stopwatch.GetTimestamp();
        problem.MixedProduct(x, implicitTerm);
        if (options.Sign == ImplicitSign.Plus)
        {
            Vectors.Scale(implicitTerm, -1);
        }

        double mixedSeconds = Stopwatch.GetElapsedTime(mixing).TotalSeconds;

        double directNorm = Vectors.Norm<T>(result);
        double implicitNorm = Vectors.Norm<T>(implicitTerm);
        double cosine = -Vectors.Cosine<T>(result, implicitTerm);
        double replacement = Replacement(new GuardedTerm(solve, directNorm, implicitNorm, cosine));
        double scale = 1;
        if (!double.IsNaN(replacement))
        {
            Vectors.Scale(result, replacement);
            x.Clear();
        }
        else
        {
            scale = ScaleOf(directNorm, implicitNorm);
            // a sum with zeros of the other sign would turn −0 into 0
            if (scale != 0)
            {
                Vectors.AddScaled(result, -scale, implicitTerm);
            }
        }

        isStart = !(solve.RelativeResidual > 1);
        return new HypergradientReport(
            solver.Name,
            directNorm,
            implicitNorm,
            cosine,
            scale,
            solve,
            !double.IsNaN(replacement),
            Stopwatch.GetElapsedTime(start).TotalSeconds)
        {
            LeaderLoss = loss,
            Dropped = !double.IsNaN(replacement),
            GradientSeconds = Stopwatch.GetElapsedTime(start, solving).TotalSeconds,
            SolveSeconds = Stopwatch.GetElapsedTime(solving, mixing).TotalSeconds,
            MixedSeconds = mixedSeconds,
        };
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        StatefulVectors.Write<T>(writer, "solution", isStart ? solution.Span : new T[solution.Length]);
        if (solver is IStateful)
        {
            solver.SaveGuarded(writer.Group("solver"));
        }
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        solution = StatefulVectors.Read<T>(reader, "solution");
        isStart = true;
        if (solver is IStateful)
        {
            solver.LoadGuarded(reader.Group("solver"));
        }
    }

    private void Prepare(IBilevelProblem<T> problem)
    {
        if (solution.Length != problem.FollowerDimension)
        {
            solution = new FlatVector<T>(problem.FollowerDimension);
        }
        else if (!options.WarmStart || !isStart)
        {
            solution.Clear();
        }

        if (rightHandSide.Length != problem.FollowerDimension || mixed.Length != problem.LeaderDimension)
        {
            rightHandSide = new FlatVector<T>(problem.FollowerDimension);
            mixed = new FlatVector<T>(problem.LeaderDimension);
        }
    }

    private double ScaleOf(double directNorm, double implicitNorm)
    {
        bool acts = options.BoundKind == BoundKind.Exactly ? implicitNorm > 0 : implicitNorm > bound * directNorm;
        double scale = acts ? bound * directNorm / implicitNorm : 1;
        // a term so short that the factor overflows has no direction left to be stretched along
        return T.IsFinite(T.CreateTruncating(scale)) ? scale : 1;
    }

    private double Replacement(in GuardedTerm term)
    {
        double replacement = options.Guard?.Replace(term) ?? double.NaN;
        bool usable = double.IsFinite(term.ImplicitNorm)
            && term.Solve.Status != SolveStatus.NonFinite
            && (!IsZero(solution.Span) || IsZero(rightHandSide.Span));
        return double.IsNaN(replacement) && !usable ? 1 : replacement;
    }

    private static bool IsZero(ReadOnlySpan<T> x) => !x.ContainsAnyExcept(T.Zero);
}
