using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Agents.Tests.GameNetworks;

/// <summary>Every agent observes the steps of the episode so far and gets the same at every step; a limit ends the episode. Nothing is random.</summary>
/// <param name="rewards">One per agent.</param>
/// <param name="shown">What all agents observe after so many steps; the steps themselves by default.</param>
internal sealed class CounterGame(AgentRoster agents, int limit, bool terminates, double[] rewards, Func<int, double>? shown = null) : IMultiAgentEnvironment
{
    private int steps;
    private int episodes;

    public EnvironmentSpec Spec { get; } = new("Counter-test", null, null);

    public AgentRoster Agents { get; } = agents;

    public void Reset(ulong? seed, Span<double> observations)
    {
        steps = 0;
        episodes++;
        Show(observations);
    }

    public JointStepResult Step(ReadOnlySpan<double> actions, Span<double> observations, Span<double> paid)
    {
        steps++;
        rewards.CopyTo(paid);
        Show(observations);
        return new JointStepResult(terminates && steps >= limit, !terminates && steps >= limit);
    }

    public void Save(StateWriter writer)
    {
        writer.Write("steps", (long)steps);
        writer.Write("episodes", (long)episodes);
    }

    public void Load(StateReader reader) => (steps, episodes) = ((int)reader.ReadInt64("steps"), (int)reader.ReadInt64("episodes"));

    public void Dispose()
    {
    }

    private void Show(Span<double> observations) => observations.Fill(shown?.Invoke(steps) ?? ((1000 * episodes) + steps));
}
