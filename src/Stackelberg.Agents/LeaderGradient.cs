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
    private readonly ImplicitHypergradient<T> hypergradient;
    private readonly ImplicitHypergradient<T> fallback;
    private readonly IDampingSchedule damping;
    private readonly bool guard;

    /// <summary>Builds solver and schedule.</summary>
    /// <param name="random">Where sampling solvers draw from.</param>
    public LeaderGradient(HypergradientOptions options, RandomStream random)
    {
        guard = options.Guard;
        damping = options.DampingSchedule switch
        {
            DampingKind.Fixed => new FixedDamping(options.Damping),
            DampingKind.Exponential => new ExponentialDamping(options.Damping, options.DampingDecay),
            _ => new AdaptiveDamping(new AdaptiveDampingOptions { Initial = options.Damping }),
        };
        var solver = new SolverOptions
        {
            Name = options.Solver,
            Iterations = options.Iterations,
            Tolerance = options.Tolerance,
            ContinueThroughNegativeCurvature = options.NegativeCurvature == NegativeCurvature.Continue,
            Rank = options.Rank,
            Degree = options.Degree,
        };
        hypergradient = new ImplicitHypergradient<T>(
            SolverCatalogue.Create<T>(solver, random),
            new ImplicitHypergradientOptions { Bound = options.Bound, WarmStart = options.WarmStart, Guard = guard ? new MultiplierGuard() : null });
        fallback = new ImplicitHypergradient<T>(
            SolverCatalogue.Create<T>(new SolverOptions { Name = "cg", Iterations = options.Iterations, Tolerance = options.Tolerance }),
            new ImplicitHypergradientOptions { Bound = options.Bound });
    }

    /// <summary>How often the guard has acted since the run began.</summary>
    public long GuardedUpdates { get; private set; }

    /// <summary>Whether the damping needs the measured and predicted success of the follower in <see cref="Adapt"/>.</summary>
    public bool IsAdaptive => damping is AdaptiveDamping;

    /// <summary>result ← D f₁.</summary>
    /// <param name="problem">With the chosen curvature.</param>
    /// <param name="gaussNewton">The same with Gauss-Newton curvature: what the guard turns to.</param>
    /// <param name="step">Environment steps so far, for damping that falls with them.</param>
    public HypergradientReport Compute(IBilevelProblem<T> problem, IBilevelProblem<T> gaussNewton, long step, Span<T> result)
    {
        double lambda = damping.Value(step);
        HypergradientReport report = hypergradient.Compute(problem, lambda, result);
        if (guard && report.Guarded)
        {
            GuardedUpdates++;
            HypergradientReport second = fallback.Compute(gaussNewton, lambda, result);
            report = report with { Seconds = report.Seconds + second.Seconds };
        }

        return report;
    }

    /// <summary>Tells adaptive damping how good the follower's quadratic model was; other schedules do not care.</summary>
    /// <param name="actual">Reduction of the follower's loss over its steps.</param>
    /// <param name="predicted">The reduction its quadratic model had promised for the same steps.</param>
    public void Adapt(double actual, double predicted) => (damping as AdaptiveDamping)?.Update(actual, predicted);

    /// <inheritdoc/>
    public void Save(StateWriter writer)
    {
        writer.Write("guarded_updates", GuardedUpdates);
        writer.Write("hypergradient", hypergradient);
        writer.Write("damping", damping);
    }

    /// <inheritdoc/>
    public void Load(StateReader reader)
    {
        GuardedUpdates = reader.ReadInt64("guarded_updates");
        reader.Read("hypergradient", hypergradient);
        reader.Read("damping", damping);
    }
}
