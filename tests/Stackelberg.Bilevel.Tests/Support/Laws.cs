using FsCheck;
using Microsoft.FSharp.Core;

namespace Stackelberg.Bilevel.Tests;

internal static class Laws
{
    /// <summary>The same cases in every run, so that a failure is a change of the code and not of the dice.</summary>
    public static Config Of(int cases) => Config.QuickThrowOnFailure
        .WithMaxTest(cases)
        .WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(2016, 1957), FSharpOption<int>.None)));
}
