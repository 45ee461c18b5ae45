using Stackelberg.Faults.Framework;

namespace Stackelberg.Faults.Tests;

/// <summary>The fault campaign in small: the same code as at length (docs/faults.md), with few tries of each kind.</summary>
public sealed class CampaignTests
{
    [Theory]
    [InlineData("yaml", 30)]
    [InlineData("settings", 30)]
    [InlineData("json", 30)]
    [InlineData("csv", 30)]
    [InlineData("damage", 15)]
    [InlineData("plugins", 15)]
    [InlineData("kills", 1)]
    [InlineData("signals", 1)]
    [InlineData("output", 2)]
    [InlineData("disks", 1)]
    public void NoPromiseIsBroken(string kind, int tries)
    {
        KindReport report = Campaign.Run(Catalogue.Find(kind), new CampaignOptions { Tries = tries, Seed = 1, SecondsPerTry = 30, Workers = 2 }, _ => { });
        report.Broken.Select(b => $"{kind} --seed 1 --only {b.Index}: {b.Verdict.Outcome}: {b.Verdict.Detail}").ShouldBeEmpty();
        report.Tries.ShouldBe(tries);
        // a campaign in which everything is refused, or nothing, has not tried what it says
        (report.Tries - report[Outcome.Skipped]).ShouldBeGreaterThan(0);
    }
}
