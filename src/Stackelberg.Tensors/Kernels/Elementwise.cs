using System.Numerics;

namespace Stackelberg.Tensors.Kernels;

/// <summary>Drivers of elementwise operations over padded storage: one driver per number of operands, one struct per operation.</summary>
internal static unsafe partial class Elementwise
{
    /// <summary>Sets the columns from <paramref name="columns"/> to the stride to zero.</summary>
    public static void ClearPadding<T>(int rows, int columns, nint stride, T* values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int row = 0; columns < stride && row < rows; row++)
        {
            new Span<T>(values + (row * stride) + columns, (int)stride - columns).Clear();
        }
    }
}
