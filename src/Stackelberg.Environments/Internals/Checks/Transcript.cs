using System.Globalization;

namespace Stackelberg.Environments.Internals.Checks;

/// <summary>Everything an environment returned while it was driven by given actions, to be compared bit by bit.</summary>
internal sealed class Transcript
{
    private Func<int, string> entryName = i => $"observation entry {i}";
    private readonly List<(string Where, double[] Observation, StepResult Result)> entries = [];

    /// <summary>Whether the last entry ended an episode.</summary>
    public bool Ended => entries.Count > 0 && entries[^1].Result.Ended;

    public int Episodes { get; private set; }

    /// <summary>Resets with a seed, then drives.</summary>
    public static Transcript Of(IEnvironment environment, ulong seed, double[][] actions)
    {
        Transcript transcript = new();
        transcript.Reset(environment, seed);
        transcript.Drive(environment, actions);
        return transcript;
    }

    /// <summary>Takes the actions one after another; after an episode's end the next action is preceded by a reset without seed.</summary>
    public void Drive(IEnvironment environment, double[][] actions, bool ended = false)
    {
        int step = 0;
        entryName = i => CheckRun.EntryName(environment, i);
        ended |= Ended;
        foreach (double[] action in actions)
        {
            if (ended)
            {
                Reset(environment, null);
                step = 0;
            }

            double[] observation = new double[environment.ObservationSpace.Size];
            StepResult result = environment.Step(action, observation);
            step++;
            entries.Add(($"at step {step} of episode {Episodes}", observation, result));
            ended = result.Ended;
        }
    }

    /// <summary>Where the two first differ in a bit, or null.</summary>
    public string? FirstDifference(Transcript other)
    {
        for (int k = 0; k < Math.Min(entries.Count, other.entries.Count); k++)
        {
            (string where, double[] observation, StepResult result) = entries[k];
            (_, double[] otherObservation, StepResult otherResult) = other.entries[k];
            for (int i = 0; i < observation.Length; i++)
            {
                if (!Same(observation[i], otherObservation[i]))
                {
                    return $"{entryName(i)} {where} is {Text(observation[i])} once and {Text(otherObservation[i])} the other time";
                }
            }

            if (!Same(result.Reward, otherResult.Reward))
            {
                return $"the reward {where} is {Text(result.Reward)} once and {Text(otherResult.Reward)} the other time";
            }

            if (result.Terminated != otherResult.Terminated || result.Truncated != otherResult.Truncated)
            {
                return $"the flags {where} are ({result.Terminated}, {result.Truncated}) once and " +
                    $"({otherResult.Terminated}, {otherResult.Truncated}) the other time";
            }
        }

        return entries.Count == other.entries.Count ? null : "one trajectory has more episodes than the other";
    }

    private void Reset(IEnvironment environment, ulong? seed)
    {
        double[] observation = new double[environment.ObservationSpace.Size];
        environment.Reset(seed, observation);
        Episodes++;
        entries.Add(($"after reset {Episodes}", observation, default));
    }

    private static bool Same(double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b);

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
