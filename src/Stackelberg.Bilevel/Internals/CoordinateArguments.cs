using Stackelberg.Tensors;

namespace Stackelberg.Bilevel;

/// <summary>The check of coordinates against the storage they lie in.</summary>
internal static class CoordinateArguments
{
    public static void Check(CoordinateMap coordinates, int dimension)
    {
        if (coordinates.Extent > dimension)
        {
            throw new ArgumentException(
                $"The last coordinate lies at {coordinates.Extent - 1}, beyond the {dimension} elements of a vector; give the coordinates of this storage.",
                nameof(coordinates));
        }
    }
}
