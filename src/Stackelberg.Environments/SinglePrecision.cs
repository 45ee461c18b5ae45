namespace Stackelberg.Environments;

/// <summary>The numbers that networks and replay buffers can hold: rewards, observations and the widths of actions have to be among them.</summary>
public static class SinglePrecision
{
    /// <summary>The largest.</summary>
    public const float Largest = float.MaxValue;

    /// <summary>Whether a number is neither NaN nor larger than <see cref="Largest"/> in size.</summary>
    public static bool Holds(double value) => Math.Abs(value) <= Largest;

    /// <summary>The index of the first number that is not held, or −1.</summary>
    public static int FirstNotHeld(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!Holds(values[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Why actions of a space cannot be scaled, or null: a bound or a width that is finite and not held.</summary>
    internal static string? FaultOf(Space actions)
    {
        if (actions is ProductSpace product)
        {
            return product.Parts.Select(FaultOf).FirstOrDefault(static f => f is not null);
        }

        if (actions is not BoxSpace box)
        {
            return null;
        }

        for (int i = 0; i < box.Size; i++)
        {
            (double low, double high) = (box.Low[i], box.High[i]);
            bool held = double.IsInfinity(low) || double.IsInfinity(high) ? Bound(low) && Bound(high) : Holds(low) && Holds(high) && Holds(high - low);
            if (!held)
            {
                return $"action entry {i} is bounded by {low} and {high}, a range wider than single precision holds ({Largest}). Narrow the bounds, or use infinities where there are none.";
            }
        }

        return null;
    }

    private static bool Bound(double value) => double.IsInfinity(value) || Holds(value);
}
