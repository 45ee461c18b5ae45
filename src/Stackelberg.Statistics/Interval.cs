namespace Stackelberg.Statistics;

/// <summary>An interval estimate.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end; never below <paramref name="Low"/>. Both are NaN where there is no interval.</param>
public readonly record struct Interval(double Low, double High);
