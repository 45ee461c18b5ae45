using Stackelberg.Environments.Tests.Support;

namespace Stackelberg.Environments.Tests.MultiAgent;

public sealed class MultiAgentCheckerTests
{
    public static TheoryData<string, string, string> Faults => new()
    {
        { nameof(Duel.IsAlone), "agents", "the only agent is 'only'" },
        { nameof(Duel.ForgetsTheFollowersReward), "observations", "the reward of agent 'follower' is NaN at step 1" },
        { nameof(Duel.ForgetsAnObservationOfTheFollower), "observations", "observation entry 0 of agent 'follower' is NaN after Reset" },
        { nameof(Duel.DrawsBeforeRefusingTheFollower), "invalid-actions", "undisturbed" },
        { nameof(Duel.TakesAnyChoiceOfTheLeader), "agent-actions", "an action of agent 'leader' that is 3 was accepted" },
        { nameof(Duel.ForgetsItsSteps), "save-load", "'steps'" },
        { nameof(Duel.PaysDifferentlyOnSeededResets), "seed-repeats", "the reward of agent 'follower' at step 1 of episode 1" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_found_and_its_agent_named(string fault, string rule, string seen)
    {
        Type type = typeof(Duel).GetNestedType(fault)!;
        EnvironmentCheckReport report = MultiAgentChecker.Check(() => (IMultiAgentEnvironment)Activator.CreateInstance(type)!);
        EnvironmentFinding finding = report.Findings.First(f => f.Severity == FindingSeverity.Error);
        finding.Rule.ShouldBe(rule);
        finding.Seen.ShouldContain(seen);
        report.Passed.ShouldBeFalse();
    }

    [Fact]
    public void An_environment_that_keeps_the_contract_has_no_findings_and_runs_all_rules()
    {
        EnvironmentCheckReport report = MultiAgentChecker.Check(() => new Duel());
        report.Findings.ShouldBeEmpty();
        report.Completed.ShouldBe(MultiAgentChecker.Rules);
        MultiAgentChecker.Check(() => new MultiAgentTimeLimit(new Duel(null), 20)).Findings.ShouldBeEmpty();
    }

    [Fact]
    public void A_limit_that_is_stated_and_not_kept_is_found() =>
        MultiAgentChecker.Check(() => new Misstated(new Duel()))
            .Findings.Single(f => f.Severity == FindingSeverity.Error).Rule.ShouldBe("time-limit");

    private sealed class Misstated(IMultiAgentEnvironment inner) : IMultiAgentEnvironment
    {
        public EnvironmentSpec Spec { get; } = inner.Spec with { MaxEpisodeSteps = 19 };

        public AgentRoster Agents => inner.Agents;

        public void Reset(ulong? seed, Span<double> observations) => inner.Reset(seed, observations);

        public JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> rewards) =>
            inner.Step(actions, observations, rewards);

        public void Save(Stackelberg.Primitives.StateWriter writer) => inner.Save(writer);

        public void Load(Stackelberg.Primitives.StateReader reader) => inner.Load(reader);

        public void Dispose() => inner.Dispose();
    }
}
