using Stackelberg.Bilevel;
using Stackelberg.Primitives;
using Stackelberg.Tensors;

namespace Stackelberg.Agents.Tests.Support;

/// <summary>Everything a problem can be asked at a point, by name, so that two problems can be compared and one be asked in any order.</summary>
internal static class Twins
{
    /// <summary>The questions that make sense of every differentiable problem.</summary>
    /// <param name="curvatures">The kinds the problem has.</param>
    /// <param name="losses">Whether both losses are known.</param>
    public static Dictionary<string, Func<IDifferentiableBilevelProblem<double>, double[]>> Questions(
        IDifferentiableBilevelProblem<double> problem, bool losses = true, params Curvature[] curvatures)
    {
        CoordinateMap follower = problem.FollowerCurvature(Curvature.Hessian).Coordinates;
        var questions = new Dictionary<string, Func<IDifferentiableBilevelProblem<double>, double[]>>
        {
            ["∂₁f₁"] = static p => Ask(p.LeaderDimension, s => p.DirectGradient(s)),
            ["∂₂f₁"] = static p => Ask(p.FollowerDimension, p.RightHandSide),
            ["∂₂f₂"] = static p => Ask(p.FollowerDimension, p.FollowerGradient),
            ["∂₁f₂"] = static p => Ask(p.LeaderDimension, p.FollowerLossLeaderGradient),
        };
        for (ulong seed = 1; seed <= 2; seed++)
        {
            double[] v = Direction(follower, problem.FollowerDimension, seed);
            questions[$"∂₁₂f₂ v{seed}"] = p => Ask(p.LeaderDimension, s => p.MixedProduct(v, s));
            foreach (Curvature kind in curvatures)
            {
                questions[$"{kind} v{seed}"] = p => Ask(p.FollowerDimension, s => p.FollowerCurvature(kind).Multiply(v, s));
            }
        }

        if (losses)
        {
            questions["f₁"] = static p => [p.LeaderLoss()];
            questions["f₂"] = static p => [p.FollowerLoss()];
        }

        return questions;
    }

    /// <summary>The answers, asked in an order drawn from a seed.</summary>
    public static Dictionary<string, double[]> Ask(
        this Dictionary<string, Func<IDifferentiableBilevelProblem<double>, double[]>> questions, IDifferentiableBilevelProblem<double> problem, ulong order)
    {
        string[] names = [.. questions.Keys, .. questions.Keys];
        RandomStream.FromSeed(order).Shuffle<string>(names);
        var answers = new Dictionary<string, double[]>();
        foreach (string name in names)
        {
            double[] answer = questions[name](problem);
            if (answers.TryGetValue(name, out double[]? before))
            {
                Same(before, answer, $"{name}, asked twice");
            }

            answers[name] = answer;
        }

        return answers;
    }

    /// <summary>Checks that both agree in every answer to 1e-10 of its norm.</summary>
    public static void ShouldAgree(this Dictionary<string, double[]> actual, Dictionary<string, double[]> expected)
    {
        foreach ((string name, double[] value) in expected)
        {
            Near(actual[name], value, name);
        }
    }

    /// <summary>Checks that both agree in every answer to the bit.</summary>
    public static void ShouldBeSameBits(this Dictionary<string, double[]> actual, Dictionary<string, double[]> expected)
    {
        actual.Count.ShouldBe(expected.Count);
        foreach ((string name, double[] value) in expected)
        {
            Same(value, actual[name], name);
        }
    }

    /// <summary>‖actual − expected‖ ≤ tolerance ‖expected‖, and expected is something.</summary>
    public static void Near(ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, string what, double tolerance = 1e-10)
    {
        actual.Length.ShouldBe(expected.Length, what);
        double size = Vectors.Norm(expected);
        size.ShouldBeGreaterThan(1e-6, $"{what}: a comparison of nothing");
        double[] difference = actual.ToArray();
        Vectors.AddScaled<double>(difference, -1, expected);
        (Vectors.Norm<double>(difference) / size).ShouldBeLessThan(tolerance, what);
    }

    /// <summary>The same bits.</summary>
    public static void Same(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, string what)
    {
        actual.Length.ShouldBe(expected.Length, what);
        for (int i = 0; i < actual.Length; i++)
        {
            BitConverter.DoubleToInt64Bits(actual[i]).ShouldBe(BitConverter.DoubleToInt64Bits(expected[i]), $"{what}, element {i}: {actual[i]} and {expected[i]}");
        }
    }

    /// <summary>A random direction, zero in the padding.</summary>
    public static double[] Direction(CoordinateMap coordinates, int length, ulong seed)
    {
        RandomStream random = RandomStream.FromSeed(seed);
        double[] result = new double[length];
        for (int i = 0; i < coordinates.Count; i++)
        {
            result[coordinates[i]] = random.NextNormal();
        }

        return result;
    }

    /// <summary>What is written into a vector that held rubbish before.</summary>
    public static double[] Ask(int length, SpanAction write)
    {
        double[] result = new double[length];
        Array.Fill(result, 1e300);
        write(result);
        return result;
    }

    /// <summary>Fills a vector.</summary>
    public delegate void SpanAction(Span<double> result);
}
