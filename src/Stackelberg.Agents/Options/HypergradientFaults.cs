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
            yield return ("hypergradient.damping", $"a {options.DampingSchedule} schedule needs an initial damping above 0.");
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

        if (options is { Solver: "nystrom", Damping: 0 })
        {
            yield return ("hypergradient.damping", "nystrom inverts a matrix of low rank plus λI and needs a damping above 0.");
        }
    }
}
