namespace Stackelberg.Agents;

/// <summary>What no range can say of hypergradient options, whatever the method.</summary>
internal static class HypergradientFaults
{
    /// <summary>The faults, with the key first.</summary>
    /// <param name="criticLeads">Whether the critic leads, so that the system to be solved is the actor's.</param>
    public static IEnumerable<(string Key, string Message)> Of(HypergradientOptions options, bool criticLeads)
    {
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

        if (options is { Solver: "nystrom", DampingSchedule: DampingKind.Exponential })
        {
            yield return ("hypergradient.damping_schedule", "exponential damping falls to 0, where nystrom cannot invert its matrix of low rank plus λI. Use fixed or adaptive.");
        }

        if (options is { Solver: "nystrom", Damping: 0 })
        {
            yield return ("hypergradient.damping", "nystrom inverts a matrix of low rank plus λI and needs a damping above 0.");
        }
    }
}
