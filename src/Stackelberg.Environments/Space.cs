using Stackelberg.Primitives;

namespace Stackelberg.Environments;

/// <summary>A set of valid observations or actions.</summary>
public abstract class Space
{
    /// <summary>Numbers per element.</summary>
    public abstract int Size { get; }

    /// <summary>Whether <paramref name="element"/> has the right length, is finite and lies inside.</summary>
    public abstract bool Contains(ReadOnlySpan<double> element);

    /// <summary>Draws an element: uniformly where bounded, standard normal (shifted to a one-sided bound) where not.</summary>
    public abstract void Sample(RandomStream random, Span<double> element);
}

/// <summary>The indices 0 … <paramref name="count"/> − 1, as one number.</summary>
public sealed class DiscreteSpace(int count) : Space
{
    /// <summary>Number of choices.</summary>
    public int Count { get; } = count > 0 ? count : throw new ArgumentOutOfRangeException(nameof(count), count, "A discrete space has at least one element.");

    /// <inheritdoc/>
    public override int Size => 1;

    /// <inheritdoc/>
    public override bool Contains(ReadOnlySpan<double> element) =>
        element.Length == 1 && element[0] >= 0 && element[0] < Count && element[0] == Math.Floor(element[0]);

    /// <inheritdoc/>
    public override void Sample(RandomStream random, Span<double> element) => element[0] = random.NextInt32(Count);

    /// <inheritdoc/>
    public override string ToString() => $"Discrete({Count})";
}

/// <summary>A box of real vectors with lower and upper bounds, which may be infinite.</summary>
public sealed class BoxSpace : Space
{
    private readonly double[] low;
    private readonly double[] high;

    /// <summary>A box with individual bounds.</summary>
    /// <exception cref="ArgumentException">Lengths differ, a bound is NaN, or a lower bound exceeds its upper one.</exception>
    public BoxSpace(ReadOnlySpan<double> low, ReadOnlySpan<double> high)
    {
        if (low.Length != high.Length || low.Length == 0)
        {
            throw new ArgumentException($"A box needs as many lower as upper bounds, at least one; got {low.Length} and {high.Length}.");
        }

        for (int i = 0; i < low.Length; i++)
        {
            if (!(low[i] <= high[i]))
            {
                throw new ArgumentException($"Bounds {i} of a box are {low[i]} and {high[i]}; the lower must not exceed the upper.");
            }
        }

        this.low = low.ToArray();
        this.high = high.ToArray();
    }

    /// <summary>A box with the same bounds in every coordinate.</summary>
    public BoxSpace(int size, double low, double high)
        : this(Enumerable.Repeat(low, size).ToArray(), Enumerable.Repeat(high, size).ToArray())
    {
    }

    /// <summary>Lower bounds.</summary>
    public ReadOnlySpan<double> Low => low;

    /// <summary>Upper bounds.</summary>
    public ReadOnlySpan<double> High => high;

    /// <inheritdoc/>
    public override int Size => low.Length;

    /// <inheritdoc/>
    public override bool Contains(ReadOnlySpan<double> element)
    {
        if (element.Length != low.Length)
        {
            return false;
        }

        for (int i = 0; i < low.Length; i++)
        {
            if (!(element[i] >= low[i] && element[i] <= high[i]) || !double.IsFinite(element[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Sample(RandomStream random, Span<double> element)
    {
        for (int i = 0; i < low.Length; i++)
        {
            element[i] = (double.IsFinite(low[i]), double.IsFinite(high[i])) switch
            {
                (true, true) => Between(low[i], high[i], random.NextDouble()),
                (true, false) => low[i] + Math.Abs(random.NextNormal()),
                (false, true) => high[i] - Math.Abs(random.NextNormal()),
                _ => random.NextNormal(),
            };
        }
    }

    // The weighted form cannot overflow for the widest bounds; the minimum undoes rounding beyond the upper one.
    private static double Between(double low, double high, double fraction) =>
        Math.Min(high, double.IsFinite(high - low) ? low + ((high - low) * fraction) : (low * (1 - fraction)) + (high * fraction));

    /// <inheritdoc/>
    public override string ToString()
    {
        bool uniform = low.All(v => v == low[0]) && high.All(v => v == high[0]);
        return uniform ? $"Box({low[0]}, {high[0]}, {Size})" : $"Box([{string.Join(", ", low)}], [{string.Join(", ", high)}])";
    }
}
