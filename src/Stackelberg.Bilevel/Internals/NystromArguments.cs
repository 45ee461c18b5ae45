namespace Stackelberg.Bilevel;

/// <summary>The checks of rank, ρ and columns.</summary>
internal static class NystromArguments
{
    public static void Check(SolverOptions options)
    {
        if (options.Rank < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.Rank, "The rank of a Nyström approximation is at least 1.");
        }

        if (options.Rho is { } rho && !(rho > 0 && double.IsFinite(rho)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), rho, "ρ of a Nyström approximation is a finite number above 0.");
        }

        if (!Enum.IsDefined(options.Columns))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Columns, $"Columns are drawn as one of {string.Join(", ", Enum.GetNames<NystromColumns>())} says.");
        }
    }

    public static void CheckShift(string solver, double? rho, double damping)
    {
        if (rho is null && damping == 0)
        {
            throw new ArgumentException(
                $"'{solver}' inverts a low-rank matrix plus ρI, which needs ρ > 0: set Rho, or solve with damping above 0 (then ρ = damping).");
        }
    }
}
