using Stackelberg.Faults.Framework;
using Stackelberg.Faults.Kinds;

namespace Stackelberg.Faults.Tests;

/// <summary>What sees broken promises sees them: each of these is one.</summary>
public sealed class FrameworkTests
{
    private static readonly string Refusal = "error: 'x' cannot be 1\n  allowed: 2\n  next: 2\n";

    [Theory]
    [InlineData(0, "", Outcome.Done)]
    [InlineData(2, "", Outcome.Form)]
    [InlineData(2, "error: 'x'\n  next: 2\n", Outcome.Form)]
    [InlineData(1, "error: a fault of this program, please report it\n   at Stackelberg.Cli.Program.Main\n", Outcome.StackTrace)]
    [InlineData(5, "", Outcome.ExitCode)]
    [InlineData(134, "", Outcome.Crash)]
    public void ACallIsJudged(int code, string error, Outcome outcome) => Judge.Of(new CallResult(["x"], code, "", error), [2, 3]).Outcome.ShouldBe(outcome);

    [Fact]
    public void ThreeLinesAreARefusal() => Judge.Of(new CallResult(["x"], 2, "", Refusal), [2]).Outcome.ShouldBe(Outcome.Refused);

    [Theory]
    [InlineData("Path: $.a | LineNumber: 1")]
    [InlineData("The value is wrong. (Parameter 'start')")]
    [InlineData("cannot be converted to System.String")]
    public void WordsOfTheRuntimeAreSeen(string words) =>
        Judge.Of(new CallResult(["x"], 2, "", Refusal.Replace("2\n", words + "\n", StringComparison.Ordinal)), [2]).Outcome.ShouldBe(Outcome.Form);

    [Fact]
    public void ACallThatWasStoppedIsAHang() => Judge.Of(new CallResult(["x"], null, "", ""), [2]).Outcome.ShouldBe(Outcome.Hang);

    [Fact]
    public void AProcessThatIsLostHasItsVerdictAndTheOthersGoOn()
    {
        KindReport report = Campaign.Run(new ProbeKind(), new CampaignOptions { Tries = ProbeKind.Count, SecondsPerTry = 1, Workers = 1 }, _ => { });
        report.Tries.ShouldBe(ProbeKind.Count);
        report.Broken.Select(b => (b.Index, b.Verdict.Outcome)).ShouldBe(
            [(ProbeKind.Hangs, Outcome.Hang), (ProbeKind.Dies, Outcome.Crash), (ProbeKind.Grows, Outcome.Crash)]);
        report[Outcome.Done].ShouldBe(1);
    }
}
