using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Stackelberg.Primitives;

namespace Stackelberg.Statistics.Tests.Support;

/// <summary>Random scores for laws that hold for all.</summary>
internal static class Laws
{
    /// <summary>Small sets of scores by task, with ties: multiples of a quarter, so that sums are exact.</summary>
    public static Arbitrary<(double[][] Tasks, ulong Seed)> ScoreSets { get; } = (
        from tasks in Gen.Choose(1, 4)
        from runs in Gen.Choose(1, 9)
        from seed in Gen.Choose(0, 1_000_000)
        select (Scores(tasks, runs, (ulong)seed), (ulong)seed)).ToArbitrary();

    /// <summary>Two samples of sizes of their own.</summary>
    public static Arbitrary<(double[] X, double[] Y, ulong Seed)> Pairs { get; } = (
        from n in Gen.Choose(1, 9)
        from m in Gen.Choose(1, 9)
        from seed in Gen.Choose(0, 1_000_000)
        select (Scores(1, n, (ulong)seed)[0], Scores(1, m, (ulong)seed + 1)[0], (ulong)seed)).ToArbitrary();

    /// <summary>Checks one law on a hundred of them: the same in every run, so that a failure is a change of the code and not of the dice.</summary>
    public static void Hold<T>(Arbitrary<T> cases, Action<T> law) => Prop.ForAll(cases, law).Check(Config.QuickThrowOnFailure
        .WithMaxTest(100)
        .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(2021, 1947), FSharpOption<int>.None))));

    /// <summary>Another order.</summary>
    public static double[] Shuffled(double[] scores, ulong seed)
    {
        double[] shuffled = [.. scores];
        RandomStream.FromSeed(seed).Shuffle(shuffled.AsSpan());
        return shuffled;
    }

    private static double[][] Scores(int tasks, int runs, ulong seed)
    {
        RandomStream random = RandomStream.FromSeed(seed);
        return [.. Enumerable.Range(0, tasks).Select(_ => Enumerable.Range(0, runs).Select(_ => (random.NextInt32(21) - 6) / 4.0).ToArray())];
    }
}
