namespace Stackelberg.Environments.Internals.Checks;

internal sealed class AgentsRule : CheckRule
{
    public override string Name => "agents";

    public override string Description => "There are at least two agents, and the roster never changes.";

    public override void Check(CheckRun run)
    {
        using JointView view = (JointView)run.Create();
        AgentRoster agents = view.Inner.Agents;
        if (agents.Count < 2)
        {
            run.Error(this, $"the only agent is '{agents[0].Name}'", "at least two agents", "Implement IEnvironment for a task with one agent.");
        }

        view.Reset(run.Options.Seed, run.Buffer());
        using JointView other = (JointView)run.Create();
        foreach ((AgentRoster later, string when) in ((AgentRoster, string)[])[(view.Inner.Agents, "after Reset"), (other.Inner.Agents, "in a new environment")])
        {
            if (Describe(later) != Describe(agents))
            {
                run.Error(this, $"the agents were {Describe(agents)} and are {Describe(later)} {when}", "agents that never change",
                    "Make the roster once, in the constructor: networks are sized by it.");
            }
        }
    }

    private static string Describe(AgentRoster agents) =>
        string.Join(", ", agents.Select(a => $"'{a.Name}' at level {a.Level} ({a.ObservationSpace} to {a.ActionSpace})"));
}

internal sealed class AgentActionsRule : CheckRule
{
    public override string Name => "agent-actions";

    public override string Description => "A step is refused, and nothing changes, when any agent's action is not finite or outside a discrete range.";

    public override void Check(CheckRun run)
    {
        using JointView view = (JointView)run.Create();
        AgentRoster agents = view.Inner.Agents;
        double[][] actions = run.Actions("agent-actions", 2);
        for (int agent = 0; agent < agents.Count; agent++)
        {
            double[] values = agents[agent].ActionSpace is DiscreteSpace discrete
                ? [double.NaN, double.PositiveInfinity, discrete.Count, -1, 0.5]
                : [double.NaN, double.PositiveInfinity];
            foreach (double value in values)
            {
                double[] invalid = [.. actions[0]];
                invalid[agents.ActionOffset(agent)] = value;
                if (!InvalidActionsRule.CheckOne(this, run, actions, invalid, $"of agent '{agents[agent].Name}' that is {value}"))
                {
                    return;
                }
            }
        }
    }
}
