using Stackelberg.Environments;
using Stackelberg.Primitives;

namespace Stackelberg.Experiments.Rollouts.Internals;

/// <summary>Gives the action of step <paramref name="t"/>, counted from 0.</summary>
internal delegate void ChooseAction(int t, ReadOnlySpan<double> observation, Span<double> action);

/// <summary>Plays one episode after the other in a world and writes their rows.</summary>
internal sealed class EpisodePlayer(IRolloutWorld world, RolloutTable rows, bool goOn)
{
    private readonly double[] observation = new double[world.ObservationColumns.Count];
    private readonly double[] action = new double[world.ActionColumns.Count];
    private readonly double[] rewards = new double[world.RewardColumns.Count];
    private readonly double[] state = new double[world.State?.StateColumns.Count ?? 0];
    private long? number;

    /// <summary>Starts an episode, from <paramref name="start"/> unless that is empty, and writes its first row.</summary>
    /// <param name="seed">Null goes on with the environment's stream.</param>
    /// <param name="episode">What the column of episodes holds; null for no such column.</param>
    public void Begin(ulong? seed, ReadOnlySpan<double> start, long? episode)
    {
        number = episode;
        world.Reset(seed, observation);
        if (!start.IsEmpty)
        {
            Start(start);
        }

        Array.Clear(action);
        Array.Clear(rewards);
        Write(0, false, false);
    }

    /// <summary>Plays until the end, or for <paramref name="limit"/> steps.</summary>
    /// <exception cref="EnvironmentException">The environment broke down, or gave a number that single precision cannot hold.</exception>
    public RolloutEpisode Play(long episode, int limit, ChooseAction choose)
    {
        double[] returns = new double[rewards.Length];
        (bool terminated, bool truncated, bool cut) = (false, false, false);
        int steps = 0;
        while (steps < limit && !cut && (goOn || !(terminated || truncated)))
        {
            if (terminated)
            {
                EnvironmentCalls.Guard(world.Id, nameof(IContinueAfterTermination.ContinueAfterTermination), world.Continuation!.ContinueAfterTermination);
            }

            choose(steps, observation, action);
            (terminated, cut) = world.Step(action, observation, rewards);
            steps++;
            truncated = cut || steps >= world.TimeLimit;
            for (int i = 0; i < returns.Length; i++)
            {
                returns[i] += rewards[i];
            }

            Write(steps, terminated, truncated);
        }

        return new RolloutEpisode(episode, steps, returns, terminated, truncated, UnusedActions: 0);
    }

    private void Start(ReadOnlySpan<double> state)
    {
        try
        {
            world.Initial!.ResetTo(state, observation);
        }
        catch (ArgumentException e)
        {
            throw new RolloutException($"{world.Id} cannot start from that state: {ExceptionText.Of(e)}", "a state that the environment can be in", "mend the initial state", e);
        }
        catch (Exception e) when (e is not EnvironmentException)
        {
            throw EnvironmentException.Failed(world.Id, nameof(IInitialState.ResetTo), e);
        }

        int at = SinglePrecision.FirstNotHeld(observation);
        if (at >= 0)
        {
            throw EnvironmentException.NotFinite(world.Id, $"observation entry {at}", observation[at], 0);
        }
    }

    private void Write(int t, bool terminated, bool truncated)
    {
        if (number is { } episode)
        {
            rows.Add(episode);
        }

        rows.Add(t).Add(action).Add(observation).Add(rewards).Add(terminated ? 1 : 0).Add(truncated ? 1 : 0);
        if (world.State is { } shown)
        {
            EnvironmentCalls.Guard(world.Id, nameof(IStateColumns.WriteState), () => shown.WriteState(state));
        }

        rows.Add(state).EndRow();
    }
}
