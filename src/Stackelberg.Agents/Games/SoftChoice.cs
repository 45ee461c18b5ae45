using System.Numerics;
using Stackelberg.Agents.Internals;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Games;

/// <summary>Choices among finitely many actions by logits.</summary>
internal static class SoftChoice
{
    /// <summary>probabilities ← softmax(logits).</summary>
    public static void Probabilities<T>(ReadOnlySpan<T> logits, Span<double> probabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double largest = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = Widths.Widen(logits[i]);
            largest = Math.Max(largest, probabilities[i]);
        }

        foreach (ref double p in probabilities)
        {
            p = Math.Exp(p - largest);
            sum += p;
        }

        foreach (ref double p in probabilities)
        {
            p /= sum;
        }
    }

    /// <summary>An index drawn by probabilities that sum to 1; the same law as argmax(logits + Gumbel noise).</summary>
    public static int Draw(ReadOnlySpan<double> probabilities, RandomStream random)
    {
        double left = random.NextDouble();
        int last = probabilities.Length - 1;
        for (int i = 0; i < last; i++)
        {
            left -= probabilities[i];
            if (left < 0)
            {
                return i;
            }
        }

        return last;
    }

    /// <summary>The first of the largest.</summary>
    public static int Largest(ReadOnlySpan<double> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            best = values[i] > values[best] ? i : best;
        }

        return best;
    }

    /// <summary>Draws standard Gumbel noise, −ln(−ln u).</summary>
    public static double Gumbel(RandomStream random) => -Math.Log(-Math.Log(Math.Max(random.NextDouble(), double.Epsilon)));
}
