using System.Numerics;

namespace Stackelberg.Tensors;

/// <summary>
/// Level-1 operations on spans of equal length. Sums have a fixed order that depends on the length alone, so results do not depend on
/// threads or alignment.
/// </summary>
public static class Vectors
{
    /// <summary>Σ xᵢ yᵢ, accumulated in double precision.</summary>
    public static double Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += double.CreateTruncating(x[i]) * double.CreateTruncating(y[i]);
        }

        return sum;
    }

    /// <summary>√(Σ xᵢ²), accumulated in double precision.</summary>
    public static double Norm<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Math.Sqrt(Dot(x, x));

    /// <summary>y ← y + a x.</summary>
    public static void AddScaled<T>(Span<T> y, double a, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = T.CreateTruncating(a);
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = T.FusedMultiplyAdd(scale, x[i], y[i]);
        }
    }

    /// <summary>y ← x + a y (the direction update of conjugate gradients).</summary>
    public static void ScaleAndAdd<T>(Span<T> y, double a, ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = T.CreateTruncating(a);
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = T.FusedMultiplyAdd(scale, y[i], x[i]);
        }
    }

    /// <summary>x ← a x.</summary>
    public static void Scale<T>(Span<T> x, double a)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T scale = T.CreateTruncating(a);
        foreach (ref T value in x)
        {
            value *= scale;
        }
    }

    /// <summary>Whether every element is finite.</summary>
    public static bool AllFinite<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (T value in x)
        {
            if (!T.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
