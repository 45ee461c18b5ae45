using System.Diagnostics;
using Stackelberg.Environments.Tests.Support;
using Stackelberg.Environments.Wrappers;
using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests;

public sealed class EnvironmentCheckerTests
{
    public static TheoryData<string, string, string> Faults => new()
    {
        { nameof(FaultyWalks.SpaceGrowsAtReset), "spaces", "after Reset" },
        { nameof(FaultyWalks.ActionSpaceContainsNaN), "spaces", "contains NaN" },
        { nameof(FaultyWalks.SamplesLieOutside), "spaces", "own sample" },
        { nameof(FaultyWalks.RefusesValidActions), "actions", "valid action" },
        { nameof(FaultyWalks.EndsWithoutSayingSo), "actions", "had not ended" },
        { nameof(FaultyWalks.LeavesTheObservationSpace), "observations", "2.5] at step 5 is outside" },
        { nameof(FaultyWalks.ForgetsAnObservationEntry), "observations", "entry 1 is NaN after Reset" },
        { nameof(FaultyWalks.RewardIsNaN), "rewards", "NaN at step 3" },
        { nameof(FaultyWalks.KeepsAWindOverSeededResets), "seed-repeats", "step 1 of episode 1" },
        { nameof(FaultyWalks.IgnoresTheSeed), "seeds-differ", "same trajectory" },
        { nameof(FaultyWalks.ClaimsToBeDeterministic), "seeds-differ", "Deterministic" },
        { nameof(FaultyWalks.DiffersBetweenInstances), "replay", "step 2 of episode 1" },
        { nameof(FaultyWalks.RepeatsTheEpisodeWithoutSeed), "stream", "Reset(null)" },
        { nameof(FaultyWalks.StepsPastTheEnd), "episode-end", "after an episode had ended" },
        { nameof(FaultyWalks.StepsBeforeReset), "episode-end", "before the first Reset" },
        { nameof(FaultyWalks.TruncatesOneStepLate), "time-limit", "step 20 returned Truncated = False" },
        { nameof(FaultyWalks.NeverTruncates), "time-limit", "step 20 returned Truncated = False" },
        { nameof(FaultyWalks.TruncatesWithoutLimit), "time-limit", "states no limit" },
        { nameof(FaultyWalks.ForgetsItsRandomStream), "save-load", "continues differently" },
        { nameof(FaultyWalks.ForgetsItsMomentum), "save-load", "after 7 steps" },
        { nameof(FaultyWalks.ForgetsThatItEnded), "save-load", "'running'" },
        { nameof(FaultyWalks.FailsToSave), "save-load", "cannot save" },
        { nameof(FaultyWalks.TakesNaNAsZero), "invalid-actions", "NaN was accepted" },
        { nameof(FaultyWalks.DrawsBeforeRefusing), "invalid-actions", "undisturbed" },
        { nameof(FaultyWalks.RoundsDiscreteActions), "invalid-actions", "2 was accepted" },
        { nameof(FaultyWalks.AnswersBadActionsWithAnIndexError), "invalid-actions", "answered by: no element" },
        { nameof(FaultyWalks.Allocates), "allocation", "88 bytes" },
        { nameof(FaultyWalks.DisposesOnlyOnce), "disposal", "Cannot access a disposed object" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_found_by_its_own_rule_alone(string fault, string rule, string seen)
    {
        Type type = typeof(FaultyWalks).GetNestedType(fault)!;

        EnvironmentCheckReport report = EnvironmentChecker.Check(() => (IEnvironment)Activator.CreateInstance(type)!);

        EnvironmentFinding finding = report.Findings.Where(f => !f.Seen.StartsWith("not checked", StringComparison.Ordinal)).ShouldHaveSingleItem();
        finding.Rule.ShouldBe(rule);
        finding.Seen.ShouldContain(seen);
        finding.Expected.ShouldNotBeEmpty();
        finding.Remedy.ShouldNotBeEmpty();
        report.Passed.ShouldBe(finding.Severity != FindingSeverity.Error);
    }

    [Fact]
    public void Every_rule_has_a_fault_that_shows_it_works() =>
        EnvironmentChecker.Rules.Select(r => r.Name).Order().ShouldBe(Faults.Select(f => (string)f[1]).Distinct().Order());

    [Fact]
    public void An_environment_that_keeps_the_contract_has_no_findings_and_runs_all_rules()
    {
        EnvironmentCheckReport report = EnvironmentChecker.Check(() => new Walk());
        report.Findings.ShouldBeEmpty();
        report.Passed.ShouldBeTrue();
        report.Id.ShouldBe("Walk");
        report.Completed.ShouldBe(EnvironmentChecker.Rules);
    }

    [Theory]
    [InlineData("CartPole-v0")]
    [InlineData("CartPole-v1")]
    public void Registered_environments_keep_the_contract_and_the_check_is_quick(string id)
    {
        EnvironmentCatalogue catalogue = new();
        Stackelberg.Environments.ClassicControl.Register(catalogue);
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        EnvironmentCheckReport report = EnvironmentChecker.Check(() => catalogue.Make(id));
        report.Findings.ShouldBeEmpty();
        (Process.GetCurrentProcess().TotalProcessorTime - before).ShouldBeLessThan(TimeSpan.FromSeconds(8));
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void The_verdict_does_not_hang_on_the_seed_of_the_check(ulong seed)
    {
        EnvironmentCheckOptions options = new() { Seed = seed };
        EnvironmentChecker.Check(() => new TimeLimit(new CartPole(), 200), options).Findings.ShouldBeEmpty();
        EnvironmentChecker.Check(() => new FaultyWalks.ForgetsItsRandomStream(), options).Passed.ShouldBeFalse();
    }

    [Fact]
    public void Wrapped_environments_keep_the_contract_too() =>
        EnvironmentChecker.Check(() => new FiniteCheck(new ClipReward(new RescaleAction(new EpisodeStatistics(new Walk())), -1, 1)))
            .Findings.ShouldBeEmpty();

    [Fact]
    public void A_deterministic_environment_may_ignore_seeds_when_its_spec_says_so()
    {
        static ScriptedLike Make() => new();
        EnvironmentChecker.Check(Make).Findings.ShouldBeEmpty();
    }

    [Fact]
    public void A_factory_that_throws_is_a_finding()
    {
        EnvironmentCheckReport report = EnvironmentChecker.Check(() => throw new FileNotFoundException("no model"));
        report.Passed.ShouldBeFalse();
        report.Findings.ShouldHaveSingleItem().ToString().ShouldContain("no model");
    }

    [Fact]
    public void What_could_not_be_reached_is_said_and_is_no_error()
    {
        EnvironmentCheckReport report = EnvironmentChecker.Check(
            () => new TimeLimit(new CartPole(), 100_000), new EnvironmentCheckOptions { SearchSteps = 100 });
        report.Passed.ShouldBeTrue();
        report.Findings.ShouldHaveSingleItem().Rule.ShouldBe("time-limit");
    }

    [Fact]
    public void An_action_entry_that_cannot_be_chosen_is_warned_of()
    {
        EnvironmentCheckReport report = EnvironmentChecker.Check(() => new FixedAction());
        report.Findings.ShouldHaveSingleItem().Severity.ShouldBe(FindingSeverity.Warning);
    }

    private sealed class FixedAction : Walk
    {
        public override Space ActionSpace { get; } = new BoxSpace(1, 0, 0);
    }

    private sealed class ScriptedLike : Walk
    {
        public override EnvironmentSpec Spec { get; } = new("Walk", Limit, null) { Deterministic = true };

        protected override void Seed(ulong? seed) => Random = RandomStream.FromSeed(1);
    }
}
