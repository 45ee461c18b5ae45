using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Stackelberg.Primitives;

namespace Stackelberg.Tensors.Tests;

internal static class Laws
{
    /// <summary>Checks a law on many random inputs, the same in every run, so that a failure is a change of the code and not of the dice.</summary>
    public static void Hold(int cases, Action<RandomStream> law) => Check.One(
        Config.QuickThrowOnFailure
            .WithMaxTest(cases)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(2016, 1957), FSharpOption<int>.None))),
        Prop.ForAll(Gen.Choose(0, 1_000_000).ToArbitrary(), seed => law(RandomStream.FromSeed((ulong)seed))));
}
