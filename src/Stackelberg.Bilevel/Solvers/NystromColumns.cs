namespace Stackelberg.Bilevel;

/// <summary>How a Nyström approximation draws its columns.</summary>
public enum NystromColumns
{
    /// <summary>Anew for every solve, without replacement, every coordinate as likely as another.</summary>
    Fresh,

    /// <summary>As <see cref="Fresh"/>, but once: the first solve's coordinates stay, and are part of the solver's state.</summary>
    Fixed,

    /// <summary>
    /// Anew for every solve, with replacement, coordinate i with a probability proportional to dᵢ⁴, d the diagonal of the Gauss-Newton matrix, as BLPO's
    /// <c>gn_nystrom</c> does. Where d is zero throughout, every coordinate is as likely as another. The operator has to tell d:
    /// <see cref="IGaussNewtonDiagonal{T}"/>, or <see cref="IKnownDiagonal{T}"/> of a positive semidefinite one.
    /// </summary>
    GaussNewton,
}
