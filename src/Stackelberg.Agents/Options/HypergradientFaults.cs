using Stackelberg.Bilevel;

namespace Stackelberg.Agents;

/// <summary>What no range can say of hypergradient options: contradictions, and settings that nothing reads. The one place for both.</summary>
public static class HypergradientFaults
{
    private const string NobodyLeads = "nobody leads: set leader=actor or leader=critic to use it.";

    private static readonly HypergradientOptions Default = new();

    /// <summary>Options of the implicit method, by key, with the solver option that reads each; null where every solver does.</summary>
    private static readonly (string Key, string? ReadAs, Func<HypergradientOptions, object> Value)[] ImplicitKeys =
    [
        ("solver", null, static o => o.Solver),
        ("iterations", nameof(SolverOptions.Iterations), static o => o.Iterations),
        ("tolerance", nameof(SolverOptions.Tolerance), static o => o.Tolerance),
        ("curvature", null, static o => o.Curvature),
        ("negative_curvature", nameof(SolverOptions.ContinueThroughNegativeCurvature), static o => o.NegativeCurvature),
        ("damping", null, static o => o.Damping),
        ("damping_schedule", null, static o => o.DampingSchedule),
        ("damping_decay", null, static o => o.DampingDecay),
        ("bound", null, static o => o.Bound),
        ("bound_kind", null, static o => o.BoundKind),
        ("bound_schedule", null, static o => o.BoundSchedule),
        ("final_bound", null, static o => o.FinalBound),
        // who iterates can begin anywhere; the others have no beginning
        ("warm_start", nameof(SolverOptions.Iterations), static o => o.WarmStart),
        ("rank", nameof(SolverOptions.Rank), static o => o.Rank),
        ("rho", nameof(SolverOptions.Rho), static o => o.Rho),
        ("columns", nameof(SolverOptions.Columns), static o => o.Columns),
        ("degree", nameof(SolverOptions.Degree), static o => o.Degree),
        ("outer_product", null, static o => o.OuterProduct),
        ("error_terms", null, static o => o.ErrorTerms),
        ("sign", null, static o => o.Sign),
        ("control", null, static o => o.Control),
    ];

    /// <summary>Options that some method reads, or every leader.</summary>
    private static readonly (string Key, Func<HypergradientOptions, object> Value)[] OtherKeys =
    [
        ("method", static o => o.Method),
        ("unroll_steps", static o => o.UnrollSteps),
        ("unroll_learning_rate", static o => o.UnrollLearningRate),
        ("log_every", static o => o.LogEvery),
    ];

    /// <summary>The contradictions, with the key first.</summary>
    public static IEnumerable<(string Key, string Message)> Of(LeaderOptions leading)
    {
        HypergradientOptions options = leading.Hypergradient;
        // where the critic leads, the system to be solved is the actor's
        bool criticLeads = leading.Leader == LeaderRole.Critic;
        if (leading.Leader == LeaderRole.None || options.Method != HypergradientMethod.Implicit)
        {
            yield break;
        }

        if (options.DampingSchedule != DampingKind.Fixed && options.Damping == 0)
        {
            yield return ("hypergradient.damping", $"damping_schedule={(options.DampingSchedule == DampingKind.Adaptive ? "adaptive" : "exponential")} needs an initial damping above 0.");
        }
        else if (options.DampingSchedule == DampingKind.Adaptive && options.Damping is < 1e-8 or > 1e8)
        {
            yield return ("hypergradient.damping", "adaptive damping begins within 1e-8 to 1e8.");
        }

        if (criticLeads && options.DampingSchedule == DampingKind.Adaptive)
        {
            yield return ("hypergradient.damping_schedule", "adaptive damping follows the critic's loss and needs the actor to lead. Use fixed or exponential.");
        }

        if (criticLeads && options.Solver == "gauss-newton")
        {
            yield return ("hypergradient.solver", "gauss-newton works in the critic's sample space and needs the actor to lead; cg, minres or cholesky solve the actor's system.");
        }
        else if (options is { Solver: "gauss-newton", Curvature: Curvature.Hessian })
        {
            yield return ("hypergradient.solver", "gauss-newton solves the Gauss-Newton system: set hypergradient.curvature=gauss-newton with it.");
        }

        foreach ((string Key, string Message) fault in (IEnumerable<(string, string)>)[.. OfNystrom(options, criticLeads), .. OfBound(options)])
        {
            yield return fault;
        }
    }

    private static IEnumerable<(string Key, string Message)> OfNystrom(HypergradientOptions options, bool criticLeads)
    {
        if (options is { Solver: "nystrom" or "nystrom-released", DampingSchedule: DampingKind.Exponential, Rho: 0 })
        {
            yield return ("hypergradient.damping_schedule", $"exponential damping falls to 0, where {options.Solver} cannot invert its matrix of low rank plus λI. Use fixed or adaptive, or a hypergradient.rho above 0.");
        }

        if (options is { Solver: "nystrom" or "nystrom-released", Damping: 0, Rho: 0 })
        {
            yield return ("hypergradient.damping", $"{options.Solver} inverts a matrix of low rank plus λI and needs a damping above 0, or a shift of its own, hypergradient.rho.");
        }

        if (criticLeads && options.Solver == "nystrom-released")
        {
            yield return ("hypergradient.solver", "nystrom-released mixes up the tensors of a critic and needs the actor to lead; nystrom solves the actor's system.");
        }

        if (criticLeads && options is { Columns: NystromColumns.GaussNewton, Solver: "nystrom" or "nystrom-pcg" })
        {
            yield return ("hypergradient.columns", "gauss-newton draws by the diagonal of the critic's system and needs the actor to lead. Use fresh or fixed.");
        }
    }

    private static IEnumerable<(string Key, string Message)> OfBound(HypergradientOptions options)
    {
        if (options.BoundSchedule == BoundSchedule.Annealed && (options.Bound == 0 || double.IsInfinity(options.Bound)))
        {
            yield return ("hypergradient.bound", $"bound_schedule=annealed begins at a finite bound above 0, not at {(options.Bound == 0 ? "0" : "infinity, which is no bound")}.");
        }
        else if (options.BoundKind == BoundKind.Exactly && double.IsInfinity(options.Bound))
        {
            yield return ("hypergradient.bound", "bound_kind=exactly scales the implicit term to a length and needs a finite bound.");
        }

        if (options.BoundSchedule == BoundSchedule.Annealed && double.IsInfinity(options.FinalBound))
        {
            yield return ("hypergradient.final_bound", "bound_schedule=annealed ends at a finite bound.");
        }
    }

    /// <summary>Settings that differ from their defaults and that nothing reads, with the key first and who would read it.</summary>
    public static IEnumerable<(string Key, string Message)> UnreadOf(LeaderOptions options)
    {
        HypergradientOptions given = options.Hypergradient;
        // of a plug-in's solver it is not known here what it reads
        IReadOnlyList<string>? read = SolverCatalogue.BuiltIn.All.FirstOrDefault(s => s.Name == given.Solver)?.Options;
        foreach ((string key, string? readAs, Func<HypergradientOptions, object> value) in ImplicitKeys)
        {
            if (value(given).Equals(value(Default)))
            {
                continue;
            }

            if (options.Leader == LeaderRole.None)
            {
                yield return ("hypergradient." + key, NobodyLeads);
            }
            else if (given.Method != HypergradientMethod.Implicit)
            {
                yield return ("hypergradient." + key, "only hypergradient.method=implicit reads it.");
            }
            else if (key == "damping_decay" && given.DampingSchedule != DampingKind.Exponential)
            {
                yield return ("hypergradient." + key, "only hypergradient.damping_schedule=exponential reads it.");
            }
            else if (key == "final_bound" && given.BoundSchedule != BoundSchedule.Annealed)
            {
                yield return ("hypergradient." + key, "only hypergradient.bound_schedule=annealed reads it.");
            }
            else if (readAs is not null && read?.Contains(readAs) == false)
            {
                string readers = string.Join(", ", SolverCatalogue.BuiltIn.All.Where(s => s.Options.Contains(readAs)).Select(s => s.Name));
                yield return ("hypergradient." + key, $"the solver {given.Solver} does not read it; these do: {readers}.");
            }
        }

        if (options.Leader == LeaderRole.None)
        {
            foreach ((string key, Func<HypergradientOptions, object> value) in OtherKeys)
            {
                if (!value(given).Equals(value(Default)))
                {
                    yield return ("hypergradient." + key, NobodyLeads);
                }
            }

            yield break;
        }

        bool unrolls = given.Method is HypergradientMethod.Unrolled or HypergradientMethod.Darts;
        if (given.UnrollSteps != Default.UnrollSteps && given.Method != HypergradientMethod.Unrolled)
        {
            yield return ("hypergradient.unroll_steps", "only hypergradient.method=unrolled reads it.");
        }

        if (given.UnrollLearningRate != Default.UnrollLearningRate && !unrolls)
        {
            yield return ("hypergradient.unroll_learning_rate", "only hypergradient.method=unrolled and darts read it.");
        }
    }
}
