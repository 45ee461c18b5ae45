using System.Numerics;

namespace Stackelberg.Tensors.Internals;

/// <summary>Loops over whole storage, padding included, and over rows.</summary>
internal static unsafe class ElementLoops
{
    /// <summary>target[i] = f(x[i]) for n elements, n a multiple of 16.</summary>
    public static void Map<T, TOperator>(TOperator f, T* x, T* target, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IUnaryOperator<T>
    {
        for (int i = 0; i < n; i++)
        {
            target[i] = f.Apply(x[i]);
        }
    }

    /// <summary>target[i] = f(x[i], y[i]).</summary>
    public static void Map<T, TOperator>(TOperator f, T* x, T* y, T* target, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, IBinaryOperator<T>
    {
        for (int i = 0; i < n; i++)
        {
            target[i] = f.Apply(x[i], y[i]);
        }
    }

    /// <summary>target[i] = f(x[i], y[i], z[i]).</summary>
    public static void Map<T, TOperator>(TOperator f, T* x, T* y, T* z, T* target, int n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperator : struct, ITernaryOperator<T>
    {
        for (int i = 0; i < n; i++)
        {
            target[i] = f.Apply(x[i], y[i], z[i]);
        }
    }
}

internal interface IUnaryOperator<T>
{
    T Apply(T x);
}

internal interface IBinaryOperator<T>
{
    T Apply(T x, T y);
}

internal interface ITernaryOperator<T>
{
    T Apply(T x, T y, T z);
}
