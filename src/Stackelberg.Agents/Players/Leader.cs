using System.Diagnostics;
using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents;

/// <summary>
/// The leader's total derivative D f₁ of a problem as <see cref="HypergradientOptions"/> describe it: method, solver, curvature, damping and bound in force,
/// sign, guard and control; reported, timed and watched. Every method with a leader uses this.
/// </summary>
/// <typeparam name="T"><see cref="float"/> to train, <see cref="double"/> to verify.</typeparam>
public sealed class Leader<T> : IStateful
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly HypergradientOptions options;
    private readonly SolverCatalogue solvers;
    private readonly IHypergradient<T> hypergradient;
    private readonly ImplicitHypergradient<T>? fallback;
    private readonly IDampingSchedule damping;
    private readonly LeaderWatch watch = new();
    private readonly LeaderControl<T> control;
    private readonly long totalSteps;
    private readonly bool samplesColumns;
    private FlatVector<T> start = new(0), end = new(0), step = new(0), product = new(0), leaderPoint = new(0);

    /// <summary>Builds solver and schedule.</summary>
    /// <param name="options">Checked: see <see cref="HypergradientFaults"/>.</param>
    /// <param name="random">Where sampling solvers draw from.</param>
    /// <param name="solvers">Has the solver that the options name; null for those of this library.</param>
    /// <param name="reorthogonalise">Whether conjugate gradients give the iterate of exact arithmetic (<see cref="SolverOptions.Reorthogonalise"/>).</param>
    /// <param name="totalSteps">Environment steps planned, at least 1: at their end an annealed bound has arrived.</param>
    /// <exception cref="ArgumentOutOfRangeException">No steps are planned.</exception>
    public Leader(HypergradientOptions options, RandomStream random, SolverCatalogue? solvers = null, bool reorthogonalise = false, long totalSteps = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(totalSteps);
        solvers ??= SolverCatalogue.BuiltIn;
        (this.options, this.solvers, this.totalSteps) = (options, solvers, totalSteps);
        bool isImplicit = options.Method == HypergradientMethod.Implicit;
        control = new LeaderControl<T>(isImplicit ? options.Control : HypergradientControl.None, random);
        samplesColumns = isImplicit && solvers.Find(options.Solver)?.Options.Contains(nameof(SolverOptions.Columns)) == true;
        damping = options.DampingSchedule switch
        {
            // the others read no damping, and then no value of it is wrong
            _ when options.Method != HypergradientMethod.Implicit => new FixedDamping(0),
            DampingKind.Fixed => new FixedDamping(options.Damping),
            DampingKind.Exponential => new ExponentialDamping(options.Damping, options.DampingDecay),
            _ => new AdaptiveDamping(new AdaptiveDampingOptions { Initial = options.Damping }),
        };
        hypergradient = options.Method switch
        {
            HypergradientMethod.Unrolled => new UnrolledHypergradient<T>(options.UnrollSteps, options.UnrollLearningRate),
            HypergradientMethod.Darts => new DartsHypergradient<T>(options.UnrollLearningRate),
            HypergradientMethod.FirstOrder => new FirstOrderHypergradient<T>(),
            _ => Implicit(options, solvers, random, reorthogonalise, options.Guard ? new MultiplierGuard() : null),
        };
        if (options is { Method: HypergradientMethod.Implicit, Guard: true })
        {
            fallback = Implicit(FallbackOf(options), solvers, random, reorthogonalise, null);
        }

        Applied = hypergradient;
    }

    /// <summary>Leader updates made so far.</summary>
    public long Updates { get; private set; }

    /// <summary>How often the guard has acted.</summary>
    public long GuardedUpdates { get; private set; }

    /// <summary>How often no solve was usable, so that the leader took its direct gradient alone.</summary>
    public long DroppedUpdates { get; private set; }

    /// <summary>Columns sampled by Nyström approximations so far that were exactly zero.</summary>
    public long ZeroColumns { get; private set; }

    /// <summary>A leader of the same options in the same state, whose conjugate gradients give the iterates of exact arithmetic.</summary>
    internal Leader<T> CopyReorthogonalised()
    {
        // any stream will do: the one of the copied state takes its place
        var copy = new Leader<T>(options, RandomStream.FromSeed(0), solvers, reorthogonalise: true, totalSteps);
        MemoryState.Of(this).Restore(copy);
        return copy;
    }

    /// <summary>Which derivatives of a problem the method asks for.</summary>
    public Derivatives Needs => options.Method == HypergradientMethod.FirstOrder ? Derivatives.Direct : Derivatives.Direct | Derivatives.Implicit;

    /// <summary>Whether the damping wants to hear of the follower's steps in <see cref="BeforeFollower"/> and <see cref="AfterFollower"/>.</summary>
    public bool IsAdaptive => options.Method == HypergradientMethod.Implicit && damping is AdaptiveDamping;

    /// <summary>What made the last total derivative: the method chosen, or what the guard turned to.</summary>
    internal IHypergradient<T> Applied { get; private set; }

    /// <summary>Whether the guard turned to another curvature for the last total derivative.</summary>
    internal bool FellBack => Applied != hypergradient;

    /// <summary>What the guard turns to where <paramref name="chosen"/> fails: conjugate gradients on the Gauss-Newton curvature.</summary>
    public static HypergradientOptions FallbackOf(HypergradientOptions chosen) =>
        chosen with { Solver = "cg", Curvature = Curvature.GaussNewton, NegativeCurvature = NegativeCurvature.Stop, WarmStart = false };

    /// <summary>result ← D f₁ at the point the problem was linearised at; logs, times and watches it.</summary>
    /// <remarks>The report is of what was computed; a control that <see cref="HypergradientOptions.Control"/> asks for is applied to the result afterwards.</remarks>
    /// <param name="environmentStep">Environment steps so far, for damping and bounds that fall with them.</param>
    /// <param name="result">Leader's dimension.</param>
    public HypergradientReport TotalDerivative(
        IBilevelProblem<T> problem, long environmentStep, Span<T> result, TrainingClock clock, ITrainingSink sink)
    {
        long begin = Stopwatch.GetTimestamp();
        bool logged = Updates % options.LogEvery == 0;
        HypergradientReport report = Compute(problem, environmentStep, result, logged) with { Update = Updates };
        control.Apply(problem, report, result);
        Updates++;
        GuardedUpdates += FellBack ? 1 : 0;
        DroppedUpdates += report.Dropped ? 1 : 0;
        ZeroColumns += report.Solve.ZeroColumns ?? 0;
        clock.Add(report, Stopwatch.GetElapsedTime(begin).TotalSeconds);
        watch.See(report, sink);
        if (logged)
        {
            sink.Hypergradient(report);
            sink.Metric("hypergradient/guarded_updates", GuardedUpdates);
            sink.Metric("hypergradient/dropped_updates", DroppedUpdates);
            if (samplesColumns)
            {
                sink.Metric("hypergradient/zero_columns", ZeroColumns);
            }
        }

        return report;
    }

    /// <summary>result ← D f₁ without a control, and nothing else changes but what solver and warm start remember.</summary>
    /// <param name="checkResidual">Whether the true residual is wanted; the guard computes it anyway.</param>
    /// <returns>Of the solve that was applied; <see cref="HypergradientReport.Guarded"/> says that the guard put it in place of another.</returns>
    public HypergradientReport Compute(IBilevelProblem<T> problem, long environmentStep, Span<T> result, bool checkResidual = true)
    {
        double lambda = damping.Value(environmentStep);
        double bound = BoundAt(environmentStep);
        (hypergradient as ImplicitHypergradient<T>)?.ChecksResidual = checkResidual;
        (hypergradient as ImplicitHypergradient<T>)?.Bound = bound;
        HypergradientReport report = hypergradient.Compute(problem, lambda, result);
        Applied = hypergradient;
        if (report.Guarded && fallback is not null)
        {
            Applied = fallback;
            fallback.Bound = bound;
            HypergradientReport second = fallback.Compute(problem, lambda, result);
            report = second with
            {
                Guarded = true,
                Seconds = report.Seconds + second.Seconds,
                // sampled they were, and may be why the first solve was of no use
                Solve = second.Solve with { ZeroColumns = report.Solve.ZeroColumns },
            };
        }

        return report;
    }

    /// <summary>Remembers the follower before its steps, where <see cref="IsAdaptive"/>.</summary>
    public void BeforeFollower(IDifferentiableBilevelProblem<T> problem)
    {
        if (start.Length != problem.FollowerDimension)
        {
            int size = problem.FollowerDimension;
            (start, end, step, product) = (new(size), new(size), new(size), new(size));
            leaderPoint = new(problem.LeaderDimension);
        }

        problem.Follower.CopyTo(start.Span);
    }

    /// <summary>
    /// Tells adaptive damping how far the quadratic model of f₂ at the point before the follower's steps was right about them: the model whose curvature
    /// is solved. The problem is back at the follower's new point afterwards.
    /// </summary>
    public void AfterFollower(IDifferentiableBilevelProblem<T> problem)
    {
        (double actual, double predicted) = Reductions(problem);
        ((AdaptiveDamping)damping).Update(actual, predicted);
    }

    /// <summary>How much f₂ fell since <see cref="BeforeFollower"/>, and how much its quadratic model at that point had promised.</summary>
    internal (double Actual, double Predicted) Reductions(IDifferentiableBilevelProblem<T> problem)
    {
        problem.Leader.CopyTo(leaderPoint.Span);
        problem.Follower.CopyTo(end.Span);
        step.CopyFrom(end);
        Vectors.AddScaled<T>(step.Span, -1, start.Span);
        problem.MoveTo(leaderPoint.Span, start.Span);
        double before = problem.FollowerLoss();
        problem.FollowerGradient(product.Span);
        double linear = Vectors.Dot<T>(product.Span, step.Span);
        problem.FollowerCurvature(options.Curvature).Multiply(step.Span, product.Span);
        double quadratic = Vectors.Dot<T>(product.Span, step.Span);
        problem.MoveTo(leaderPoint.Span, end.Span);
        return (before - problem.FollowerLoss(), -linear - (0.5 * quadratic));
    }

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("updates", Updates);
        writer.Write("guarded_updates", GuardedUpdates);
        writer.Write("dropped_updates", DroppedUpdates);
        writer.Write("watch", watch);
        writer.Write("hypergradient", hypergradient);
        writer.Write("damping", damping);
        if (samplesColumns)
        {
            writer.Write("zero_columns", ZeroColumns);
        }

        control.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        Updates = reader.ReadInt64("updates");
        GuardedUpdates = reader.ReadInt64("guarded_updates");
        DroppedUpdates = reader.ReadInt64("dropped_updates");
        reader.Read("watch", watch);
        reader.Read("hypergradient", hypergradient);
        reader.Read("damping", damping);
        // checkpoints of earlier versions do not have it
        ZeroColumns = samplesColumns && reader.Contains("zero_columns") ? reader.ReadInt64("zero_columns") : 0;
        control.Load(reader);
    }

    private double BoundAt(long environmentStep) => options.BoundSchedule == BoundSchedule.Constant
        ? options.Bound
        : options.Bound * Math.Pow(options.FinalBound / options.Bound, Math.Sqrt(Math.Clamp((double)environmentStep / totalSteps, 0, 1)));

    private static ImplicitHypergradient<T> Implicit(
        HypergradientOptions options, SolverCatalogue solvers, RandomStream random, bool reorthogonalise, IHypergradientGuard? guard) => new(
        solvers.Create<T>(
            new SolverOptions
            {
                Name = options.Solver,
                Iterations = options.Iterations,
                Tolerance = options.Tolerance,
                ContinueThroughNegativeCurvature = options.NegativeCurvature == NegativeCurvature.Continue,
                Reorthogonalise = reorthogonalise,
                Rank = options.Rank,
                Rho = options.Rho > 0 ? options.Rho : null,
                Columns = options.Columns,
                Degree = options.Degree,
            },
            random),
        new ImplicitHypergradientOptions
        {
            Bound = options.Bound,
            BoundKind = options.BoundKind,
            Curvature = options.Curvature,
            Sign = options.Sign,
            WarmStart = options.WarmStart,
            Guard = guard,
        });
}
