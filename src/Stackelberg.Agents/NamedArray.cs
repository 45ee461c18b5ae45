namespace Stackelberg.Agents;

/// <summary>A named array of double-precision numbers, row-major.</summary>
/// <param name="Shape">Sizes of the axes; empty for a single number.</param>
/// <param name="Values">As many as the product of <paramref name="Shape"/>.</param>
public sealed record NamedArray(string Name, IReadOnlyList<int> Shape, double[] Values);
