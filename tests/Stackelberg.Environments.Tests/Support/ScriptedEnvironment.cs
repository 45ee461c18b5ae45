using Stackelberg.Primitives;

namespace Stackelberg.Environments.Tests.Support;

/// <summary>
/// Replays a list of steps. Its observation is [episode number, step in the episode], so that a test can tell every observation apart.
/// </summary>
internal sealed class ScriptedEnvironment(params StepResult[] script) : IEnvironment
{
    private bool running;

    public EnvironmentSpec Spec { get; init; } = new("Scripted", null, null);

    public Space ObservationSpace { get; init; } = new BoxSpace(2, double.NegativeInfinity, double.PositiveInfinity);

    public Space ActionSpace { get; init; } = new BoxSpace(1, -100, 100);

    /// <summary>Replaces the observation after a step; given episode and step.</summary>
    public Func<int, int, double[]>? Observation { get; init; }

    public int Episode { get; private set; }

    public int StepInEpisode { get; private set; }

    public double[] LastAction { get; private set; } = [];

    public List<ulong?> Seeds { get; } = [];

    public int Disposals { get; private set; }

    public void Reset(ulong? seed, Span<double> observation)
    {
        Seeds.Add(seed);
        Episode++;
        StepInEpisode = 0;
        running = true;
        Observe(observation);
    }

    public StepResult Step(ReadOnlySpan<double> action, Span<double> observation)
    {
        running.ShouldBeTrue("a wrapper let a step through after the end of the episode");
        LastAction = action.ToArray();
        StepResult result = script[StepInEpisode % script.Length];
        StepInEpisode++;
        running = !result.Ended;
        Observe(observation);
        return result;
    }

    public void Save(StateWriter writer)
    {
        writer.Write("episode", (long)Episode);
        writer.Write("step", (long)StepInEpisode);
        writer.Write("running", running);
    }

    public void Load(StateReader reader)
    {
        Episode = (int)reader.ReadInt64("episode");
        StepInEpisode = (int)reader.ReadInt64("step");
        running = reader.ReadBoolean("running");
    }

    public void Dispose() => Disposals++;

    private void Observe(Span<double> observation) =>
        (Observation?.Invoke(Episode, StepInEpisode) ?? [Episode, StepInEpisode]).CopyTo(observation);
}

internal static class Steps
{
    public static StepResult Going(double reward = 1) => new(reward, false, false);

    public static StepResult Terminated(double reward = 1) => new(reward, true, false);

    public static StepResult Truncated(double reward = 1) => new(reward, false, true);
}
