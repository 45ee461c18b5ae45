namespace Stackelberg.Bilevel;

/// <summary>The checks of rank and ρ.</summary>
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
    }
}
