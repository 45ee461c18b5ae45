using Stackelberg.Primitives;

namespace Stackelberg.Environments.Internals;

/// <summary>Draws indices from distributions in double precision.</summary>
internal static class Inversion
{
    /// <summary>An index drawn by inversion, one uniform number per draw; what rounding leaves over goes to the last possible index.</summary>
    /// <param name="probabilities">Non-negative; they add up to 1.</param>
    public static int Draw(RandomStream random, ReadOnlySpan<double> probabilities)
    {
        double left = random.NextDouble();
        int last = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] > 0)
            {
                last = i;
                left -= probabilities[i];
                if (left < 0)
                {
                    break;
                }
            }
        }

        return last;
    }
}
