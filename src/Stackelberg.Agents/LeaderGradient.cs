using System.Globalization;
using System.Numerics;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;

namespace Stackelberg.Agents;

/// <summary>
/// The leader's total derivative as <see cref="HypergradientOptions"/> describe it: solver, damping in force, bound and guard. Every algorithm
/// with a leader uses this.
/// </summary>
public sealed class LeaderGradient<T> : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // one update can be odd by chance, a row of them is not
    private const int ReportedRow = 20;

    private readonly ImplicitHypergradient<T> hypergradient;
    private readonly ImplicitHypergradient<T> fallback;
    private readonly IDampingSchedule damping;
    private readonly bool guard;
    private long degenerateInARow;
    private bool degeneracyReported;
    private long droppedInARow;
    private bool dropReported;

    /// <summary>Builds solver and schedule.</summary>
    /// <param name="solvers">Has the solver that the options name.</param>
    /// <param name="random">Where sampling solvers draw from.</param>
    /// <param name="reorthogonalise">Whether conjugate gradients give the iterate of exact arithmetic (<see cref="SolverOptions.Reorthogonalise"/>).</param>
    public LeaderGradient(HypergradientOptions options, SolverCatalogue solvers, RandomStream random, bool reorthogonalise = false)
    {
        guard = options.Guard;
        damping = options.DampingSchedule switch
        {
            DampingKind.Fixed => new FixedDamping(options.Damping),
            DampingKind.Exponential => new ExponentialDamping(options.Damping, options.DampingDecay),
            _ => new AdaptiveDamping(new AdaptiveDampingOptions { Initial = options.Damping }),
        };
        hypergradient = Make(options, solvers, random, reorthogonalise, guard ? new MultiplierGuard() : null);
        fallback = Make(FallbackOf(options), solvers, random, reorthogonalise, null);
        Applied = hypergradient;
    }

    /// <summary>The solver's part, with the vectors of the last solve.</summary>
    internal ImplicitHypergradient<T> Implicit => hypergradient;

    /// <summary>What made the last total derivative: <see cref="Implicit"/>, or what the guard turned to.</summary>
    internal ImplicitHypergradient<T> Applied { get; private set; }

    /// <summary>The report of <see cref="Applied"/>.</summary>
    internal HypergradientReport AppliedReport { get; private set; }

    /// <summary>How often the guard has acted since the run began.</summary>
    public long GuardedUpdates { get; private set; }

    /// <summary>How often since the run began no solve was usable, so that the leader took its direct gradient alone.</summary>
    public long DroppedUpdates { get; private set; }

    /// <summary>Whether the damping needs the measured and predicted success of the follower in <see cref="Adapt"/>.</summary>
    public bool IsAdaptive => damping is AdaptiveDamping;

    /// <summary>What the guard turns to where <paramref name="chosen"/> fails: conjugate gradients on the Gauss-Newton curvature.</summary>
    internal static HypergradientOptions FallbackOf(HypergradientOptions chosen) =>
        chosen with { Solver = "cg", Curvature = Curvature.GaussNewton, NegativeCurvature = NegativeCurvature.Stop, WarmStart = false };

    /// <summary>result ← D f₁.</summary>
    /// <param name="problem">With the chosen curvature.</param>
    /// <param name="gaussNewton">The same with Gauss-Newton curvature: what the guard turns to.</param>
    /// <param name="step">Environment steps so far, for damping that falls with them.</param>
    /// <param name="checkResidual">Whether the true residual is wanted; the guard computes it anyway.</param>
    public HypergradientReport Compute(
        IBilevelProblem<T> problem, IBilevelProblem<T> gaussNewton, long step, Span<T> result, bool checkResidual = true)
    {
        double lambda = damping.Value(step);
        hypergradient.ChecksResidual = checkResidual;
        HypergradientReport report = hypergradient.Compute(problem, lambda, result);
        (Applied, AppliedReport) = (hypergradient, report);
        if (guard && report.Guarded)
        {
            GuardedUpdates++;
            HypergradientReport second = fallback.Compute(gaussNewton, lambda, result);
            (Applied, AppliedReport) = (fallback, second);
            report = report with { Seconds = report.Seconds + second.Seconds };
        }

        DroppedUpdates += AppliedReport.Guarded ? 1 : 0;
        return report;
    }

    /// <summary>
    /// Tells the run, once each, when implicit terms keep being parallel to the direct gradient, or keep being dropped: then the method is its base, with
    /// another step length or as it is.
    /// </summary>
    public void Watch(in HypergradientReport report, ITrainingSink sink)
    {
        droppedInARow = AppliedReport.Guarded ? droppedInARow + 1 : 0;
        if (droppedInARow == ReportedRow && !dropReported)
        {
            dropReported = true;
            sink.Notice(DescribeDrop(AppliedReport.Solve));
        }

        degenerateInARow = report.Degeneracy == Degeneracy.None ? 0 : degenerateInARow + 1;
        if (degenerateInARow == ReportedRow && !degeneracyReported)
        {
            degeneracyReported = true;
            sink.Notice(Describe(report));
        }
    }

    /// <summary>Tells adaptive damping how good the follower's quadratic model was; other schedules do not care.</summary>
    /// <param name="actual">Reduction of the follower's loss over its step, or over all steps of an iteration.</param>
    /// <param name="predicted">The reduction its quadratic model had promised for the same.</param>
    public void Adapt(double actual, double predicted) => (damping as AdaptiveDamping)?.Update(actual, predicted);

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("guarded_updates", GuardedUpdates);
        writer.Write("degenerate_in_a_row", degenerateInARow);
        writer.Write("degeneracy_reported", degeneracyReported);
        writer.Write("dropped_updates", DroppedUpdates);
        writer.Write("dropped_in_a_row", droppedInARow);
        writer.Write("drop_reported", dropReported);
        writer.Write("hypergradient", hypergradient);
        writer.Write("damping", damping);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        GuardedUpdates = reader.ReadInt64("guarded_updates");
        degenerateInARow = reader.ReadInt64("degenerate_in_a_row");
        degeneracyReported = reader.ReadBoolean("degeneracy_reported");
        DroppedUpdates = reader.ReadInt64("dropped_updates");
        droppedInARow = reader.ReadInt64("dropped_in_a_row");
        dropReported = reader.ReadBoolean("drop_reported");
        reader.Read("hypergradient", hypergradient);
        reader.Read("damping", damping);
    }

    private static ImplicitHypergradient<T> Make(
        HypergradientOptions options, SolverCatalogue solvers, RandomStream random, bool reorthogonalise, IHypergradientGuard? guard)
    {
        var solver = new SolverOptions
        {
            Name = options.Solver,
            Iterations = options.Iterations,
            Tolerance = options.Tolerance,
            ContinueThroughNegativeCurvature = options.NegativeCurvature == NegativeCurvature.Continue,
            Reorthogonalise = reorthogonalise,
            Rank = options.Rank,
            Degree = options.Degree,
        };
        return new ImplicitHypergradient<T>(
            solvers.Create<T>(solver, random),
            new ImplicitHypergradientOptions { Bound = options.Bound, WarmStart = options.WarmStart, Guard = guard });
    }

    private static string DescribeDrop(in LinearSolution solve) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"The linear solve was of no use ({solve.Status.Name()}) in each of the last {ReportedRow} leader updates: the implicit term is dropped, and the leader "
            + $"takes its direct gradient alone. A hypergradient.damping above {solve.Damping:G3}, or hypergradient.solver=minres, usually helps.");

    private static string Describe(in HypergradientReport report) => report.Degeneracy switch
    {
        Degeneracy.Cancels => string.Create(
            CultureInfo.InvariantCulture,
            $"The implicit term cancels the leader's direct gradient (cosine {report.Cosine:F4}, {Math.Abs(report.Multiplier):G3} of it is left), "
            + $"and did in each of the last {ReportedRow} leader updates: the leader hardly learns. More damping weakens the term."),
        Degeneracy.Reverses => string.Create(
            CultureInfo.InvariantCulture,
            $"The implicit term reverses the leader's direct gradient (cosine {report.Cosine:F4}, multiplier {report.Multiplier:G3}), and did or cancelled it "
            + $"in each of the last {ReportedRow} leader updates: the leader moves against its own objective."),
        _ => string.Create(
            CultureInfo.InvariantCulture,
            $"The implicit term is parallel to the leader's direct gradient (cosine {report.Cosine:F4}, multiplier {report.Multiplier:G3}), and was in each of the "
            + $"last {ReportedRow} leader updates: it changes the step's length, not its direction, and Adam divides most of that out."),
    };
}
