using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>Compositions in the order one reads them.</summary>
public static class LinearOperators
{
    /// <summary>A + λI.</summary>
    public static DampedOperator<T> Damped<T>(this ILinearOperator<T> a, double damping)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(a, damping);

    /// <summary>c A.</summary>
    public static ScaledOperator<T> Scaled<T>(this ILinearOperator<T> a, double factor)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(a, factor);

    /// <summary>A + B.</summary>
    public static SumOperator<T> Plus<T>(this ILinearOperator<T> a, ILinearOperator<T> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(a, b);

    /// <summary>Aᵀ.</summary>
    public static TransposedOperator<T> Transposed<T>(this ILinearOperator<T> a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(a);
}
