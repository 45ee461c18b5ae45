using System.Numerics;

namespace Stackelberg.Bilevel;

/// <summary>A direction in lowest whole numbers and the constraints that hold with equality on it: bit i for coordinate i = 0, bit d + k for inequality k.</summary>
internal sealed record Ray(BigInteger[] Coordinates, ulong Tight)
{
    /// <summary>The first <paramref name="count"/> coordinates divided by their sum.</summary>
    public Rational[] Normalised(int count)
    {
        BigInteger sum = BigInteger.Zero;
        for (int i = 0; i < count; i++)
        {
            sum += Coordinates[i];
        }

        Rational[] point = new Rational[count];
        for (int i = 0; i < count; i++)
        {
            point[i] = new Rational(Coordinates[i], sum);
        }

        return point;
    }
}

/// <summary>
/// All extreme rays of the cone {z ≥ 0, g·z ≥ 0 for every g} in d dimensions by the double description method (Motzkin, Raiffa, Thompson and Thrall,
/// 1953) with the combinatorial test of adjacency (Fukuda and Prodon, 1996), in whole numbers: degenerate cones are no special case.
/// </summary>
internal static class ExtremeRays
{
    public const int MostConstraints = 64;
    private const int MostRays = 20_000;

    // looks at one ray each: seconds
    private const long MostWork = 2_000_000_000;

    /// <summary>Enumerates them.</summary>
    /// <exception cref="GameLimitException">There are more than 64 constraints, or too many rays on the way.</exception>
    public static List<Ray> Of(int dimension, IReadOnlyList<BigInteger[]> inequalities)
    {
        if (dimension + inequalities.Count > MostConstraints)
        {
            throw new GameLimitException($"enumeration takes games of at most {MostConstraints - 1} actions of both players together; this one needs {dimension + inequalities.Count - 1}");
        }

        List<Ray> rays = [.. Enumerable.Range(0, dimension).Select(i => Axis(dimension, i))];
        long work = 0;
        for (int k = 0; k < inequalities.Count; k++)
        {
            rays = Cut(rays, inequalities[k], dimension, 1UL << (dimension + k), ref work);
        }

        return rays;
    }

    private static Ray Axis(int dimension, int i)
    {
        BigInteger[] coordinates = new BigInteger[dimension];
        coordinates[i] = BigInteger.One;
        ulong all = dimension == 64 ? ulong.MaxValue : (1UL << dimension) - 1;
        return new Ray(coordinates, all & ~(1UL << i));
    }

    private static List<Ray> Cut(List<Ray> rays, BigInteger[] inequality, int dimension, ulong bit, ref long work)
    {
        List<Ray> kept = [];
        List<(Ray Ray, BigInteger Slack)> inside = [], outside = [];
        foreach (Ray ray in rays)
        {
            BigInteger slack = Dot(inequality, ray.Coordinates);
            if (slack.Sign < 0)
            {
                outside.Add((ray, -slack));
                continue;
            }

            if (slack.Sign > 0)
            {
                inside.Add((ray, slack));
            }

            kept.Add(slack.IsZero ? ray with { Tight = ray.Tight | bit } : ray);
        }

        foreach ((Ray ray, BigInteger slack) in inside)
        {
            foreach ((Ray other, BigInteger lack) in outside)
            {
                ulong common = ray.Tight & other.Tight;
                if (BitOperations.PopCount(common) < dimension - 2 || !AreAdjacent(rays, ray, other, common, ref work))
                {
                    continue;
                }

                kept.Add(new Ray(Between(ray.Coordinates, lack, other.Coordinates, slack), common | bit));
                if (kept.Count > MostRays || work > MostWork)
                {
                    throw new GameLimitException($"the game has too many vertices to enumerate (more than {MostRays}, or too many pairs of them to look through)");
                }
            }
        }

        return kept;
    }

    // no third ray lies on all constraints that the two share
    private static bool AreAdjacent(List<Ray> rays, Ray one, Ray two, ulong common, ref long work)
    {
        work += rays.Count;
        foreach (Ray ray in rays)
        {
            if ((ray.Tight & common) == common && !ReferenceEquals(ray, one) && !ReferenceEquals(ray, two))
            {
                return false;
            }
        }

        return true;
    }

    private static BigInteger[] Between(BigInteger[] a, BigInteger weightOfA, BigInteger[] b, BigInteger weightOfB)
    {
        BigInteger[] sum = new BigInteger[a.Length];
        BigInteger common = BigInteger.Zero;
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = (a[i] * weightOfA) + (b[i] * weightOfB);
            common = BigInteger.GreatestCommonDivisor(common, sum[i]);
        }

        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] /= common;
        }

        return sum;
    }

    private static BigInteger Dot(BigInteger[] a, BigInteger[] b)
    {
        BigInteger sum = BigInteger.Zero;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
